//! Cycles of allocation, orders, shares, populations. One thread writes, so that no two steps meet.
//!
//! Must not: judge a step or an order (`stock::allocating` and `storage::cycles` do), or keep a computation without its shares.

mod orders;

use std::collections::BTreeMap;

use record::{MunicipalityCode, day::FacilityCode};
use rusqlite::{Connection, Row, params, types::Value};
use vsys::allocation::{Share, Supply};

pub(super) use orders::{orders, place, populations, tell_populations};

use super::rows;
use crate::{
    stock::allocating::{
        cycle::{KeptCycle, Opened},
        figures::{BookedDoses, Figures},
        step::{CycleAct, KeptCycleStep},
    },
    storage::{CycleStepped, NewCycle, NewCycleStep, StorageError},
};

const CYCLE: &str = "cycle, product, boxes, doses_per_box, by_population, orders_until, opened_at, opened_by";

pub(super) fn open(transaction: &Connection, new: &NewCycle) -> Result<u32, StorageError> {
    let sql = "SELECT coalesce(max(cycle), 0) + 1 AS cycle FROM allocation_cycles";
    let number = rows::one(transaction, sql, [], |row| rows::raw::<u32>(row, "cycle"))?.unwrap_or(1);
    let Supply { boxes, doses_per_box, by_population_percent } = new.opened.supply;
    rows::run(
        transaction,
        "INSERT INTO allocation_cycles
             (cycle, product, boxes, doses_per_box, by_population, orders_until, opened_at, opened_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            number,
            new.opened.product.to_string(),
            rows::signed(boxes),
            rows::signed(doses_per_box),
            by_population_percent,
            new.opened.orders_until.unix_ms(),
            new.at.unix_ms(),
            new.by.as_str()
        ],
    )?;
    Ok(number)
}

pub(super) fn cycles(
    connection: &Connection,
    before: Option<u32>,
    most: u32,
) -> Result<Vec<KeptCycle>, StorageError> {
    let sql = format!("SELECT {CYCLE} FROM allocation_cycles WHERE cycle < ?1 ORDER BY cycle DESC LIMIT ?2");
    let mut found = rows::all(connection, &sql, params![before.map_or(i64::MAX, i64::from), most], read)?;
    for kept in &mut found {
        kept.steps = steps(connection, kept.number)?;
    }
    Ok(found)
}

pub(super) fn cycle(connection: &Connection, number: u32) -> Result<Option<KeptCycle>, StorageError> {
    let sql = format!("SELECT {CYCLE} FROM allocation_cycles WHERE cycle = ?1");
    let Some(mut kept) = rows::one(connection, &sql, [number], read)? else { return Ok(None) };
    kept.steps = steps(connection, number)?;
    Ok(Some(kept))
}

fn read(row: &Row<'_>) -> Result<KeptCycle, StorageError> {
    Ok(KeptCycle {
        number: rows::raw(row, "cycle")?,
        opened: Opened {
            product: rows::text(row, "product")?,
            supply: Supply {
                boxes: rows::number(row, "boxes")?,
                doses_per_box: rows::number(row, "doses_per_box")?,
                by_population_percent: rows::raw(row, "by_population")?,
            },
            orders_until: rows::wall_time(row, "orders_until")?,
        },
        by: rows::text(row, "opened_by")?,
        at: rows::wall_time(row, "opened_at")?,
        steps: Vec::new(),
    })
}

fn steps(connection: &Connection, number: u32) -> Result<Vec<KeptCycleStep>, StorageError> {
    let sql = "SELECT taken_at, taken_by, step FROM allocation_steps WHERE cycle = ?1 ORDER BY number";
    rows::all(connection, sql, [number], |row| {
        Ok(KeptCycleStep {
            step: super::stock::read_json(row, "step")?,
            by: rows::text(row, "taken_by")?,
            at: rows::wall_time(row, "taken_at")?,
        })
    })
}

pub(super) fn step(transaction: &Connection, new: &NewCycleStep) -> Result<CycleStepped, StorageError> {
    let Some(kept) = cycle(transaction, new.cycle)? else { return Ok(CycleStepped::Unknown) };
    if kept.steps.len() as u64 != u64::from(new.seen) {
        return Ok(CycleStepped::Overtaken);
    }
    let number = new.seen + 1;
    let judged = if new.act == CycleAct::Compute {
        kept.computed(&figures(transaction, &kept)?, new.at)
    } else {
        let shares = match kept.computation() {
            Some(computation) => shares(transaction, new.cycle, computation, None)?,
            None => Vec::new(),
        };
        kept.judged(&new.act, shares, &new.by, new.at).map(|step| (step, Vec::new()))
    };
    let (step, computed) = match judged {
        Ok(judged) => judged,
        Err(refused) => return Ok(CycleStepped::Refused(refused)),
    };
    for share in &computed {
        let party = share.order.party;
        rows::run(
            transaction,
            "INSERT INTO allocation_shares (municipality, cycle, computation, facility_code, share)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                party.municipality.to_string(),
                new.cycle,
                number,
                code(party.facility),
                super::stock::json(share)?
            ],
        )?;
    }
    rows::run(
        transaction,
        "INSERT INTO allocation_steps (cycle, number, what, taken_at, taken_by, step)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            new.cycle,
            number,
            step.word(),
            new.at.unix_ms(),
            new.by.as_str(),
            super::stock::json(&step)?
        ],
    )?;
    Ok(CycleStepped::Taken)
}

fn figures(connection: &Connection, kept: &KeptCycle) -> Result<Figures, StorageError> {
    let mut booked: BTreeMap<_, BookedDoses> = BTreeMap::new();
    let found = rows::all(
        connection,
        "SELECT municipality, facility_code, account, sum(doses) AS doses FROM stock_accounts
         WHERE product = ?1 AND account IN ('delivered', 'received', 'handed_over', 'given')
         GROUP BY municipality, facility_code, account",
        [kept.opened.product.to_string()],
        |row| {
            let at = (rows::text(row, "municipality")?, rows::text(row, "facility_code")?);
            Ok((at, rows::raw::<String>(row, "account")?, rows::raw::<i64>(row, "doses")?))
        },
    )?;
    for (at, account, doses) in found {
        booked.entry(at).or_default().add(&account, doses);
    }
    Ok(Figures {
        orders: orders(connection, kept.number, None)?,
        populations: populations(connection, None)?,
        booked,
    })
}

pub(super) fn shares(
    connection: &Connection,
    cycle: u32,
    computation: u32,
    of: Option<MunicipalityCode>,
) -> Result<Vec<Share>, StorageError> {
    let (mut given, narrowed) = (vec![i64::from(cycle).into(), i64::from(computation).into()], whose(of, 3));
    given.extend(of.map(|code| Value::from(code.to_string())));
    let sql = format!(
        "SELECT share FROM allocation_shares WHERE cycle = ?1 AND computation = ?2{narrowed}
         ORDER BY municipality, facility_code"
    );
    rows::all(connection, &sql, rusqlite::params_from_iter(given), |row| {
        super::stock::read_json(row, "share")
    })
}

/// Narrows a question to one municipality, whose code is that parameter.
fn whose(of: Option<MunicipalityCode>, parameter: u8) -> String {
    of.map_or_else(String::new, |_| format!(" AND municipality = ?{parameter}"))
}

/// Column `facility_code`: empty for the municipality as a whole.
fn code(facility: Option<FacilityCode>) -> String {
    facility.map(|code| code.to_string()).unwrap_or_default()
}
