//! Letting an import take effect, and undoing it: all of it or nothing, told of as it goes, and stopped where somebody asks.
//!
//! Must not: leave anything behind of a change that was stopped.

use std::ops::ControlFlow;

use record::{MunicipalityCode, WallTime};
use rusqlite::{Connection, params, types::ToSqlOutput};

use super::{
    audit,
    imports::{basis, state},
    rows,
};
use crate::{
    audit::Act,
    storage::{
        ImportState, StorageError, TookEffect, Undone, Watch,
        watch::{MARK_SLICES, Progress, mark_slice},
    },
};

/// After so many rows somebody is told, and may stop it.
const TOLD_EVERY: u64 = 2_000;

/// What is read of the import, in the order of a table's key so that the table grows at its end, and where it goes.
const COPIES: [(&str, &str); 4] = [
    (
        "SELECT municipality, person, import, file_row, content FROM person_versions
         WHERE municipality = ?1 AND import = ?2 ORDER BY person",
        "INSERT INTO people (municipality, person, import, file_row, content) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (municipality, person) DO UPDATE SET import = excluded.import,
             file_row = excluded.file_row, content = excluded.content",
    ),
    (
        "SELECT municipality, 1, coupon, person, import FROM person_versions
         WHERE municipality = ?1 AND import = ?2 ORDER BY coupon",
        "INSERT INTO person_marks (municipality, kind, mark, person, import) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
    ),
    (
        "SELECT municipality, 2, personal_number, person, import FROM person_versions
         WHERE municipality = ?1 AND import = ?2 AND personal_number IS NOT NULL ORDER BY personal_number",
        "INSERT INTO person_marks (municipality, kind, mark, person, import) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
    ),
    (
        "SELECT municipality, named, person, import FROM person_versions
         WHERE municipality = ?1 AND import = ?2 AND named IS NOT NULL ORDER BY named, person",
        "INSERT INTO person_names (municipality, named, person, import) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
    ),
];

/// What undoes it, by slices of a mark from ?3 to before ?4.
const TAKEN_BACK: [&str; 5] = [
    "DELETE FROM person_marks WHERE municipality = ?1 AND kind = 1 AND mark >= ?3 AND mark < ?4 AND import = ?2",
    "DELETE FROM person_marks WHERE municipality = ?1 AND kind = 2 AND mark >= ?3 AND mark < ?4 AND import = ?2",
    "DELETE FROM person_names WHERE municipality = ?1 AND named >= ?3 AND named < ?4 AND import = ?2",
    "DELETE FROM people WHERE municipality = ?1 AND person >= ?3 AND person < ?4 AND import = ?2 AND EXISTS (
         SELECT 1 FROM person_versions AS v WHERE v.municipality = people.municipality
             AND v.import = people.import AND v.file_row = people.file_row AND v.replaces_import = 0)",
    "UPDATE people SET (import, file_row, content) = (
         SELECT o.import, o.file_row, o.content FROM person_versions AS v
         JOIN person_versions AS o ON o.municipality = v.municipality AND o.import = v.replaces_import
             AND o.file_row = v.replaces_row
         WHERE v.municipality = people.municipality AND v.import = people.import
             AND v.file_row = people.file_row)
     WHERE municipality = ?1 AND person >= ?3 AND person < ?4 AND import = ?2",
];

