//! Reading the register: what was kept, and which doses stand.
//!
//! Must not: write.

use std::collections::BTreeSet;

use record::{DoseNumber, Entry, EntryId, Epoch, MunicipalityCode, Outcome, TabletId};
use rusqlite::{Connection, Row, params};

use super::rows;
use crate::{
    fleet::timeline::Arrival,
    intake::{DoseKey, Lines},
    storage::{CouponKey, KeptEntry, StandingDose, StorageError},
};

pub(super) fn kept(
    connection: &Connection,
    tablet_id: TabletId,
    epoch: Epoch,
) -> Result<Vec<KeptEntry>, StorageError> {
    rows::all(
        connection,
        "SELECT position, hash, entry_id, outcome, received_at FROM entries
         WHERE municipality = ?1 AND tablet_number = ?2 AND epoch = ?3 ORDER BY position, received_at, outcome <> 'delivered', hash",
        params![tablet_id.municipality().to_string(), tablet_id.number(), epoch.number()],
        |row| {
            let entry_id: Option<[u8; 16]> = rows::raw(row, "entry_id")?;
            Ok(KeptEntry {
                position: rows::position(row)?,
                hash: rows::bytes(row, "hash")?,
                entry_id: entry_id.map(EntryId::from_bytes),
                outcome: rows::text(row, "outcome")?,
                received_at: rows::wall_time(row, "received_at")?,
            })
        },
    )
}

/// Runs of positions that came together. Two entries that claim one place are one place.
pub(super) fn arrivals(connection: &Connection, tablet_id: TabletId) -> Result<Vec<Arrival>, StorageError> {
    rows::all(
        connection,
        "SELECT epoch, received_at, min(position) AS first, max(position) AS last,
             sum(outcome <> 'delivered') AS needs_review
         FROM (SELECT epoch, received_at, position, outcome,
                   position - dense_rank() OVER (PARTITION BY epoch, received_at ORDER BY position) AS run
               FROM entries WHERE municipality = ?1 AND tablet_number = ?2)
         GROUP BY epoch, received_at, run ORDER BY received_at, epoch, first",
        params![tablet_id.municipality().to_string(), tablet_id.number()],
        |row| {
            Ok(Arrival {
                received_at: rows::wall_time(row, "received_at")?,
                epoch: rows::epoch(row)?,
                first: rows::number(row, "first")?,
                last: rows::number(row, "last")?,
                needs_review: rows::number(row, "needs_review")?,
            })
        },
    )
}

pub(super) fn standing_doses(
    connection: &Connection,
    coupon: CouponKey,
) -> Result<Vec<StandingDose>, StorageError> {
    standing(connection, coupon, None)
}

/// Of one dose, or of all. Where a person decided, what the last decision names stands, or nothing; else what was
/// delivered and neither replaced nor taken back. An entry kept at two places is one dose.
pub(super) fn standing(
    connection: &Connection,
    coupon: CouponKey,
    dose: Option<DoseNumber>,
) -> Result<Vec<StandingDose>, StorageError> {
    rows::all(
        connection,
        "SELECT entry_id, entry FROM (
             SELECT doses.dose, doses.municipality, doses.entry_id, entries.entry FROM doses
             JOIN entries ON entries.municipality = doses.municipality AND entries.entry_id = doses.entry_id
             WHERE coupon_municipality = ?1 AND coupon_number = ?2 AND (?3 IS NULL OR dose = ?3)
                 AND entries.outcome = 'delivered'
                 AND NOT EXISTS (SELECT 1 FROM changes WHERE changes.municipality = doses.municipality
                     AND changes.changed_entry_id = doses.entry_id)
                 AND NOT EXISTS (SELECT 1 FROM decisions
                     WHERE decisions.coupon_municipality = doses.coupon_municipality
                         AND decisions.coupon_number = doses.coupon_number AND decisions.dose = doses.dose)
             GROUP BY doses.dose, doses.municipality, doses.entry_id
             UNION ALL
             SELECT decisions.dose, entries.municipality, entries.entry_id, entries.entry FROM decisions
             JOIN entries ON entries.municipality = decisions.standing_municipality
                 AND entries.entry_id = decisions.standing_entry_id AND entries.hash = decisions.standing_hash
             WHERE coupon_municipality = ?1 AND coupon_number = ?2 AND (?3 IS NULL OR dose = ?3)
                 AND NOT EXISTS (SELECT 1 FROM decisions AS later
                     WHERE later.coupon_municipality = decisions.coupon_municipality
                         AND later.coupon_number = decisions.coupon_number AND later.dose = decisions.dose
                         AND later.number > decisions.number)
             GROUP BY decisions.dose, entries.municipality, entries.entry_id)
         ORDER BY dose, municipality, entry_id",
        params![coupon.municipality.to_string(), coupon.number.to_string(), dose.map(DoseNumber::number)],
        read_dose,
    )
}

/// Whether a person decided what stands of that dose.
pub(super) fn is_checked(connection: &Connection, (coupon, dose): DoseKey) -> Result<bool, StorageError> {
    let found = rows::one(
        connection,
        "SELECT 1 AS found FROM decisions
         WHERE coupon_municipality = ?1 AND coupon_number = ?2 AND dose = ?3 LIMIT 1",
        params![coupon.municipality.to_string(), coupon.number.to_string(), dose.number()],
        |row| rows::raw::<i64>(row, "found"),
    )?;
    Ok(found.is_some())
}

/// Tells of the kept entries of these ids, and of all that those change, however far back.
pub(super) fn tell_back(
    connection: &Connection,
    owner: MunicipalityCode,
    entry_ids: BTreeSet<EntryId>,
    lines: &mut Lines,
) -> Result<(), StorageError> {
    let mut next = entry_ids;
    while !next.is_empty() {
        for entry_id in &next {
            tell(connection, owner, *entry_id, lines)?;
        }
        next = lines.further();
    }
    Ok(())
}

/// Tells of the kept entries of that id, whatever was said of them.
pub(super) fn tell(
    connection: &Connection,
    owner: MunicipalityCode,
    entry_id: EntryId,
    lines: &mut Lines,
) -> Result<(), StorageError> {
    lines.look(entry_id);
    let kept = rows::all(
        connection,
        "SELECT entry, outcome FROM entries WHERE municipality = ?1 AND entry_id = ?2",
        params![owner.to_string(), entry_id.to_bytes()],
        |row| {
            let entry = row.get_ref("entry")?.as_blob().unwrap_or_default();
            Ok((Entry::from_bytes(entry).ok(), rows::text::<Outcome>(row, "outcome")?))
        },
    )?;
    for (entry, outcome) in &kept {
        // Of what is no entry nothing can be told.
        entry.iter().for_each(|entry| lines.tell(entry, outcome));
    }
    Ok(())
}

fn read_dose(row: &Row<'_>) -> Result<StandingDose, StorageError> {
    let wrong = StorageError::Inconsistent("entry");
    let entry = row.get_ref("entry")?.as_blob().map_err(|_| wrong.clone())?;
    let entry = Entry::from_bytes(entry).map_err(|_| wrong.clone())?;
    let vaccination = entry.content.vaccination().cloned().ok_or(wrong)?;
    Ok(StandingDose { entry_id: rows::entry_id(row)?, recorded_at: entry.recorded_at, vaccination })
}
