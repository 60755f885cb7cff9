//! The schema, as an array of scripts; the database's `user_version` says how many of them it has had.
//!
//! Must not: change a script that was ever released. A newer database is refused.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::{OpenError, StoreError};

const SCRIPTS: [&str; 5] = [
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_search.sql"),
    include_str!("../migrations/0003_elsewhere.sql"),
    include_str!("../migrations/0004_reference.sql"),
    include_str!("../migrations/0005_replaced.sql"),
];

/// Brings the database to this program's version, all in one transaction.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let known = SCRIPTS.len() as u32;
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
    let found: u32 =
        transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(StoreError::from)?;
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    for script in &SCRIPTS[found as usize..] {
        transaction.execute_batch(script).map_err(StoreError::from)?;
    }
    transaction.pragma_update(None, "user_version", known).map_err(StoreError::from)?;
    transaction.commit().map_err(StoreError::from)?;
    Ok(())
}
