//! Transfers: plans, steps, and what each step moves. A step holds both facilities, so that two steps never meet.
//!
//! Must not: take a step and not move what it moves.

use std::collections::BTreeSet;

use deadpool_postgres::Client;
use record::{MunicipalityCode, WallTime};
use tokio_postgres::Row;
use vsys::{
    TransferId,
    transfer::{Plan, State},
};

use super::{
    Call, Layout, audit, hold, json, ledger, read_json, rolled_back, rows, run, run_one, told, values,
};
use crate::{
    stock::{
        folded::{KeptStep, KeptTransfer},
        working::{Owners, lots_of},
    },
    storage::{NewPlan, NewStep, Planned, StepTaken, StorageError, ToldKey, Which},
};

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(in super::super) async fn plan(
    client: &Client,
    layout: Layout,
    new: NewPlan,
) -> Result<Planned, StorageError> {
    let plan = &new.plan;
    run_one(client, Call::new("BEGIN", values![])).await?;
    if !hold(client, &Owners::from([plan.from, plan.to])).await? {
        return rolled_back(client, Planned::NoFacility).await;
    }
    let (from, id) = (rows::code(plan.from.1), plan.id.as_bytes().to_vec());
    let mut calls = vec![Call::new(
        "INSERT INTO transfers (municipality, transfer_id, planned_at, planned_by, plan) VALUES ($1, $2, $3, $4, $5)",
        values![from.clone(), id.clone(), new.at.unix_ms(), new.by.as_str().to_owned(), json(plan)?],
    )];
    for side in BTreeSet::from([plan.from.1, plan.to.1]) {
        calls.push(Call::new(
            "INSERT INTO transfer_sides (municipality, transfer_id, from_municipality, planned_at, is_open)
             VALUES ($1, $2, $3, $4, 1)",
            values![rows::code(side), id.clone(), from.clone(), new.at.unix_ms()],
        ));
    }
    run(client, &calls).await?;
    audit::append(client, layout, new.noted).await?;
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(Planned::Planned)
}

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(in super::super) async fn step(
    client: &Client,
    layout: Layout,
    new: NewStep,
) -> Result<StepTaken, StorageError> {
    take(client, layout, new, None).await
}

/// The same, where a tablet told of it: its act is in the books with it, and not twice.
pub(super) async fn take(
    client: &Client,
    layout: Layout,
    new: NewStep,
    told: Option<ToldKey>,
) -> Result<StepTaken, StorageError> {
    run_one(client, Call::new("BEGIN", values![])).await?;
    if let Some(told) = told
        && !told::hold_waiting(client, told).await?
    {
        return rolled_back(client, StepTaken::Overtaken).await;
    }
    let Some(plan) = plan_of(client, new.from, new.id).await? else {
        return rolled_back(client, StepTaken::Unknown).await;
    };
    let owners = Owners::from([plan.from, plan.to]);
    if !hold(client, &owners).await? {
        return Err(StorageError::Inconsistent("facility_code"));
    }
    let Some(mut kept) = transfer(client, new.from, new.id).await? else {
        return rolled_back(client, StepTaken::Unknown).await;
    };
    if kept.steps.len() as u64 != u64::from(new.seen) {
        return rolled_back(client, StepTaken::Overtaken).await;
    }
    let line = match kept.take(new.taken.clone()) {
        Ok(line) => line,
        Err(refused) => return rolled_back(client, StepTaken::Refused(refused)).await,
    };
    if let Some(line) = line {
        let lots = lots_of(&line);
        let moved = ledger::change(client, &owners, &lots, new.taken.at, |working| working.add(line)).await?;
        if let Err(refused) = moved {
            return rolled_back(client, StepTaken::NotInTheBooks(refused)).await;
        }
    }
    run(client, &step_calls(&new, &kept)?).await?;
    if let Some(told) = told {
        told::booked(client, told).await?;
    }
    if let Some(noted) = new.noted {
        audit::append(client, layout, noted).await?;
    }
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(StepTaken::Taken(kept.transfer.state))
}

