//! People and their imports.
//!
//! Must not: change a version that was kept.

use deadpool_postgres::Client;
use record::{MunicipalityCode, WallTime};
use tokio_postgres::Row;

use super::{
    audit,
    call::{Call, run, run_one, values},
    columns::{Again, Column, Layout, Rows, insert},
    rows,
};
use crate::audit::Act;
use crate::storage::{
    Begun, Import, ImportCounts, ImportState, PersonMark, Standing, StorageError, TookEffect, Undone,
    Version, VersionRow,
    people::{COUPON, PERSONAL_NUMBER},
};

const VERSION: &str = "v.import, v.file_row, v.person, v.coupon, v.personal_number, v.named, v.content,
     v.replaces_import, v.replaces_row, v.sealed";
/// Rows of one statement: where each value is a parameter of its own, more do not fit.
const AT_ONCE: usize = 2_000;

pub(super) async fn secret(
    client: &Client,
    municipality: MunicipalityCode,
) -> Result<Option<Vec<u8>>, StorageError> {
    let sql = "SELECT sealed_secret FROM people_secrets WHERE municipality = $1";
    let found = run_one(client, Call::new(sql, values![rows::code(municipality)])).await?;
    found.first().map(|row| rows::raw(row, "sealed_secret")).transpose()
}

pub(super) async fn has_secrets(client: &Client) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) > 0 AS is_any FROM people_secrets";
    let found = run_one(client, Call::new(sql, values![])).await?;
    found.first().map_or(Ok(false), |row| rows::raw(row, "is_any"))
}

pub(super) async fn keep_secret(
    client: &Client,
    municipality: MunicipalityCode,
    sealed: Vec<u8>,
    at: WallTime,
) -> Result<Vec<u8>, StorageError> {
    let sql = "INSERT INTO people_secrets (municipality, sealed_secret, made_at) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING";
    run_one(client, Call::new(sql, values![rows::code(municipality), sealed, at.unix_ms()])).await?;
    secret(client, municipality).await?.ok_or(StorageError::Inconsistent("sealed_secret"))
}

/// Begins a transaction in which nobody else begins, ends or undoes an import of that municipality.
async fn alone(client: &Client, owner: &str) -> Result<(), StorageError> {
    let calls = [
        Call::new("BEGIN", values![]),
        Call::new(
            "SELECT municipality FROM municipalities WHERE municipality = $1 FOR UPDATE",
            values![owner.to_owned()],
        ),
    ];
    run(client, &calls).await.map(drop)
}

async fn commit(client: &Client) -> Result<(), StorageError> {
    run_one(client, Call::new("COMMIT", values![])).await.map(drop)
}

/// For the rest of the transaction rows are looked up by their keys. Planned while the tables are empty, statements would
/// read them whole, and go on doing so when they no longer are.
pub(super) fn by_keys<'a>() -> impl Iterator<Item = Call<'a>> {
    ["SET LOCAL enable_seqscan = off", "SET LOCAL enable_hashjoin = off", "SET LOCAL enable_mergejoin = off"]
        .into_iter()
        .map(|sql| Call::new(sql, values![]))
}

