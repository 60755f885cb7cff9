//! Orders of a cycle, and populations.
//!
//! Must not: take an order that `storage::cycles` refuses, or change one.

use std::collections::BTreeMap;

use deadpool_postgres::Client;
use record::{MunicipalityCode, day::FacilityCode};
use tokio_postgres::Row;

use super::{
    super::{
        audit,
        call::{Call, run, run_one, values},
        columns::Layout,
        rows, stock,
    },
    code, cycle_held, whose,
};
use crate::{
    stock::allocating::figures::{KeptOrder, OrderLine},
    storage::{NewOrders, NewPopulations, OrdersPlaced, StorageError, cycles::refused},
};

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(in super::super) async fn place(
    client: &Client,
    layout: Layout,
    new: NewOrders,
) -> Result<OrdersPlaced, StorageError> {
    run_one(client, Call::new("BEGIN", values![])).await?;
    let Some(kept) = cycle_held(client, new.cycle, " FOR SHARE").await? else {
        return stock::rolled_back(client, OrdersPlaced::Unknown).await;
    };
    let population = populations(client, Some(new.municipality)).await?.remove(&new.municipality);
    if let Some(refused) = refused(&new, &kept, population) {
        return stock::rolled_back(client, refused).await;
    }
    let owner = rows::code(new.municipality);
    for facility in new.lines.iter().filter_map(|line| line.facility) {
        let call = Call::new(
            "SELECT 1 FROM facilities WHERE municipality = $1 AND facility_code = $2",
            values![owner.clone(), facility.to_string()],
        );
        if run_one(client, call).await?.is_empty() {
            return stock::rolled_back(client, OrdersPlaced::NoFacility(facility)).await;
        }
    }
    // The audit's line comes first: it holds the municipality's chain, so that no two orders of one are numbered at once.
    audit::append(client, layout, new.noted).await?;
    let last = Call::new(
        "SELECT coalesce(max(number), 0) AS number FROM allocation_orders WHERE municipality = $1 AND cycle = $2",
        values![owner.clone(), i64::from(new.cycle)],
    );
    let last = run_one(client, last).await?;
    let first = last.first().map(|row| rows::number(row, "number")).transpose()?.unwrap_or(0) + 1;
    let order = |(number, line): (u64, &OrderLine)| {
        Call::new(
            "INSERT INTO allocation_orders
                 (municipality, cycle, number, facility_code, boxes, people, ordered_at, ordered_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![
                owner.clone(),
                i64::from(new.cycle),
                rows::signed(number),
                code(line.facility),
                rows::signed(line.boxes),
                line.people.map(rows::signed),
                new.at.unix_ms(),
                new.by.as_str().to_owned()
            ],
        )
    };
    let mut calls: Vec<Call<'_>> = (first..).zip(&new.lines).map(order).collect();
    calls.push(Call::new("COMMIT", values![]));
    run(client, &calls).await?;
    Ok(OrdersPlaced::Placed)
}

pub(in super::super) async fn orders(
    client: &Client,
    cycle: u32,
    of: Option<MunicipalityCode>,
) -> Result<Vec<KeptOrder>, StorageError> {
    let mut given = values![i64::from(cycle)];
    let sql = format!(
        "SELECT municipality, number, facility_code, boxes, people, ordered_at, ordered_by FROM allocation_orders
         WHERE cycle = $1{} ORDER BY municipality, number",
        whose(of, &mut given)
    );
    let order = |row: &Row| {
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
    };
    run_one(client, Call::made(sql, given)).await?.iter().map(order).collect()
}

fn facility(row: &Row) -> Result<Option<FacilityCode>, StorageError> {
    let text: &str = rows::raw(row, "facility_code")?;
    if text.is_empty() { Ok(None) } else { rows::text(row, "facility_code").map(Some) }
}

/// One statement: all of them or none.
pub(in super::super) async fn tell_populations(
    client: &Client,
    told: NewPopulations,
) -> Result<(), StorageError> {
    let owners: Vec<String> = told.people.keys().map(|code| rows::code(*code)).collect();
    let people: Vec<i64> = told.people.values().map(|people| rows::signed(*people)).collect();
    let call = Call::new(
        "INSERT INTO allocation_populations (municipality, told_at, people, told_by)
         SELECT owner, $1::bigint, people, $2::text FROM unnest($3::text[], $4::bigint[]) AS told (owner, people)",
        values![told.at.unix_ms(), told.by.as_str().to_owned(), owners, people],
    );
    run_one(client, call).await.map(drop)
}

pub(in super::super) async fn populations(
    client: &Client,
    of: Option<MunicipalityCode>,
) -> Result<BTreeMap<MunicipalityCode, u64>, StorageError> {
    let mut given = values![];
    let sql = format!(
        "SELECT municipality, people FROM allocation_populations WHERE true{} ORDER BY municipality, told_at",
        whose(of, &mut given)
    );
    let told = run_one(client, Call::made(sql, given)).await?;
    // Of each the last in order of time stays.
    told.iter().map(|row| Ok((rows::text(row, "municipality")?, rows::number(row, "people")?))).collect()
}
