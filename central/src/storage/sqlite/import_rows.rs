//! The rows of an import that is being read: how each stands to what is kept, and those that are new or changed.
//!
//! Must not: let anything take effect.

use record::MunicipalityCode;
use rusqlite::{Connection, params};

use super::{imports, rows};
use crate::storage::{
    ImportCounts, ImportState, Standing, StorageError, VersionRow,
    people::{COUPON, PERSONAL_NUMBER},
};

pub(super) fn stage(
    transaction: &Connection,
    municipality: MunicipalityCode,
    import: u32,
    given: &[VersionRow],
) -> Result<Option<Vec<Standing>>, StorageError> {
    let owner = municipality.to_string();
    if imports::state(transaction, &owner, import)? != Some(ImportState::Reading) {
        return Ok(None);
    }
    let mut counts = ImportCounts::default();
    let mut standings = Vec::with_capacity(given.len());
    for row in given {
        let (standing, replaces) = standing(transaction, &owner, row)?;
        match standing {
            Standing::New => counts.new += 1,
            Standing::Changed => counts.changed += 1,
            Standing::Unchanged => counts.unchanged += 1,
            Standing::Taken { .. } => {}
        }
        if matches!(standing, Standing::New | Standing::Changed) {
            rows::run(
                transaction,
                "INSERT INTO person_versions (municipality, import, file_row, person, coupon, personal_number,
                     named, content, replaces_import, replaces_row, sealed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                params![
                    owner,
                    import,
                    rows::signed(row.row),
                    row.person,
                    row.coupon,
                    row.personal_number,
                    row.named,
                    row.content,
                    replaces.0,
                    replaces.1,
                    row.sealed
                ],
            )?;
        }
        standings.push(standing);
    }
    rows::run(
        transaction,
        "UPDATE people_imports SET new_rows = new_rows + ?3, changed_rows = changed_rows + ?4,
             unchanged_rows = unchanged_rows + ?5 WHERE municipality = ?1 AND import = ?2",
        params![
            owner,
            import,
            rows::signed(counts.new),
            rows::signed(counts.changed),
            rows::signed(counts.unchanged)
        ],
    )?;
    Ok(Some(standings))
}

/// How a row stands, and the version that it would replace.
fn standing(
    connection: &Connection,
    owner: &str,
    row: &VersionRow,
) -> Result<(Standing, (i64, i64)), StorageError> {
    let sql = "SELECT import, file_row, content = ?3 AS is_same FROM people
         WHERE municipality = ?1 AND person = ?2";
    let held = rows::one(connection, sql, params![owner, row.person, row.content], |found| {
        let place: (i64, i64) = (rows::raw(found, "import")?, rows::raw(found, "file_row")?);
        Ok((place, rows::raw::<bool>(found, "is_same")?))
    })?;
    if let Some((place, true)) = held {
        return Ok((Standing::Unchanged, place));
    }
    let is_taken = |kind: i64, mark: &[u8; 16]| -> Result<bool, StorageError> {
        let sql = "SELECT person <> ?4 AS is_taken FROM person_marks
             WHERE municipality = ?1 AND kind = ?2 AND mark = ?3";
        let found = rows::one(connection, sql, params![owner, kind, mark, row.person], |row| {
            rows::raw(row, "is_taken")
        })?;
        Ok(found.unwrap_or(false))
    };
    let coupon = is_taken(COUPON, &row.coupon)?;
    let personal_number =
        row.personal_number.map(|mark| is_taken(PERSONAL_NUMBER, &mark)).transpose()?.unwrap_or(false);
    Ok(match held {
        _ if coupon || personal_number => (Standing::Taken { coupon, personal_number }, (0, 0)),
        Some((place, _)) => (Standing::Changed, place),
        None => (Standing::New, (0, 0)),
    })
}
