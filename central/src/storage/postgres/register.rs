//! Reading the register: what was kept, and which doses stand.
//!
//! Must not: write.

use deadpool_postgres::Client;
use record::{Entry, EntryId, Epoch, TabletId};
use tokio_postgres::Row;

use super::{
    call::{Call, run, run_one, values},
    rows,
};
use crate::{
    fleet::timeline::Arrival,
    storage::{CouponKey, KeptEntry, StandingDose, StorageError},
};

pub(super) async fn kept(
    client: &Client,
    tablet_id: TabletId,
    epoch: Epoch,
) -> Result<Vec<KeptEntry>, StorageError> {
    let (municipality, number) = rows::key(tablet_id);
    let call = Call::new(
        "SELECT position, hash, entry_id, outcome, received_at FROM entries
         WHERE municipality = $1 AND tablet_number = $2 AND epoch = $3
         ORDER BY position, received_at, outcome <> 'delivered', hash",
        values![municipality, number, i64::from(epoch.number())],
    );
    let read = |row: &Row| {
        let entry_id: Option<&[u8]> = rows::raw(row, "entry_id")?;
        let entry_id = entry_id.map(|_| rows::entry_id(row, "entry_id")).transpose()?;
        Ok(KeptEntry {
            position: rows::position(row)?,
            hash: rows::bytes(row, "hash")?,
            entry_id,
            outcome: rows::text(row, "outcome")?,
            received_at: rows::wall_time(row, "received_at")?,
        })
    };
    run_one(client, call).await?.iter().map(read).collect()
}

/// Runs of positions that came together. Two entries that claim one place are one place.
pub(super) async fn arrivals(client: &Client, tablet_id: TabletId) -> Result<Vec<Arrival>, StorageError> {
    let (municipality, number) = rows::key(tablet_id);
    let call = Call::new(
        "SELECT epoch, received_at, min(position) AS first, max(position) AS last,
             count(*) FILTER (WHERE outcome <> 'delivered') AS needs_review
         FROM (SELECT epoch, received_at, position, outcome,
                   position - dense_rank() OVER (PARTITION BY epoch, received_at ORDER BY position) AS run
               FROM entries WHERE municipality = $1 AND tablet_number = $2) AS places
         GROUP BY epoch, received_at, run ORDER BY received_at, epoch, first",
        values![municipality, number],
    );
    let read = |row: &Row| {
        Ok(Arrival {
            received_at: rows::wall_time(row, "received_at")?,
            epoch: rows::epoch(row)?,
            first: rows::number(row, "first")?,
            last: rows::number(row, "last")?,
            needs_review: rows::number(row, "needs_review")?,
        })
    };
    run_one(client, call).await?.iter().map(read).collect()
}

pub(super) async fn standing_doses(
    client: &Client,
    coupon: CouponKey,
) -> Result<Vec<StandingDose>, StorageError> {
    let call = Call::new(
        "SELECT dose, municipality, entry_id FROM doses
         WHERE coupon_municipality = $1 AND coupon_number = $2 ORDER BY dose, municipality, entry_id",
        values![rows::code(coupon.municipality), coupon.number.to_string()],
    );
    let told = run_one(client, call).await?.iter().map(Told::read).collect::<Result<Vec<_>, _>>()?;
    standing(client, &told).await
}

/// A delivered entry that tells of a dose, standing or not.
pub(super) struct Told {
    /// Who owns the entry.
    pub(super) municipality: String,
    /// Which.
    pub(super) entry_id: EntryId,
}

impl Told {
    pub(super) fn read(row: &Row) -> Result<Self, StorageError> {
        Ok(Self { municipality: rows::raw(row, "municipality")?, entry_id: rows::entry_id(row, "entry_id")? })
    }
}

/// Of those, the doses that stand, in the same order. Asked municipality by municipality, because the entries of each
/// may lie on another machine. An entry kept at two places is one dose.
pub(super) async fn standing(client: &Client, told: &[Told]) -> Result<Vec<StandingDose>, StorageError> {
    let mut owners: Vec<&str> = told.iter().map(|told| told.municipality.as_str()).collect();
    owners.sort_unstable();
    owners.dedup();
    let calls: Vec<Call<'_>> = owners
        .iter()
        .map(|owner| {
            let ids: Vec<Vec<u8>> = told
                .iter()
                .filter(|told| told.municipality == **owner)
                .map(|told| told.entry_id.to_bytes().to_vec())
                .collect();
            Call::new(
                "SELECT DISTINCT ON (entry_id) municipality, entry_id, entry FROM entries
                 WHERE municipality = $1 AND entry_id = ANY($2) AND outcome = 'delivered'
                     AND NOT EXISTS (SELECT 1 FROM changes WHERE changes.municipality = entries.municipality
                         AND changes.changed_entry_id = entries.entry_id)
                 ORDER BY entry_id",
                values![*owner, ids],
            )
        })
        .collect();
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for row in run(client, &calls).await?.iter().flatten() {
        let told = Told::read(row)?;
        let wrong = StorageError::Inconsistent("entry");
        let entry = Entry::from_bytes(rows::raw(row, "entry")?).map_err(|_| wrong.clone())?;
        let vaccination = entry.content.vaccination().cloned().ok_or(wrong)?;
        found.push((told, vaccination));
    }
    let dose = |told: &Told| {
        let same = |(other, _): &&(Told, _)| {
            other.entry_id == told.entry_id && other.municipality == told.municipality
        };
        let (_, vaccination) = found.iter().find(same)?;
        Some(StandingDose { entry_id: told.entry_id, vaccination: vaccination.clone() })
    };
    Ok(told.iter().filter_map(dose).collect())
}
