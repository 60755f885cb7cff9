//! Imports of people: begun, read to the end, given up, and their history. Their rows are in `import_rows`, their effect in
//! `import_effect`.
//!
//! Must not: let two of one municipality be open at once.

use deadpool_postgres::Client;
use record::{MunicipalityCode, WallTime};
use tokio_postgres::Row;

use super::{
    call::{Call, run, run_one, values},
    rows,
};
use crate::storage::{Begun, Import, ImportCounts, ImportState, StorageError};

/// Begins a transaction in which nobody else begins, ends or undoes an import of that municipality.
pub(super) async fn alone(client: &Client, owner: &str) -> Result<(), StorageError> {
    let calls = [
        Call::new("BEGIN", values![]),
        Call::new(
            "SELECT municipality FROM municipalities WHERE municipality = $1 FOR UPDATE",
            values![owner.to_owned()],
        ),
    ];
    run(client, &calls).await.map(drop)
}

pub(super) async fn commit(client: &Client) -> Result<(), StorageError> {
    run_one(client, Call::new("COMMIT", values![])).await.map(drop)
}

/// Where an import stands: its state, the basis that it was read on, and the basis now.
pub(super) async fn stands(
    client: &Client,
    owner: &str,
    import: u32,
) -> Result<Option<(ImportState, i64, i64)>, StorageError> {
    let calls = [
        Call::new(
            "SELECT state, basis FROM people_imports WHERE municipality = $1 AND import = $2",
            values![owner.to_owned(), i64::from(import)],
        ),
        basis(owner),
    ];
    let answers = run(client, &calls).await?;
    let [found, now] = &answers[..] else { return Err(StorageError::Stopped) };
    let (Some(found), Some(now)) = (found.first(), now.first()) else { return Ok(None) };
    Ok(Some((state(found)?, rows::raw(found, "basis")?, rows::raw(now, "basis")?)))
}

fn basis<'a>(owner: &str) -> Call<'a> {
    let sql = "SELECT count(effective_at) + count(undone_at) AS basis FROM people_imports
         WHERE municipality = $1";
    Call::new(sql, values![owner.to_owned()])
}

pub(super) fn state(row: &Row) -> Result<ImportState, StorageError> {
    ImportState::of_code(rows::raw(row, "state")?).ok_or(StorageError::Inconsistent("state"))
}

pub(super) fn import_number(number: i64) -> Result<u32, StorageError> {
    u32::try_from(number).map_err(|_| StorageError::Inconsistent("import"))
}

pub(super) async fn begin(
    client: &Client,
    municipality: MunicipalityCode,
    by: String,
    at: WallTime,
) -> Result<Begun, StorageError> {
    let owner = rows::code(municipality);
    alone(client, &owner).await?;
    let sql = "SELECT max(import) FILTER (WHERE state IN ('reading', 'waiting')) AS open,
         coalesce(max(import), 0) AS last FROM people_imports WHERE municipality = $1";
    let answers = run(client, &[Call::new(sql, values![owner.clone()]), basis(&owner)]).await?;
    let row = |at: usize| answers.get(at).and_then(|rows| rows.first()).ok_or(StorageError::Stopped);
    let (found, basis): (_, i64) = (row(0)?, rows::raw(row(1)?, "basis")?);
    if let Some(open) = rows::raw::<Option<i64>>(found, "open")? {
        commit(client).await?;
        return import_number(open).map(Begun::Open);
    }
    let number = rows::raw::<i64>(found, "last")? + 1;
    let sql = "INSERT INTO people_imports (municipality, import, state, basis, new_rows, changed_rows,
             unchanged_rows, faulty_rows, begun_by, begun_at)
         VALUES ($1, $2, 'reading', $3, 0, 0, 0, 0, $4, $5)";
    run_one(client, Call::new(sql, values![owner, number, basis, by, at.unix_ms()])).await?;
    commit(client).await?;
    import_number(number).map(Begun::Import)
}

pub(super) async fn end_staging(
    client: &Client,
    municipality: MunicipalityCode,
    import: u32,
    faulty: u64,
    at: WallTime,
) -> Result<bool, StorageError> {
    let sql = "UPDATE people_imports SET state = 'waiting', faulty_rows = $3, ended_at = $4
         WHERE municipality = $1 AND import = $2 AND state = 'reading' RETURNING import";
    let given = values![rows::code(municipality), i64::from(import), rows::signed(faulty), at.unix_ms()];
    Ok(run_one(client, Call::new(sql, given)).await?.len() == 1)
}

pub(super) async fn discard(
    client: &Client,
    municipality: MunicipalityCode,
    import: u32,
    at: WallTime,
) -> Result<bool, StorageError> {
    let owner = rows::code(municipality);
    alone(client, &owner).await?;
    let sql = "UPDATE people_imports SET state = 'discarded', ended_at = $3
         WHERE municipality = $1 AND import = $2 AND state IN ('reading', 'waiting') RETURNING import";
    let given = values![owner.clone(), i64::from(import), at.unix_ms()];
    let is_done = run_one(client, Call::new(sql, given)).await?.len() == 1;
    if is_done {
        run_one(client, forget(&owner, import)).await?;
    }
    commit(client).await?;
    Ok(is_done)
}

fn forget<'a>(owner: &str, import: u32) -> Call<'a> {
    let sql = "DELETE FROM person_versions WHERE municipality = $1 AND import = $2";
    Call::new(sql, values![owner.to_owned(), i64::from(import)])
}

pub(super) async fn imports(
    client: &Client,
    municipality: MunicipalityCode,
    most: u32,
) -> Result<Vec<Import>, StorageError> {
    let sql = "SELECT import, state, new_rows, changed_rows, unchanged_rows, faulty_rows, begun_by, begun_at,
         effective_by, effective_at, undone_by, undone_at
         FROM people_imports WHERE municipality = $1 ORDER BY import DESC LIMIT $2";
    let read = |row: &Row| {
        let who_when = |by: &'static str, at: &'static str| -> Result<_, StorageError> {
            let (by, at): (Option<String>, Option<i64>) = (rows::raw(row, by)?, rows::raw(row, at)?);
            Ok(by.zip(at.map(WallTime::from_unix_ms)))
        };
        Ok(Import {
            number: import_number(rows::raw(row, "import")?)?,
            state: state(row)?,
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
    };
    let call = Call::new(sql, values![rows::code(municipality), i64::from(most)]);
    run_one(client, call).await?.iter().map(read).collect()
}
