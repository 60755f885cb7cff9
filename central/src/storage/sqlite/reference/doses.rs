//! Which doses stand now, by keyed hash: gathered from the entries that came, coupon by coupon.
//!
//! Must not: keep a coupon's number beside its hash.

use std::collections::BTreeSet;

use record::{CalendarDate, DoseNumber, Entry, MunicipalityCode, bytes::CouponHash, day::Manufacturer};
use rusqlite::{Connection, Row, params};
use seal::coupon::CouponMaster;

use super::super::{register, rows, stock};
use crate::{
    reference::noted::{Noted, NotedDoses, coupons, differences},
    storage::{CouponKey, StorageError},
};

/// An entry that came.
struct Came {
    number: u64,
    municipality: String,
    tablet_number: u32,
    /// Epoch and position.
    place: (i64, i64),
    outcome: String,
    bytes: Vec<u8>,
}

/// See [`crate::storage::Reference::gather_doses`].
pub(in super::super) fn gather(
    transaction: &Connection,
    master: &CouponMaster,
    most: u32,
) -> Result<u32, StorageError> {
    begin_anew_under_another(transaction, master)?;
    let decided = decided(transaction, most)?;
    for coupon in &decided {
        note(transaction, master, *coupon)?;
    }
    if !decided.is_empty() {
        return Ok(u32::try_from(decided.len()).unwrap_or(u32::MAX));
    }
    let from = rows::one(transaction, "SELECT entry FROM gathered", [], |row| rows::number(row, "entry"))?;
    let came = rows::all(
        transaction,
        "SELECT rowid, municipality, tablet_number, epoch, position, outcome, entry FROM entries WHERE rowid > ?1 ORDER BY rowid LIMIT ?2",
        params![rows::signed(from.unwrap_or(0)), most],
        |row| {
            Ok(Came {
                number: rows::number(row, "rowid")?,
                municipality: rows::raw(row, "municipality")?,
                tablet_number: rows::raw(row, "tablet_number")?,
                place: (rows::raw(row, "epoch")?, rows::raw(row, "position")?),
                outcome: rows::raw(row, "outcome")?,
                bytes: rows::raw(row, "entry")?,
            })
        },
    )?;
    let Some(last) = came.last().map(|last| last.number) else { return Ok(0) };
    let count = u32::try_from(came.len()).unwrap_or(u32::MAX);
    let mut touched = BTreeSet::new();
    for Came { municipality, tablet_number, place, outcome, bytes, .. } in came {
        if outcome == "delivered" {
            stock::note_closing(transaction, &municipality, tablet_number, place, &bytes)?;
            stock::note_told(transaction, &municipality, tablet_number, &bytes)?;
            touched.extend(touched_by(transaction, &municipality, bytes)?);
        }
    }
    for coupon in touched {
        note(transaction, master, coupon)?;
    }
    rows::run(
        transaction,
        "INSERT INTO gathered (only_row, entry) VALUES (1, ?1)
         ON CONFLICT (only_row) DO UPDATE SET entry = excluded.entry",
        [rows::signed(last)],
    )?;
    Ok(count)
}

/// See [`crate::storage::Reference::is_hashed`].
pub(in super::super) fn is_hashed(connection: &Connection) -> Result<bool, StorageError> {
    let mark: Option<[u8; 16]> =
        rows::one(connection, "SELECT mark FROM hashed_under", [], |row| rows::bytes(row, "mark"))?;
    Ok(mark.is_some())
}

/// Hashes of another secret than this one say nothing any more.
fn begin_anew_under_another(transaction: &Connection, master: &CouponMaster) -> Result<(), StorageError> {
    let mark: Option<[u8; 16]> =
        rows::one(transaction, "SELECT mark FROM hashed_under", [], |row| rows::bytes(row, "mark"))?;
    if mark == Some(master.mark()) {
        return Ok(());
    }
    forget(transaction)?;
    rows::run(transaction, "INSERT INTO hashed_under (only_row, mark) VALUES (1, ?1)", [master.mark()])?;
    Ok(())
}

/// See [`crate::storage::Reference::forget_doses`].
pub(in super::super) fn forget(transaction: &Connection) -> Result<(), StorageError> {
    for table in ["dose_lists", "dose_pieces", "hashed_under"] {
        transaction.execute(&format!("DELETE FROM {table}"), [])?;
    }
    forget_noted(transaction)
}

/// Everything is looked at again, and what stays of the lists is not known. Of a decided dose what stands need not have been
/// delivered, so those coupons are looked at by themselves.
pub(super) fn forget_noted(transaction: &Connection) -> Result<(), StorageError> {
    for table in ["told_doses", "gathered"] {
        transaction.execute(&format!("DELETE FROM {table}"), [])?;
    }
    rows::run(
        transaction,
        "INSERT INTO decided_coupons (coupon_municipality, coupon_number)
         SELECT DISTINCT coupon_municipality, coupon_number FROM decisions WHERE true ON CONFLICT DO NOTHING",
        [],
    )?;
    Ok(())
}

