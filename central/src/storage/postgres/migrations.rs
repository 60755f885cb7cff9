//! The register's schema, one script a version, in order. Each says from which version on a program survives it, so
//! that programs of yesterday go on working while today's are started one after the other.
//!
//! Must not: be edited once released; a change is a further script.

use deadpool_postgres::Client;
use record::MunicipalityTable;

use super::{
    call::{Call, run, run_one, values},
    columns::Layout,
    distributed, rows,
};
use crate::storage::StorageError;

const SCRIPTS: [&str; 16] = [
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_heartbeats.sql"),
    include_str!("migrations/0003_reference.sql"),
    include_str!("migrations/0004_access.sql"),
    include_str!("migrations/0005_reviews.sql"),
    include_str!("migrations/0006_handouts.sql"),
    include_str!("migrations/0007_identities.sql"),
    include_str!("migrations/0008_people.sql"),
    include_str!("migrations/0009_media.sql"),
    include_str!("migrations/0010_audit.sql"),
    include_str!("migrations/0011_boxes.sql"),
    include_str!("migrations/0012_stock.sql"),
    include_str!("migrations/0013_told_stock.sql"),
    include_str!("migrations/0014_bookings.sql"),
    include_str!("migrations/0015_allocation.sql"),
    include_str!("migrations/0016_closings.sql"),
];
/// What follows this line of a script is for one machine.
const ONE_MACHINE: &str = "-- on one machine only";
/// How many parts the largest tables have on one machine; each is vacuumed, indexed and dumped by itself.
const PARTITIONS: u32 = 8;
/// `VRSC`: programs that migrate at once do it one after the other.
const LOCK: i64 = 0x5652_5343;

/// Brings the register up to date in one transaction. On an error the connection must not be used again.
pub(super) async fn run_all(client: &Client, layout: Layout) -> Result<(), StorageError> {
    client.batch_execute("BEGIN").await?;
    run_one(client, Call::new("SELECT pg_advisory_xact_lock($1)", values![LOCK])).await?;
    let found = found(client).await?;
    let known = known();
    if found.version > known {
        client.batch_execute("ROLLBACK").await?;
        let error = StorageError::NewerDatabase { found: found.version, known };
        return if found.survives <= known { Ok(()) } else { Err(error) };
    }
    for (script, version) in SCRIPTS.iter().zip(1_i64..).skip(found.version as usize) {
        client.batch_execute(&script_for(script, layout)).await?;
        if layout == Layout::Distributed {
            client.batch_execute(&distributed::script(version)).await?;
        }
        let note = Call::new(
            "INSERT INTO schema_versions (version, survives, applied_at) VALUES ($1, $2, now())",
            values![version, survives(script)],
        );
        run_one(client, note).await?;
    }
    let codes: Vec<String> =
        MunicipalityTable::shipped().iter().map(|known| rows::code(known.code)).collect();
    let calls = [
        Call::new(
            "INSERT INTO municipalities (municipality) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING",
            values![codes],
        ),
        Call::new("COMMIT", values![]),
    ];
    run(client, &calls).await.map(drop)
}

/// The last version this program knows.
pub(super) fn known() -> i64 {
    SCRIPTS.len() as i64
}

struct Found {
    version: i64,
    survives: i64,
}

async fn found(client: &Client) -> Result<Found, StorageError> {
    client
        .batch_execute(
            "CREATE TABLE IF NOT EXISTS schema_versions (
                 version bigint NOT NULL PRIMARY KEY,
                 survives bigint NOT NULL,
                 applied_at timestamptz NOT NULL)",
        )
        .await?;
    let call =
        Call::new("SELECT version, survives FROM schema_versions ORDER BY version DESC LIMIT 1", values![]);
    match run_one(client, call).await?.first() {
        Some(row) => Ok(Found { version: rows::raw(row, "version")?, survives: rows::raw(row, "survives")? }),
        None => Ok(Found { version: 0, survives: 0 }),
    }
}

/// The version from which on a program works with what the script leaves; named in its first line.
fn survives(script: &str) -> i64 {
    let first = script.lines().next().and_then(|line| line.strip_prefix("-- survives: "));
    // A script without that line is survived by none but its own program.
    first.and_then(|version| version.trim().parse().ok()).unwrap_or(i64::MAX)
}

/// On one machine the largest tables are partitioned by the municipality that owns their rows; distributed ones lie in
/// shards already.
fn script_for(script: &str, layout: Layout) -> String {
    if layout == Layout::Distributed {
        let everywhere = script.split_once(ONE_MACHINE).map_or(script, |(everywhere, _)| everywhere);
        return everywhere.replace("/* partitioned */", "");
    }
    let mut made = String::new();
    let mut table = ("", "");
    for line in script.lines() {
        if let Some(name) = line.strip_prefix("CREATE TABLE ") {
            table = (name.trim_end_matches(" ("), "");
        }
        if table.1.is_empty() && line.starts_with("    ") {
            table.1 = line.split_whitespace().next().unwrap_or_default();
        }
        if line.contains("/* partitioned */") {
            made.push_str(&format!(") PARTITION BY HASH ({});\n", table.1));
            for part in 0..PARTITIONS {
                made.push_str(&format!(
                    "CREATE TABLE {0}_{part} PARTITION OF {0} FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part});\n",
                    table.0
                ));
            }
        } else {
            made.push_str(line);
            made.push('\n');
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_says_who_survives_it() {
        for (script, version) in SCRIPTS.iter().zip(1_i64..) {
            assert!((1..=version).contains(&survives(script)), "script {version}");
        }
    }

    #[test]
    fn the_largest_tables_are_partitioned_on_one_machine_only() {
        let single = script_for(SCRIPTS[0], Layout::Single);
        assert!(single.contains(") PARTITION BY HASH (municipality);"));
        assert!(single.contains(") PARTITION BY HASH (coupon_municipality);"));
        assert!(single.contains("CREATE TABLE doses_7 PARTITION OF doses"));
        assert!(!script_for(SCRIPTS[0], Layout::Distributed).contains("PARTITION"));
        assert!(script_for(SCRIPTS[4], Layout::Single).contains("CREATE TRIGGER"));
        assert!(!script_for(SCRIPTS[4], Layout::Distributed).contains("TRIGGER"));
    }
}
