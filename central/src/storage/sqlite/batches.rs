//! Keeping a batch: look up what bears on it, let `intake::judge` decide, write what it decided.
//!
//! Must not: decide anything itself, or touch a row of an entry that is already there.

use record::{
    EntryId, MunicipalityCode, MunicipalityTable, Outcome, ReviewReason, WallTime, bytes::EntryHash,
};
use rusqlite::{Connection, params};

use super::{register, rows};
use crate::{
    intake::{
        Content, DoseKey, Effects, Judged, Known, KnownChange, KnownPlace, Lookups, ReadBatch, ReadEntry,
        judge,
    },
    storage::StorageError,
};

pub(super) fn keep(transaction: &Connection, batch: &ReadBatch) -> Result<Vec<Outcome>, StorageError> {
    let mut known = look_up(transaction, batch)?;
    let judged = judge(batch, &mut known, MunicipalityTable::shipped());
    let mut stored = 0_i64;
    let mut highest = 0_i64;
    for (entry, judged) in batch.entries.iter().zip(&judged) {
        let Judged::Kept(outcome) = judged else { continue };
        insert_entry(transaction, batch, entry, outcome)?;
        if let Content::Known(said) = &entry.content {
            let effects = known.effects(said, outcome);
            let (owner, received_at) = (batch.tablet_id.municipality(), batch.received_at);
            let kept = Kept { owner, entry_id: said.entry_id, hash: entry.hash, received_at };
            insert_effects(transaction, &kept, &effects)?;
        }
        stored += i64::from(*outcome != Outcome::NeedsReview(ReviewReason::PositionTaken));
        highest = rows::signed(entry.position.number());
    }
    note_contact(transaction, batch, stored, highest)?;
    Ok(judged.iter().map(Judged::outcome).collect())
}

fn look_up(transaction: &Connection, batch: &ReadBatch) -> Result<Known, StorageError> {
    let lookups = Lookups::of(batch);
    let municipality = batch.tablet_id.municipality().to_string();
    let mut known = Known::default();
    for (first, last) in lookups.places {
        look_up_places(transaction, batch, (first, last), &mut known)?;
    }
    for entry_id in lookups.entry_ids {
        let hashes = hashes_of(transaction, &municipality, entry_id)?;
        if hashes.is_empty() {
            continue; // what never came cannot have been changed
        }
        known.entry_ids.insert(entry_id, hashes);
        let changes = changes_of(transaction, &municipality, entry_id)?;
        if !changes.is_empty() {
            known.changes.insert(entry_id, changes);
        }
    }
    register::tell_back(transaction, batch.tablet_id.municipality(), lookups.changed, &mut known.lines)?;
    let of_changed = known.lines.doses();
    for key in lookups.doses.into_iter().chain(of_changed) {
        let (coupon, dose): DoseKey = key;
        known.doses.insert(key, register::standing(transaction, coupon, Some(dose))?);
        if register::is_checked(transaction, key)? {
            known.checked.insert(key);
        }
    }
    Ok(known)
}

fn look_up_places(
    transaction: &Connection,
    batch: &ReadBatch,
    (first, last): (u64, u64),
    known: &mut Known,
) -> Result<(), StorageError> {
    let tablet = batch.tablet_id;
    let found = rows::all(
        transaction,
        "SELECT position, hash, previous_link, link, outcome FROM entries
         WHERE municipality = ?1 AND tablet_number = ?2 AND epoch = ?3 AND position BETWEEN ?4 AND ?5",
        params![
            tablet.municipality().to_string(),
            tablet.number(),
            batch.epoch.number(),
            rows::signed(first),
            rows::signed(last)
        ],
        |row| {
            let place = KnownPlace {
                hash: rows::bytes(row, "hash")?,
                previous: rows::bytes(row, "previous_link")?,
                link: rows::bytes(row, "link")?,
                outcome: rows::text(row, "outcome")?,
            };
            Ok((rows::position(row)?.number(), place))
        },
    )?;
    for (number, place) in found {
        known.places.entry(number).or_default().push(place);
    }
    Ok(())
}

fn hashes_of(
    transaction: &Connection,
    municipality: &str,
    entry_id: EntryId,
) -> Result<Vec<EntryHash>, StorageError> {
    rows::all(
        transaction,
        "SELECT hash FROM entries WHERE municipality = ?1 AND entry_id = ?2",
        params![municipality, entry_id.to_bytes()],
        |row| rows::bytes(row, "hash"),
    )
}

