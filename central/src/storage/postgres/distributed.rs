//! Past one machine: how Citus spreads the tables over its nodes. Every row lies with the municipality that owns it,
//! and all tables of one municipality lie together.
//!
//! Must not: spread anything itself; Citus does.

/// Tables whose rows a municipality owns, with the column that says which; the first leads, the others lie beside it.
const FIRST: [(&str, &str); 8] = [
    ("municipalities", "municipality"),
    ("tablets", "municipality"),
    ("enrolment_tokens", "municipality"),
    ("devices", "municipality"),
    ("epochs", "municipality"),
    ("entries", "municipality"),
    ("changes", "municipality"),
    ("doses", "coupon_municipality"),
];
/// The same of the second script.
const HEARTBEATS: [(&str, &str); 3] =
    [("heartbeats", "municipality"), ("heartbeat_quarters", "municipality"), ("fleet_hours", "municipality")];
/// The table that leads.
const LEADS: &str = FIRST[0].0;
/// Small tables that every node has whole, because they belong to the console and not to a municipality.
const EVERYWHERE: [&str; 2] = ["accounts", "sessions"];

/// What follows the script of that version.
pub(super) fn script(version: i64) -> String {
    let (everywhere, owned): (&[&str], &[(&str, &str)]) = match version {
        1 => (&EVERYWHERE, &FIRST),
        2 => (&[], &HEARTBEATS),
        _ => (&[], &[]),
    };
    let mut script = String::new();
    for table in everywhere {
        script.push_str(&format!("SELECT create_reference_table('{table}');\n"));
    }
    for (table, column) in owned {
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
    }
}
