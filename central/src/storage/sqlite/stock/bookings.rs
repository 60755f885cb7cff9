//! Bookings, expected deliveries, until when lots are good, and one product at one moment.
//!
//! Must not: keep a part of what is booked together.

use std::collections::BTreeMap;

use record::{CalendarDate, MunicipalityCode, day::Product};
use rusqlite::{Connection, Row, params};
use vsys::{KindChange, KindHistory};

use super::{FACILITY, audit, is_there, ledger::read_account, read_facility, read_json, rows};
use crate::storage::{
    Booked, BookedDay, DatedLot, NewLine, Place, StockMoment, StorageError, Whose, reference::whom,
};

const BOOKED: &str = "municipality, facility_code, product, booked_on, doses, expected";

pub(in super::super) fn book(
    transaction: &Connection,
    municipality: MunicipalityCode,
    days: &[BookedDay],
    noted: &[NewLine],
) -> Result<Booked, StorageError> {
    let of = |day: &BookedDay| Place { municipality, facility: day.place.facility };
    for day in days {
        if day.place.municipality != municipality || !is_there(transaction, of(day))? {
            return Ok(Booked::NoFacility(day.place.facility));
        }
    }
    for day in days {
        let (facility, product) = (day.place.facility.to_string(), day.product.to_string());
        let (owner, on) = (municipality.to_string(), day.on.to_string());
        if day.doses == 0 && day.expected == 0 {
            let sql = "DELETE FROM bookings
                 WHERE municipality = ?1 AND facility_code = ?2 AND product = ?3 AND booked_on = ?4";
            rows::run(transaction, sql, params![owner, facility, product, on])?;
        } else {
            let (doses, expected) = (rows::signed(day.doses), rows::signed(day.expected));
            let sql =
                "INSERT INTO bookings (municipality, facility_code, product, booked_on, doses, expected)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET doses = excluded.doses, expected = excluded.expected";
            rows::run(transaction, sql, params![owner, facility, product, on, doses, expected])?;
        }
    }
    noted.iter().try_for_each(|line| audit::append(transaction, line))?;
    Ok(Booked::Kept)
}

pub(in super::super) fn booked(
    connection: &Connection,
    whose: Whose,
    from: CalendarDate,
) -> Result<Vec<BookedDay>, StorageError> {
    let (first, last) = whose.codes();
    let sql = format!(
        "SELECT {BOOKED} FROM bookings WHERE municipality BETWEEN ?1 AND ?2 AND booked_on >= ?3
         ORDER BY municipality, facility_code, product, booked_on"
    );
    rows::all(connection, &sql, params![first, last, from.to_string()], read_booked)
}

fn read_booked(row: &Row<'_>) -> Result<BookedDay, StorageError> {
    Ok(BookedDay {
        place: Place {
            municipality: rows::text(row, "municipality")?,
            facility: rows::text(row, "facility_code")?,
        },
        product: rows::text(row, "product")?,
        on: rows::text(row, "booked_on")?,
        doses: rows::number(row, "doses")?,
        expected: rows::number(row, "expected")?,
    })
}

pub(in super::super) fn date_lot(
    transaction: &Connection,
    municipality: MunicipalityCode,
    dated: &DatedLot,
    noted: &NewLine,
) -> Result<(), StorageError> {
    let DatedLot { product, lot, good_until } = dated;
    rows::run(
        transaction,
        "INSERT INTO dated_lots (municipality, product, lot, good_until) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET good_until = excluded.good_until",
        params![municipality.to_string(), product.to_string(), lot.to_string(), good_until.to_string()],
    )?;
    audit::append(transaction, noted)
}

