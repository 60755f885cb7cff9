//! What tablets told of stock, until it is in the books or a person has dealt with it.
//!
//! Must not: take one act into the books twice: one thread writes, and looks whether it waits first.

use record::{Entry, EntryContent, EntryId, TabletId, WallTime, day::FacilityCode};
use rusqlite::{Connection, Row, params};
use vsys::Line;

use super::{audit, is_there, ledger, rows, transfers};
use crate::{
    stock::working::{Owners, lots_of},
    storage::{
        LineAdded, NewLine, NewStep, NotBooked, Place, StepTaken, StorageError, ToldAct, ToldKey,
        told_state as state,
    },
};

const ACT: &str = "municipality, recorded_at, entry_id, tablet_number, why, entry";

/// Notes what an entry tells of stock, where it does and was not noted before.
pub(in super::super) fn note(
    transaction: &Connection,
    municipality: &str,
    tablet_number: u32,
    bytes: &[u8],
) -> Result<(), StorageError> {
    let Ok(entry) = Entry::from_bytes(bytes) else { return Ok(()) };
    let EntryContent::Stock(act) = &entry.content else { return Ok(()) };
    rows::run(
        transaction,
        "INSERT INTO stock_told (municipality, recorded_at, entry_id, tablet_number, facility_code, state, why, entry)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, ?7) ON CONFLICT DO NOTHING",
        params![
            municipality,
            entry.recorded_at.unix_ms(),
            entry.entry_id.to_bytes(),
            tablet_number,
            act.site.facility_code.to_string(),
            state::WAITING,
            bytes
        ],
    )
    .map(drop)
}

pub(in super::super) fn waiting(
    connection: &Connection,
    after: Option<ToldKey>,
    most: u32,
) -> Result<Vec<ToldAct>, StorageError> {
    let after = after.map(|key| (key.municipality.to_string(), key.recorded_at.unix_ms(), key.entry_id));
    let (municipality, recorded_at, entry_id) =
        after.unwrap_or((String::new(), i64::MIN, EntryId::from_bytes([0; 16])));
    let sql = format!(
        "SELECT {ACT} FROM stock_told WHERE state = 0 AND (municipality, recorded_at, entry_id) > (?1, ?2, ?3)
         ORDER BY municipality, recorded_at, entry_id LIMIT ?4"
    );
    rows::all(connection, &sql, params![municipality, recorded_at, entry_id.to_bytes(), most], read)
}

pub(in super::super) fn open(
    connection: &Connection,
    at: Place,
    most: u32,
) -> Result<Vec<ToldAct>, StorageError> {
    let sql = format!(
        "SELECT {ACT} FROM stock_told WHERE municipality = ?1 AND facility_code = ?2 AND state IN (0, 2)
         ORDER BY recorded_at, entry_id LIMIT ?3"
    );
    let given = params![at.municipality.to_string(), at.facility.to_string(), most];
    rows::all(connection, &sql, given, read)
}

fn read(row: &Row<'_>) -> Result<ToldAct, StorageError> {
    let municipality = rows::text(row, "municipality")?;
    let tablet = TabletId::new(municipality, rows::raw(row, "tablet_number")?);
    let bytes: Vec<u8> = rows::raw(row, "entry")?;
    let why = |why: String| NotBooked::from_word(&why).ok_or(StorageError::Inconsistent("why"));
    let whys: Option<String> = rows::raw(row, "why")?;
    Ok(ToldAct {
        key: ToldKey {
            municipality,
            recorded_at: rows::wall_time(row, "recorded_at")?,
            entry_id: rows::entry_id(row)?,
        },
        tablet: tablet.map_err(|_| StorageError::Inconsistent("tablet_number"))?,
        entry: Entry::from_bytes(&bytes).map_err(|_| StorageError::Inconsistent("entry"))?,
        why: whys.map(why).transpose()?,
    })
}

/// Whether an act waits.
pub(super) fn is_waiting(connection: &Connection, told: ToldKey) -> Result<bool, StorageError> {
    let sql = "SELECT 1 FROM stock_told WHERE municipality = ?1 AND recorded_at = ?2 AND entry_id = ?3 AND state = 0";
    Ok(rows::one(connection, sql, key(told), |_| Ok(()))?.is_some())
}

/// The act is in the books.
pub(super) fn booked(transaction: &Connection, told: ToldKey) -> Result<(), StorageError> {
    rows::run(
        transaction,
        "UPDATE stock_told SET state = 1, why = NULL WHERE municipality = ?1 AND recorded_at = ?2 AND entry_id = ?3",
        key(told),
    )
    .map(drop)
}

fn key(told: ToldKey) -> (String, i64, [u8; 16]) {
    (told.municipality.to_string(), told.recorded_at.unix_ms(), told.entry_id.to_bytes())
}

/// An act that no longer waits is answered as one that is in the books.
pub(in super::super) fn book(
    transaction: &Connection,
    told: ToldKey,
    line: Line,
    recorded_at: WallTime,
) -> Result<LineAdded, StorageError> {
    let at = Place { municipality: told.municipality, facility: line.key.facility };
    if !is_waiting(transaction, told)? {
        return Ok(LineAdded::Added(0));
    }
    if !is_there(transaction, at)? {
        return Ok(LineAdded::NoFacility);
    }
    let (owners, lots) = (Owners::from([(at.facility, at.municipality)]), lots_of(&line));
    let added = ledger::change(transaction, &owners, &lots, recorded_at, |working| working.add(line))?;
    if let Err(refused) = added {
        return Ok(LineAdded::Refused(refused));
    }
    booked(transaction, told)?;
    Ok(LineAdded::Added(ledger::last_number(transaction, at)?))
}

/// The same with a step of a transfer.
pub(in super::super) fn take_step(
    transaction: &Connection,
    told: ToldKey,
    new: &NewStep,
) -> Result<StepTaken, StorageError> {
    if !is_waiting(transaction, told)? {
        return Ok(StepTaken::Overtaken);
    }
    let taken = transfers::step(transaction, new)?;
    if matches!(taken, StepTaken::Taken(_)) {
        booked(transaction, told)?;
    }
    Ok(taken)
}

/// It is not in the books, for that reason.
pub(in super::super) fn leave(
    transaction: &Connection,
    told: ToldKey,
    why: NotBooked,
) -> Result<(), StorageError> {
    let left = if why.is_for_person() { state::FOR_PERSON } else { state::WAITING };
    let (municipality, recorded_at, entry_id) = key(told);
    rows::run(
        transaction,
        "UPDATE stock_told SET state = ?4, why = ?5
         WHERE municipality = ?1 AND recorded_at = ?2 AND entry_id = ?3 AND state = 0",
        params![municipality, recorded_at, entry_id, left, why.word()],
    )
    .map(drop)
}

pub(in super::super) fn settle(
    transaction: &Connection,
    told: ToldKey,
    facility: FacilityCode,
    noted: &NewLine,
) -> Result<bool, StorageError> {
    let (municipality, recorded_at, entry_id) = key(told);
    let changed = rows::run(
        transaction,
        "UPDATE stock_told SET state = 3
         WHERE municipality = ?1 AND recorded_at = ?2 AND entry_id = ?3 AND state = 2 AND facility_code = ?4",
        params![municipality, recorded_at, entry_id, facility.to_string()],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    audit::append(transaction, noted)?;
    Ok(true)
}
