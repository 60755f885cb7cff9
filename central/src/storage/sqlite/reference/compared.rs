//! Compares the lists with what follows from the register, inside a transaction that is undone.
//!
//! Must not: leave anything changed.

use std::collections::BTreeSet;

use record::MunicipalityCode;
use rusqlite::{Connection, Row};
use seal::coupon::CouponMaster;

use super::{
    super::rows,
    doses::{self, dose_of, given},
};
use crate::{
    reference::{
        compared::{KeptList, NotedDigests, compared, say},
        noted::NotedDoses,
    },
    storage::{ComparedLists, StorageError},
};

/// Entries looked at in one step.
const AT_ONCE: u32 = 2_000;

/// See [`crate::storage::Reference::compare_doses`].
pub(in super::super) fn compare(
    transaction: &Connection,
    master: &CouponMaster,
) -> Result<ComparedLists, StorageError> {
    transaction.execute_batch("SAVEPOINT comparison")?;
    let compared = compare_inside(transaction, master);
    transaction.execute_batch("ROLLBACK TO comparison; RELEASE comparison")?;
    compared
}

fn compare_inside(transaction: &Connection, master: &CouponMaster) -> Result<ComparedLists, StorageError> {
    // What came since the last time is not listed yet, and that is no fault.
    while doses::gather(transaction, master, AT_ONCE)? > 0 {}
    let noted = digests(transaction)?;
    let mut unlike = BTreeSet::new();
    for municipality in listed(transaction)? {
        if !lists_say(transaction, municipality)? {
            unlike.insert(municipality);
        }
    }
    doses::forget_noted(transaction)?;
    while doses::gather(transaction, master, AT_ONCE)? > 0 {}
    Ok(compared(noted, digests(transaction)?, unlike))
}

fn digests(transaction: &Connection) -> Result<NotedDigests, StorageError> {
    let mut digests = NotedDigests::default();
    let sql = "SELECT coupon_municipality, coupon, dose, given_on, manufacturer FROM told_doses
         ORDER BY coupon_municipality, coupon, dose";
    let mut statement = transaction.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        digests.take(rows::text(row, "coupon_municipality")?, dose_of(row)?, &given(row)?);
    }
    Ok(digests)
}

fn listed(transaction: &Connection) -> Result<Vec<MunicipalityCode>, StorageError> {
    rows::all(
        transaction,
        "SELECT coupon_municipality FROM told_doses UNION SELECT coupon_municipality FROM dose_lists",
        [],
        |row| rows::text(row, "coupon_municipality"),
    )
}

fn lists_say(transaction: &Connection, municipality: MunicipalityCode) -> Result<bool, StorageError> {
    let code = municipality.to_string();
    let names = rows::all(
        transaction,
        "SELECT version, digest FROM dose_lists WHERE coupon_municipality = ?1 ORDER BY version",
        [&code],
        |row| Ok((rows::number(row, "version")?, rows::bytes(row, "digest")?)),
    )?;
    let mut lists: Vec<KeptList> = Vec::new();
    for (version, digest) in names {
        let pieces: Vec<Vec<u8>> = rows::all(
            transaction,
            "SELECT bytes FROM dose_pieces WHERE coupon_municipality = ?1 AND version = ?2 ORDER BY first",
            rusqlite::params![code, rows::signed(version)],
            |row| rows::raw(row, "bytes"),
        )?;
        lists.push((digest, pieces.concat()));
    }
    let read = |row: &Row<'_>| Ok((dose_of(row)?, given(row)?, rows::raw::<bool>(row, "waiting")?));
    let noted = rows::all(
        transaction,
        "SELECT coupon, dose, given_on, manufacturer, waiting FROM told_doses WHERE coupon_municipality = ?1",
        [&code],
        read,
    )?;
    let waiting = noted.iter().filter(|(.., waiting)| *waiting).map(|(key, ..)| *key).collect();
    let noted: NotedDoses = noted.into_iter().map(|(key, given, _)| (key, given)).collect();
    Ok(say(municipality, &lists, noted, &waiting))
}
