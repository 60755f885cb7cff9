//! What the register knows that bears on a group of batches, in as few statements as there are kinds of things to know.
//!
//! Must not: judge by it.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Client;
use record::{EntryId, MunicipalityCode};
use tokio_postgres::Row;

use super::{
    super::{
        call::{Call, run, values},
        columns::{Column, Layout, Rows, select_each},
        register::{self, Told},
        rows,
    },
    Asking,
};
use crate::{
    intake::{DoseKey, Known, KnownChange, KnownPlace},
    storage::StorageError,
};

/// What was found for a group.
pub(super) struct Found {
    /// What bears on all of them; its places are empty.
    pub(super) known: Known,
    /// The places of each.
    pub(super) places: Vec<Places>,
}

type Places = BTreeMap<u64, Vec<KnownPlace>>;
/// Whose entries, and which.
type Ids = BTreeSet<(MunicipalityCode, EntryId)>;

/// What [`read`] reads again, in this order: places, hashes by id, doses by coupon.
pub(super) fn calls<'a>(layout: Layout, group: &[Asking<'a>]) -> Vec<Call<'a>> {
    let mut calls = place_calls(layout, group);
    calls.extend(of_ids(layout, "entry_id, hash", "entries", "entry_id", &entry_ids(group)));
    calls.extend(dose_calls(layout, &doses(group)));
    calls
}

fn entry_ids(group: &[Asking<'_>]) -> Ids {
    let of = |one: &Asking<'_>| {
        let owner = one.batch.tablet_id.municipality();
        one.lookups.entry_ids.iter().map(move |id| (owner, *id)).collect::<Vec<_>>()
    };
    group.iter().flat_map(of).collect()
}

fn doses(group: &[Asking<'_>]) -> BTreeSet<DoseKey> {
    group.iter().flat_map(|one| one.lookups.doses.iter().copied()).collect()
}

/// The runs of places of all batches, each with the number of its batch.
fn runs(group: &[Asking<'_>]) -> Vec<(usize, (u64, u64))> {
    let of = |(number, one): (usize, &Asking<'_>)| {
        one.lookups.places.iter().map(move |run| (number, *run)).collect::<Vec<_>>()
    };
    group.iter().enumerate().flat_map(of).collect()
}

/// On one machine a single statement, which numbers what it finds by the run; else one for each run, in their order.
fn place_calls<'a>(layout: Layout, group: &[Asking<'a>]) -> Vec<Call<'a>> {
    let runs = runs(group);
    let key = |number: usize| {
        let batch = group[number].batch;
        let (owner, tablet) = rows::key(batch.tablet_id);
        (owner, tablet, i64::from(batch.epoch.number()))
    };
    match layout {
        _ if runs.is_empty() => Vec::new(),
        Layout::Single => {
            let keys: Vec<_> = runs.iter().map(|(number, _)| key(*number)).collect();
            let owners: Vec<String> = keys.iter().map(|(owner, _, _)| owner.clone()).collect();
            let tablets: Vec<i64> = keys.iter().map(|(_, tablet, _)| *tablet).collect();
            let epochs: Vec<i64> = keys.iter().map(|(_, _, epoch)| *epoch).collect();
            let first: Vec<i64> = runs.iter().map(|(_, (first, _))| rows::signed(*first)).collect();
            let last: Vec<i64> = runs.iter().map(|(_, (_, last))| rows::signed(*last)).collect();
            // As in `select_each`: whatever is believed of the table's size, it has nothing but the key to go by.
            vec![Call::new(
                "SELECT given.run, found.* FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[],
                     $5::bigint[]) WITH ORDINALITY AS given (municipality, tablet_number, epoch, first, last, run)
                 CROSS JOIN LATERAL (
                     SELECT position, hash, previous_link, link, outcome FROM entries
                     WHERE entries.municipality = given.municipality
                         AND entries.tablet_number = given.tablet_number AND entries.epoch = given.epoch
                         AND position BETWEEN given.first AND given.last OFFSET 0) AS found",
                values![owners, tablets, epochs, first, last],
            )]
        }
        Layout::Distributed => runs
            .iter()
            .map(|(number, (first, last))| {
                let (owner, tablet, epoch) = key(*number);
                Call::new(
                    "SELECT position, hash, previous_link, link, outcome FROM entries
                     WHERE municipality = $1 AND tablet_number = $2 AND epoch = $3 AND position BETWEEN $4 AND $5",
                    values![owner, tablet, epoch, rows::signed(*first), rows::signed(*last)],
                )
            })
            .collect(),
    }
}

/// The rows of a table whose `key` is one of those ids.
fn of_ids<'a>(layout: Layout, columns: &str, table: &str, key: &'static str, ids: &Ids) -> Vec<Call<'a>> {
    let owners = ids.iter().map(|(owner, _)| rows::code(*owner)).collect();
    let ids = ids.iter().map(|(_, id)| Some(id.to_bytes())).collect();
    select_each(
        layout,
        columns,
        table,
        Rows::new("municipality", owners, vec![(key, Column::MaybeBytes(ids))]),
    )
}

/// What [`read_doses`] reads again: who told of each dose, and what was decided of it.
fn dose_calls<'a>(layout: Layout, doses: &BTreeSet<DoseKey>) -> Vec<Call<'a>> {
    let told = "coupon_municipality, coupon_number, dose, municipality, entry_id";
    let decided =
        "coupon_municipality, coupon_number, dose, number, standing_municipality, standing_entry_id,
         standing_hash";
    let mut calls = select_each(layout, told, "doses", of_doses(doses));
    calls.extend(select_each(layout, decided, "decisions", of_doses(doses)));
    calls
}

