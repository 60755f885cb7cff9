//! Doses of the register taken into the ledger, coupon by coupon.
//!
//! Must not: count a dose twice, or lose one: what was taken in is noted in the same transaction as its lines.

use std::collections::{BTreeMap, BTreeSet};

use record::{DoseNumber, WallTime, day::FacilityCode};
use rusqlite::{Connection, Row, params};

use super::{super::register, ledger, rows};
use crate::{
    stock::{
        given::{Counts, DayOfLot, Difference, Given, differences, on_that_day, take_in as take_lot_in},
        working::Owners,
    },
    storage::{BY_THE_REGISTER, CouponKey, StorageError},
};

/// The doses of that coupon may have changed.
pub(in super::super) fn queue(transaction: &Connection, coupon: CouponKey) -> Result<(), StorageError> {
    rows::run(
        transaction,
        "INSERT INTO stock_coupons (coupon_municipality, coupon_number) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        params![coupon.municipality.to_string(), coupon.number.to_string()],
    )
    .map(drop)
}

/// See [`crate::storage::Stock::look_at_all_doses`].
pub(in super::super) fn look_at_all(transaction: &Connection) -> Result<(), StorageError> {
    rows::run(
        transaction,
        "INSERT INTO stock_coupons (coupon_municipality, coupon_number)
         SELECT DISTINCT coupon_municipality, coupon_number FROM doses WHERE true
         UNION SELECT coupon_municipality, coupon_number FROM decisions WHERE true ON CONFLICT DO NOTHING",
        [],
    )
    .map(drop)
}

/// See [`crate::storage::Stock::take_in_doses`].
pub(in super::super) fn take_in(
    transaction: &Connection,
    most: u32,
    now: WallTime,
) -> Result<u32, StorageError> {
    let mut counts = Counts::default();
    let mut looked_at = 0;
    for coupon in queued(transaction, most)? {
        looked_at += 1;
        let stands = register::standing_doses(transaction, coupon)?;
        for Difference { dose, was, is } in differences(&stands, known(transaction, coupon)?) {
            if let Some((was, true)) = was {
                counts.fewer(was.day_of_lot());
            }
            note(transaction, coupon, dose, is.as_ref())?;
        }
    }
    for of in book_more(transaction, most)? {
        looked_at += 1;
        counts.more(of);
    }
    let by = BY_THE_REGISTER.parse().map_err(|_| StorageError::Inconsistent("by"))?;
    for ((lot, on), change) in counts.changed() {
        let sql = "SELECT municipality FROM facility_owners WHERE facility_code = ?1";
        let owner = rows::one(transaction, sql, [lot.0.to_string()], |row| rows::text(row, "municipality"))?;
        let owner = owner.ok_or(StorageError::Inconsistent("facility_code"))?;
        let (owners, lots) = (Owners::from([(lot.0, owner)]), BTreeSet::from([lot.clone()]));
        ledger::change(transaction, &owners, &lots, now, |working| {
            take_lot_in(working, &lot, change, on_that_day(on, now), &by)
        })?
        .map_err(|_| StorageError::Inconsistent("stock_doses"))?;
    }
    Ok(looked_at)
}

fn queued(transaction: &Connection, most: u32) -> Result<Vec<CouponKey>, StorageError> {
    let found = rows::all(
        transaction,
        "SELECT coupon_municipality, coupon_number FROM stock_coupons LIMIT ?1",
        [most],
        |row| {
            let municipality = rows::text(row, "coupon_municipality")?;
            Ok(CouponKey { municipality, number: rows::text(row, "coupon_number")? })
        },
    )?;
    for coupon in &found {
        rows::run(
            transaction,
            "DELETE FROM stock_coupons WHERE coupon_municipality = ?1 AND coupon_number = ?2",
            params![coupon.municipality.to_string(), coupon.number.to_string()],
        )?;
    }
    Ok(found)
}

