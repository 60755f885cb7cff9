//! Lists of doses, cut into pieces as they are written: one of all, then one of what changed each time. When there are
//! many, and nothing waits, one of all takes their place that says the same as the last.
//!
//! Must not: hold a whole list in memory.

use std::collections::BTreeSet;

use record::{
    MunicipalityCode, WallTime,
    bytes::PartDigest,
    reference::doses::{DoseListHeader, FORMAT, MOST_MANUFACTURERS, gone_row},
    wire::reference::{PIECE_BYTES, ReferenceVersion},
};
use rusqlite::{Connection, Row, params};

use super::{
    super::rows,
    doses::{dose_of, given},
};
use crate::{
    reference::{
        FOLDED_AT, FOLDED_FROM, noted,
        pieces::{Cut, Cutter, together},
    },
    storage::{Piece, StorageError},
};

/// Which rows a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rows {
    All,
    Waiting,
}

impl Rows {
    /// Rows that hold; gone ones are no rows of a list of all.
    fn condition(self) -> &'static str {
        match self {
            Self::All => "coupon_municipality = ?1 AND given_on IS NOT NULL",
            Self::Waiting => "coupon_municipality = ?1 AND waiting AND given_on IS NOT NULL",
        }
    }
}

/// See [`crate::storage::Reference::list_doses`].
pub(in super::super) fn list(
    transaction: &Connection,
    now: WallTime,
) -> Result<Option<MunicipalityCode>, StorageError> {
    let waiting: Option<MunicipalityCode> = rows::one(
        transaction,
        "SELECT coupon_municipality FROM told_doses WHERE waiting LIMIT 1",
        [],
        |row| rows::text(row, "coupon_municipality"),
    )?;
    if let Some(municipality) = waiting {
        let count = count_of(transaction, municipality)?;
        let rows = if (1..FOLDED_AT).contains(&count) { Rows::Waiting } else { Rows::All };
        write(transaction, municipality, rows, None, now)?;
        return Ok(Some(municipality));
    }
    let long: Option<MunicipalityCode> = rows::one(
        transaction,
        "SELECT coupon_municipality FROM dose_lists GROUP BY coupon_municipality HAVING count(*) >= ?1 LIMIT 1",
        [rows::signed(FOLDED_FROM)],
        |row| rows::text(row, "coupon_municipality"),
    )?;
    let Some(municipality) = long else { return Ok(None) };
    let last: Option<PartDigest> = rows::one(
        transaction,
        "SELECT digest FROM dose_lists WHERE coupon_municipality = ?1 ORDER BY version DESC LIMIT 1",
        [municipality.to_string()],
        |row| rows::bytes(row, "digest"),
    )?;
    write(transaction, municipality, Rows::All, last, now)?;
    Ok(Some(municipality))
}

fn count_of(transaction: &Connection, municipality: MunicipalityCode) -> Result<u64, StorageError> {
    let count = rows::one(
        transaction,
        "SELECT count(*) AS count FROM dose_lists WHERE coupon_municipality = ?1",
        [municipality.to_string()],
        |row| rows::number(row, "count"),
    )?;
    Ok(count.unwrap_or(0))
}

fn write(
    transaction: &Connection,
    municipality: MunicipalityCode,
    which: Rows,
    same_as: Option<PartDigest>,
    now: WallTime,
) -> Result<(), StorageError> {
    let code = municipality.to_string();
    let version = super::next_version(transaction, now)?;
    if which == Rows::All {
        // Whoever is in the middle of an older list asks anew.
        for table in ["dose_pieces", "dose_lists"] {
            transaction.execute(&format!("DELETE FROM {table} WHERE coupon_municipality = ?1"), [&code])?;
        }
    }
    let header = header(transaction, municipality, which)?;
    let mut cutter = Cutter::default();
    let mut take = |bytes: &[u8]| {
        cutter.take(bytes).into_iter().try_for_each(|cut| put(transaction, &code, version, cut))
    };
    take(&header.to_line())?;
    each(transaction, &code, which.condition(), |row| {
        let given = given(row)?.ok_or(StorageError::Inconsistent("given_on"))?;
        take(&noted::row(&header, dose_of(row)?, given)?)
    })?;
    if which == Rows::Waiting {
        each(transaction, &code, "coupon_municipality = ?1 AND waiting AND given_on IS NULL", |row| {
            let (coupon, dose) = dose_of(row)?;
            take(&gone_row(coupon, dose))
        })?;
    }
    let (last, size, digest) = cutter.end();
    last.map_or(Ok(()), |cut| put(transaction, &code, version, cut))?;
    rows::run(
        transaction,
        "INSERT INTO dose_lists (coupon_municipality, version, is_all, same_as, digest, size)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            code,
            rows::signed(version.number()),
            which == Rows::All,
            same_as.map(|digest| digest.0),
            digest.0,
            rows::signed(size)
        ],
    )?;
    rows::run(
        transaction,
        "DELETE FROM told_doses WHERE coupon_municipality = ?1 AND waiting AND given_on IS NULL",
        [&code],
    )?;
    rows::run(
        transaction,
        "UPDATE told_doses SET waiting = 0 WHERE coupon_municipality = ?1 AND waiting",
        [&code],
    )?;
    Ok(())
}

