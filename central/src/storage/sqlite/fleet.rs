//! Where each tablet stands, from counters kept with each batch; runs of missing positions only on demand.
//!
//! Must not: read what an entry says, or count all entries of all tablets for one page.

use std::collections::BTreeMap;

use record::{Epoch, TabletId, WallTime};
use rusqlite::{Connection, Row, params, params_from_iter, types::Value};

use super::{
    handouts, heartbeats,
    rows::{self, At},
};
use crate::{
    fleet::{EnrolledTablet, EpochStatus, Missing, TabletState, TabletStatus},
    storage::{ProgramVersion, ReplacedBy, StorageError},
};

/// What a later correction or cancellation of the same entry settles. The others are about the chain or about an
/// id that two entries claim, and need a person.
const SETTLED_BY_A_CHANGE: &str = "outcome IN (
    'needs_review:future_date', 'needs_review:unknown_municipality', 'needs_review:other_municipality',
    'needs_review:other_content_for_same_dose', 'needs_review:changes_unknown_entry',
    'needs_review:changes_changed_entry', 'needs_review:checked_record',
    'needs_review:changes_undelivered_change')";
/// What a decision settles: it disputes no dose any more that was not decided with it in sight.
const SETTLED_BY_A_DECISION: &str =
    "outcome IN ('needs_review:other_content_for_same_dose', 'needs_review:checked_record',
         'needs_review:changes_undelivered_change')
     AND NOT EXISTS (
         SELECT 1 FROM disputes WHERE disputes.municipality = entries.municipality
             AND disputes.entry_id = entries.entry_id AND disputes.hash = entries.hash
             AND NOT EXISTS (
                 SELECT 1 FROM considered_entries AS considered
                 WHERE considered.coupon_municipality = disputes.coupon_municipality
                     AND considered.coupon_number = disputes.coupon_number
                     AND considered.dose = disputes.dose AND considered.hash = disputes.hash))";

/// Which tablets; and the condition that finds them by their key.
#[derive(Clone, Copy)]
enum Which {
    All,
    One(TabletId),
}

impl Which {
    fn condition(self) -> &'static str {
        match self {
            Self::All => "true",
            Self::One(_) => "municipality = ?1 AND tablet_number = ?2",
        }
    }
    fn params(self) -> Vec<Value> {
        match self {
            Self::All => Vec::new(),
            Self::One(id) => vec![id.municipality().to_string().into(), id.number().into()],
        }
    }
}

pub(super) fn fleet(connection: &Connection) -> Result<Vec<TabletStatus>, StorageError> {
    statuses(connection, Which::All)
}

pub(super) fn tablet(
    connection: &Connection,
    tablet_id: TabletId,
) -> Result<Option<TabletStatus>, StorageError> {
    Ok(statuses(connection, Which::One(tablet_id))?.pop())
}

/// Where the columns of the heartbeat begin.
const HEARTBEAT: usize = 7;

fn statuses(connection: &Connection, which: Which) -> Result<Vec<TabletStatus>, StorageError> {
    let needs_review = needs_review(connection, which)?;
    let lost = handouts::lost(connection)?;
    let mut epochs = epochs(connection, which, &needs_review, &lost)?;
    let sql = format!(
        "SELECT municipality, tablet_number, name, invited_at, enrolled_at, last_contact_at, program, received_at,
             epoch, position, head, pending, delivered, needs_review, set_aside, clock_offset_s, release, free_mib,
             replaced_by, replaced_at
         FROM tablets LEFT JOIN devices USING (municipality, tablet_number)
         LEFT JOIN heartbeats USING (municipality, tablet_number)
         LEFT JOIN replaced_tablets USING (municipality, tablet_number)
         WHERE {} ORDER BY municipality, tablet_number",
        which.condition()
    );
    rows::all(connection, &sql, params_from_iter(which.params()), |row| {
        let tablet_id = rows::tablet_id(row)?;
        let enrolled_at: Option<i64> = rows::raw(row, At(4, "enrolled_at"))?;
        let heard_at: Option<i64> = rows::raw(row, At(HEARTBEAT, "received_at"))?;
        let state = match enrolled_at.map(WallTime::from_unix_ms) {
            None => TabletState::Invited { invited_at: rows::wall_time(row, At(3, "invited_at"))? },
            Some(enrolled_at) => TabletState::Enrolled(EnrolledTablet {
                enrolled_at,
                last_contact_at: rows::wall_time(row, At(5, "last_contact_at"))?,
                program: rows::text::<ProgramVersion>(row, At(6, "program"))?,
                epochs: epochs.remove(&tablet_id).unwrap_or_default(),
                heartbeat: heard_at.map(|_| heartbeats::read(row, HEARTBEAT)).transpose()?,
                replaced: replaced(row, tablet_id)?,
            }),
        };
        Ok(TabletStatus { tablet_id, name: rows::text(row, At(2, "name"))?, state })
    })
}