pub(in super::super) fn moment(
    connection: &Connection,
    whose: Whose,
    product: &Product,
    from: CalendarDate,
) -> Result<StockMoment, StorageError> {
    // One transaction: all of it as it stood at one instant.
    let moment = connection.unchecked_transaction()?;
    let connection: &Connection = &moment;
    let (first, last) = whose.codes();
    let of_product = params![first, last, product.to_string()];
    let facilities = format!(
        "SELECT {FACILITY} FROM facilities WHERE municipality BETWEEN ?1 AND ?2 ORDER BY facility_code"
    );
    let booked = format!(
        "SELECT {BOOKED} FROM bookings WHERE municipality BETWEEN ?1 AND ?2 AND product = ?3 AND booked_on >= ?4"
    );
    Ok(StockMoment {
        facilities: rows::all(connection, &facilities, params![first, last], read_facility)?,
        kinds: kinds(connection, &first, &last)?,
        accounts: rows::all(
            connection,
            "SELECT facility_code, product, lot, storage, account, transfer, vials, doses FROM stock_accounts
             WHERE municipality BETWEEN ?1 AND ?2 AND product = ?3 AND account IN ('on_hand', 'received')",
            of_product,
            read_account,
        )?,
        frozen_vials: rows::all(
            connection,
            "SELECT facility_code, sum(vials) AS vials FROM stock_accounts
             WHERE municipality BETWEEN ?1 AND ?2 AND storage = 'frozen' AND account = 'on_hand' AND vials > 0
             GROUP BY municipality, facility_code",
            params![first, last],
            |row| Ok((rows::text(row, "facility_code")?, rows::number(row, "vials")?)),
        )?
        .into_iter()
        .collect(),
        given: rows::all(
            connection,
            "SELECT facility_code, count(*) AS doses FROM stock_doses
             WHERE given_on = ?3 AND product = ?4 AND booked = 1
                 AND facility_code IN (SELECT facility_code FROM facilities WHERE municipality BETWEEN ?1 AND ?2)
             GROUP BY facility_code",
            params![first, last, from.to_string(), product.to_string()],
            |row| Ok((rows::text(row, "facility_code")?, rows::number(row, "doses")?)),
        )?
        .into_iter()
        .collect(),
        booked: rows::all(
            connection,
            &booked,
            params![first, last, product.to_string(), from.to_string()],
            read_booked,
        )?,
        dated: rows::all(
            connection,
            "SELECT municipality, product, lot, good_until FROM dated_lots
             WHERE municipality BETWEEN ?1 AND ?2 AND product = ?3",
            of_product,
            |row| {
                let dated = DatedLot {
                    product: rows::text(row, "product")?,
                    lot: rows::text(row, "lot")?,
                    good_until: rows::text(row, "good_until")?,
                };
                Ok((rows::text(row, "municipality")?, dated))
            },
        )?,
        published: rows::all(
            connection,
            "SELECT municipality, bytes FROM publications WHERE version IN (
                 SELECT max(version) FROM publications
                 WHERE kind = 'lots' AND (municipality = '' OR municipality BETWEEN ?1 AND ?2)
                 GROUP BY municipality)",
            params![first, last],
            |row| {
                let whose: String = rows::raw(row, "municipality")?;
                Ok((whom(&whose)?, rows::raw(row, "bytes")?))
            },
        )?,
    })
}

fn kinds(
    connection: &Connection,
    first: &str,
    last: &str,
) -> Result<BTreeMap<record::day::FacilityCode, KindHistory>, StorageError> {
    let changes = rows::all(
        connection,
        "SELECT facility_code, change FROM kind_changes WHERE municipality BETWEEN ?1 AND ?2
         ORDER BY municipality, facility_code, number",
        params![first, last],
        |row| Ok((rows::text(row, "facility_code")?, read_json::<KindChange>(row, "change")?)),
    )?;
    let mut kinds: BTreeMap<_, KindHistory> = BTreeMap::new();
    for (facility, change) in changes {
        kinds.entry(facility).or_default().add(change).map_err(|_| StorageError::Inconsistent("change"))?;
    }
    Ok(kinds)
}
