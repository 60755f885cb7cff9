//! What tablets told of stock, until it is in the books or a person has dealt with it.
//!
//! Must not: take one act into the books twice: its row is held while its line is added, and changed with it.

use std::collections::BTreeSet;

use deadpool_postgres::Client;
use record::{Entry, EntryContent, EntryId, MunicipalityCode, TabletId, WallTime, day::FacilityCode};
use tokio_postgres::Row;
use vsys::Line;

use super::{Call, Layout, audit, hold, ledger, rolled_back, rows, run, run_one, transfers, values};
use crate::{
    stock::working::{Owners, lots_of},
    storage::{
        LineAdded, NewLine, NewStep, NotBooked, Place, StepTaken, StorageError, ToldAct, ToldKey,
        told_state as state,
    },
};

const ACT: &str = "municipality, recorded_at, entry_id, tablet_number, why, entry";

/// Notes what an entry tells of stock, where it does and was not noted before.
pub(in super::super) fn note(municipality: &str, tablet_number: i64, bytes: &[u8]) -> Option<Call<'static>> {
    let entry = Entry::from_bytes(bytes).ok()?;
    let EntryContent::Stock(act) = &entry.content else { return None };
    Some(Call::new(
        "INSERT INTO stock_told (municipality, recorded_at, entry_id, tablet_number, facility_code, state, why, entry)
         VALUES ($1, $2, $3, $4, $5, $6, NULL, $7) ON CONFLICT DO NOTHING",
        values![
            municipality.to_owned(),
            entry.recorded_at.unix_ms(),
            entry.entry_id.to_bytes().to_vec(),
            tablet_number,
            act.site.facility_code.to_string(),
            state::WAITING,
            bytes.to_vec()
        ],
    ))
}

pub(in super::super) async fn waiting(
    client: &Client,
    after: Option<ToldKey>,
    most: u32,
) -> Result<Vec<ToldAct>, StorageError> {
    let after = after.map(|key| (rows::code(key.municipality), key.recorded_at.unix_ms(), key.entry_id));
    let (municipality, recorded_at, entry_id) =
        after.unwrap_or((String::new(), i64::MIN, EntryId::from_bytes([0; 16])));
    let sql = format!(
        "SELECT {ACT} FROM stock_told WHERE state = 0 AND (municipality, recorded_at, entry_id) > ($1, $2, $3)
         ORDER BY municipality, recorded_at, entry_id LIMIT $4"
    );
    let given = values![municipality, recorded_at, entry_id.to_bytes().to_vec(), i64::from(most)];
    run_one(client, Call::made(sql, given)).await?.iter().map(read).collect()
}

pub(in super::super) async fn open(
    client: &Client,
    at: Place,
    most: u32,
) -> Result<Vec<ToldAct>, StorageError> {
    let sql = format!(
        "SELECT {ACT} FROM stock_told WHERE municipality = $1 AND facility_code = $2 AND state IN (0, 2)
         ORDER BY recorded_at, entry_id LIMIT $3"
    );
    let given = values![rows::code(at.municipality), at.facility.to_string(), i64::from(most)];
    run_one(client, Call::made(sql, given)).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<ToldAct, StorageError> {
    let municipality: MunicipalityCode = rows::text(row, "municipality")?;
    let number = u32::try_from(rows::number(row, "tablet_number")?).ok();
    let tablet = number.and_then(|number| TabletId::new(municipality, number).ok());
    let why: Option<&str> = rows::raw(row, "why")?;
    let bytes: &[u8] = rows::raw(row, "entry")?;
    Ok(ToldAct {
        key: ToldKey {
            municipality,
            recorded_at: rows::wall_time(row, "recorded_at")?,
            entry_id: rows::entry_id(row, "entry_id")?,
        },
        tablet: tablet.ok_or(StorageError::Inconsistent("tablet_number"))?,
        entry: Entry::from_bytes(bytes).map_err(|_| StorageError::Inconsistent("entry"))?,
        why: why.map(|why| NotBooked::from_word(why).ok_or(StorageError::Inconsistent("why"))).transpose()?,
    })
}

/// Holds the row of an act that waits; whether it does.
pub(super) async fn hold_waiting(client: &Client, told: ToldKey) -> Result<bool, StorageError> {
    let call = Call::new(
        "SELECT 1 FROM stock_told
         WHERE municipality = $1 AND recorded_at = $2 AND entry_id = $3 AND state = 0 FOR UPDATE",
        key(told),
    );
    Ok(!run_one(client, call).await?.is_empty())
}

/// The act is in the books.
pub(super) async fn booked(client: &Client, told: ToldKey) -> Result<(), StorageError> {
    let call = Call::new(
        "UPDATE stock_told SET state = 1, why = NULL WHERE municipality = $1 AND recorded_at = $2 AND entry_id = $3",
        key(told),
    );
    run_one(client, call).await.map(drop)
}

fn key(told: ToldKey) -> Vec<super::super::call::Value<'static>> {
    values![rows::code(told.municipality), told.recorded_at.unix_ms(), told.entry_id.to_bytes().to_vec()]
}