fn known(
    transaction: &Connection,
    coupon: CouponKey,
) -> Result<BTreeMap<DoseNumber, (Given, bool)>, StorageError> {
    let known = rows::all(
        transaction,
        "SELECT dose, facility_code, product, lot, given_on, booked FROM stock_doses
         WHERE coupon_municipality = ?1 AND coupon_number = ?2",
        params![coupon.municipality.to_string(), coupon.number.to_string()],
        |row| {
            let dose = DoseNumber::try_from(rows::raw::<u8>(row, "dose")?);
            let is_booked = rows::raw::<i64>(row, "booked")? == 1;
            Ok((dose.map_err(|_| StorageError::Inconsistent("dose"))?, (given(row)?, is_booked)))
        },
    )?;
    Ok(known.into_iter().collect())
}

fn given(row: &Row<'_>) -> Result<Given, StorageError> {
    Ok(Given {
        facility: rows::text(row, "facility_code")?,
        product: rows::text(row, "product")?,
        lot: rows::text(row, "lot")?,
        on: rows::text(row, "given_on")?,
    })
}

/// Notes what stands of a dose; whether it is in the books is found afterwards.
fn note(
    transaction: &Connection,
    coupon: CouponKey,
    dose: DoseNumber,
    is: Option<&Given>,
) -> Result<(), StorageError> {
    let (issuer, number) = (coupon.municipality.to_string(), coupon.number.to_string());
    let Some(given) = is else {
        let sql =
            "DELETE FROM stock_doses WHERE coupon_municipality = ?1 AND coupon_number = ?2 AND dose = ?3";
        return rows::run(transaction, sql, params![issuer, number, dose.number()]).map(drop);
    };
    rows::run(
        transaction,
        "INSERT INTO stock_doses
             (coupon_municipality, coupon_number, dose, facility_code, product, lot, given_on, booked)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)
         ON CONFLICT DO UPDATE SET facility_code = excluded.facility_code, product = excluded.product,
             lot = excluded.lot, given_on = excluded.given_on, booked = 0",
        params![
            issuer,
            number,
            dose.number(),
            given.facility.to_string(),
            given.product.to_string(),
            given.lot.to_string(),
            given.on.to_string()
        ],
    )
    .map(drop)
}

/// Doses that are in no books yet and whose place has books for that day; they are in them from now on.
fn book_more(transaction: &Connection, most: u32) -> Result<Vec<DayOfLot>, StorageError> {
    let found = rows::all(
        transaction,
        "SELECT stock_doses.coupon_municipality, stock_doses.coupon_number, stock_doses.dose,
             stock_doses.facility_code, stock_doses.product, stock_doses.lot, stock_doses.given_on
         FROM facilities JOIN stock_doses ON stock_doses.facility_code = facilities.facility_code
             AND stock_doses.booked = 0 AND stock_doses.given_on >= facilities.books_begin_on
         LIMIT ?1",
        [most],
        |row| {
            let issuer: String = rows::raw(row, "coupon_municipality")?;
            let number: String = rows::raw(row, "coupon_number")?;
            Ok((issuer, number, rows::raw::<u8>(row, "dose")?, given(row)?))
        },
    )?;
    for (issuer, number, dose, _) in &found {
        rows::run(
            transaction,
            "UPDATE stock_doses SET booked = 1
             WHERE coupon_municipality = ?1 AND coupon_number = ?2 AND dose = ?3",
            params![issuer, number, dose],
        )?;
    }
    if found.is_empty() {
        // What is left at places that have books was given before they began.
        rows::run(
            transaction,
            "UPDATE stock_doses SET booked = 2
             WHERE booked = 0 AND facility_code IN (SELECT facility_code FROM facility_owners)",
            [],
        )?;
    }
    Ok(found.into_iter().map(|(_, _, _, given)| given.day_of_lot()).collect())
}

/// See [`crate::storage::Stock::doses_without_books`].
pub(in super::super) fn without_books(
    connection: &Connection,
    most: u32,
) -> Result<Vec<(FacilityCode, u64)>, StorageError> {
    rows::all(
        connection,
        "SELECT facility_code, count(*) AS doses FROM stock_doses WHERE booked = 0
             AND facility_code NOT IN (SELECT facility_code FROM facility_owners)
         GROUP BY facility_code ORDER BY doses DESC, facility_code LIMIT ?1",
        [most],
        |row| Ok((rows::text(row, "facility_code")?, rows::number(row, "doses")?)),
    )
}
