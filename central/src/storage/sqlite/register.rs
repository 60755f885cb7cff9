//! Reading the register: what was kept, and which doses stand.
//!
//! Must not: write.

use record::{DoseNumber, Entry, EntryId, Epoch, TabletId};
use rusqlite::{Connection, Row, params};

use super::rows;
use crate::{
    fleet::timeline::Arrival,
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

/// Of one dose, or of all. An entry kept at two places is one dose.
pub(super) fn standing(
    connection: &Connection,
    coupon: CouponKey,
    dose: Option<DoseNumber>,
) -> Result<Vec<StandingDose>, StorageError> {
    rows::all(
        connection,
        "SELECT doses.entry_id, entries.entry FROM doses
         JOIN entries ON entries.municipality = doses.municipality AND entries.entry_id = doses.entry_id
         WHERE coupon_municipality = ?1 AND coupon_number = ?2 AND (?3 IS NULL OR dose = ?3)
             AND entries.outcome = 'delivered'
             AND NOT EXISTS (SELECT 1 FROM changes WHERE changes.municipality = doses.municipality
                 AND changes.changed_entry_id = doses.entry_id)
         GROUP BY doses.municipality, doses.entry_id
         ORDER BY dose, doses.municipality, doses.entry_id",
        params![coupon.municipality.to_string(), coupon.number.to_string(), dose.map(DoseNumber::number)],
        read_dose,
    )
}

fn read_dose(row: &Row<'_>) -> Result<StandingDose, StorageError> {
    let wrong = StorageError::Inconsistent("entry");
    let entry = row.get_ref("entry")?.as_blob().map_err(|_| wrong.clone())?;
    let entry = Entry::from_bytes(entry).map_err(|_| wrong.clone())?;
    let vaccination = entry.content.vaccination().cloned().ok_or(wrong)?;
    Ok(StandingDose { entry_id: rows::entry_id(row)?, vaccination })
}
