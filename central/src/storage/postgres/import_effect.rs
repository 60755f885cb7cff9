//! Letting an import take effect, and undoing it: all of it or nothing, told of as it goes, and stopped where somebody asks.
//!
//! Must not: leave anything behind of a change that was stopped; its transaction is rolled back.

use deadpool_postgres::Client;
use record::{MunicipalityCode, WallTime};

use super::{
    audit,
    call::{Call, run, run_one, values},
    columns::Layout,
    import_rows::by_keys,
    imports::{alone, commit, import_number, stands},
    rows,
};
use crate::{
    audit::Act,
    storage::{
        ImportState, StorageError, TookEffect, Undone, Watch,
        watch::{MARK_SLICES, Progress, mark_slice},
    },
};

/// Rows of the file that are copied by one statement; between two of them it can be stopped.
const SLICE: i64 = 50_000;

/// What takes effect, by slices of rows after $3 up to $4; each in the order of the table's key, so that its pages are
/// written one after the other.
const COPIES: [&str; 4] = [
    "INSERT INTO people (municipality, person, import, file_row, content)
     SELECT municipality, person, import, file_row, content FROM person_versions
     WHERE municipality = $1 AND import = $2 AND file_row > $3 AND file_row <= $4 ORDER BY person
     ON CONFLICT (municipality, person) DO UPDATE SET import = excluded.import,
         file_row = excluded.file_row, content = excluded.content",
    "INSERT INTO person_marks (municipality, kind, mark, person, import)
     SELECT municipality, 1, coupon, person, import FROM person_versions
     WHERE municipality = $1 AND import = $2 AND file_row > $3 AND file_row <= $4
     ORDER BY coupon ON CONFLICT DO NOTHING",
    "INSERT INTO person_marks (municipality, kind, mark, person, import)
     SELECT municipality, 2, personal_number, person, import FROM person_versions
     WHERE municipality = $1 AND import = $2 AND file_row > $3 AND file_row <= $4
         AND personal_number IS NOT NULL
     ORDER BY personal_number ON CONFLICT DO NOTHING",
    "INSERT INTO person_names (municipality, named, person, import)
     SELECT municipality, named, person, import FROM person_versions
     WHERE municipality = $1 AND import = $2 AND file_row > $3 AND file_row <= $4 AND named IS NOT NULL
     ORDER BY named, person ON CONFLICT DO NOTHING",
];

/// What undoes it, by slices of a mark from $3 to before $4. A join would be planned by what was believed of the tables
/// before the import; a question for each row is not.
const TAKEN_BACK: [&str; 5] = [
    "DELETE FROM person_marks WHERE municipality = $1 AND kind = 1 AND mark >= $3 AND mark < $4 AND import = $2",
    "DELETE FROM person_marks WHERE municipality = $1 AND kind = 2 AND mark >= $3 AND mark < $4 AND import = $2",
    "DELETE FROM person_names WHERE municipality = $1 AND named >= $3 AND named < $4 AND import = $2",
    "DELETE FROM people WHERE municipality = $1 AND person >= $3 AND person < $4 AND import = $2 AND 0 = (
         SELECT v.replaces_import FROM person_versions AS v
         WHERE v.municipality = $1 AND v.import = $2 AND v.file_row = people.file_row)",
    "UPDATE people SET (import, file_row, content) = (
         SELECT o.import, o.file_row, o.content FROM person_versions AS v
         CROSS JOIN LATERAL (SELECT import, file_row, content FROM person_versions
             WHERE municipality = $1 AND import = v.replaces_import AND file_row = v.replaces_row
             OFFSET 0) AS o
         WHERE v.municipality = $1 AND v.import = $2 AND v.file_row = people.file_row)
     WHERE municipality = $1 AND person >= $3 AND person < $4 AND import = $2",
];

async fn roll_back(client: &Client) -> Result<(), StorageError> {
    run_one(client, Call::new("ROLLBACK", values![])).await.map(drop)
}

/// The last row of the import's file that is kept, and how many are.
async fn extent(client: &Client, owner: &str, import: u32) -> Result<(i64, u64), StorageError> {
    let sql = "SELECT coalesce(max(file_row), 0) AS last, count(*) AS rows FROM person_versions
         WHERE municipality = $1 AND import = $2";
    let found = run_one(client, Call::new(sql, values![owner.to_owned(), i64::from(import)])).await?;
    let row = found.first().ok_or(StorageError::Stopped)?;
    Ok((rows::raw(row, "last")?, rows::number(row, "rows")?))
}