/// Where an import stands: its state, the basis that it was read on, and the basis now.
async fn stands(
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

fn state(row: &Row) -> Result<ImportState, StorageError> {
    ImportState::of_code(rows::raw(row, "state")?).ok_or(StorageError::Inconsistent("state"))
}

fn import_number(number: i64) -> Result<u32, StorageError> {
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

pub(super) async fn stage(
    client: &Client,
    layout: Layout,
    municipality: MunicipalityCode,
    import: u32,
    given: Vec<VersionRow>,
) -> Result<Option<Vec<Standing>>, StorageError> {
    let owner = rows::code(municipality);
    // The import's own row is held, so that it is not discarded meanwhile.
    let sql = "SELECT state FROM people_imports WHERE municipality = $1 AND import = $2 FOR UPDATE";
    let mut calls = vec![Call::new("BEGIN", values![])];
    calls.extend(by_keys());
    calls.push(Call::new(sql, values![owner.clone(), i64::from(import)]));
    let answers = run(client, &calls).await?;
    let found = answers.last().and_then(|rows| rows.first()).map(state).transpose()?;
    if found != Some(ImportState::Reading) {
        commit(client).await?;
        return Ok(None);
    }
    let mut counts = ImportCounts::default();
    let mut standings = Vec::with_capacity(given.len());
    for some in given.chunks(AT_ONCE) {
        let found = standing(client, &owner, some).await?;
        for (standing, _) in &found {
            match standing {
                Standing::New => counts.new += 1,
                Standing::Changed => counts.changed += 1,
                Standing::Unchanged => counts.unchanged += 1,
                Standing::Taken { .. } => {}
            }
        }
        let calls =
            insert(layout, Again::Fails, "person_versions", version_rows(&owner, import, some, &found));
        run(client, &calls).await?;
        standings.extend(found.into_iter().map(|(standing, _)| standing));
    }
    let sql = "UPDATE people_imports SET new_rows = new_rows + $3, changed_rows = changed_rows + $4,
             unchanged_rows = unchanged_rows + $5 WHERE municipality = $1 AND import = $2";
    let added = values![
        owner,
        i64::from(import),
        rows::signed(counts.new),
        rows::signed(counts.changed),
        rows::signed(counts.unchanged)
    ];
    run(client, &[Call::new(sql, added), Call::new("COMMIT", values![])]).await?;
    Ok(Some(standings))
}

/// How each row stands, and the version that it would replace.
async fn standing(
    client: &Client,
    owner: &str,
    given: &[VersionRow],
) -> Result<Vec<(Standing, (i64, i64))>, StorageError> {
    let marks = |of: fn(&VersionRow) -> &[u8]| given.iter().map(of).collect::<Vec<&[u8]>>();
    let numbers: Vec<Option<&[u8]>> =
        given.iter().map(|row| row.personal_number.as_ref().map(<[u8; 16]>::as_slice)).collect();
    // Each is looked up by itself behind OFFSET 0: whatever the planner believes of the tables' size. Whose the numbers are
    // is asked only where something is new.
    let call = Call::new(
        "SELECT held.import, held.file_row, held.content = given.content AS is_same,
             coupons.person <> given.person AS coupon_taken, numbers.person <> given.person AS number_taken
         FROM unnest($2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[]) WITH ORDINALITY
             AS given (person, coupon, personal_number, content, place)
         LEFT JOIN LATERAL (SELECT import, file_row, content FROM people
             WHERE municipality = $1 AND person = given.person OFFSET 0) AS held ON true
         LEFT JOIN LATERAL (SELECT person FROM person_marks
             WHERE municipality = $1 AND kind = 1 AND mark = given.coupon
                 AND held.content IS DISTINCT FROM given.content OFFSET 0) AS coupons ON true
         LEFT JOIN LATERAL (SELECT person FROM person_marks
             WHERE municipality = $1 AND kind = 2 AND mark = given.personal_number
                 AND held.content IS DISTINCT FROM given.content OFFSET 0) AS numbers ON true
         ORDER BY given.place",
        values![
            owner.to_owned(),
            marks(|row| &row.person),
            marks(|row| &row.coupon),
            numbers,
            marks(|row| &row.content)
        ],
    );
    let read = |row: &Row| {
        let import: Option<i64> = rows::raw(row, "import")?;
        let place = match import {
            Some(import) => (import, rows::raw(row, "file_row")?),
            None => (0, 0),
        };
        let is = |column| Ok::<bool, StorageError>(rows::raw::<Option<bool>>(row, column)?.unwrap_or(false));
        let (coupon, personal_number) = (is("coupon_taken")?, is("number_taken")?);
        let standing = match import {
            Some(_) if is("is_same")? => Standing::Unchanged,
            _ if coupon || personal_number => Standing::Taken { coupon, personal_number },
            Some(_) => Standing::Changed,
            None => Standing::New,
        };
        Ok((standing, place))
    };
    let found: Vec<_> = run_one(client, call).await?.iter().map(read).collect::<Result<_, StorageError>>()?;
    if found.len() == given.len() { Ok(found) } else { Err(StorageError::Inconsistent("people")) }
}

/// What is kept of them: those that are new or changed.
fn version_rows<'a>(
    owner: &str,
    import: u32,
    given: &'a [VersionRow],
    found: &[(Standing, (i64, i64))],
) -> Rows<'a> {
    let kept: Vec<(&VersionRow, (i64, i64))> = given
        .iter()
        .zip(found)
        .filter(|(_, (standing, _))| matches!(standing, Standing::New | Standing::Changed))
        .map(|(row, (_, replaces))| (row, *replaces))
        .collect();
    let big = |of: fn(&(&VersionRow, (i64, i64))) -> i64| Column::Big(kept.iter().map(of).collect());
    let bytes =
        |of: fn(&'a VersionRow) -> &'a [u8]| Column::Bytes(kept.iter().map(|(row, _)| of(row)).collect());
    Rows::new(
        "municipality",
        vec![owner.to_owned(); kept.len()],
        vec![
            ("import", Column::Big(vec![i64::from(import); kept.len()])),
            ("file_row", big(|(row, _)| rows::signed(row.row))),
            ("person", bytes(|row| &row.person)),
            ("coupon", bytes(|row| &row.coupon)),
            (
                "personal_number",
                Column::MaybeBytes(kept.iter().map(|(row, _)| row.personal_number).collect()),
            ),
            ("named", Column::MaybeBytes(kept.iter().map(|(row, _)| row.named).collect())),
            ("content", bytes(|row| &row.content)),
            ("replaces_import", big(|(_, replaces)| replaces.0)),
            ("replaces_row", big(|(_, replaces)| replaces.1)),
            ("sealed", bytes(|row| &row.sealed)),
        ],
    )
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

pub(super) async fn take_effect(
    client: &Client,
    layout: Layout,
    municipality: MunicipalityCode,
    import: u32,
    by: String,
    at: WallTime,
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
    // In the order of their keys, so that each index grows at its end.
    let mut calls: Vec<Call<'_>> = [
        "INSERT INTO people (municipality, person, import, file_row, content)
         SELECT municipality, person, import, file_row, content FROM person_versions
         WHERE municipality = $1 AND import = $2 ORDER BY person
         ON CONFLICT (municipality, person) DO UPDATE SET import = excluded.import,
             file_row = excluded.file_row, content = excluded.content",
        "INSERT INTO person_marks (municipality, kind, mark, person, import)
         SELECT municipality, 1, coupon, person, import FROM person_versions
         WHERE municipality = $1 AND import = $2 ORDER BY coupon ON CONFLICT DO NOTHING",
        "INSERT INTO person_marks (municipality, kind, mark, person, import)
         SELECT municipality, 2, personal_number, person, import FROM person_versions
         WHERE municipality = $1 AND import = $2 AND personal_number IS NOT NULL
         ORDER BY personal_number ON CONFLICT DO NOTHING",
        "INSERT INTO person_names (municipality, named, person, import)
         SELECT municipality, named, person, import FROM person_versions
         WHERE municipality = $1 AND import = $2 AND named IS NOT NULL
         ORDER BY named, person ON CONFLICT DO NOTHING",
    ]
    .into_iter()
    .map(|sql| Call::new(sql, values![owner.clone(), i64::from(import)]))
    .collect();
    calls.push(Call::new(
        "UPDATE people_imports SET state = 'effective', effective_by = $3, effective_at = $4
         WHERE municipality = $1 AND import = $2",
        values![owner.clone(), i64::from(import), by.clone(), at.unix_ms()],
    ));
    run(client, &calls).await?;
    audit::append(client, layout, Act::ImportTookEffect { import }.line(municipality, &by, at)).await?;
    commit(client).await?;
    Ok(TookEffect::Done)
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

pub(super) async fn undo(
    client: &Client,
    layout: Layout,
    municipality: MunicipalityCode,
    import: u32,
    by: String,
    at: WallTime,
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
    let mut calls: Vec<Call<'_>> = [
        "DELETE FROM person_marks WHERE municipality = $1 AND import = $2",
        "DELETE FROM person_names WHERE municipality = $1 AND import = $2",
        // A join would be planned by what was believed of the tables before the import; a question for each row is not.
        "DELETE FROM people WHERE municipality = $1 AND import = $2 AND 0 = (
             SELECT v.replaces_import FROM person_versions AS v
             WHERE v.municipality = $1 AND v.import = $2 AND v.file_row = people.file_row)",
        "UPDATE people SET (import, file_row, content) = (
             SELECT o.import, o.file_row, o.content FROM person_versions AS v
             CROSS JOIN LATERAL (SELECT import, file_row, content FROM person_versions
                 WHERE municipality = $1 AND import = v.replaces_import AND file_row = v.replaces_row
                 OFFSET 0) AS o
             WHERE v.municipality = $1 AND v.import = $2 AND v.file_row = people.file_row)
         WHERE municipality = $1 AND import = $2",
    ]
    .into_iter()
    .map(|sql| Call::new(sql, values![owner.clone(), i64::from(import)]))
    .collect();
    calls.push(forget(&owner, import));
    calls.push(Call::new(
        "UPDATE people_imports SET state = 'undone', undone_by = $3, undone_at = $4
         WHERE municipality = $1 AND import = $2",
        values![owner.clone(), i64::from(import), by.clone(), at.unix_ms()],
    ));
    run(client, &calls).await?;
    audit::append(client, layout, Act::ImportUndone { import }.line(municipality, &by, at)).await?;
    commit(client).await?;
    Ok(Undone::Done)
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