fn header(
    transaction: &Connection,
    municipality: MunicipalityCode,
    which: Rows,
) -> Result<DoseListHeader, StorageError> {
    let code = municipality.to_string();
    let condition = which.condition();
    let manufacturers = rows::all(
        transaction,
        &format!(
            "SELECT DISTINCT manufacturer FROM told_doses WHERE {condition} AND manufacturer IS NOT NULL
             ORDER BY manufacturer LIMIT {MOST_MANUFACTURERS}"
        ),
        [&code],
        |row| rows::text(row, "manufacturer"),
    )?;
    let count = |condition: &str| {
        let sql = format!("SELECT count(*) AS count FROM told_doses WHERE {condition}");
        let count = rows::one(transaction, &sql, [&code], |row| rows::number(row, "count"))?;
        u32::try_from(count.unwrap_or(0)).map_err(|_| StorageError::Inconsistent("count"))
    };
    let gone = match which {
        Rows::All => 0,
        Rows::Waiting => count("coupon_municipality = ?1 AND waiting AND given_on IS NULL")?,
    };
    let holds = count(condition)?;
    Ok(DoseListHeader { format: FORMAT, municipality, manufacturers, holds, gone })
}

/// Every row of the condition, by hash and dose, one after the other.
fn each(
    transaction: &Connection,
    code: &str,
    condition: &str,
    mut take: impl FnMut(&Row<'_>) -> Result<(), StorageError>,
) -> Result<(), StorageError> {
    let sql = format!(
        "SELECT coupon, dose, given_on, manufacturer FROM told_doses WHERE {condition} ORDER BY coupon, dose"
    );
    let mut statement = transaction.prepare_cached(&sql)?;
    let mut rows = statement.query([code])?;
    while let Some(row) = rows.next()? {
        take(row)?;
    }
    Ok(())
}

fn put(
    transaction: &Connection,
    code: &str,
    version: ReferenceVersion,
    (first, piece): Cut,
) -> Result<(), StorageError> {
    rows::run(
        transaction,
        "INSERT INTO dose_pieces (coupon_municipality, version, first, bytes) VALUES (?1, ?2, ?3, ?4)",
        params![code, rows::signed(version.number()), rows::signed(first), piece],
    )?;
    Ok(())
}

/// Bytes of a list of one of these municipalities.
pub(super) fn piece(
    connection: &Connection,
    known: &BTreeSet<MunicipalityCode>,
    digest: PartDigest,
    first: u64,
    most: u64,
) -> Result<Option<Piece>, StorageError> {
    let lists: Vec<(MunicipalityCode, u64, u64)> = rows::all(
        connection,
        "SELECT coupon_municipality, version, size FROM dose_lists WHERE digest = ?1",
        [digest.0],
        |row| {
            let municipality = rows::text(row, "coupon_municipality")?;
            Ok((municipality, rows::number(row, "version")?, rows::number(row, "size")?))
        },
    )?;
    let Some((municipality, version, size)) =
        lists.into_iter().find(|(municipality, ..)| known.contains(municipality))
    else {
        return Ok(None);
    };
    let end = first.saturating_add(most).min(size);
    if first >= end {
        return Ok(None);
    }
    let pieces: Vec<(u64, Vec<u8>)> = rows::all(
        connection,
        "SELECT first, bytes FROM dose_pieces
         WHERE coupon_municipality = ?1 AND version = ?2 AND first > ?3 AND first < ?4 ORDER BY first",
        params![
            municipality.to_string(),
            rows::signed(version),
            rows::signed(first) - PIECE_BYTES as i64,
            rows::signed(end)
        ],
        |row| Ok((rows::number(row, "first")?, rows::raw(row, "bytes")?)),
    )?;
    let bytes = together(pieces, first, end);
    Ok(Some(Piece { size, bytes }))
}