pub(super) async fn take_effect(
    client: &Client,
    layout: Layout,
    municipality: MunicipalityCode,
    import: u32,
    (by, at): (String, WallTime),
    watch: Watch,
) -> Result<TookEffect, StorageError> {
    let owner = rows::code(municipality);
    alone(client, &owner).await?;
    let refused = match stands(client, &owner, import).await? {
        Some((ImportState::Waiting, basis, now)) if basis == now => None,
        Some((ImportState::Waiting, ..)) => Some(TookEffect::Outdated),
        _ => Some(TookEffect::NotWaiting),
    };
    if let Some(refused) = refused {
        commit(client).await?;
        return Ok(refused);
    }
    let (last, count) = extent(client, &owner, import).await?;
    let slices = u64::try_from(last).unwrap_or(0).div_ceil(SLICE.unsigned_abs());
    let mut progress = Progress::begin(&watch, count, COPIES.len() as u64 * slices);
    for sql in COPIES {
        let mut after = 0;
        while after < last {
            let given = values![owner.clone(), i64::from(import), after, after + SLICE];
            run_one(client, Call::new(sql, given)).await?;
            after += SLICE;
            if progress.add(1).is_break() {
                roll_back(client).await?;
                return Ok(TookEffect::Stopped);
            }
        }
    }
    let sql = "UPDATE people_imports SET state = 'effective', effective_by = $3, effective_at = $4
         WHERE municipality = $1 AND import = $2";
    let said = values![owner, i64::from(import), by.clone(), at.unix_ms()];
    run_one(client, Call::new(sql, said)).await?;
    audit::append(client, layout, Act::ImportTookEffect { import }.line(municipality, &by, at)).await?;
    commit(client).await?;
    Ok(TookEffect::Done)
}

pub(super) async fn undo(
    client: &Client,
    layout: Layout,
    municipality: MunicipalityCode,
    import: u32,
    (by, at): (String, WallTime),
    watch: Watch,
) -> Result<Undone, StorageError> {
    let owner = rows::code(municipality);
    alone(client, &owner).await?;
    if !matches!(stands(client, &owner, import).await?, Some((ImportState::Effective, ..))) {
        commit(client).await?;
        return Ok(Undone::NotInEffect);
    }
    let sql = "SELECT max(p.import) AS latest, count(*) AS people FROM person_versions AS v
         CROSS JOIN LATERAL (SELECT import FROM people
             WHERE municipality = $1 AND person = v.person AND import <> $2 OFFSET 0) AS p
         WHERE v.municipality = $1 AND v.import = $2";
    let mut calls: Vec<Call<'_>> = by_keys().collect();
    calls.push(Call::new(sql, values![owner.clone(), i64::from(import)]));
    let found = run(client, &calls).await?;
    let row = found.last().and_then(|rows| rows.first()).ok_or(StorageError::Stopped)?;
    if let Some(latest) = rows::raw::<Option<i64>>(row, "latest")? {
        let people = rows::number(row, "people")?;
        commit(client).await?;
        return Ok(Undone::Touched { by: import_number(latest)?, people });
    }
    let (_, count) = extent(client, &owner, import).await?;
    let slices = TAKEN_BACK.len() as u64 * u64::from(MARK_SLICES);
    let mut progress = Progress::begin(&watch, count, slices);
    for sql in TAKEN_BACK {
        for slice in 0..MARK_SLICES {
            let (from, before) = mark_slice(slice);
            let given = values![owner.clone(), i64::from(import), from, before];
            run_one(client, Call::new(sql, given)).await?;
            if progress.add(1).is_break() {
                roll_back(client).await?;
                return Ok(Undone::Stopped);
            }
        }
    }
    let calls = [
        Call::new(
            "DELETE FROM person_versions WHERE municipality = $1 AND import = $2",
            values![owner.clone(), i64::from(import)],
        ),
        Call::new(
            "UPDATE people_imports SET state = 'undone', undone_by = $3, undone_at = $4
             WHERE municipality = $1 AND import = $2",
            values![owner, i64::from(import), by.clone(), at.unix_ms()],
        ),
    ];
    run(client, &calls).await?;
    audit::append(client, layout, Act::ImportUndone { import }.line(municipality, &by, at)).await?;
    commit(client).await?;
    Ok(Undone::Done)
}
