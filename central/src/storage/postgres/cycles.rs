//! Cycles of allocation, orders, shares, populations. Whoever bears on a cycle holds its row until the transaction ends: steps
//! alone, orders together, so that no order comes in while it is computed.
//!
//! Must not: judge a step or an order (`stock::allocating` and `storage::cycles` do), or keep a computation without its shares.

mod orders;

use std::collections::BTreeMap;

use deadpool_postgres::Client;
use record::{MunicipalityCode, day::FacilityCode};
use tokio_postgres::Row;
use vsys::allocation::{Share, Supply};

pub(super) use orders::{orders, place, populations, tell_populations};

use super::{
    call::{Call, Value, run, run_one, values},
    rows, stock,
};
use crate::{
    stock::allocating::{
        cycle::{KeptCycle, Opened},
        figures::{BookedDoses, Figures},
        step::{CycleAct, KeptCycleStep},
    },
    storage::{CycleStepped, NewCycle, NewCycleStep, StorageError},
};

const CYCLE: &str = "cycle, product, boxes, doses_per_box, by_population, orders_until, opened_at, opened_by";

pub(super) async fn open(client: &Client, new: NewCycle) -> Result<u32, StorageError> {
    let Supply { boxes, doses_per_box, by_population_percent } = new.opened.supply;
    // Of two who open at once one finds its number taken and has the next.
    loop {
        let call = Call::new(
            "INSERT INTO allocation_cycles
                 (cycle, product, boxes, doses_per_box, by_population, orders_until, opened_at, opened_by)
             SELECT coalesce(max(cycle), 0) + 1, $1::text, $2::bigint, $3::bigint, $4::bigint, $5::bigint, $6::bigint,
                 $7::text
             FROM allocation_cycles ON CONFLICT (cycle) DO NOTHING RETURNING cycle",
            values![
                new.opened.product.to_string(),
                rows::signed(boxes),
                rows::signed(doses_per_box),
                i64::from(by_population_percent),
                new.opened.orders_until.unix_ms(),
                new.at.unix_ms(),
                new.by.as_str().to_owned()
            ],
        );
        if let Some(row) = run_one(client, call).await?.first() {
            return number(row, "cycle");
        }
    }
}

pub(super) async fn cycles(
    client: &Client,
    before: Option<u32>,
    most: u32,
) -> Result<Vec<KeptCycle>, StorageError> {
    let sql = format!("SELECT {CYCLE} FROM allocation_cycles WHERE cycle < $1 ORDER BY cycle DESC LIMIT $2");
    let call = Call::made(sql, values![before.map_or(i64::MAX, i64::from), i64::from(most)]);
    let mut found = Vec::new();
    for row in run_one(client, call).await? {
        let mut kept = read(&row)?;
        kept.steps = steps(client, kept.number).await?;
        found.push(kept);
    }
    Ok(found)
}

pub(super) async fn cycle(client: &Client, number: u32) -> Result<Option<KeptCycle>, StorageError> {
    cycle_held(client, number, "").await
}

async fn cycle_held(client: &Client, number: u32, hold: &str) -> Result<Option<KeptCycle>, StorageError> {
    let sql = format!("SELECT {CYCLE} FROM allocation_cycles WHERE cycle = $1{hold}");
    let found = run_one(client, Call::made(sql, values![i64::from(number)])).await?;
    let Some(row) = found.first() else { return Ok(None) };
    let mut kept = read(row)?;
    kept.steps = steps(client, number).await?;
    Ok(Some(kept))
}

fn read(row: &Row) -> Result<KeptCycle, StorageError> {
    let percent = u8::try_from(rows::number(row, "by_population")?);
    Ok(KeptCycle {
        number: number(row, "cycle")?,
        opened: Opened {
            product: rows::text(row, "product")?,
            supply: Supply {
                boxes: rows::number(row, "boxes")?,
                doses_per_box: rows::number(row, "doses_per_box")?,
                by_population_percent: percent.map_err(|_| StorageError::Inconsistent("by_population"))?,
            },
            orders_until: rows::wall_time(row, "orders_until")?,
        },
        by: rows::text(row, "opened_by")?,
        at: rows::wall_time(row, "opened_at")?,
        steps: Vec::new(),
    })
}

fn number(row: &Row, column: &'static str) -> Result<u32, StorageError> {
    u32::try_from(rows::number(row, column)?).map_err(|_| StorageError::Inconsistent(column))
}

