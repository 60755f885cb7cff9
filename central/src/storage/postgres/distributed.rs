//! Past one machine: how Citus spreads the tables over its nodes. Every row lies with the municipality that owns it,
//! and all tables of one municipality lie together.
//!
//! Must not: spread anything itself; Citus does.

/// Tables whose rows a municipality owns, with the column that says which; the first leads, the others lie beside it.
const OWNED: [(&str, &str); 8] = [
    ("municipalities", "municipality"),
    ("tablets", "municipality"),
    ("enrolment_tokens", "municipality"),
    ("devices", "municipality"),
    ("epochs", "municipality"),
    ("entries", "municipality"),
    ("changes", "municipality"),
    ("doses", "coupon_municipality"),
];
/// Small tables that every node has whole, because they belong to the console and not to a municipality.
const EVERYWHERE: [&str; 2] = ["accounts", "sessions"];

/// What follows the script of that version.
pub(super) fn script(version: i64) -> String {
    if version != 1 {
        return String::new();
    }
    let mut script = String::new();
    for table in EVERYWHERE {
        script.push_str(&format!("SELECT create_reference_table('{table}');\n"));
    }
    for (table, column) in OWNED {
        let beside = if table == OWNED[0].0 { "none" } else { OWNED[0].0 };
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
    }
}
