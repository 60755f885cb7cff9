//! The register's schema, one script a version, in order.
//!
//! Must not: be edited once released; a change is a further script.

use rusqlite::{Connection, TransactionBehavior};

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
/// `VRSC` in SQLite's header: a file of another program is never migrated.
const APPLICATION_ID: i64 = 0x5652_5343;

/// Brings the register up to date in one transaction.
pub(super) fn run(connection: &mut Connection) -> Result<(), StorageError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let pragma = |name: &str| transaction.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let found = pragma("user_version")?;
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && pragma("application_id")? != APPLICATION_ID {
        return Err(StorageError::NotARegister);
    }
    let known = SCRIPTS.len() as i64;
    if found > known {
        return Err(StorageError::NewerDatabase { found, known });
    }
    for (script, version) in SCRIPTS.iter().zip(1_i64..).skip(found.max(0) as usize) {
        transaction.execute_batch(script)?;
        transaction.pragma_update(None, "user_version", version)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrating_twice_is_migrating_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection).unwrap();
        run(&mut connection).unwrap();
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, SCRIPTS.len() as i64);
    }

    #[test]
    fn a_register_of_tomorrow_and_a_file_of_another_program_are_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        assert_eq!(
            run(&mut connection),
            Err(StorageError::NewerDatabase { found: 99, known: SCRIPTS.len() as i64 })
        );

        let mut other = Connection::open_in_memory().unwrap();
        other.execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
        assert_eq!(run(&mut other), Err(StorageError::NotARegister));
    }

    #[test]
    fn what_disputed_a_dose_before_there_were_cases_becomes_one() {
        use crate::storage::contract::entries::{EntryMaker, day_with_lot, vaccination_in};

        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(SCRIPTS[0]).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        let mut maker = EntryMaker::new("131130".parse().unwrap(), 1);
        let coupon = "211310160000004711".parse().unwrap();
        let mut third_dose = day_with_lot("FJ7489");
        third_dose.dose = "3".parse().unwrap();
        let vaccination = maker.vaccination_of(coupon, third_dose);
        let correction = maker.correction(vaccination.entry_id, vaccination_in(&vaccination));
        let outcome = "needs_review:other_content_for_same_dose";
        for (position, entry, outcome) in
            [(1, &vaccination, outcome), (2, &correction, outcome), (3, &vaccination, "delivered")]
        {
            let sql = "INSERT INTO entries VALUES ('131130', 17, 1, ?1, ?2, x'', x'', ?3, ?4, 5, ?5)";
            let (hash, id) = ([position as u8; 32], entry.entry_id.to_bytes());
            connection
                .execute(sql, rusqlite::params![position, hash, id, outcome, entry.to_bytes()])
                .unwrap();
        }
        run(&mut connection).unwrap();
        let sql = "SELECT coupon_municipality || coupon_number || dose || municipality FROM disputes
             WHERE hash = ?1";
        for position in [1_u8, 2] {
            let found: String = connection.query_row(sql, [[position; 32]], |row| row.get(0)).unwrap();
            assert_eq!(found, "13101600000047113131130");
        }
        let count: i64 = connection.query_row("SELECT count(*) FROM disputes", [], |row| row.get(0)).unwrap();
        assert_eq!(count, 2);
    }
}