pub(super) async fn person(
    client: &Client,
    municipality: MunicipalityCode,
    by: PersonMark,
) -> Result<Option<Version>, StorageError> {
    let owner = rows::code(municipality);
    let number = match by {
        PersonMark::AddressNumber(_) => None,
        PersonMark::Coupon(mark) => Some((COUPON, mark)),
        PersonMark::PersonalNumber(mark) => Some((PERSONAL_NUMBER, mark)),
    };
    let person = match (by, number) {
        (PersonMark::AddressNumber(mark), _) => mark,
        (_, None) => return Ok(None),
        (_, Some((kind, mark))) => {
            let sql = "SELECT person FROM person_marks WHERE municipality = $1 AND kind = $2 AND mark = $3";
            let found = run_one(client, Call::new(sql, values![owner.clone(), kind, mark.to_vec()])).await?;
            match found.first() {
                Some(row) => rows::bytes::<[u8; 16]>(row, "person")?,
                None => return Ok(None),
            }
        }
    };
    let sql = format!(
        "SELECT {VERSION} FROM people AS p JOIN person_versions AS v
             ON v.municipality = p.municipality AND v.import = p.import AND v.file_row = p.file_row
         WHERE p.municipality = $1 AND p.person = $2"
    );
    let found = run_one(client, Call::made(sql, values![owner, person.to_vec()])).await?;
    found.first().map(version).transpose()
}

