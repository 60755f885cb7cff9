//! Where each tablet stands, from counters kept with each batch; runs of missing positions only on demand.
//!
//! Must not: read what an entry says, or count all entries of all tablets for one page.

use std::collections::{BTreeMap, HashMap};

use deadpool_postgres::Client;
use record::{Epoch, TabletId, WallTime};
use tokio_postgres::Row;

use super::{
    call::{Call, run, run_one, values},
    handouts, heartbeats,
    rows::{self, At},
};
use crate::{
    fleet::{EnrolledTablet, EpochStatus, Missing, TabletState, TabletStatus},
    storage::{ProgramVersion, ReplacedBy, StorageError},
};

/// A question about all tablets, and the same about one, which its key finds.
macro_rules! of_all_and_of_one {
    ($before:literal, $after:literal) => {
        [
            concat!($before, "true", $after),
            concat!($before, "municipality = $1 AND tablet_number = $2", $after),
        ]
    };
}

/// In no order, and joined here: of 54,000 rows the database would sort and join for longer than it reads them.
const TABLETS: [&str; 2] = of_all_and_of_one!(
    "SELECT municipality, tablet_number, name, invited_at, enrolled_at, last_contact_at, program,
         replaced_by, replaced_at
     FROM tablets LEFT JOIN devices USING (municipality, tablet_number)
     LEFT JOIN replaced_tablets USING (municipality, tablet_number)
     WHERE ",
    ""
);
const HEARTBEATS: [&str; 2] = of_all_and_of_one!(
    "SELECT municipality, tablet_number, received_at, epoch, position, head, pending, delivered, needs_review,
         set_aside, clock_offset_s, release, free_mib
     FROM heartbeats WHERE ",
    ""
);
const EPOCHS: [&str; 2] = of_all_and_of_one!(
    "SELECT municipality, tablet_number, epoch, last_position, highest_position, stored, clock_offset_ms,
         last_batch_at
     FROM epochs WHERE ",
    ""
);
/// Entries that still wait for a person; few, and found by their own index. A later correction or cancellation of the
/// same entry settles the named reasons; the others are about the chain or about an id that two entries claim. Those
/// that dispute a dose are counted by [`disputing`].
const WAITING: [&str; 2] = of_all_and_of_one!(
    "SELECT municipality, tablet_number, epoch, count(*) AS waiting FROM entries
     WHERE outcome <> 'delivered'
         AND outcome NOT IN ('needs_review:other_content_for_same_dose', 'needs_review:checked_record',
             'needs_review:changes_undelivered_change')
         AND NOT (outcome IN (
             'needs_review:future_date', 'needs_review:unknown_municipality', 'needs_review:other_municipality',
             'needs_review:changes_unknown_entry', 'needs_review:changes_changed_entry')
         AND EXISTS (SELECT 1 FROM changes WHERE changes.municipality = entries.municipality
             AND changes.changed_entry_id = entries.entry_id)) AND ",
    " GROUP BY municipality, tablet_number, epoch"
);
/// Entries about which something is to be decided. They lie with the municipality that issued the coupon.
const UNDECIDED: &str = "SELECT DISTINCT hash FROM disputes WHERE NOT EXISTS (
     SELECT 1 FROM considered_entries AS considered
     WHERE considered.coupon_municipality = disputes.coupon_municipality
         AND considered.coupon_number = disputes.coupon_number
         AND considered.dose = disputes.dose AND considered.hash = disputes.hash)";
/// Of those, the ones that no later entry has changed, where the tablets' own municipality keeps them.
const DISPUTING: &str = "SELECT municipality, tablet_number, epoch, count(*) AS waiting FROM entries
     WHERE outcome IN ('needs_review:other_content_for_same_dose', 'needs_review:checked_record',
             'needs_review:changes_undelivered_change')
         AND hash = ANY($1)
         AND NOT EXISTS (SELECT 1 FROM changes WHERE changes.municipality = entries.municipality
             AND changes.changed_entry_id = entries.entry_id)
     GROUP BY municipality, tablet_number, epoch";

pub(super) async fn fleet(client: &Client) -> Result<Vec<TabletStatus>, StorageError> {
    statuses(client, [WAITING, EPOCHS, HEARTBEATS, TABLETS].map(|[of_all, _]| Call::new(of_all, values![])))
        .await
}

