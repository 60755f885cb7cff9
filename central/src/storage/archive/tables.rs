//! Every table by its columns, and what becomes of it when all is carried: kept, derived again, or left.
//!
//! Must not: differ from what any implementation's schema says.

use super::Value;

/// A table, as every implementation has it.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns; the first `key` of them tell its rows apart.
    pub columns: &'static [(&'static str, Kind)],
    /// How many columns the key has.
    pub key: usize,
}

/// What a column holds, where it does not hold nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// Bytes.
    Bytes,
}

use Kind::{Bytes, Integer, Text};

/// What was told to the central and cannot be made again, in an order in which it can be put back.
pub const KEPT: &[Table] = &[
    Table {
        name: "tablets",
        columns: &[
            ("municipality", Text),
            ("tablet_number", Integer),
            ("name", Text),
            ("invited_at", Integer),
        ],
        key: 2,
    },
    Table {
        name: "enrolment_tokens",
        columns: &[
            ("municipality", Text),
            ("tablet_number", Integer),
            ("token_digest", Bytes),
            ("issued_at", Integer),
            ("expires_at", Integer),
            ("revoked_at", Integer),
            ("revoked_by", Text),
            ("revoke_reason", Text),
        ],
        key: 3,
    },
    Table {
        name: "devices",
        columns: &[
            ("municipality", Text),
            ("tablet_number", Integer),
            ("device_key", Bytes),
            ("enrolled_at", Integer),
            ("last_contact_at", Integer),
            ("program", Text),
        ],
        key: 2,
    },
    EPOCHS,
    Table {
        name: "entries",
        columns: &[
            ("municipality", Text),
            ("tablet_number", Integer),
            ("epoch", Integer),
            ("position", Integer),
            ("hash", Bytes),
            ("previous_link", Bytes),
            ("link", Bytes),
            ("entry_id", Bytes),
            ("outcome", Text),
            ("received_at", Integer),
            ("entry", Bytes),
        ],
        key: 5,
    },
    Table {
        name: "publications",
        columns: &[
            ("version", Integer),
            ("kind", Text),
            ("municipality", Text),
            ("digest", Bytes),
            ("bytes", Bytes),
            ("published_at", Integer),
        ],
        key: 1,
    },
    Table {
        name: "known_municipalities",
        columns: &[
            ("municipality", Text),
            ("tablet_number", Integer),
            ("coupon_municipality", Text),
            ("version", Integer),
        ],
        key: 3,
    },
    Table {
        name: "settled_entries",
        columns: &[
            ("municipality", Text),
            ("tablet_number", Integer),
            ("epoch", Integer),
            ("position", Integer),
            ("hash", Bytes),
            ("settlement", Text),
            ("settled_at", Integer),
            ("version", Integer),
        ],
        key: 5,
    },
    Table {
        name: "accounts",
        columns: &[
            ("name", Text),
            ("role", Text),
            ("municipality", Text),
            ("password_hash", Text),
            ("created_at", Integer),
            ("disabled_at", Integer),
        ],
        key: 1,
    },
    Table { name: "identities", columns: &[("name", Text), ("issuer", Text), ("subject", Text)], key: 1 },
    Table {
        name: "second_factors",
        columns: &[("name", Text), ("sealed_secret", Bytes), ("last_step", Integer), ("set_up_at", Integer)],
        key: 1,
    },
    Table {
        name: "recovery_codes",
        columns: &[("name", Text), ("digest", Bytes), ("used_at", Integer)],
        key: 2,
    },
    Table {
        name: "replaced_tablets",
        columns: &[
            ("municipality", Text),
            ("tablet_number", Integer),
            ("replaced_by", Integer),
            ("replaced_at", Integer),
            ("declared_by", Text),
            ("reason", Text),
            ("version", Integer),
        ],
        key: 2,
    },
    Table {
        name: "lost_positions",
        columns: &[
            ("municipality", Text),
            ("tablet_number", Integer),
            ("epoch", Integer),
            ("first", Integer),
            ("last", Integer),
            ("declared_at", Integer),
            ("declared_by", Text),
            ("reason", Text),
        ],
        key: 5,
    },
    Table {
        name: "bundle_boxes",
        columns: &[
            ("municipality", Text),
            ("issued_at", Integer),
            ("expires_at", Integer),
            ("kind", Text),
            ("made_by", Text),
            ("file", Bytes),
        ],
        key: 2,
    },
    Table {
        name: "recovery_releases",
        columns: &[
            ("municipality", Text),
            ("tablet_number", Integer),
            ("released_at", Integer),
            ("asked_by", Text),
            ("allowed_by", Text),
            ("reason", Text),
        ],
        key: 3,
    },
    Table {
        name: "decisions",
        columns: &[
            ("coupon_municipality", Text),
            ("coupon_number", Text),
            ("dose", Integer),
            ("number", Integer),
            ("replaces", Integer),
            ("standing_municipality", Text),
            ("standing_entry_id", Bytes),
            ("standing_hash", Bytes),
            ("reason", Text),
            ("decided_by", Text),
            ("decided_at", Integer),
        ],
        key: 4,
    },
    Table {
        name: "considered_entries",
        columns: &[
            ("coupon_municipality", Text),
            ("coupon_number", Text),
            ("dose", Integer),
            ("hash", Bytes),
            ("number", Integer),
        ],
        key: 5,
    },
    Table {
        name: "people_secrets",
        columns: &[("municipality", Text), ("sealed_secret", Bytes), ("made_at", Integer)],
        key: 1,
    },
    Table {
        name: "people_imports",
        columns: &[
            ("municipality", Text),
            ("import", Integer),
            ("state", Text),
            ("basis", Integer),
            ("new_rows", Integer),
            ("changed_rows", Integer),
            ("unchanged_rows", Integer),
            ("faulty_rows", Integer),
            ("begun_by", Text),
            ("begun_at", Integer),
            ("ended_at", Integer),
            ("effective_by", Text),
            ("effective_at", Integer),
            ("undone_by", Text),
            ("undone_at", Integer),
        ],
        key: 2,
    },
    Table {
        name: "person_versions",
        columns: &[
            ("municipality", Text),
            ("import", Integer),
            ("file_row", Integer),
            ("person", Bytes),
            ("coupon", Bytes),
            ("personal_number", Bytes),
            ("named", Bytes),
            ("content", Bytes),
            ("replaces_import", Integer),
            ("replaces_row", Integer),
            ("sealed", Bytes),
        ],
        key: 3,
    },
    Table {
        name: "people",
        columns: &[
            ("municipality", Text),
            ("person", Bytes),
            ("import", Integer),
            ("file_row", Integer),
            ("content", Bytes),
        ],
        key: 2,
    },
    Table {
        name: "person_marks",
        columns: &[
            ("municipality", Text),
            ("kind", Integer),
            ("mark", Bytes),
            ("person", Bytes),
            ("import", Integer),
        ],
        key: 3,
    },
    Table {
        name: "media_ledger",
        columns: &[
            ("municipality", Text),
            ("number", Integer),
            ("about", Text),
            ("line", Text),
            ("link", Bytes),
        ],
        key: 2,
    },
    Table {
        name: "person_names",
        columns: &[("municipality", Text), ("named", Bytes), ("person", Bytes), ("import", Integer)],
        key: 3,
    },
    Table {
        name: "audit",
        columns: &[
            ("municipality", Text),
            ("position", Integer),
            ("recorded_at", Integer),
            ("account", Text),
            ("kind", Text),
            ("content", Bytes),
            ("person", Bytes),
            ("sealed", Bytes),
            ("previous_link", Bytes),
            ("link", Bytes),
        ],
        key: 2,
    },
    Table {
        name: "facilities",
        columns: &[
            ("municipality", Text),
            ("facility_code", Text),
            ("name", Text),
            ("freezer_vials", Integer),
            ("doses_per_day", Integer),
            ("latitude", Integer),
            ("longitude", Integer),
            ("books_begin_on", Text),
        ],
        key: 2,
    },
    Table { name: "facility_owners", columns: &[("facility_code", Text), ("municipality", Text)], key: 1 },
    Table {
        name: "kind_changes",
        columns: &[("municipality", Text), ("facility_code", Text), ("number", Integer), ("change", Text)],
        key: 3,
    },
    Table {
        name: "stock_lines",
        columns: &[
            ("municipality", Text),
            ("facility_code", Text),
            ("number", Integer),
            ("recorded_at", Integer),
            ("line", Text),
        ],
        key: 3,
    },
    Table {
        name: "stock_accounts",
        columns: &[
            ("municipality", Text),
            ("facility_code", Text),
            ("product", Text),
            ("lot", Text),
            ("storage", Text),
            ("account", Text),
            ("transfer", Bytes),
            ("vials", Integer),
            ("doses", Integer),
        ],
        key: 7,
    },
    Table {
        name: "transfers",
        columns: &[
            ("municipality", Text),
            ("transfer_id", Bytes),
            ("planned_at", Integer),
            ("planned_by", Text),
            ("plan", Text),
        ],
        key: 2,
    },
    Table {
        name: "transfer_sides",
        columns: &[
            ("municipality", Text),
            ("transfer_id", Bytes),
            ("from_municipality", Text),
            ("planned_at", Integer),
            ("is_open", Integer),
        ],
        key: 2,
    },
    Table {
        name: "transfer_steps",
        columns: &[
            ("municipality", Text),
            ("transfer_id", Bytes),
            ("number", Integer),
            ("taken_at", Integer),
            ("taken_by", Text),
            ("step", Text),
        ],
        key: 3,
    },
    Table {
        name: "product_rules",
        columns: &[("product", Text), ("rule", Text), ("published_at", Integer)],
        key: 1,
    },
    Table {
        name: "stock_told",
        columns: &[
            ("municipality", Text),
            ("recorded_at", Integer),
            ("entry_id", Bytes),
            ("tablet_number", Integer),
            ("facility_code", Text),
            ("state", Integer),
            ("why", Text),
            ("entry", Bytes),
        ],
        key: 3,
    },
    Table {
        name: "bookings",
        columns: &[
            ("municipality", Text),
            ("facility_code", Text),
            ("product", Text),
            ("booked_on", Text),
            ("doses", Integer),
            ("expected", Integer),
        ],
        key: 4,
    },
    Table {
        name: "dated_lots",
        columns: &[("municipality", Text), ("product", Text), ("lot", Text), ("good_until", Text)],
        key: 3,
    },
    Table {
        name: "stock_closings",
        columns: &[
            ("municipality", Text),
            ("facility_code", Text),
            ("closed_on", Text),
            ("tablet_number", Integer),
            ("epoch", Integer),
            ("position", Integer),
            ("state", Integer),
            ("entry", Bytes),
        ],
        key: 4,
    },
    Table {
        name: "stock_opened",
        columns: &[
            ("municipality", Text),
            ("facility_code", Text),
            ("closed_on", Text),
            ("tablet_number", Integer),
            ("product", Text),
            ("lot", Text),
            ("storage", Text),
            ("vials", Integer),
            ("expected", Integer),
            ("gave", Integer),
        ],
        key: 7,
    },
    Table {
        name: "stock_doses",
        columns: &[
            ("coupon_municipality", Text),
            ("coupon_number", Text),
            ("dose", Integer),
            ("facility_code", Text),
            ("product", Text),
            ("lot", Text),
            ("given_on", Text),
            ("booked", Integer),
        ],
        key: 3,
    },
    Table {
        name: "allocation_cycles",
        columns: &[
            ("cycle", Integer),
            ("product", Text),
            ("boxes", Integer),
            ("doses_per_box", Integer),
            ("by_population", Integer),
            ("orders_until", Integer),
            ("opened_at", Integer),
            ("opened_by", Text),
        ],
        key: 1,
    },
    Table {
        name: "allocation_orders",
        columns: &[
            ("municipality", Text),
            ("cycle", Integer),
            ("number", Integer),
            ("facility_code", Text),
            ("boxes", Integer),
            ("people", Integer),
            ("ordered_at", Integer),
            ("ordered_by", Text),
        ],
        key: 3,
    },
    // Before the steps: nothing is added to a cycle after the step that published it.
    Table {
        name: "allocation_shares",
        columns: &[
            ("municipality", Text),
            ("cycle", Integer),
            ("computation", Integer),
            ("facility_code", Text),
            ("share", Text),
        ],
        key: 4,
    },
    Table {
        name: "allocation_steps",
        columns: &[
            ("cycle", Integer),
            ("number", Integer),
            ("what", Text),
            ("taken_at", Integer),
            ("taken_by", Text),
            ("step", Text),
        ],
        key: 2,
    },
    Table {
        name: "allocation_populations",
        columns: &[("municipality", Text), ("told_at", Integer), ("people", Integer), ("told_by", Text)],
        key: 2,
    },
];