/// Begins a transaction and ends it. On an error the connection must not be used again. An act that no longer waits is
/// answered as one that is in the books.
pub(in super::super) async fn book(
    client: &Client,
    told: ToldKey,
    line: Line,
    recorded_at: WallTime,
) -> Result<LineAdded, StorageError> {
    let at = Place { municipality: told.municipality, facility: line.key.facility };
    let owners = Owners::from([(at.facility, at.municipality)]);
    run_one(client, Call::new("BEGIN", values![])).await?;
    if !hold_waiting(client, told).await? {
        return rolled_back(client, LineAdded::Added(0)).await;
    }
    if !hold(client, &owners).await? {
        return rolled_back(client, LineAdded::NoFacility).await;
    }
    let lots: BTreeSet<_> = lots_of(&line);
    let added = ledger::change(client, &owners, &lots, recorded_at, |working| working.add(line)).await?;
    if let Err(refused) = added {
        return rolled_back(client, LineAdded::Refused(refused)).await;
    }
    booked(client, told).await?;
    let number = ledger::last_number(client, at).await?;
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(LineAdded::Added(number))
}

/// The same with a step of a transfer.
pub(in super::super) async fn take_step(
    client: &Client,
    layout: Layout,
    told: ToldKey,
    new: NewStep,
) -> Result<StepTaken, StorageError> {
    transfers::take(client, layout, new, Some(told)).await
}

/// It is not in the books, for that reason.
pub(in super::super) async fn leave(
    client: &Client,
    told: ToldKey,
    why: NotBooked,
) -> Result<(), StorageError> {
    let left = if why.is_for_person() { state::FOR_PERSON } else { state::WAITING };
    let mut given = key(told);
    given.extend(values![left, why.word().to_owned()]);
    let call = Call::new(
        "UPDATE stock_told SET state = $4, why = $5
         WHERE municipality = $1 AND recorded_at = $2 AND entry_id = $3 AND state = 0",
        given,
    );
    run_one(client, call).await.map(drop)
}

/// Begins a transaction and ends it. On an error the connection must not be used again.
pub(in super::super) async fn settle(
    client: &Client,
    layout: Layout,
    told: ToldKey,
    facility: FacilityCode,
    noted: NewLine,
) -> Result<bool, StorageError> {
    let mut given = key(told);
    given.extend(values![facility.to_string()]);
    run(client, &[Call::new("BEGIN", values![])]).await?;
    let call = Call::new(
        "UPDATE stock_told SET state = 3
         WHERE municipality = $1 AND recorded_at = $2 AND entry_id = $3 AND state = 2 AND facility_code = $4
         RETURNING 1",
        given,
    );
    if run_one(client, call).await?.is_empty() {
        return rolled_back(client, false).await;
    }
    audit::append(client, layout, noted).await?;
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(true)
}