fn step_calls(new: &NewStep, kept: &KeptTransfer) -> Result<Vec<Call<'static>>, StorageError> {
    let id = new.id.as_bytes().to_vec();
    let mut calls = vec![Call::new(
        "INSERT INTO transfer_steps (municipality, transfer_id, number, taken_at, taken_by, step)
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            rows::code(new.from),
            id.clone(),
            rows::signed(kept.steps.len() as u64),
            new.taken.at.unix_ms(),
            new.taken.by.as_str().to_owned(),
            json(&new.taken.step)?
        ],
    )];
    for side in BTreeSet::from([kept.transfer.plan.from.1, kept.transfer.plan.to.1]) {
        calls.push(Call::new(
            "UPDATE transfer_sides SET is_open = $3 WHERE municipality = $1 AND transfer_id = $2",
            values![rows::code(side), id.clone(), i64::from(kept.is_open())],
        ));
    }
    Ok(calls)
}

async fn plan_of(
    client: &Client,
    from: MunicipalityCode,
    id: TransferId,
) -> Result<Option<Plan>, StorageError> {
    let call = Call::new(
        "SELECT plan FROM transfers WHERE municipality = $1 AND transfer_id = $2",
        values![rows::code(from), id.as_bytes().to_vec()],
    );
    run_one(client, call).await?.first().map(|row| read_json(row, "plan")).transpose()
}

pub(in super::super) async fn transfer(
    client: &Client,
    from: MunicipalityCode,
    id: TransferId,
) -> Result<Option<KeptTransfer>, StorageError> {
    let key = || values![rows::code(from), id.as_bytes().to_vec()];
    let calls = [
        Call::new(
            "SELECT planned_at, planned_by, plan FROM transfers WHERE municipality = $1 AND transfer_id = $2",
            key(),
        ),
        Call::new(
            "SELECT taken_at, taken_by, step FROM transfer_steps
             WHERE municipality = $1 AND transfer_id = $2 ORDER BY number",
            key(),
        ),
    ];
    let answers = run(client, &calls).await?;
    let [plans, steps] = &answers[..] else { return Err(StorageError::Stopped) };
    let Some(row) = plans.first() else { return Ok(None) };
    let step = |row: &Row| {
        Ok(KeptStep {
            step: read_json(row, "step")?,
            by: rows::text(row, "taken_by")?,
            at: rows::wall_time(row, "taken_at")?,
        })
    };
    let steps = steps.iter().map(step).collect::<Result<_, StorageError>>()?;
    let (by, at) = (rows::text(row, "planned_by")?, rows::wall_time(row, "planned_at")?);
    KeptTransfer::folded(read_json(row, "plan")?, by, at, steps).map(Some)
}

pub(in super::super) async fn transfers(
    client: &Client,
    municipality: MunicipalityCode,
    which: Which,
    before: Option<WallTime>,
    most: u32,
) -> Result<Vec<KeptTransfer>, StorageError> {
    let call = Call::new(
        "SELECT from_municipality, transfer_id FROM transfer_sides
         WHERE municipality = $1 AND is_open = $2 AND planned_at < $3
         ORDER BY planned_at DESC, transfer_id LIMIT $4",
        values![
            rows::code(municipality),
            i64::from(which == Which::Open),
            before.map_or(i64::MAX, WallTime::unix_ms),
            i64::from(most)
        ],
    );
    all_of(client, call).await
}

pub(in super::super) async fn to_approve(
    client: &Client,
    most: u32,
) -> Result<Vec<KeptTransfer>, StorageError> {
    // Of those between two municipalities the receiving one has a row of its own.
    let call = Call::new(
        "SELECT from_municipality, transfer_id FROM transfer_sides
         WHERE is_open = 1 AND municipality <> from_municipality ORDER BY planned_at, transfer_id LIMIT $1",
        values![i64::from(most)],
    );
    let mut found = all_of(client, call).await?;
    found.retain(|kept| kept.transfer.state == State::Planned);
    Ok(found)
}

async fn all_of(client: &Client, call: Call<'_>) -> Result<Vec<KeptTransfer>, StorageError> {
    let mut all = Vec::new();
    for row in run_one(client, call).await? {
        let from = rows::text(&row, "from_municipality")?;
        let id = TransferId::from_bytes(rows::bytes(&row, "transfer_id")?);
        all.push(transfer(client, from, id).await?.ok_or(StorageError::Inconsistent("transfer_id"))?);
    }
    Ok(all)
}
