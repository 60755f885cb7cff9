//! Orders of a cycle, and populations.
//!
//! Must not: take an order that `storage::cycles` refuses, or change one.

use std::collections::BTreeMap;

use record::{MunicipalityCode, day::FacilityCode};
use rusqlite::{Connection, Row, params, types::Value};

use super::{
    super::{audit, rows},
    code, cycle, whose,
};
use crate::{
    stock::allocating::figures::{KeptOrder, OrderLine},
    storage::{NewOrders, NewPopulations, OrdersPlaced, StorageError, cycles::refused},
};

pub(in super::super) fn place(
    transaction: &Connection,
    new: &NewOrders,
) -> Result<OrdersPlaced, StorageError> {
    let Some(kept) = cycle(transaction, new.cycle)? else { return Ok(OrdersPlaced::Unknown) };
    let population = populations(transaction, Some(new.municipality))?.remove(&new.municipality);
    if let Some(refused) = refused(new, &kept, population) {
        return Ok(refused);
    }
    let owner = new.municipality.to_string();
    for facility in new.lines.iter().filter_map(|line| line.facility) {
        let sql = "SELECT 1 AS found FROM facilities WHERE municipality = ?1 AND facility_code = ?2";
        let found = rows::one(transaction, sql, params![owner, facility.to_string()], |_| Ok(()))?;
        if found.is_none() {
            return Ok(OrdersPlaced::NoFacility(facility));
        }
    }
    let sql = "SELECT coalesce(max(number), 0) AS number FROM allocation_orders WHERE municipality = ?1 AND cycle = ?2";
    let last = rows::one(transaction, sql, params![owner, new.cycle], |row| rows::number(row, "number"))?;
    for (number, line) in (last.unwrap_or(0) + 1..).zip(&new.lines) {
        rows::run(
            transaction,
            "INSERT INTO allocation_orders
                 (municipality, cycle, number, facility_code, boxes, people, ordered_at, ordered_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                owner,
                new.cycle,
                rows::signed(number),
                code(line.facility),
                rows::signed(line.boxes),
                line.people.map(rows::signed),
                new.at.unix_ms(),
                new.by.as_str()
            ],
        )?;
    }
    audit::append(transaction, &new.noted)?;
    Ok(OrdersPlaced::Placed)
}

pub(in super::super) fn orders(
    connection: &Connection,
    cycle: u32,
    of: Option<MunicipalityCode>,
) -> Result<Vec<KeptOrder>, StorageError> {
    let (mut given, narrowed) = (vec![Value::from(i64::from(cycle))], whose(of, 2));
    given.extend(of.map(|code| Value::from(code.to_string())));
    let sql = format!(
        "SELECT municipality, number, facility_code, boxes, people, ordered_at, ordered_by FROM allocation_orders
         WHERE cycle = ?1{narrowed} ORDER BY municipality, number"
    );
    rows::all(connection, &sql, rusqlite::params_from_iter(given), |row| {
        let people: Option<i64> = rows::raw(row, "people")?;
        let people = people.map(u64::try_from).transpose();
        Ok(KeptOrder {
            municipality: rows::text(row, "municipality")?,
            number: rows::number(row, "number")?,
            line: OrderLine {
                facility: facility(row)?,
                boxes: rows::number(row, "boxes")?,
                people: people.map_err(|_| StorageError::Inconsistent("people"))?,
            },
            by: rows::text(row, "ordered_by")?,
            at: rows::wall_time(row, "ordered_at")?,
        })
    })
}

fn facility(row: &Row<'_>) -> Result<Option<FacilityCode>, StorageError> {
    let text: String = rows::raw(row, "facility_code")?;
    if text.is_empty() { Ok(None) } else { rows::text(row, "facility_code").map(Some) }
}

pub(in super::super) fn tell_populations(
    transaction: &Connection,
    told: &NewPopulations,
) -> Result<(), StorageError> {
    for (municipality, people) in &told.people {
        rows::run(
            transaction,
            "INSERT INTO allocation_populations (municipality, told_at, people, told_by) VALUES (?1, ?2, ?3, ?4)",
            params![municipality.to_string(), told.at.unix_ms(), rows::signed(*people), told.by.as_str()],
        )?;
    }
    Ok(())
}

pub(in super::super) fn populations(
    connection: &Connection,
    of: Option<MunicipalityCode>,
) -> Result<BTreeMap<MunicipalityCode, u64>, StorageError> {
    let sql = format!(
        "SELECT municipality, people FROM allocation_populations WHERE true{} ORDER BY municipality, told_at",
        whose(of, 1)
    );
    let given: Vec<String> = of.map(|code| code.to_string()).into_iter().collect();
    let told = rows::all(connection, &sql, rusqlite::params_from_iter(given), |row| {
        Ok((rows::text(row, "municipality")?, rows::number(row, "people")?))
    })?;
    // Of each the last in order of time stays.
    Ok(told.into_iter().collect())
}
