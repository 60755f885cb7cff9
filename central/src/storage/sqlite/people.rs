//! People and their imports.
//!
//! Must not: change a version that was kept.

use record::{MunicipalityCode, WallTime};
use rusqlite::{Connection, Row, params};

use super::{audit, rows};
use crate::audit::Act;
use crate::storage::{
    Begun, Import, ImportCounts, ImportState, PersonMark, Standing, StorageError, TookEffect, Undone,
    Version, VersionRow,
    people::{COUPON, PERSONAL_NUMBER},
};

const VERSION: &str = "v.import, v.file_row, v.person, v.coupon, v.personal_number, v.named, v.content,
     v.replaces_import, v.replaces_row, v.sealed";

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

/// How often anything took effect or was undone.
fn basis(connection: &Connection, owner: &str) -> Result<i64, StorageError> {
    let sql = "SELECT count(effective_at) + count(undone_at) AS basis FROM people_imports
         WHERE municipality = ?1";
    let found = rows::one(connection, sql, [owner], |row| rows::raw(row, "basis"))?;
    Ok(found.unwrap_or(0))
}

fn state(connection: &Connection, owner: &str, import: u32) -> Result<Option<ImportState>, StorageError> {
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

pub(super) fn stage(
    transaction: &Connection,
    municipality: MunicipalityCode,
    import: u32,
    given: &[VersionRow],
) -> Result<Option<Vec<Standing>>, StorageError> {
    let owner = municipality.to_string();
    if state(transaction, &owner, import)? != Some(ImportState::Reading) {
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

pub(super) fn take_effect(
    transaction: &Connection,
    municipality: MunicipalityCode,
    import: u32,
    by: &str,
    at: WallTime,
) -> Result<TookEffect, StorageError> {
    let owner = municipality.to_string();
    if state(transaction, &owner, import)? != Some(ImportState::Waiting) {
        return Ok(TookEffect::NotWaiting);
    }
    let sql = "SELECT basis FROM people_imports WHERE municipality = ?1 AND import = ?2";
    let read_on: Option<i64> =
        rows::one(transaction, sql, params![owner, import], |row| rows::raw(row, "basis"))?;
    if read_on != Some(basis(transaction, &owner)?) {
        return Ok(TookEffect::Outdated);
    }
    // In the order of their keys, so that each table grows at its end.
    for sql in [
        "INSERT INTO people (municipality, person, import, file_row, content)
         SELECT municipality, person, import, file_row, content FROM person_versions
         WHERE municipality = ?1 AND import = ?2 ORDER BY person
         ON CONFLICT (municipality, person) DO UPDATE SET import = excluded.import,
             file_row = excluded.file_row, content = excluded.content",
        "INSERT INTO person_marks (municipality, kind, mark, person, import)
         SELECT municipality, 1, coupon, person, import FROM person_versions
         WHERE municipality = ?1 AND import = ?2 ORDER BY coupon ON CONFLICT DO NOTHING",
        "INSERT INTO person_marks (municipality, kind, mark, person, import)
         SELECT municipality, 2, personal_number, person, import FROM person_versions
         WHERE municipality = ?1 AND import = ?2 AND personal_number IS NOT NULL
         ORDER BY personal_number ON CONFLICT DO NOTHING",
        "INSERT INTO person_names (municipality, named, person, import)
         SELECT municipality, named, person, import FROM person_versions
         WHERE municipality = ?1 AND import = ?2 AND named IS NOT NULL
         ORDER BY named, person ON CONFLICT DO NOTHING",
    ] {
        rows::run(transaction, sql, params![owner, import])?;
    }
    let sql = "UPDATE people_imports SET state = 'effective', effective_by = ?3, effective_at = ?4
         WHERE municipality = ?1 AND import = ?2";
    rows::run(transaction, sql, params![owner, import, by, at.unix_ms()])?;
    audit::append(transaction, &Act::ImportTookEffect { import }.line(municipality, by, at))?;
    Ok(TookEffect::Done)
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

pub(super) fn undo(
    transaction: &Connection,
    municipality: MunicipalityCode,
    import: u32,
    by: &str,
    at: WallTime,
) -> Result<Undone, StorageError> {
    let owner = municipality.to_string();
    if state(transaction, &owner, import)? != Some(ImportState::Effective) {
        return Ok(Undone::NotInEffect);
    }
    let sql = "SELECT max(p.import) AS latest, count(*) AS people FROM person_versions AS v
         JOIN people AS p ON p.municipality = v.municipality AND p.person = v.person
         WHERE v.municipality = ?1 AND v.import = ?2 AND p.import <> ?2";
    let touched = rows::one(transaction, sql, params![owner, import], |row| {
        Ok((rows::raw::<Option<u32>>(row, "latest")?, rows::number(row, "people")?))
    })?;
    if let Some((Some(by), people)) = touched {
        return Ok(Undone::Touched { by, people });
    }
    for sql in [
        "DELETE FROM person_marks WHERE municipality = ?1 AND import = ?2",
        "DELETE FROM person_names WHERE municipality = ?1 AND import = ?2",
        "DELETE FROM people WHERE municipality = ?1 AND import = ?2 AND EXISTS (
             SELECT 1 FROM person_versions AS v WHERE v.municipality = people.municipality
                 AND v.import = people.import AND v.file_row = people.file_row AND v.replaces_import = 0)",
        "UPDATE people SET (import, file_row, content) = (
             SELECT o.import, o.file_row, o.content FROM person_versions AS v
             JOIN person_versions AS o ON o.municipality = v.municipality AND o.import = v.replaces_import
                 AND o.file_row = v.replaces_row
             WHERE v.municipality = people.municipality AND v.import = people.import
                 AND v.file_row = people.file_row)
         WHERE municipality = ?1 AND import = ?2",
    ] {
        rows::run(transaction, sql, params![owner, import])?;
    }
    forget(transaction, &owner, import)?;
    let sql = "UPDATE people_imports SET state = 'undone', undone_by = ?3, undone_at = ?4
         WHERE municipality = ?1 AND import = ?2";
    rows::run(transaction, sql, params![owner, import, by, at.unix_ms()])?;
    audit::append(transaction, &Act::ImportUndone { import }.line(municipality, by, at))?;
    Ok(Undone::Done)
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

pub(super) fn person(
    connection: &Connection,
    municipality: MunicipalityCode,
    by: PersonMark,
) -> Result<Option<Version>, StorageError> {
    let owner = municipality.to_string();
    let of_number = |kind: i64, mark: [u8; 16]| {
        let sql = "SELECT person FROM person_marks WHERE municipality = ?1 AND kind = ?2 AND mark = ?3";
        rows::one(connection, sql, params![owner, kind, mark], |row| rows::bytes::<[u8; 16]>(row, "person"))
    };
    let person = match by {
        PersonMark::AddressNumber(mark) => Some(mark),
        PersonMark::Coupon(mark) => of_number(COUPON, mark)?,
        PersonMark::PersonalNumber(mark) => of_number(PERSONAL_NUMBER, mark)?,
    };
    let Some(person) = person else { return Ok(None) };
    let sql = format!(
        "SELECT {VERSION} FROM people AS p JOIN person_versions AS v
             ON v.municipality = p.municipality AND v.import = p.import AND v.file_row = p.file_row
         WHERE p.municipality = ?1 AND p.person = ?2"
    );
    rows::one(connection, &sql, params![owner, person], version)
}

pub(super) fn named(
    connection: &Connection,
    municipality: MunicipalityCode,
    named: [u8; 16],
    most: u32,
) -> Result<Vec<Version>, StorageError> {
    let sql = format!(
        "SELECT {VERSION} FROM person_names AS n
         CROSS JOIN people AS p ON p.municipality = n.municipality AND p.person = n.person
         CROSS JOIN person_versions AS v ON v.municipality = p.municipality AND v.import = p.import
             AND v.file_row = p.file_row
         WHERE n.municipality = ?1 AND n.named = ?2 ORDER BY n.person LIMIT ?3"
    );
    rows::all(connection, &sql, params![municipality.to_string(), named, most], version)
}

pub(super) fn count(connection: &Connection, municipality: MunicipalityCode) -> Result<u64, StorageError> {
    let sql = "SELECT count(*) AS people FROM people WHERE municipality = ?1";
    let found = rows::one(connection, sql, [municipality.to_string()], |row| rows::number(row, "people"))?;
    Ok(found.unwrap_or(0))
}

/// Versions that hold, after that one, in the order in which they came.
pub(super) fn page(
    connection: &Connection,
    municipality: MunicipalityCode,
    after: (u32, u64),
    most: u32,
) -> Result<Vec<Version>, StorageError> {
    let sql = format!(
        "SELECT {VERSION} FROM person_versions AS v
         CROSS JOIN people AS p ON p.municipality = v.municipality AND p.person = v.person
             AND p.import = v.import AND p.file_row = v.file_row
         WHERE v.municipality = ?1 AND (v.import, v.file_row) > (?2, ?3)
         ORDER BY v.import, v.file_row LIMIT ?4"
    );
    let after = params![municipality.to_string(), after.0, rows::signed(after.1), most];
    rows::all(connection, &sql, after, version)
}

/// Those versions, whether or not they hold.
pub(super) fn versions(
    connection: &Connection,
    municipality: MunicipalityCode,
    which: &[(u32, u64)],
) -> Result<Vec<Version>, StorageError> {
    let sql = format!(
        "SELECT {VERSION} FROM person_versions AS v
         WHERE v.municipality = ?1 AND v.import = ?2 AND v.file_row = ?3"
    );
    let owner = municipality.to_string();
    let one = |(import, row): &(u32, u64)| {
        rows::one(connection, &sql, params![owner, import, rows::signed(*row)], version).transpose()
    };
    which.iter().filter_map(one).collect()
}

fn version(row: &Row<'_>) -> Result<Version, StorageError> {
    let mark = |column| rows::bytes::<[u8; 16]>(row, column);
    let personal_number: Option<[u8; 16]> = rows::raw(row, "personal_number")?;
    let named: Option<[u8; 16]> = rows::raw(row, "named")?;
    let replaces = (rows::raw::<u32>(row, "replaces_import")?, rows::number(row, "replaces_row")?);
    Ok(Version {
        import: rows::raw(row, "import")?,
        replaces: (replaces.0 > 0).then_some(replaces),
        row: VersionRow {
            row: rows::number(row, "file_row")?,
            person: mark("person")?,
            coupon: mark("coupon")?,
            personal_number,
            named,
            content: mark("content")?,
            sealed: rows::raw(row, "sealed")?,
        },
    })
}