fn replaced(row: &Row<'_>, tablet_id: TabletId) -> Result<Option<ReplacedBy>, StorageError> {
    let number: Option<u32> = rows::raw(row, At(18, "replaced_by"))?;
    let at: Option<i64> = rows::raw(row, At(19, "replaced_at"))?;
    let Some((number, at)) = number.zip(at) else { return Ok(None) };
    let spare = TabletId::new(tablet_id.municipality(), number);
    let tablet_id = spare.map_err(|_| StorageError::Inconsistent("replaced_by"))?;
    Ok(Some(ReplacedBy { tablet_id, at: WallTime::from_unix_ms(at) }))
}

fn epochs(
    connection: &Connection,
    which: Which,
    needs_review: &BTreeMap<(TabletId, Epoch), u64>,
    lost: &BTreeMap<(TabletId, Epoch), u64>,
) -> Result<BTreeMap<TabletId, Vec<EpochStatus>>, StorageError> {
    let mut by_tablet: BTreeMap<TabletId, Vec<EpochStatus>> = BTreeMap::new();
    let sql = format!(
        "SELECT municipality, tablet_number, epoch, last_position, highest_position, stored,
             clock_offset_ms, last_batch_at
         FROM epochs WHERE {} ORDER BY municipality, tablet_number, epoch",
        which.condition()
    );
    let found = rows::all(connection, &sql, params_from_iter(which.params()), |row| {
        let (tablet_id, epoch) = (rows::tablet_id(row)?, rows::epoch(row)?);
        let status = EpochStatus {
            epoch,
            last_position: rows::number(row, At(3, "last_position"))?,
            highest_position: rows::number(row, At(4, "highest_position"))?,
            stored: rows::number(row, At(5, "stored"))?,
            lost: lost.get(&(tablet_id, epoch)).copied().unwrap_or(0),
            needs_review: needs_review.get(&(tablet_id, epoch)).copied().unwrap_or(0),
            clock_offset_ms: rows::raw(row, At(6, "clock_offset_ms"))?,
            last_batch_at: rows::wall_time(row, At(7, "last_batch_at"))?,
        };
        Ok((tablet_id, status))
    })?;
    for (tablet_id, status) in found {
        by_tablet.entry(tablet_id).or_default().push(status);
    }
    Ok(by_tablet)
}

/// Entries that still wait for a person; few, and found by their own index.
fn needs_review(
    connection: &Connection,
    which: Which,
) -> Result<BTreeMap<(TabletId, Epoch), u64>, StorageError> {
    let sql = format!(
        "SELECT municipality, tablet_number, epoch, count(*) AS waiting FROM entries
         WHERE {} AND outcome <> 'delivered' AND NOT ({SETTLED_BY_A_CHANGE} AND EXISTS (
             SELECT 1 FROM changes WHERE changes.municipality = entries.municipality
                 AND changes.changed_entry_id = entries.entry_id))
             AND NOT ({SETTLED_BY_A_DECISION})
         GROUP BY municipality, tablet_number, epoch",
        which.condition()
    );
    let found = rows::all(connection, &sql, params_from_iter(which.params()), |row| {
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
