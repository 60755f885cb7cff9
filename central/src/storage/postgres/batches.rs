//! Keeping batches: what bears on them is looked up, judged and written in one transaction, in which what they bear on
//! is held.
//!
//! Must not: decide anything (`intake::judge` does), or answer before the commit.

mod looking;
mod writing;

use std::collections::{BTreeSet, HashMap};

use deadpool_postgres::Client;
use record::{EntryId, MunicipalityCode, MunicipalityTable, Outcome, TabletId};

use super::{
    call::{Call, run, values},
    columns::Layout,
    locks,
};
use crate::{
    intake::{Judged, Lookups, ReadBatch, judge},
    storage::StorageError,
};
use writing::Writing;

/// Keeps the batches in one transaction; the outcomes of each. On an error the connection must not be used again:
/// its transaction may still be open.
pub(super) async fn keep(
    client: &Client,
    layout: Layout,
    batches: &[&ReadBatch],
) -> Result<Vec<Vec<Outcome>>, StorageError> {
    let mut outcomes = Vec::with_capacity(batches.len());
    let groups = groups(batches);
    let owners = batches.iter().map(|batch| batch.tablet_id.municipality()).collect();
    let doses = groups.iter().flatten().flat_map(|one| one.lookups.doses.iter().copied()).collect();
    let mut before = vec![Call::new("BEGIN", values![])];
    before.extend(locks::hold(layout, &owners, &doses));
    for group in groups {
        let skipped = before.len();
        before.extend(looking::calls(layout, &group));
        let answers = run(client, &before).await?;
        let found = looking::read(client, layout, &group, &answers[skipped..]).await?;
        let (mut known, mut writing) = (found.known, Writing::default());
        for (one, places) in group.iter().zip(found.places) {
            known.places = places;
            let judged = judge(one.batch, &mut known, MunicipalityTable::shipped());
            outcomes.push(judged.iter().map(Judged::outcome).collect());
            writing.take(one.batch, &judged, &known);
        }
        before = writing.calls(layout);
    }
    before.push(Call::new("COMMIT", values![]));
    run(client, &before).await?;
    Ok(outcomes)
}

/// A batch, and what to look up for it.
struct Asking<'a> {
    batch: &'a ReadBatch,
    lookups: Lookups,
}

/// Batches one after the other that are looked up together: a statement costs the server much the same for one as for
/// eight. Each is judged with what the ones before it do. What they cannot share is a tablet, whose places would be two
/// answers, and an id, which another municipality's entry may have.
fn groups<'a>(batches: &[&'a ReadBatch]) -> Vec<Vec<Asking<'a>>> {
    let mut groups = Vec::new();
    let mut group: Vec<Asking<'a>> = Vec::new();
    let mut tablets: BTreeSet<TabletId> = BTreeSet::new();
    let mut owners: HashMap<EntryId, MunicipalityCode> = HashMap::new();
    for batch in batches {
        let (lookups, owner) = (Lookups::of(batch), batch.tablet_id.municipality());
        let is_anothers = |id: &EntryId| owners.get(id).is_some_and(|known| *known != owner);
        if tablets.contains(&batch.tablet_id) || lookups.entry_ids.iter().any(is_anothers) {
            groups.push(std::mem::take(&mut group));
            tablets.clear();
            owners.clear();
        }
        tablets.insert(batch.tablet_id);
        owners.extend(lookups.entry_ids.iter().map(|id| (*id, owner)));
        group.push(Asking { batch, lookups });
    }
    groups.push(group);
    groups
}