fn changes_of(
    transaction: &Connection,
    municipality: &str,
    changed: EntryId,
) -> Result<Vec<KnownChange>, StorageError> {
    rows::all(
        transaction,
        "SELECT entry_id, cancels FROM changes WHERE municipality = ?1 AND changed_entry_id = ?2",
        params![municipality, changed.to_bytes()],
        |row| Ok(KnownChange { entry_id: rows::entry_id(row)?, cancels: rows::raw(row, "cancels")? }),
    )
}

fn insert_entry(
    transaction: &Connection,
    batch: &ReadBatch,
    entry: &ReadEntry,
    outcome: &Outcome,
) -> Result<(), StorageError> {
    rows::run(
        transaction,
        "INSERT INTO entries (municipality, tablet_number, epoch, position, hash, previous_link, link,
             entry_id, outcome, received_at, entry)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            batch.tablet_id.municipality().to_string(),
            batch.tablet_id.number(),
            batch.epoch.number(),
            rows::signed(entry.position.number()),
            entry.hash.0,
            entry.previous.0,
            entry.link.0,
            entry.entry_id().map(EntryId::to_bytes),
            outcome.to_string(),
            batch.received_at.unix_ms(),
            entry.bytes
        ],
    )?;
    Ok(())
}

/// A kept entry, by what its effects are written with.
pub(super) struct Kept {
    pub(super) owner: MunicipalityCode,
    pub(super) entry_id: EntryId,
    pub(super) hash: EntryHash,
    pub(super) received_at: WallTime,
}

/// What an entry does to the register. The same entry at a second place does it no second time.
pub(super) fn insert_effects(
    transaction: &Connection,
    kept: &Kept,
    effects: &Effects,
) -> Result<(), StorageError> {
    let (owner, entry_id) = (kept.owner.to_string(), kept.entry_id.to_bytes());
    if let Some(change) = effects.change {
        rows::run(
            transaction,
            "INSERT INTO changes (municipality, changed_entry_id, entry_id, cancels)
             VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            params![owner, change.changed.to_bytes(), entry_id, change.cancels],
        )?;
    }
    if let Some((coupon, dose)) = effects.dose {
        let (issuer, number) = (coupon.municipality.to_string(), coupon.number.to_string());
        rows::run(
            transaction,
            "INSERT INTO doses (coupon_municipality, coupon_number, dose, municipality, entry_id)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            params![issuer, number, dose.number(), owner, entry_id],
        )?;
    }
    for (coupon, dose) in &effects.disputes {
        let (issuer, number) = (coupon.municipality.to_string(), coupon.number.to_string());
        let received_at = kept.received_at.unix_ms();
        rows::run(
            transaction,
            "INSERT INTO disputes (coupon_municipality, coupon_number, dose, municipality, entry_id, hash,
                 received_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
            params![issuer, number, dose.number(), owner, entry_id, kept.hash.0, received_at],
        )?;
    }
    Ok(())
}

fn note_contact(
    transaction: &Connection,
    batch: &ReadBatch,
    stored: i64,
    highest: i64,
) -> Result<(), StorageError> {
    let municipality = batch.tablet_id.municipality().to_string();
    let number = batch.tablet_id.number();
    rows::run(
        transaction,
        "UPDATE devices SET last_contact_at = ?3, program = ?4 WHERE municipality = ?1 AND tablet_number = ?2",
        params![municipality, number, batch.received_at.unix_ms(), batch.program.as_str()],
    )?;
    rows::run(
        transaction,
        "INSERT INTO epochs (municipality, tablet_number, epoch, last_position, highest_position, stored,
             clock_offset_ms, last_batch_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT DO UPDATE SET
             last_position = max(last_position, excluded.last_position),
             highest_position = max(highest_position, excluded.highest_position),
             stored = stored + excluded.stored,
             clock_offset_ms = excluded.clock_offset_ms,
             last_batch_at = excluded.last_batch_at",
        params![
            municipality,
            number,
            batch.epoch.number(),
            rows::signed(batch.last_position.number()),
            highest,
            stored,
            batch.clock_offset_ms,
            batch.received_at.unix_ms()
        ],
    )?;
    for aside in &batch.set_aside {
        // A database that nobody can open any more: what it had given out beyond what came is missing for good.
        rows::run(
            transaction,
            "INSERT INTO epochs (municipality, tablet_number, epoch, last_position, highest_position, stored,
                 clock_offset_ms, last_batch_at)
             VALUES (?1, ?2, ?3, ?4, 0, 0, ?5, ?6)
             ON CONFLICT DO UPDATE SET last_position = max(last_position, excluded.last_position)",
            params![
                municipality,
                number,
                aside.epoch.number(),
                rows::signed(aside.last_position.number()),
                batch.clock_offset_ms,
                batch.received_at.unix_ms()
            ],
        )?;
    }
    Ok(())
}
