//! Transfers: plans, steps, and what each step moves.
//!
//! Must not: take a step and not move what it moves.

use std::collections::BTreeSet;

use record::{MunicipalityCode, WallTime};
use rusqlite::{Connection, Row, params};
use vsys::{TransferId, transfer::State};

use super::{audit, is_there, json, ledger, read_json, rows};
use crate::{
    stock::{
        folded::{KeptStep, KeptTransfer},
        working::{Owners, lots_of},
    },
    storage::{NewPlan, NewStep, Place, Planned, StepTaken, StorageError, Which},
};

pub(in super::super) fn plan(transaction: &Connection, new: &NewPlan) -> Result<Planned, StorageError> {
    let plan = &new.plan;
    for (facility, municipality) in [plan.from, plan.to] {
        if !is_there(transaction, Place { municipality, facility })? {
            return Ok(Planned::NoFacility);
        }
    }
    let (from, id) = (plan.from.1.to_string(), plan.id.as_bytes());
    rows::run(
        transaction,
        "INSERT INTO transfers (municipality, transfer_id, planned_at, planned_by, plan) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![from, id, new.at.unix_ms(), new.by.as_str(), json(plan)?],
    )?;
    for side in BTreeSet::from([plan.from.1, plan.to.1]) {
        rows::run(
            transaction,
            "INSERT INTO transfer_sides (municipality, transfer_id, from_municipality, planned_at, is_open)
             VALUES (?1, ?2, ?3, ?4, 1)",
            params![side.to_string(), id, from, new.at.unix_ms()],
        )?;
    }
    audit::append(transaction, &new.noted)?;
    Ok(Planned::Planned)
}

pub(in super::super) fn step(transaction: &Connection, new: &NewStep) -> Result<StepTaken, StorageError> {
    let Some(mut kept) = transfer(transaction, new.from, new.id)? else { return Ok(StepTaken::Unknown) };
    if kept.steps.len() as u64 != u64::from(new.seen) {
        return Ok(StepTaken::Overtaken);
    }
    let line = match kept.take(new.taken.clone()) {
        Ok(line) => line,
        Err(refused) => return Ok(StepTaken::Refused(refused)),
    };
    let plan = &kept.transfer.plan;
    if let Some(line) = line {
        let (owners, lots) = (Owners::from([plan.from, plan.to]), lots_of(&line));
        let moved = ledger::change(transaction, &owners, &lots, new.taken.at, |working| working.add(line))?;
        if let Err(refused) = moved {
            return Ok(StepTaken::NotInTheBooks(refused));
        }
    }
    let (from, id) = (new.from.to_string(), new.id.as_bytes());
    rows::run(
        transaction,
        "INSERT INTO transfer_steps (municipality, transfer_id, number, taken_at, taken_by, step)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            from,
            id,
            rows::signed(kept.steps.len() as u64),
            new.taken.at.unix_ms(),
            new.taken.by.as_str(),
            json(&new.taken.step)?
        ],
    )?;
    for side in [plan.from.1, plan.to.1] {
        rows::run(
            transaction,
            "UPDATE transfer_sides SET is_open = ?3 WHERE municipality = ?1 AND transfer_id = ?2",
            params![side.to_string(), id, kept.is_open()],
        )?;
    }
    if let Some(noted) = &new.noted {
        audit::append(transaction, noted)?;
    }
    Ok(StepTaken::Taken(kept.transfer.state))
}

pub(in super::super) fn transfer(
    connection: &Connection,
    from: MunicipalityCode,
    id: TransferId,
) -> Result<Option<KeptTransfer>, StorageError> {
    let steps: Vec<KeptStep> = rows::all(
        connection,
        "SELECT taken_at, taken_by, step FROM transfer_steps WHERE municipality = ?1 AND transfer_id = ?2 ORDER BY number",
        params![from.to_string(), id.as_bytes()],
        |row| {
            Ok(KeptStep {
                step: read_json(row, "step")?,
                by: rows::text(row, "taken_by")?,
                at: rows::wall_time(row, "taken_at")?,
            })
        },
    )?;
    rows::one(
        connection,
        "SELECT planned_at, planned_by, plan FROM transfers WHERE municipality = ?1 AND transfer_id = ?2",
        params![from.to_string(), id.as_bytes()],
        |row| {
            let (by, at) = (rows::text(row, "planned_by")?, rows::wall_time(row, "planned_at")?);
            KeptTransfer::folded(read_json(row, "plan")?, by, at, steps)
        },
    )
}

pub(in super::super) fn transfers(
    connection: &Connection,
    municipality: MunicipalityCode,
    which: Which,
    before: Option<WallTime>,
    most: u32,
) -> Result<Vec<KeptTransfer>, StorageError> {
    let found = rows::all(
        connection,
        "SELECT from_municipality, transfer_id FROM transfer_sides
         WHERE municipality = ?1 AND is_open = ?2 AND planned_at < ?3
         ORDER BY planned_at DESC, transfer_id LIMIT ?4",
        params![
            municipality.to_string(),
            which == Which::Open,
            before.map_or(i64::MAX, WallTime::unix_ms),
            most
        ],
        side,
    )?;
    all_of(connection, found)
}

pub(in super::super) fn to_approve(
    connection: &Connection,
    most: u32,
) -> Result<Vec<KeptTransfer>, StorageError> {
    // Of those between two municipalities the receiving one has a row of its own.
    let found = rows::all(
        connection,
        "SELECT from_municipality, transfer_id FROM transfer_sides
         WHERE is_open = 1 AND municipality <> from_municipality ORDER BY planned_at, transfer_id LIMIT ?1",
        [most],
        side,
    )?;
    let mut found = all_of(connection, found)?;
    found.retain(|kept| kept.transfer.state == State::Planned);
    Ok(found)
}

fn side(row: &Row<'_>) -> Result<(MunicipalityCode, TransferId), StorageError> {
    Ok((rows::text(row, "from_municipality")?, TransferId::from_bytes(rows::bytes(row, "transfer_id")?)))
}

fn all_of(
    connection: &Connection,
    found: Vec<(MunicipalityCode, TransferId)>,
) -> Result<Vec<KeptTransfer>, StorageError> {
    let kept = |(from, id)| transfer(connection, from, id)?.ok_or(StorageError::Inconsistent("transfer_id"));
    found.into_iter().map(kept).collect()
}
