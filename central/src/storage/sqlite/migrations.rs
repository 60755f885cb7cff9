//! The register's schema, one script a version, in order.
//!
//! Must not: be edited once released; a change is a further script.

use rusqlite::{Connection, TransactionBehavior};

use crate::storage::StorageError;

const SCRIPTS: [&str; 3] = [
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_heartbeats.sql"),
    include_str!("migrations/0003_reference.sql"),
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
}
