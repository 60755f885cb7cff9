//! 保管の出し入れ: every table row by row, for backups and for moving from one kind of database to another; and the
//! register derived again from the entries.
//!
//! Must not: know what a row means; the names and columns are the same in every implementation.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use seal::digest::Sha256;
use serde::{Deserialize, Serialize};

use super::{Answer, StorageError};

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

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing.
    Nothing,
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// One row.
pub type ArchivedRow = Vec<Value>;

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
    "heartbeats",
    "heartbeat_quarters",
    "fleet_hours",
    "reference_version",
    "hashed_under",
    "told_doses",
    "gathered",
    "decided_coupons",
    "dose_lists",
    "dose_pieces",
    "municipalities",
    "schema_versions",
];

/// What is done with the register that was derived again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivation {
    /// It takes the place of what was there.
    Keep,
    /// It is compared and forgotten.
    Compare,
}

/// What came of deriving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The register as it was.
    pub before: RegisterDigest,
    /// The register as it follows from the entries.
    pub after: RegisterDigest,
}

/// The derived tables in two words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterDigest {
    /// Doses that were told of, standing or not.
    pub doses: u64,
    /// Corrections and cancellations.
    pub changes: u64,
    /// SHA-256 over every row of [`DERIVED`], in order of key.
    pub sha256: [u8; 32],
}

/// Makes a digest of rows that come in order.
#[derive(Default)]
pub(super) struct Digesting {
    sha256: Sha256,
    doses: u64,
    changes: u64,
}

impl Digesting {
    pub(super) fn take(&mut self, table: &Table, row: &[Value]) {
        match table.name {
            "doses" => self.doses += 1,
            "changes" => self.changes += 1,
            _ => {}
        }
        self.sha256.update(table.name.as_bytes());
        for value in row {
            let (kind, bytes) = match value {
                Value::Nothing => (0, Vec::new()),
                Value::Integer(number) => (1, number.to_be_bytes().to_vec()),
                Value::Text(text) => (2, text.as_bytes().to_vec()),
                Value::Bytes(bytes) => (3, bytes.clone()),
            };
            self.sha256.update(&[kind]);
            self.sha256.update(&(bytes.len() as u64).to_be_bytes());
            self.sha256.update(&bytes);
        }
    }
    pub(super) fn finish(self) -> RegisterDigest {
        RegisterDigest { doses: self.doses, changes: self.changes, sha256: self.sha256.finish() }
    }
}

/// Everything, row by row.
pub trait Archive {
    /// The register as it is at one moment, however much comes meanwhile.
    fn snapshot(&self) -> Answer<'_, Box<dyn Snapshot>>;
    /// Puts rows into a table that does not hold them yet: all of them or, on an error, none.
    fn put(&self, table: &'static Table, rows: Vec<ArchivedRow>) -> Answer<'_, ()>;
    /// Derives the register from the entries again, in one transaction in which nothing else is kept.
    fn derive(&self, derivation: Derivation) -> Answer<'_, Derived>;
}

/// One moment of a register.
pub trait Snapshot: Send {
    /// The next `most` rows of a table in order of key, after that key; from the first on where it is empty.
    fn page(&mut self, table: &'static Table, after: Vec<Value>, most: u32) -> Answer<'_, Vec<ArchivedRow>>;
}

/// The register of that moment in two words.
///
/// # Errors
/// [`StorageError`].
pub async fn digest_of(snapshot: &mut dyn Snapshot) -> Result<RegisterDigest, StorageError> {
    let mut digesting = Digesting::default();
    for table in DERIVED {
        let mut after = Vec::new();
        loop {
            let page = snapshot.page(table, after, 2_000).await?;
            page.iter().for_each(|row| digesting.take(table, row));
            let Some(last) = page.last() else { break };
            after = table.key_of(last);
        }
    }
    Ok(digesting.finish())
}

impl Table {
    /// `SELECT` of a page: the key's values are the first parameters where `after` is given; the count is the last.
    pub(super) fn page_sql(&self, parameter: impl Fn(usize) -> String, is_after: bool) -> String {
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
    pub(super) fn put_sql(&self, parameter: impl Fn(usize) -> String) -> String {
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

/// In an archive: null, a number, `"t…"` for text, `"b…"` for bytes in base64url.
impl Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_unit(),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.collect_str(&format_args!("t{text}")),
            Self::Bytes(bytes) => serializer.collect_str(&format_args!("b{}", URL_SAFE_NO_PAD.encode(bytes))),
        }
    }
}
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Nothing(()),
            Integer(i64),
            Text(String),
        }
        let wrong = || serde::de::Error::custom("not a value");
        Ok(match Written::deserialize(deserializer)? {
            Written::Nothing(()) => Self::Nothing,
            Written::Integer(number) => Self::Integer(number),
            Written::Text(text) => match text.split_at_checked(1) {
                Some(("t", text)) => Self::Text(text.to_owned()),
                Some(("b", text)) => Self::Bytes(URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?),
                _ => return Err(wrong()),
            },
        })
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
            "SELECT municipality, tablet_number, token_digest, issued_at, expires_at FROM enrolment_tokens \
             WHERE (municipality, tablet_number, token_digest) > ($1, $2, $3) \
             ORDER BY municipality, tablet_number, token_digest LIMIT $4"
        );
        assert!(table.page_sql(dollar, false).ends_with("LIMIT $1"));
    }

    #[test]
    fn values_survive_being_written() {
        let row = vec![
            Value::Nothing,
            Value::Integer(-3),
            Value::Text("見本".to_owned()),
            Value::Text(String::new()),
            Value::Bytes(vec![0, 255]),
        ];
        let written = serde_json::to_string(&row).unwrap();
        assert_eq!(serde_json::from_str::<ArchivedRow>(&written).unwrap(), row);
        assert!(serde_json::from_str::<ArchivedRow>("[\"x\"]").is_err());
    }
}