async fn steps(client: &Client, cycle: u32) -> Result<Vec<KeptCycleStep>, StorageError> {
    let call = Call::new(
        "SELECT taken_at, taken_by, step FROM allocation_steps WHERE cycle = $1 ORDER BY number",
        values![i64::from(cycle)],
    );
    let step = |row: &Row| {
        Ok(KeptCycleStep {
            step: stock::read_json(row, "step")?,
            by: rows::text(row, "taken_by")?,
            at: rows::wall_time(row, "taken_at")?,
        })
    };
    run_one(client, call).await?.iter().map(step).collect()
}

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(super) async fn step(client: &Client, new: NewCycleStep) -> Result<CycleStepped, StorageError> {
    run_one(client, Call::new("BEGIN", values![])).await?;
    let Some(kept) = cycle_held(client, new.cycle, " FOR UPDATE").await? else {
        return stock::rolled_back(client, CycleStepped::Unknown).await;
    };
    if kept.steps.len() as u64 != u64::from(new.seen) {
        return stock::rolled_back(client, CycleStepped::Overtaken).await;
    }
    let judged = if new.act == CycleAct::Compute {
        kept.computed(&figures(client, &kept).await?, new.at)
    } else {
        let shares = match kept.computation() {
            Some(computation) => shares(client, new.cycle, computation, None).await?,
            None => Vec::new(),
        };
        kept.judged(&new.act, shares, &new.by, new.at).map(|step| (step, Vec::new()))
    };
    let (step, computed) = match judged {
        Ok(judged) => judged,
        Err(refused) => return stock::rolled_back(client, CycleStepped::Refused(refused)).await,
    };
    let number = i64::from(new.seen) + 1;
    keep_shares(client, new.cycle, number, &computed).await?;
    let step = Call::new(
        "INSERT INTO allocation_steps (cycle, number, what, taken_at, taken_by, step)
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            i64::from(new.cycle),
            number,
            step.word(),
            new.at.unix_ms(),
            new.by.as_str().to_owned(),
            stock::json(&step)?
        ],
    );
    run(client, &[step, Call::new("COMMIT", values![])]).await?;
    Ok(CycleStepped::Taken)
}

async fn keep_shares(
    client: &Client,
    cycle: u32,
    computation: i64,
    shares: &[Share],
) -> Result<(), StorageError> {
    if shares.is_empty() {
        return Ok(());
    }
    let owners: Vec<String> = shares.iter().map(|share| rows::code(share.order.party.municipality)).collect();
    let codes: Vec<String> = shares.iter().map(|share| code(share.order.party.facility)).collect();
    let jsons = shares.iter().map(stock::json).collect::<Result<Vec<String>, _>>()?;
    let call = Call::new(
        "INSERT INTO allocation_shares (municipality, cycle, computation, facility_code, share)
         SELECT owner, $1::bigint, $2::bigint, code, json
         FROM unnest($3::text[], $4::text[], $5::text[]) AS computed (owner, code, json)",
        values![i64::from(cycle), computation, owners, codes, jsons],
    );
    run_one(client, call).await.map(drop)
}

async fn figures(client: &Client, kept: &KeptCycle) -> Result<Figures, StorageError> {
    let call = Call::new(
        "SELECT municipality, facility_code, account, sum(doses)::bigint AS doses FROM stock_accounts
         WHERE product = $1 AND account IN ('delivered', 'received', 'handed_over', 'given')
         GROUP BY municipality, facility_code, account",
        values![kept.opened.product.to_string()],
    );
    let mut booked: BTreeMap<_, BookedDoses> = BTreeMap::new();
    for row in run_one(client, call).await? {
        let at = (rows::text(&row, "municipality")?, rows::text(&row, "facility_code")?);
        booked.entry(at).or_default().add(rows::raw(&row, "account")?, rows::raw(&row, "doses")?);
    }
    Ok(Figures {
        orders: orders(client, kept.number, None).await?,
        populations: populations(client, None).await?,
        booked,
    })
}

pub(super) async fn shares(
    client: &Client,
    cycle: u32,
    computation: u32,
    of: Option<MunicipalityCode>,
) -> Result<Vec<Share>, StorageError> {
    let mut given = values![i64::from(cycle), i64::from(computation)];
    let sql = format!(
        "SELECT share FROM allocation_shares WHERE cycle = $1 AND computation = $2{}
         ORDER BY municipality, facility_code",
        whose(of, &mut given)
    );
    let found = run_one(client, Call::made(sql, given)).await?;
    found.iter().map(|row| stock::read_json(row, "share")).collect()
}

/// Narrows a question to one municipality, whose code is the next that is given.
fn whose(of: Option<MunicipalityCode>, given: &mut Vec<Value<'static>>) -> String {
    let Some(code) = of else { return String::new() };
    given.extend(values![rows::code(code)]);
    format!(" AND municipality = ${}", given.len())
}

/// Column `facility_code`: empty for the municipality as a whole.
fn code(facility: Option<FacilityCode>) -> String {
    facility.map(|code| code.to_string()).unwrap_or_default()
}
