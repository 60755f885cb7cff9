//! Past one machine: how Citus spreads the tables over its nodes. Every row lies with the municipality that owns it,
//! and all tables of one municipality lie together.
//!
//! Must not: spread anything itself; Citus does.

/// What one version of the schema adds.
struct Spread {
    /// Small tables that every node has whole, because they belong to the console or to everybody.
    everywhere: &'static [&'static str],
    /// Tables whose rows a municipality owns, with the column that says which. The first of all leads, the others lie
    /// beside it.
    owned: &'static [(&'static str, &'static str)],
}

const SPREAD: [Spread; 16] = [
    Spread {
        everywhere: &["accounts", "sessions"],
        owned: &[
            (LEADS, "municipality"),
            ("tablets", "municipality"),
            ("enrolment_tokens", "municipality"),
            ("devices", "municipality"),
            ("epochs", "municipality"),
            ("entries", "municipality"),
            ("changes", "municipality"),
            ("doses", "coupon_municipality"),
        ],
    },
    Spread {
        everywhere: &[],
        owned: &[
            ("heartbeats", "municipality"),
            ("heartbeat_quarters", "municipality"),
            ("fleet_hours", "municipality"),
        ],
    },
    Spread {
        everywhere: &["reference_version", "publications", "hashed_under"],
        owned: &[
            ("known_municipalities", "municipality"),
            ("settled_entries", "municipality"),
            ("gathered", "municipality"),
            ("told_doses", "coupon_municipality"),
            ("dose_lists", "coupon_municipality"),
            ("dose_pieces", "coupon_municipality"),
        ],
    },
    Spread { everywhere: &["second_factors", "recovery_codes"], owned: &[] },
    Spread {
        everywhere: &[],
        owned: &[
            ("disputes", "coupon_municipality"),
            ("decisions", "coupon_municipality"),
            ("considered_entries", "coupon_municipality"),
            ("decided_coupons", "coupon_municipality"),
        ],
    },
    Spread {
        everywhere: &[],
        owned: &[("replaced_tablets", "municipality"), ("lost_positions", "municipality")],
    },
    Spread { everywhere: &["identities", "spent_states"], owned: &[] },
    Spread {
        everywhere: &[],
        owned: &[
            ("people_secrets", "municipality"),
            ("people_imports", "municipality"),
            ("person_versions", "municipality"),
            ("people", "municipality"),
            ("person_marks", "municipality"),
        ],
    },
    Spread { everywhere: &[], owned: &[("media_ledger", "municipality")] },
    Spread { everywhere: &[], owned: &[("audit", "municipality"), ("person_names", "municipality")] },
    Spread {
        everywhere: &[],
        owned: &[("bundle_boxes", "municipality"), ("recovery_releases", "municipality")],
    },
    Spread {
        everywhere: &["facility_owners", "product_rules"],
        owned: &[
            ("facilities", "municipality"),
            ("kind_changes", "municipality"),
            ("stock_lines", "municipality"),
            ("stock_accounts", "municipality"),
            ("transfers", "municipality"),
            ("transfer_sides", "municipality"),
            ("transfer_steps", "municipality"),
            ("stock_doses", "coupon_municipality"),
            ("stock_coupons", "coupon_municipality"),
        ],
    },
    Spread { everywhere: &[], owned: &[("stock_told", "municipality")] },
    Spread { everywhere: &[], owned: &[("bookings", "municipality"), ("dated_lots", "municipality")] },
    Spread {
        everywhere: &["allocation_cycles", "allocation_steps"],
        owned: &[
            ("allocation_orders", "municipality"),
            ("allocation_shares", "municipality"),
            ("allocation_populations", "municipality"),
        ],
    },
    Spread {
        everywhere: &[],
        owned: &[("stock_closings", "municipality"), ("stock_opened", "municipality")],
    },
];
const LEADS: &str = "municipalities";

/// What follows the script of that version.
pub(super) fn script(version: i64) -> String {
    let spread = usize::try_from(version - 1).ok().and_then(|place| SPREAD.get(place));
    let Some(Spread { everywhere, owned }) = spread else { return String::new() };
    let mut script = String::new();
    for table in *everywhere {
        script.push_str(&format!("SELECT create_reference_table('{table}');\n"));
    }
    for (table, column) in *owned {
        let beside = if *table == LEADS { "none" } else { LEADS };
        script.push_str(&format!(
            "SELECT create_distributed_table('{table}', '{column}', colocate_with => '{beside}');\n"
        ));
    }
    script
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_citus_is_told() {
        insta::assert_snapshot!(super::script(1));
        insta::assert_snapshot!("what_citus_is_told_of_heartbeats", super::script(2));
        insta::assert_snapshot!("what_citus_is_told_of_reference_data", super::script(3));
        insta::assert_snapshot!("what_citus_is_told_of_accounts", super::script(4));
        insta::assert_snapshot!("what_citus_is_told_of_reviews", super::script(5));
        insta::assert_snapshot!("what_citus_is_told_of_handouts", super::script(6));
        insta::assert_snapshot!("what_citus_is_told_of_identities", super::script(7));
        insta::assert_snapshot!("what_citus_is_told_of_people", super::script(8));
        insta::assert_snapshot!("what_citus_is_told_of_media", super::script(9));
        insta::assert_snapshot!("what_citus_is_told_of_the_audit", super::script(10));
        insta::assert_snapshot!("what_citus_is_told_of_boxes", super::script(11));
        insta::assert_snapshot!("what_citus_is_told_of_stock", super::script(12));
        insta::assert_snapshot!("what_citus_is_told_of_told_stock", super::script(13));
        insta::assert_snapshot!("what_citus_is_told_of_bookings", super::script(14));
        insta::assert_snapshot!("what_citus_is_told_of_allocation", super::script(15));
        insta::assert_snapshot!("what_citus_is_told_of_closings", super::script(16));
    }
}
