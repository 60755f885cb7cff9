//! People as they hold now: one by a mark, several by name, all of them page by page.
//!
//! Must not: change a version that was kept.

use record::MunicipalityCode;
use rusqlite::{Connection, Row, params};

use super::rows;
use crate::storage::{
    NamedPerson, PersonMark, StorageError, Version, VersionRow,
    people::{COUPON, PERSONAL_NUMBER},
};

const VERSION: &str = "v.import, v.file_row, v.person, v.coupon, v.personal_number, v.named, v.content,
     v.replaces_import, v.replaces_row, v.sealed";

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

pub(super) fn add_names(
    transaction: &Connection,
    municipality: MunicipalityCode,
    names: &[NamedPerson],
) -> Result<u64, StorageError> {
    let owner = municipality.to_string();
    let mut added = 0;
    for NamedPerson { named, person, import } in names {
        let sql = "INSERT INTO person_names (municipality, named, person, import)
             SELECT municipality, ?2, person, import FROM people
             WHERE municipality = ?1 AND person = ?3 AND import = ?4 ON CONFLICT DO NOTHING";
        added += rows::run(transaction, sql, params![owner, named, person, import])?;
    }
    Ok(added as u64)
}

pub(super) fn count_missing_names(
    connection: &Connection,
    municipality: MunicipalityCode,
    names: &[NamedPerson],
) -> Result<u64, StorageError> {
    let sql = "SELECT 1 AS found FROM person_names WHERE municipality = ?1 AND named = ?2 AND person = ?3";
    let owner = municipality.to_string();
    let mut missing = 0;
    for NamedPerson { named, person, .. } in names {
        let kept =
            rows::one(connection, sql, params![owner, named, person], |row| rows::raw::<i64>(row, "found"))?;
        missing += u64::from(kept.is_none());
    }
    Ok(missing)
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