/// How far each database of each tablet has come: told by the tablet, its counts derived.
const EPOCHS: Table = Table {
    name: "epochs",
    columns: &[
        ("municipality", Text),
        ("tablet_number", Integer),
        ("epoch", Integer),
        ("last_position", Integer),
        ("highest_position", Integer),
        ("stored", Integer),
        ("clock_offset_ms", Integer),
        ("last_batch_at", Integer),
    ],
    key: 3,
};

/// What follows from the entries and is made again rather than carried.
pub const DERIVED: &[Table] = &[
    EPOCHS,
    Table {
        name: "changes",
        columns: &[("municipality", Text), ("changed_entry_id", Bytes), ("entry_id", Bytes)],
        key: 3,
    },
    Table {
        name: "doses",
        columns: &[
            ("coupon_municipality", Text),
            ("coupon_number", Text),
            ("dose", Integer),
            ("municipality", Text),
            ("entry_id", Bytes),
        ],
        key: 5,
    },
    Table {
        name: "disputes",
        columns: &[
            ("coupon_municipality", Text),
            ("coupon_number", Text),
            ("dose", Integer),
            ("municipality", Text),
            ("entry_id", Bytes),
            ("hash", Bytes),
        ],
        key: 6,
    },
];

/// What ends by itself, what tablets tell again within a quarter of an hour, what is sent down and listed again within the
/// hour, and what a migration fills: neither carried nor derived.
pub const LEFT: &[&str] = &[
    "sessions",
    "spent_states",
    "heartbeats",
    "heartbeat_quarters",
    "fleet_hours",
    "reference_version",
    "hashed_under",
    "told_doses",
    "gathered",
    "decided_coupons",
    "stock_coupons",
    "dose_lists",
    "dose_pieces",
    "municipalities",
    "schema_versions",
];

