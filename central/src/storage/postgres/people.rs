//! People as they hold now: one by a mark, several by name, all of them page by page.
//!
//! Must not: change a version that was kept.

use deadpool_postgres::Client;
use record::MunicipalityCode;
use tokio_postgres::Row;

use super::{
    call::{Call, run_one, values},
    imports::import_number,
    rows,
};
use crate::storage::{
    NamedPerson, PersonMark, StorageError, Version, VersionRow,
    people::{COUPON, PERSONAL_NUMBER},
};

const VERSION: &str = "v.import, v.file_row, v.person, v.coupon, v.personal_number, v.named, v.content,
     v.replaces_import, v.replaces_row, v.sealed";

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

pub(super) async fn add_names(
    client: &Client,
    municipality: MunicipalityCode,
    names: Vec<NamedPerson>,
) -> Result<u64, StorageError> {
    let imports: Vec<i64> = names.iter().map(|one| i64::from(one.import)).collect();
    // Each is looked up by itself behind OFFSET 0: whatever the planner believes of the tables' size.
    let call = Call::new(
        "INSERT INTO person_names (municipality, named, person, import)
         SELECT $1, given.named, held.person, held.import
         FROM unnest($2::bytea[], $3::bytea[], $4::bigint[]) AS given (named, person, import)
         CROSS JOIN LATERAL (SELECT person, import FROM people
             WHERE municipality = $1 AND person = given.person AND import = given.import OFFSET 0) AS held
         ORDER BY given.named, held.person ON CONFLICT DO NOTHING RETURNING named",
        values![
            rows::code(municipality),
            names.iter().map(|one| one.named.to_vec()).collect::<Vec<_>>(),
            names.iter().map(|one| one.person.to_vec()).collect::<Vec<_>>(),
            imports
        ],
    );
    Ok(run_one(client, call).await?.len() as u64)
}

pub(super) async fn count_missing_names(
    client: &Client,
    municipality: MunicipalityCode,
    names: Vec<NamedPerson>,
) -> Result<u64, StorageError> {
    let call = Call::new(
        "SELECT count(*) AS missing FROM unnest($2::bytea[], $3::bytea[]) AS given (named, person)
         LEFT JOIN LATERAL (SELECT 1 AS kept FROM person_names
             WHERE municipality = $1 AND named = given.named AND person = given.person OFFSET 0) AS held ON true
         WHERE held.kept IS NULL",
        values![
            rows::code(municipality),
            names.iter().map(|one| one.named.to_vec()).collect::<Vec<_>>(),
            names.iter().map(|one| one.person.to_vec()).collect::<Vec<_>>()
        ],
    );
    run_one(client, call).await?.first().map_or(Ok(0), |row| rows::number(row, "missing"))
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
