//! Imports of people: begun, read to the end, given up, and their history. Their rows are in `import_rows`, their effect in
//! `import_effect`.
//!
//! Must not: let two of one municipality be open at once.

use record::{MunicipalityCode, WallTime};
use rusqlite::{Connection, params};

use super::rows;
use crate::storage::{Begun, Import, ImportCounts, ImportState, StorageError};

/// How often anything took effect or was undone.
pub(super) fn basis(connection: &Connection, owner: &str) -> Result<i64, StorageError> {
    let sql = "SELECT count(effective_at) + count(undone_at) AS basis FROM people_imports
         WHERE municipality = ?1";
    let found = rows::one(connection, sql, [owner], |row| rows::raw(row, "basis"))?;
    Ok(found.unwrap_or(0))
}

pub(super) fn state(
    connection: &Connection,
    owner: &str,
    import: u32,
) -> Result<Option<ImportState>, StorageError> {
    let sql = "SELECT state FROM people_imports WHERE municipality = ?1 AND import = ?2";
    let code: Option<String> =
        rows::one(connection, sql, params![owner, import], |row| rows::raw(row, "state"))?;
    code.map(|code| ImportState::of_code(&code).ok_or(StorageError::Inconsistent("state"))).transpose()
}

pub(super) fn begin(
    transaction: &Connection,
    municipality: MunicipalityCode,
    by: &str,
    at: WallTime,
) -> Result<Begun, StorageError> {
    let owner = municipality.to_string();
    let sql = "SELECT max(import) FILTER (WHERE state IN ('reading', 'waiting')) AS open,
         coalesce(max(import), 0) AS last FROM people_imports WHERE municipality = ?1";
    let found = rows::one(transaction, sql, [&owner], |row| {
        Ok((rows::raw::<Option<u32>>(row, "open")?, rows::raw::<u32>(row, "last")?))
    })?;
    let (open, last) = found.unwrap_or((None, 0));
    if let Some(open) = open {
        return Ok(Begun::Open(open));
    }
    rows::run(
        transaction,
        "INSERT INTO people_imports (municipality, import, state, basis, new_rows, changed_rows, unchanged_rows,
             faulty_rows, begun_by, begun_at)
         VALUES (?1, ?2, 'reading', ?3, 0, 0, 0, 0, ?4, ?5)",
        params![owner, last + 1, basis(transaction, &owner)?, by, at.unix_ms()],
    )?;
    Ok(Begun::Import(last + 1))
}

pub(super) fn end_staging(
    transaction: &Connection,
    municipality: MunicipalityCode,
    import: u32,
    faulty: u64,
    at: WallTime,
) -> Result<bool, StorageError> {
    let sql = "UPDATE people_imports SET state = 'waiting', faulty_rows = ?3, ended_at = ?4
         WHERE municipality = ?1 AND import = ?2 AND state = 'reading'";
    let done = params![municipality.to_string(), import, rows::signed(faulty), at.unix_ms()];
    Ok(rows::run(transaction, sql, done)? == 1)
}

pub(super) fn discard(
    transaction: &Connection,
    municipality: MunicipalityCode,
    import: u32,
    at: WallTime,
) -> Result<bool, StorageError> {
    let owner = municipality.to_string();
    let sql = "UPDATE people_imports SET state = 'discarded', ended_at = ?3
         WHERE municipality = ?1 AND import = ?2 AND state IN ('reading', 'waiting')";
    let is_done = rows::run(transaction, sql, params![owner, import, at.unix_ms()])? == 1;
    if is_done {
        forget(transaction, &owner, import)?;
    }
    Ok(is_done)
}

fn forget(transaction: &Connection, owner: &str, import: u32) -> Result<(), StorageError> {
    let sql = "DELETE FROM person_versions WHERE municipality = ?1 AND import = ?2";
    rows::run(transaction, sql, params![owner, import]).map(drop)
}

pub(super) fn imports(
    connection: &Connection,
    municipality: MunicipalityCode,
    most: u32,
) -> Result<Vec<Import>, StorageError> {
    let sql = "SELECT import, state, new_rows, changed_rows, unchanged_rows, faulty_rows, begun_by, begun_at,
         effective_by, effective_at, undone_by, undone_at
         FROM people_imports WHERE municipality = ?1 ORDER BY import DESC LIMIT ?2";
    rows::all(connection, sql, params![municipality.to_string(), most], |row| {
        let who_when = |by: &'static str, at: &'static str| -> Result<_, StorageError> {
            let (by, at): (Option<String>, Option<i64>) = (rows::raw(row, by)?, rows::raw(row, at)?);
            Ok(by.zip(at.map(WallTime::from_unix_ms)))
        };
        let code: String = rows::raw(row, "state")?;
        Ok(Import {
            number: rows::raw(row, "import")?,
            state: ImportState::of_code(&code).ok_or(StorageError::Inconsistent("state"))?,
            counts: ImportCounts {
                new: rows::number(row, "new_rows")?,
                changed: rows::number(row, "changed_rows")?,
                unchanged: rows::number(row, "unchanged_rows")?,
                faulty: rows::number(row, "faulty_rows")?,
            },
            begun_by: rows::raw(row, "begun_by")?,
            begun_at: rows::wall_time(row, "begun_at")?,
            effective: who_when("effective_by", "effective_at")?,
            undone: who_when("undone_by", "undone_at")?,
        })
    })
}
