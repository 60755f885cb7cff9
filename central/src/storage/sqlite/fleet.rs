//! Where each tablet stands, from counters kept with each batch; runs of missing positions only on demand.
//!
//! Must not: read what an entry says, or count all entries of all tablets for one page.

use std::collections::BTreeMap;

use record::{Epoch, TabletId, WallTime};
use rusqlite::{Connection, params};

use super::rows;
use crate::{
    fleet::{EnrolledTablet, EpochStatus, Missing, TabletState, TabletStatus},
    storage::{ProgramVersion, StorageError},
};

/// What a later correction or cancellation of the same entry settles. The others are about the chain or about an
/// id that two entries claim, and need a person.
const SETTLED_BY_A_CHANGE: &str = "outcome IN (
    'needs_review:future_date', 'needs_review:unknown_municipality', 'needs_review:other_municipality',
    'needs_review:other_content_for_same_dose', 'needs_review:changes_unknown_entry',
    'needs_review:changes_changed_entry')";

pub(super) fn fleet(connection: &Connection) -> Result<Vec<TabletStatus>, StorageError> {
    let needs_review = needs_review(connection)?;
    let mut epochs = epochs(connection, &needs_review)?;
    rows::all(
        connection,
        "SELECT municipality, tablet_number, name, invited_at, enrolled_at, last_contact_at, program
         FROM tablets LEFT JOIN devices USING (municipality, tablet_number)
         ORDER BY municipality, tablet_number",
        [],
        |row| {
            let tablet_id = rows::tablet_id(row)?;
            let enrolled_at: Option<i64> = rows::raw(row, "enrolled_at")?;
            let state = match enrolled_at.map(WallTime::from_unix_ms) {
                None => TabletState::Invited { invited_at: rows::wall_time(row, "invited_at")? },
                Some(enrolled_at) => TabletState::Enrolled(EnrolledTablet {
                    enrolled_at,
                    last_contact_at: rows::wall_time(row, "last_contact_at")?,
                    program: rows::text::<ProgramVersion>(row, "program")?,
                    epochs: epochs.remove(&tablet_id).unwrap_or_default(),
                }),
            };
            Ok(TabletStatus { tablet_id, name: rows::text(row, "name")?, state })
        },
    )
}

fn epochs(
    connection: &Connection,
    needs_review: &BTreeMap<(TabletId, Epoch), u64>,
) -> Result<BTreeMap<TabletId, Vec<EpochStatus>>, StorageError> {
    let mut by_tablet: BTreeMap<TabletId, Vec<EpochStatus>> = BTreeMap::new();
    let found = rows::all(
        connection,
        "SELECT municipality, tablet_number, epoch, last_position, highest_position, stored,
             clock_offset_ms, last_batch_at
         FROM epochs ORDER BY municipality, tablet_number, epoch",
        [],
        |row| {
            let (tablet_id, epoch) = (rows::tablet_id(row)?, rows::epoch(row)?);
            let status = EpochStatus {
                epoch,
                last_position: rows::number(row, "last_position")?,
                highest_position: rows::number(row, "highest_position")?,
                stored: rows::number(row, "stored")?,
                needs_review: needs_review.get(&(tablet_id, epoch)).copied().unwrap_or(0),
                clock_offset_ms: rows::raw(row, "clock_offset_ms")?,
                last_batch_at: rows::wall_time(row, "last_batch_at")?,
            };
            Ok((tablet_id, status))
        },
    )?;
    for (tablet_id, status) in found {
        by_tablet.entry(tablet_id).or_default().push(status);
    }
    Ok(by_tablet)
}

/// Entries that still wait for a person; few, and found by their own index.
fn needs_review(connection: &Connection) -> Result<BTreeMap<(TabletId, Epoch), u64>, StorageError> {
    let sql = format!(
        "SELECT municipality, tablet_number, epoch, count(*) AS waiting FROM entries
         WHERE outcome <> 'delivered' AND NOT ({SETTLED_BY_A_CHANGE} AND EXISTS (
             SELECT 1 FROM changes WHERE changes.municipality = entries.municipality
                 AND changes.changed_entry_id = entries.entry_id))
         GROUP BY municipality, tablet_number, epoch"
    );
    let found = rows::all(connection, &sql, [], |row| {
        Ok(((rows::tablet_id(row)?, rows::epoch(row)?), rows::number(row, "waiting")?))
    })?;
    Ok(found.into_iter().collect())
}

pub(super) fn missing(
    connection: &Connection,
    tablet_id: TabletId,
    epoch: Epoch,
    most: u32,
) -> Result<Vec<Missing>, StorageError> {
    rows::all(
        connection,
        "SELECT before + 1 AS first, position - 1 AS last FROM (
             SELECT position, lag(position, 1, 0) OVER (ORDER BY position) AS before FROM entries
             WHERE municipality = ?1 AND tablet_number = ?2 AND epoch = ?3)
         WHERE position - before > 1 ORDER BY first LIMIT ?4",
        params![tablet_id.municipality().to_string(), tablet_id.number(), epoch.number(), most],
        |row| Ok(Missing { first: rows::number(row, "first")?, last: rows::number(row, "last")? }),
    )
}
