//! Ledgers of sealed files.
//!
//! Must not: change or delete a line; triggers hold that too.

use record::{MunicipalityCode, bytes::Link};
use rusqlite::{Connection, Row, params};

use super::{audit, rows};
use crate::storage::{MediaLine, NewLine, StorageError};

pub(super) fn add(
    transaction: &Connection,
    municipality: MunicipalityCode,
    line: &MediaLine,
    audited: Option<&NewLine>,
) -> Result<bool, StorageError> {
    let sql = "INSERT INTO media_ledger (municipality, number, about, line, link) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING";
    let MediaLine { number, about, line, link } = line;
    let given = params![municipality.to_string(), rows::signed(*number), about, line, link.0];
    let is_added = rows::run(transaction, sql, given)? == 1;
    if let Some(audited) = audited.filter(|_| is_added) {
        audit::append(transaction, audited)?;
    }
    Ok(is_added)
}

pub(super) fn after(
    connection: &Connection,
    municipality: MunicipalityCode,
    after: u64,
    most: u32,
) -> Result<Vec<MediaLine>, StorageError> {
    let sql = "SELECT number, about, line, link FROM media_ledger
         WHERE municipality = ?1 AND number > ?2 ORDER BY number LIMIT ?3";
    rows::all(connection, sql, params![municipality.to_string(), rows::signed(after), most], line)
}

pub(super) fn latest(
    connection: &Connection,
    municipality: MunicipalityCode,
    before: Option<u64>,
    most: u32,
) -> Result<Vec<MediaLine>, StorageError> {
    let sql = "SELECT number, about, line, link FROM media_ledger
         WHERE municipality = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3";
    let before = before.map_or(i64::MAX, rows::signed);
    rows::all(connection, sql, params![municipality.to_string(), before, most], line)
}

pub(super) fn about(
    connection: &Connection,
    municipality: MunicipalityCode,
    about: &str,
) -> Result<Vec<MediaLine>, StorageError> {
    let sql = "SELECT number, about, line, link FROM media_ledger
         WHERE municipality = ?1 AND about = ?2 ORDER BY number";
    rows::all(connection, sql, params![municipality.to_string(), about], line)
}

pub(super) fn municipalities(connection: &Connection) -> Result<Vec<MunicipalityCode>, StorageError> {
    let sql = "SELECT DISTINCT municipality FROM media_ledger ORDER BY municipality";
    rows::all(connection, sql, [], |row| rows::text(row, "municipality"))
}

fn line(row: &Row<'_>) -> Result<MediaLine, StorageError> {
    Ok(MediaLine {
        number: rows::number(row, "number")?,
        about: rows::raw(row, "about")?,
        line: rows::raw(row, "line")?,
        link: Link(rows::bytes::<[u8; 32]>(row, "link")?),
    })
}
