//! Reading the register: what was kept, and which doses stand.
//!
//! Must not: write.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use deadpool_postgres::Client;
use record::{Entry, EntryId, Epoch, TabletId, bytes::EntryHash};
use tokio_postgres::Row;

use super::{
    call::{Call, run, run_one, values},
    rows,
};
use crate::{
    case::ContentId,
    fleet::timeline::Arrival,
    intake::{DoseKey, Lines},
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
    standing_of(client, &rows::code(coupon.municipality), vec![coupon.number.to_string()]).await
}

/// What stands of coupons of one municipality, by their numbers; of each coupon in order of dose.
pub(super) async fn standing_of(
    client: &Client,
    issuer: &str,
    numbers: Vec<String>,
) -> Result<Vec<StandingDose>, StorageError> {
    let calls = [
        Call::new(
            "SELECT coupon_municipality, coupon_number, dose, municipality, entry_id FROM doses
             WHERE coupon_municipality = $1 AND coupon_number = ANY($2)
             ORDER BY coupon_number, dose, municipality, entry_id",
            values![issuer.to_owned(), numbers.clone()],
        ),
        Call::new(
            "SELECT coupon_municipality, coupon_number, dose, number, standing_municipality, standing_entry_id,
                 standing_hash
             FROM decisions WHERE coupon_municipality = $1 AND coupon_number = ANY($2)",
            values![issuer.to_owned(), numbers],
        ),
    ];
    let answers = run(client, &calls).await?;
    let [told, decided] = &answers[..] else { return Err(StorageError::Stopped) };
    let decided = last_decisions(decided)?;
    let mut undecided = Vec::new();
    for row in told {
        if !decided.contains_key(&dose_key(row)?) {
            undecided.push(Told::read(row)?);
        }
    }
    let mut doses = standing(client, &undecided).await?;
    doses.extend(decided_doses(client, &decided).await?.into_values());
    doses.sort_by_key(|dose| {
        (dose.vaccination.coupon.number().to_string(), dose.vaccination.day.dose.number())
    });
    Ok(doses)
}

/// Of each dose, what the last of these decisions lets stand.
pub(super) fn last_decisions<'a>(
    decisions: impl IntoIterator<Item = &'a Row>,
) -> Result<BTreeMap<DoseKey, Option<ContentId>>, StorageError> {
    let mut last: BTreeMap<DoseKey, (i64, Option<ContentId>)> = BTreeMap::new();
    for row in decisions {
        let (dose, number) = (dose_key(row)?, rows::raw(row, "number")?);
        if last.get(&dose).is_none_or(|(known, _)| *known < number) {
            last.insert(dose, (number, stands(row)?));
        }
    }
    Ok(last.into_iter().map(|(dose, (_, stands))| (dose, stands)).collect())
}

/// `coupon_municipality`, `coupon_number` and `dose`.
pub(super) fn dose_key(row: &Row) -> Result<DoseKey, StorageError> {
    let coupon = CouponKey {
        municipality: rows::text(row, "coupon_municipality")?,
        number: rows::text(row, "coupon_number")?,
    };
    let dose = u8::try_from(rows::raw::<i16>(row, "dose")?).ok().and_then(|dose| dose.try_into().ok());
    Ok((coupon, dose.ok_or(StorageError::Inconsistent("dose"))?))
}

/// The three columns of what stands.
pub(super) fn stands(row: &Row) -> Result<Option<ContentId>, StorageError> {
    if rows::raw::<Option<&str>>(row, "standing_municipality")?.is_none() {
        return Ok(None);
    }
    Ok(Some(ContentId {
        municipality: rows::text(row, "standing_municipality")?,
        entry_id: rows::entry_id(row, "standing_entry_id")?,
        hash: rows::bytes(row, "standing_hash")?,
    }))
}