pub(super) async fn named(
    client: &Client,
    municipality: MunicipalityCode,
    named: [u8; 16],
    most: u32,
) -> Result<Vec<Version>, StorageError> {
    // Looked up one by one behind OFFSET 0: whatever the planner believes of the tables' size.
    let sql = format!(
        "SELECT {VERSION} FROM (SELECT municipality, person FROM person_names
             WHERE municipality = $1 AND named = $2 ORDER BY person LIMIT $3) AS n
         CROSS JOIN LATERAL (SELECT import, file_row FROM people
             WHERE municipality = $1 AND person = n.person OFFSET 0) AS p
         CROSS JOIN LATERAL (SELECT * FROM person_versions
             WHERE municipality = $1 AND import = p.import AND file_row = p.file_row OFFSET 0) AS v
         ORDER BY n.person"
    );
    let call = Call::made(sql, values![rows::code(municipality), named.to_vec(), i64::from(most)]);
    run_one(client, call).await?.iter().map(version).collect()
}

pub(super) async fn count(client: &Client, municipality: MunicipalityCode) -> Result<u64, StorageError> {
    let sql = "SELECT count(*) AS people FROM people WHERE municipality = $1";
    let found = run_one(client, Call::new(sql, values![rows::code(municipality)])).await?;
    found.first().map_or(Ok(0), |row| rows::number(row, "people"))
}

/// Versions that hold, after that one, in the order in which they came.
pub(super) async fn page(
    client: &Client,
    municipality: MunicipalityCode,
    after: (u32, u64),
    most: u32,
) -> Result<Vec<Version>, StorageError> {
    // Which of the next versions hold is looked up one by one, however many there are.
    let sql = format!(
        "SELECT {VERSION} FROM person_versions AS v
         CROSS JOIN LATERAL (SELECT 1 FROM people AS p WHERE p.municipality = $1 AND p.person = v.person
             AND p.import = v.import AND p.file_row = v.file_row OFFSET 0) AS holding
         WHERE v.municipality = $1 AND (v.import, v.file_row) > ($2, $3)
         ORDER BY v.import, v.file_row LIMIT $4"
    );
    let given = values![rows::code(municipality), i64::from(after.0), rows::signed(after.1), i64::from(most)];
    run_one(client, Call::made(sql, given)).await?.iter().map(version).collect()
}

/// Those versions, whether or not they hold.
pub(super) async fn versions(
    client: &Client,
    municipality: MunicipalityCode,
    which: &[(u32, u64)],
) -> Result<Vec<Version>, StorageError> {
    let imports: Vec<i64> = which.iter().map(|(import, _)| i64::from(*import)).collect();
    let places: Vec<i64> = which.iter().map(|(_, row)| rows::signed(*row)).collect();
    let sql = format!(
        "SELECT {VERSION} FROM unnest($2::bigint[], $3::bigint[]) AS given (import, file_row)
         JOIN person_versions AS v ON v.municipality = $1 AND v.import = given.import
             AND v.file_row = given.file_row"
    );
    let call = Call::made(sql, values![rows::code(municipality), imports, places]);
    run_one(client, call).await?.iter().map(version).collect()
}

fn version(row: &Row) -> Result<Version, StorageError> {
    let mark = |column| rows::bytes::<[u8; 16]>(row, column);
    let personal_number = rows::raw::<Option<&[u8]>>(row, "personal_number")?;
    let personal_number = personal_number.map(|_| mark("personal_number")).transpose()?;
    let named = rows::raw::<Option<&[u8]>>(row, "named")?.map(|_| mark("named")).transpose()?;
    let replaces = (import_number(rows::raw(row, "replaces_import")?)?, rows::number(row, "replaces_row")?);
    Ok(Version {
        import: import_number(rows::raw(row, "import")?)?,
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
