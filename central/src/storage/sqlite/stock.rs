//! Facilities, kinds, and the ledger of stock. One thread writes, so that no two lines meet.
//!
//! Must not: say what a line moves (`vsys` does), or leave a line without the balances that it makes.

mod bookings;
mod closings;
mod given;
mod ledger;
mod told;
mod transfers;
mod views;

use record::{MunicipalityCode, WallTime, day::FacilityCode};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use vsys::{Facility, KindChange, KindHistory, ProductRule, facility::Coordinates};

pub(super) use bookings::{book, booked, date_lot, moment};
pub(super) use closings::{closings, note as note_closing, take_in as take_in_closings};
pub(super) use given::{look_at_all, queue, take_in, without_books};
pub(super) use ledger::{add_line, balances, lines, lot_balances, replace_balances};
pub(super) use told::{
    book as book_told, leave as leave_told, note as note_told, open as told_open, settle as settle_told,
    take_step as step_told, waiting as told_waiting,
};
pub(super) use transfers::{plan, step, to_approve, transfer, transfers};
pub(super) use views::{doses_of_lot, lines_after, lines_of_days, lot_lines, published_last, used_on};

use super::{audit, rows};
use crate::storage::{KeptFacility, KindChanged, NewKind, NewLine, Place, Registered, StorageError};

const FACILITY: &str =
    "municipality, facility_code, name, freezer_vials, doses_per_day, latitude, longitude, books_begin_on";

pub(super) fn register(
    transaction: &Connection,
    kept: &KeptFacility,
    noted: &NewLine,
) -> Result<Registered, StorageError> {
    let before = facility(transaction, kept.facility.code)?;
    let registered = match &before {
        Some(before) if before.facility.municipality != kept.facility.municipality => {
            return Ok(Registered::Elsewhere);
        }
        Some(before) if before.facility == kept.facility => return Ok(Registered::Unchanged),
        Some(_) => Registered::Changed,
        None => Registered::New,
    };
    let Facility { code, name, municipality, freezer_vials, doses_per_day, position } = &kept.facility;
    rows::run(
        transaction,
        "INSERT INTO facilities (municipality, facility_code, name, freezer_vials, doses_per_day, latitude, longitude,
             books_begin_on)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT DO UPDATE SET name = excluded.name, freezer_vials = excluded.freezer_vials,
             doses_per_day = excluded.doses_per_day, latitude = excluded.latitude, longitude = excluded.longitude",
        params![
            municipality.to_string(),
            code.to_string(),
            name.as_str(),
            freezer_vials,
            doses_per_day,
            position.map(|place| place.latitude),
            position.map(|place| place.longitude),
            kept.books_begin_on.to_string()
        ],
    )?;
    rows::run(
        transaction,
        "INSERT INTO facility_owners (facility_code, municipality) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        params![code.to_string(), municipality.to_string()],
    )?;
    audit::append(transaction, noted)?;
    Ok(registered)
}

pub(super) fn facilities(
    connection: &Connection,
    municipality: MunicipalityCode,
) -> Result<Vec<KeptFacility>, StorageError> {
    let sql = format!("SELECT {FACILITY} FROM facilities WHERE municipality = ?1 ORDER BY facility_code");
    rows::all(connection, &sql, [municipality.to_string()], read_facility)
}

pub(super) fn facility(
    connection: &Connection,
    code: FacilityCode,
) -> Result<Option<KeptFacility>, StorageError> {
    let sql = format!(
        "SELECT {FACILITY} FROM facilities WHERE facility_code = ?1
             AND municipality = (SELECT municipality FROM facility_owners WHERE facility_code = ?1)"
    );
    rows::one(connection, &sql, [code.to_string()], read_facility)
}

fn read_facility(row: &Row<'_>) -> Result<KeptFacility, StorageError> {
    let latitude: Option<i32> = rows::raw(row, "latitude")?;
    let longitude: Option<i32> = rows::raw(row, "longitude")?;
    Ok(KeptFacility {
        facility: Facility {
            code: rows::text(row, "facility_code")?,
            name: rows::text(row, "name")?,
            municipality: rows::text(row, "municipality")?,
            freezer_vials: rows::raw(row, "freezer_vials")?,
            doses_per_day: rows::raw(row, "doses_per_day")?,
            position: latitude
                .zip(longitude)
                .map(|(latitude, longitude)| Coordinates { latitude, longitude }),
        },
        books_begin_on: rows::text(row, "books_begin_on")?,
    })
}

/// Whether that facility is there and of that municipality.
fn is_there(connection: &Connection, at: Place) -> Result<bool, StorageError> {
    let sql = "SELECT 1 FROM facilities WHERE municipality = ?1 AND facility_code = ?2";
    let given = params![at.municipality.to_string(), at.facility.to_string()];
    Ok(connection.prepare_cached(sql)?.query_row(given, |_| Ok(())).optional()?.is_some())
}

pub(super) fn change_kind(
    transaction: &Connection,
    at: Place,
    change: NewKind,
    noted: &NewLine,
) -> Result<KindChanged, StorageError> {
    if !is_there(transaction, at)? {
        return Ok(KindChanged::NoFacility);
    }
    let mut history = kinds(transaction, at)?;
    let change = change.change();
    if let Err(refused) = history.add(change.clone()) {
        return Ok(KindChanged::Refused(refused));
    }
    rows::run(
        transaction,
        "INSERT INTO kind_changes (municipality, facility_code, number, change) VALUES (?1, ?2, ?3, ?4)",
        params![
            at.municipality.to_string(),
            at.facility.to_string(),
            rows::signed(history.changes().len() as u64),
            json(&change)?
        ],
    )?;
    audit::append(transaction, noted)?;
    Ok(KindChanged::Changed)
}

pub(super) fn kinds(connection: &Connection, at: Place) -> Result<KindHistory, StorageError> {
    let changes: Vec<KindChange> = rows::all(
        connection,
        "SELECT change FROM kind_changes WHERE municipality = ?1 AND facility_code = ?2 ORDER BY number",
        params![at.municipality.to_string(), at.facility.to_string()],
        |row| read_json(row, "change"),
    )?;
    let mut history = KindHistory::default();
    for change in changes {
        history.add(change).map_err(|_| StorageError::Inconsistent("change"))?;
    }
    Ok(history)
}

pub(super) fn publish_rule(
    transaction: &Connection,
    rule: &ProductRule,
    at: WallTime,
) -> Result<(), StorageError> {
    rows::run(
        transaction,
        "INSERT INTO product_rules (product, rule, published_at) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET rule = excluded.rule, published_at = excluded.published_at",
        params![rule.product.to_string(), json(rule)?, at.unix_ms()],
    )
    .map(drop)
}

pub(super) fn rules(connection: &Connection) -> Result<Vec<ProductRule>, StorageError> {
    rows::all(connection, "SELECT rule FROM product_rules ORDER BY product", [], |row| read_json(row, "rule"))
}

pub(super) fn json(value: &impl serde::Serialize) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|_| StorageError::Inconsistent("json"))
}

pub(super) fn read_json<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: &'static str,
) -> Result<T, StorageError> {
    let text: String = rows::raw(row, column)?;
    serde_json::from_str(&text).map_err(|_| StorageError::Inconsistent(column))
}