fn of_doses<'a>(doses: &BTreeSet<DoseKey>) -> Rows<'a> {
    let numbers = doses.iter().map(|(coupon, _)| coupon.number.to_string()).collect();
    let which = doses.iter().map(|(_, dose)| i16::from(dose.number())).collect();
    Rows::new(
        "coupon_municipality",
        doses.iter().map(|(coupon, _)| rows::code(coupon.municipality)).collect(),
        vec![("coupon_number", Column::Text(numbers)), ("dose", Column::Small(which))],
    )
}

/// Reads the answers to [`calls`], and asks what only they tell to ask for.
pub(super) async fn read(
    client: &Client,
    layout: Layout,
    group: &[Asking<'_>],
    answers: &[Vec<Row>],
) -> Result<Found, StorageError> {
    let mut known = Known::default();
    let of_places = place_calls_made(layout, group);
    let of_hashes = calls_made(layout, entry_ids(group).iter().map(|(owner, _)| *owner));
    let (of_places, rest) = answers.split_at(of_places.min(answers.len()));
    let (of_hashes, of_doses) = rest.split_at(of_hashes.min(rest.len()));
    let places = read_places(layout, group, of_places)?;
    for row in of_hashes.iter().flatten() {
        let hash = rows::bytes(row, "hash")?;
        known.entry_ids.entry(rows::entry_id(row, "entry_id")?).or_default().push(hash);
    }
    let doses = doses(group);
    read_doses(client, &doses, of_doses, &mut known).await?;
    // Of ids under which nothing was kept yet, nothing more is to be known; that is so of nearly all.
    read_changes(client, layout, group, &mut known).await?;
    for one in group.iter().filter(|one| !one.lookups.changed.is_empty()) {
        let owner = rows::code(one.batch.tablet_id.municipality());
        register::tell_back(client, &owner, one.lookups.changed.clone(), &mut known.lines).await?;
    }
    let further: BTreeSet<DoseKey> = known.lines.doses().difference(&doses).copied().collect();
    if !further.is_empty() {
        let answers = run(client, &dose_calls(layout, &further)).await?;
        read_doses(client, &further, &answers, &mut known).await?;
    }
    Ok(Found { known, places })
}

/// How many statements [`place_calls`] are.
fn place_calls_made(layout: Layout, group: &[Asking<'_>]) -> usize {
    let runs = runs(group).len();
    if layout == Layout::Single { runs.min(1) } else { runs }
}

/// How many statements `select_each` makes of rows that these municipalities own.
fn calls_made(layout: Layout, owners: impl Iterator<Item = MunicipalityCode>) -> usize {
    let owners: BTreeSet<MunicipalityCode> = owners.collect();
    if layout == Layout::Single { owners.len().min(1) } else { owners.len() }
}

fn read_places(
    layout: Layout,
    group: &[Asking<'_>],
    answers: &[Vec<Row>],
) -> Result<Vec<Places>, StorageError> {
    let mut places: Vec<Places> = group.iter().map(|_| Places::new()).collect();
    let runs = runs(group);
    for (asked, found) in answers.iter().enumerate() {
        for row in found {
            let run = match layout {
                Layout::Single => usize::try_from(rows::number(row, "run")?.saturating_sub(1)).ok(),
                Layout::Distributed => Some(asked),
            };
            let (batch, _) = run.and_then(|run| runs.get(run)).ok_or(StorageError::Inconsistent("run"))?;
            let place = KnownPlace {
                hash: rows::bytes(row, "hash")?,
                previous: rows::bytes(row, "previous_link")?,
                link: rows::bytes(row, "link")?,
                outcome: rows::text(row, "outcome")?,
            };
            places[*batch].entry(rows::position(row)?.number()).or_default().push(place);
        }
    }
    Ok(places)
}

/// A change of what never came is judged by that, whatever else names it.
async fn read_changes(
    client: &Client,
    layout: Layout,
    group: &[Asking<'_>],
    known: &mut Known,
) -> Result<(), StorageError> {
    let kept: Ids = entry_ids(group).into_iter().filter(|(_, id)| known.entry_ids.contains_key(id)).collect();
    if kept.is_empty() {
        return Ok(());
    }
    let columns = "changed_entry_id, entry_id, cancels";
    let calls = of_ids(layout, columns, "changes", "changed_entry_id", &kept);
    for row in run(client, &calls).await?.iter().flatten() {
        let change =
            KnownChange { entry_id: rows::entry_id(row, "entry_id")?, cancels: rows::raw(row, "cancels")? };
        known.changes.entry(rows::entry_id(row, "changed_entry_id")?).or_default().push(change);
    }
    Ok(())
}

/// From the answers to [`dose_calls`]: first who told, then what was decided.
async fn read_doses(
    client: &Client,
    doses: &BTreeSet<DoseKey>,
    answers: &[Vec<Row>],
    known: &mut Known,
) -> Result<(), StorageError> {
    known.doses.extend(doses.iter().map(|key| (*key, Vec::new())));
    let (tellers, decisions) = answers.split_at(answers.len() / 2);
    let decided = register::last_decisions(decisions.iter().flatten())?;
    known.checked.extend(decided.keys().copied());
    let standing = register::decided_doses(client, &decided).await?;
    known.doses.extend(standing.into_iter().map(|(key, standing)| (key, vec![standing])));
    let mut told: BTreeMap<DoseKey, Vec<Told>> = BTreeMap::new();
    for row in tellers.iter().flatten() {
        told.entry(register::dose_key(row)?).or_default().push(Told::read(row)?);
    }
    for (key, told) in told {
        if !decided.contains_key(&key) {
            known.doses.insert(key, register::standing(client, &told).await?);
        }
    }
    Ok(())
}