/// Coupons of which a person decided since they were last looked at; they are looked at now.
fn decided(transaction: &Connection, most: u32) -> Result<Vec<CouponKey>, StorageError> {
    let found = rows::all(
        transaction,
        "SELECT coupon_municipality, coupon_number FROM decided_coupons LIMIT ?1",
        [most],
        |row| {
            let municipality = rows::text(row, "coupon_municipality")?;
            Ok(CouponKey { municipality, number: rows::text(row, "coupon_number")? })
        },
    )?;
    for coupon in &found {
        rows::run(
            transaction,
            "DELETE FROM decided_coupons WHERE coupon_municipality = ?1 AND coupon_number = ?2",
            params![coupon.municipality.to_string(), coupon.number.to_string()],
        )?;
    }
    Ok(found)
}

/// The coupons whose doses an entry may have changed: its own, and that of the entry it changes.
fn touched_by(
    transaction: &Connection,
    municipality: &str,
    bytes: Vec<u8>,
) -> Result<BTreeSet<CouponKey>, StorageError> {
    let changes = Entry::from_bytes(&bytes).ok().and_then(|entry| entry.content.changes());
    let mut entries = vec![bytes];
    if let Some(changed) = changes {
        entries.extend(rows::all(
            transaction,
            "SELECT entry FROM entries WHERE municipality = ?1 AND entry_id = ?2",
            params![municipality, changed.to_bytes()],
            |row| rows::raw::<Vec<u8>>(row, "entry"),
        )?);
    }
    Ok(coupons(entries.iter().map(Vec::as_slice)))
}

/// Notes what stands of a coupon, where that is not what was noted before.
pub(super) fn note(
    transaction: &Connection,
    master: &CouponMaster,
    coupon: CouponKey,
) -> Result<(), StorageError> {
    stock::queue(transaction, coupon)?;
    let stands = register::standing_doses(transaction, coupon)?;
    let hash = master.key(coupon.municipality).hash(coupon.municipality, coupon.number);
    let noted = noted(transaction, coupon.municipality, hash)?;
    for ((hash, dose), given) in differences(master, &stands, noted) {
        put(transaction, coupon.municipality, hash, dose, given)?;
    }
    Ok(())
}

fn noted(
    transaction: &Connection,
    municipality: MunicipalityCode,
    coupon: CouponHash,
) -> Result<NotedDoses, StorageError> {
    let noted = rows::all(
        transaction,
        "SELECT coupon, dose, given_on, manufacturer FROM told_doses
         WHERE coupon_municipality = ?1 AND coupon = ?2",
        params![municipality.to_string(), coupon.0],
        |row| Ok((dose_of(row)?, given(row)?)),
    )?;
    Ok(noted.into_iter().collect())
}

/// `coupon` and `dose`.
pub(super) fn dose_of(row: &Row<'_>) -> Result<(CouponHash, DoseNumber), StorageError> {
    let dose = DoseNumber::try_from(rows::raw::<u8>(row, "dose")?);
    Ok((rows::bytes(row, "coupon")?, dose.map_err(|_| StorageError::Inconsistent("dose"))?))
}

/// `given_on` and `manufacturer`.
pub(super) fn given(row: &Row<'_>) -> Result<Noted, StorageError> {
    let (day, maker): (Option<String>, Option<String>) =
        (rows::raw(row, "given_on")?, rows::raw(row, "manufacturer")?);
    let Some(day) = day else { return Ok(None) };
    let day: CalendarDate = day.parse().map_err(|_| StorageError::Inconsistent("given_on"))?;
    let maker = maker.map(|maker| maker.parse()).transpose();
    Ok(Some((day, maker.map_err(|_| StorageError::Inconsistent("manufacturer"))?)))
}

fn put(
    transaction: &Connection,
    municipality: MunicipalityCode,
    coupon: CouponHash,
    dose: DoseNumber,
    given: Noted,
) -> Result<(), StorageError> {
    let day = given.as_ref().map(|(day, _)| day.to_string());
    let maker = given.and_then(|(_, maker)| maker).as_ref().map(Manufacturer::to_string);
    rows::run(
        transaction,
        "INSERT INTO told_doses (coupon_municipality, coupon, dose, given_on, manufacturer, waiting)
         VALUES (?1, ?2, ?3, ?4, ?5, 1)
         ON CONFLICT DO UPDATE SET given_on = excluded.given_on, manufacturer = excluded.manufacturer, waiting = 1",
        params![municipality.to_string(), coupon.0, dose.number(), day, maker],
    )?;
    Ok(())
}