pub(super) fn take_effect(
    transaction: &Connection,
    municipality: MunicipalityCode,
    import: u32,
    (by, at): (&str, WallTime),
    watch: &Watch,
) -> Result<TookEffect, StorageError> {
    let owner = municipality.to_string();
    if state(transaction, &owner, import)? != Some(ImportState::Waiting) {
        return Ok(TookEffect::NotWaiting);
    }
    let sql = "SELECT basis, new_rows + changed_rows AS rows FROM people_imports
         WHERE municipality = ?1 AND import = ?2";
    let read_on = rows::one(transaction, sql, params![owner, import], |row| {
        Ok((rows::raw::<i64>(row, "basis")?, rows::number(row, "rows")?))
    })?;
    let Some((read_on, count)) = read_on else { return Ok(TookEffect::NotWaiting) };
    if read_on != basis(transaction, &owner)? {
        return Ok(TookEffect::Outdated);
    }
    whole_or_nothing(transaction, TookEffect::Done, TookEffect::Stopped, || {
        let mut progress = Progress::begin(watch, count, COPIES.len() as u64 * count);
        for (table, (read, write)) in (1..).zip(COPIES) {
            let copied = copy(transaction, (read, write), (&owner, import), &mut progress)?;
            // Not everybody has a row in each table.
            if copied.is_break() || progress.reach(table * count).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        let sql = "UPDATE people_imports SET state = 'effective', effective_by = ?3, effective_at = ?4
             WHERE municipality = ?1 AND import = ?2";
        rows::run(transaction, sql, params![owner, import, by, at.unix_ms()])?;
        audit::append(transaction, &Act::ImportTookEffect { import }.line(municipality, by, at))?;
        Ok(ControlFlow::Continue(()))
    })
}

/// Copies what the first statement reads by the second.
fn copy(
    transaction: &Connection,
    (read, write): (&str, &str),
    (owner, import): (&str, u32),
    progress: &mut Progress<'_>,
) -> Result<ControlFlow<()>, StorageError> {
    let (mut read, mut write) = (transaction.prepare_cached(read)?, transaction.prepare_cached(write)?);
    let columns = read.column_count();
    let mut found = read.query(params![owner, import])?;
    let mut copied = 0;
    while let Some(row) = found.next()? {
        for at in 0..columns {
            write.raw_bind_parameter(at + 1, ToSqlOutput::Borrowed(row.get_ref(at)?))?;
        }
        write.raw_execute()?;
        copied += 1;
        if copied % TOLD_EVERY == 0 && progress.add(TOLD_EVERY).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

pub(super) fn undo(
    transaction: &Connection,
    municipality: MunicipalityCode,
    import: u32,
    (by, at): (&str, WallTime),
    watch: &Watch,
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
    let sql = "SELECT count(*) AS rows FROM person_versions WHERE municipality = ?1 AND import = ?2";
    let count = rows::one(transaction, sql, params![owner, import], |row| rows::number(row, "rows"))?;
    whole_or_nothing(transaction, Undone::Done, Undone::Stopped, || {
        let slices = TAKEN_BACK.len() as u64 * u64::from(MARK_SLICES);
        let mut progress = Progress::begin(watch, count.unwrap_or(0), slices);
        for sql in TAKEN_BACK {
            for slice in 0..MARK_SLICES {
                let (from, before) = mark_slice(slice);
                rows::run(transaction, sql, params![owner, import, from, before])?;
                if progress.add(1).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        rows::run(
            transaction,
            "DELETE FROM person_versions WHERE municipality = ?1 AND import = ?2",
            params![owner, import],
        )?;
        let sql = "UPDATE people_imports SET state = 'undone', undone_by = ?3, undone_at = ?4
             WHERE municipality = ?1 AND import = ?2";
        rows::run(transaction, sql, params![owner, import, by, at.unix_ms()])?;
        audit::append(transaction, &Act::ImportUndone { import }.line(municipality, by, at))?;
        Ok(ControlFlow::Continue(()))
    })
}

/// Does the work; where it was stopped, everything it wrote is taken back. (A failure is taken back by the writer.)
fn whole_or_nothing<T>(
    transaction: &Connection,
    done: T,
    stopped: T,
    work: impl FnOnce() -> Result<ControlFlow<()>, StorageError>,
) -> Result<T, StorageError> {
    transaction.execute_batch("SAVEPOINT import_effect")?;
    let ended = work()?;
    let end = if ended.is_break() { "ROLLBACK TO import_effect; " } else { "" };
    transaction.execute_batch(&format!("{end}RELEASE import_effect"))?;
    Ok(if ended.is_break() { stopped } else { done })
}
