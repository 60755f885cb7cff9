//! The rows of an import that is being read: how each stands to what is kept, and those that are new or changed.
//!
//! Must not: let anything take effect.

use deadpool_postgres::Client;
use record::MunicipalityCode;
use tokio_postgres::Row;

use super::{
    call::{Call, run, run_one, values},
    columns::{Again, Column, Layout, Rows, insert},
    imports::{commit, state},
    rows,
};
use crate::storage::{ImportCounts, ImportState, Standing, StorageError, VersionRow};

/// Rows of one statement: where each value is a parameter of its own, more do not fit.
const AT_ONCE: usize = 2_000;

/// For the rest of the transaction rows are looked up by their keys. Planned while the tables are empty, statements would
/// read them whole, and go on doing so when they no longer are.
pub(super) fn by_keys<'a>() -> impl Iterator<Item = Call<'a>> {
    ["SET LOCAL enable_seqscan = off", "SET LOCAL enable_hashjoin = off", "SET LOCAL enable_mergejoin = off"]
        .into_iter()
        .map(|sql| Call::new(sql, values![]))
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