impl Table {
    /// `SELECT` of a page: the key's values are the first parameters where `after` is given; the count is the last.
    pub(in crate::storage) fn page_sql(&self, parameter: impl Fn(usize) -> String, is_after: bool) -> String {
        let names =
            |count: usize| self.columns[..count].iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let (all, key) = (names(self.columns.len()), names(self.key));
        let mut sql = format!("SELECT {all} FROM {}", self.name);
        let mut next = 1;
        if is_after {
            let given = (1..=self.key).map(&parameter).collect::<Vec<_>>().join(", ");
            sql.push_str(&format!(" WHERE ({key}) > ({given})"));
            next = self.key + 1;
        }
        sql.push_str(&format!(" ORDER BY {key} LIMIT {}", parameter(next)));
        sql
    }

    /// `INSERT` of one row.
    pub(in crate::storage) fn put_sql(&self, parameter: impl Fn(usize) -> String) -> String {
        let names = self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let given = (1..=self.columns.len()).map(parameter).collect::<Vec<_>>().join(", ");
        format!("INSERT INTO {} ({names}) VALUES ({given})", self.name)
    }

    /// The key of one of its rows.
    #[must_use]
    pub fn key_of(&self, row: &[Value]) -> Vec<Value> {
        row[..self.key.min(row.len())].to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_begins_after_a_key() {
        let table = &KEPT[1];
        let dollar = |number: usize| format!("${number}");
        assert_eq!(
            table.page_sql(dollar, true),
            "SELECT municipality, tablet_number, token_digest, issued_at, expires_at, revoked_at, revoked_by, \
             revoke_reason FROM enrolment_tokens \
             WHERE (municipality, tablet_number, token_digest) > ($1, $2, $3) \
             ORDER BY municipality, tablet_number, token_digest LIMIT $4"
        );
        assert!(table.page_sql(dollar, false).ends_with("LIMIT $1"));
    }
}
