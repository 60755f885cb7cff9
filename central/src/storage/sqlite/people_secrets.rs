//! The sealed secret of each municipality's keys for its people.
//!
//! Must not: open one, or put another in its place.

use record::{MunicipalityCode, WallTime};
use rusqlite::{Connection, params};

use super::rows;
use crate::storage::StorageError;

pub(super) fn secret(
    connection: &Connection,
    municipality: MunicipalityCode,
) -> Result<Option<Vec<u8>>, StorageError> {
    let sql = "SELECT sealed_secret FROM people_secrets WHERE municipality = ?1";
    rows::one(connection, sql, [municipality.to_string()], |row| rows::raw(row, "sealed_secret"))
}

pub(super) fn has_secrets(connection: &Connection) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) > 0 AS is_any FROM people_secrets";
    Ok(rows::one(connection, sql, [], |row| rows::raw(row, "is_any"))?.unwrap_or(false))
}

pub(super) fn keep_secret(
    transaction: &Connection,
    municipality: MunicipalityCode,
    sealed: &[u8],
    at: WallTime,
) -> Result<Vec<u8>, StorageError> {
    let sql = "INSERT INTO people_secrets (municipality, sealed_secret, made_at) VALUES (?1, ?2, ?3)
         ON CONFLICT DO NOTHING";
    rows::run(transaction, sql, params![municipality.to_string(), sealed, at.unix_ms()])?;
    secret(transaction, municipality)?.ok_or(StorageError::Inconsistent("sealed_secret"))
}