pub(super) async fn tablet(
    client: &Client,
    tablet_id: TabletId,
) -> Result<Option<TabletStatus>, StorageError> {
    let (municipality, number) = rows::key(tablet_id);
    let call = |[_, of_one]: [&'static str; 2]| Call::new(of_one, values![municipality.clone(), number]);
    Ok(statuses(client, [WAITING, EPOCHS, HEARTBEATS, TABLETS].map(call)).await?.pop())
}

/// What disputes a dose and waits, of all tablets; little.
async fn disputing(client: &Client) -> Result<Vec<Row>, StorageError> {
    let undecided = run_one(client, Call::new(UNDECIDED, values![])).await?;
    if undecided.is_empty() {
        return Ok(Vec::new());
    }
    let hashes: Vec<&[u8]> = undecided.iter().map(|row| rows::raw(row, "hash")).collect::<Result<_, _>>()?;
    run_one(client, Call::new(DISPUTING, values![hashes])).await
}

/// From what waits, the databases, the heartbeats and the tablets, in this order.
async fn statuses(client: &Client, calls: [Call<'_>; 4]) -> Result<Vec<TabletStatus>, StorageError> {
    let disputing = disputing(client).await?;
    let lost = handouts::lost(client).await?;
    let mut answers = run(client, &calls).await?.into_iter();
    let mut next = || answers.next().unwrap_or_default();
    let mut waiting: BTreeMap<_, u64> = BTreeMap::new();
    for row in next().iter().chain(&disputing) {
        let place = (rows::tablet_id(row)?, rows::epoch(row)?);
        *waiting.entry(place).or_default() += rows::number(row, "waiting")?;
    }
    let mut epochs: HashMap<TabletId, Vec<EpochStatus>> = HashMap::new();
    for row in next() {
        let (tablet_id, epoch) = (rows::tablet_id_first(&row)?, rows::epoch_of(&row, At(2, "epoch"))?);
        epochs.entry(tablet_id).or_default().push(EpochStatus {
            epoch,
            last_position: rows::number(&row, At(3, "last_position"))?,
            highest_position: rows::number(&row, At(4, "highest_position"))?,
            stored: rows::number(&row, At(5, "stored"))?,
            lost: lost.get(&(tablet_id, epoch)).copied().unwrap_or(0),
            needs_review: waiting.get(&(tablet_id, epoch)).copied().unwrap_or(0),
            clock_offset_ms: rows::raw(&row, At(6, "clock_offset_ms"))?,
            last_batch_at: rows::wall_time(&row, At(7, "last_batch_at"))?,
        });
    }
    for epochs in epochs.values_mut() {
        epochs.sort_unstable_by_key(|status| status.epoch);
    }
    let heard = next();
    let heard = heard.iter().map(|row| Ok((rows::tablet_id_first(row)?, heartbeats::read(row, 2)?)));
    let mut heard = heard.collect::<Result<HashMap<_, _>, StorageError>>()?;
    let mut fleet = Vec::new();
    for row in next() {
        let tablet_id = rows::tablet_id_first(&row)?;
        let enrolled_at: Option<i64> = rows::raw(&row, At(4, "enrolled_at"))?;
        let state = match enrolled_at.map(WallTime::from_unix_ms) {
            None => TabletState::Invited { invited_at: rows::wall_time(&row, At(3, "invited_at"))? },
            Some(enrolled_at) => TabletState::Enrolled(EnrolledTablet {
                enrolled_at,
                last_contact_at: rows::wall_time(&row, At(5, "last_contact_at"))?,
                program: rows::text::<ProgramVersion>(&row, At(6, "program"))?,
                epochs: epochs.remove(&tablet_id).unwrap_or_default(),
                heartbeat: heard.remove(&tablet_id),
                replaced: replaced(&row, tablet_id)?,
            }),
        };
        fleet.push(TabletStatus { tablet_id, name: rows::text(&row, At(2, "name"))?, state });
    }
    fleet.sort_unstable_by_key(|status| status.tablet_id);
    Ok(fleet)
}

fn replaced(row: &Row, tablet_id: TabletId) -> Result<Option<ReplacedBy>, StorageError> {
    let number: Option<i64> = rows::raw(row, At(7, "replaced_by"))?;
    let at: Option<i64> = rows::raw(row, At(8, "replaced_at"))?;
    let Some((number, at)) = number.zip(at) else { return Ok(None) };
    let number = u32::try_from(number).ok();
    let spare = number.and_then(|number| TabletId::new(tablet_id.municipality(), number).ok());
    let tablet_id = spare.ok_or(StorageError::Inconsistent("replaced_by"))?;
    Ok(Some(ReplacedBy { tablet_id, at: WallTime::from_unix_ms(at) }))
}

pub(super) async fn missing(
    client: &Client,
    tablet_id: TabletId,
    epoch: Epoch,
    most: u32,
) -> Result<Vec<Missing>, StorageError> {
    let (municipality, number) = rows::key(tablet_id);
    let call = Call::new(
        "SELECT before + 1 AS first, position - 1 AS last FROM (
             SELECT position, lag(position, 1, 0::bigint) OVER (ORDER BY position) AS before FROM entries
             WHERE municipality = $1 AND tablet_number = $2 AND epoch = $3) AS places
         WHERE position - before > 1 ORDER BY first LIMIT $4",
        values![municipality, number, i64::from(epoch.number()), i64::from(most)],
    );
    let found = run_one(client, call).await?;
    let read = |row| Ok(Missing { first: rows::number(row, "first")?, last: rows::number(row, "last")? });
    found.iter().map(read).collect()
}