/// What the entries say that stand by decision; a dose of which nothing stands is left out.
pub(super) async fn decided_doses(
    client: &Client,
    decided: &BTreeMap<DoseKey, Option<ContentId>>,
) -> Result<BTreeMap<DoseKey, StandingDose>, StorageError> {
    let wanted: Vec<(DoseKey, ContentId)> =
        decided.iter().filter_map(|(dose, stands)| stands.map(|stands| (*dose, stands))).collect();
    let owners: BTreeSet<_> = wanted.iter().map(|(_, stands)| stands.municipality).collect();
    let calls = owners.iter().map(|owner| {
        let of_owner =
            || wanted.iter().map(|(_, stands)| stands).filter(|stands| stands.municipality == *owner);
        let ids: Vec<Vec<u8>> = of_owner().map(|stands| stands.entry_id.to_bytes().to_vec()).collect();
        let hashes: Vec<Vec<u8>> = of_owner().map(|stands| stands.hash.0.to_vec()).collect();
        Call::new(
            "SELECT DISTINCT ON (hash) hash, entry FROM entries
             WHERE municipality = $1 AND entry_id = ANY($2) AND hash = ANY($3) ORDER BY hash",
            values![rows::code(*owner), ids, hashes],
        )
    });
    let calls: Vec<Call<'_>> = calls.collect();
    let mut doses = BTreeMap::new();
    if calls.is_empty() {
        return Ok(doses);
    }
    for row in run(client, &calls).await?.iter().flatten() {
        let hash: EntryHash = rows::bytes(row, "hash")?;
        let wrong = StorageError::Inconsistent("entry");
        let entry = Entry::from_bytes(rows::raw(row, "entry")?).map_err(|_| wrong.clone())?;
        for (dose, stands) in wanted.iter().filter(|(_, stands)| stands.hash == hash) {
            let vaccination = entry.content.vaccination().cloned().ok_or(wrong.clone())?;
            doses.insert(
                *dose,
                StandingDose { entry_id: stands.entry_id, recorded_at: entry.recorded_at, vaccination },
            );
        }
    }
    Ok(doses)
}

/// What entries of these ids say, and what was said of them.
pub(super) fn told_by<'a>(owner: &str, entry_ids: impl Iterator<Item = EntryId>) -> Call<'a> {
    let ids: Vec<Vec<u8>> = entry_ids.map(|id| id.to_bytes().to_vec()).collect();
    Call::new(
        "SELECT entry_id, entry, outcome FROM entries WHERE municipality = $1 AND entry_id = ANY($2)",
        values![owner.to_owned(), ids],
    )
}

/// Tells of the entries that [`told_by`] found.
pub(super) fn tell(told: &[Row], lines: &mut Lines) -> Result<(), StorageError> {
    for row in told {
        // Of what is no entry nothing can be told.
        let Ok(entry) = Entry::from_bytes(rows::raw(row, "entry")?) else { continue };
        lines.tell(&entry, &rows::text(row, "outcome")?);
    }
    Ok(())
}

/// Tells of the kept entries of these ids, and of all that those change, however far back.
pub(super) async fn tell_back(
    client: &Client,
    owner: &str,
    entry_ids: BTreeSet<EntryId>,
    lines: &mut Lines,
) -> Result<(), StorageError> {
    let mut next = entry_ids;
    while !next.is_empty() {
        next.iter().for_each(|entry_id| lines.look(*entry_id));
        tell(&run_one(client, told_by(owner, next.into_iter())).await?, lines)?;
        next = lines.further();
    }
    Ok(())
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
    let mut found = HashMap::new();
    for row in run(client, &calls).await?.iter().flatten() {
        let told = Told::read(row)?;
        let wrong = StorageError::Inconsistent("entry");
        let entry = Entry::from_bytes(rows::raw(row, "entry")?).map_err(|_| wrong.clone())?;
        let vaccination = entry.content.vaccination().cloned().ok_or(wrong)?;
        found.insert((told.municipality, told.entry_id), (entry.recorded_at, vaccination));
    }
    let dose = |told: &Told| {
        let (recorded_at, vaccination) = found.get(&(told.municipality.clone(), told.entry_id))?;
        let (recorded_at, vaccination) = (*recorded_at, vaccination.clone());
        Some(StandingDose { entry_id: told.entry_id, recorded_at, vaccination })
    };
    Ok(told.iter().filter_map(dose).collect())
}
