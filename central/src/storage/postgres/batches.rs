//! Keeping batches: what bears on each is looked up, judged and written in one transaction, in which
//! what they bear on is held.
//!
//! Must not: decide anything (`intake::judge` does), or answer before the commit.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Client;
use record::{EntryId, MunicipalityTable, Outcome, ReviewReason};
use tokio_postgres::Row;

use super::{
    call::{Call, run, values},
    columns::{Again, Column, Layout, Rows, insert, select_each},
    following::{Following, Kept},
    locks,
    register::{self, Told},
    rows,
};
use crate::{
    intake::{
        Content, DoseKey, Judged, Known, KnownChange, KnownPlace, Lookups, ReadBatch, ReadEntry, judge,
    },
    storage::StorageError,
};

/// Keeps the batches in one transaction; the outcomes of each. On an error the connection must not be used again:
/// its transaction may still be open.
pub(super) async fn keep(
    client: &Client,
    layout: Layout,
    batches: &[&ReadBatch],
) -> Result<Vec<Vec<Outcome>>, StorageError> {
    let mut outcomes = Vec::with_capacity(batches.len());
    let mut before = vec![Call::new("BEGIN", values![])];
    before.extend(locks::hold(layout, batches));
    for batch in batches {
        let (lookups, owner) = (Lookups::of(batch), rows::code(batch.tablet_id.municipality()));
        let skipped = before.len();
        before.extend(lookup_calls(layout, batch, &owner, &lookups));
        let answers = run(client, &before).await?;
        let mut known = read_known(client, layout, batch, &lookups, &answers[skipped..]).await?;
        let judged = judge(batch, &mut known, MunicipalityTable::shipped());
        outcomes.push(judged.iter().map(Judged::outcome).collect());
        before = write_calls(layout, batch, &judged, &known);
    }
    before.push(Call::new("COMMIT", values![]));
    run(client, &before).await?;
    Ok(outcomes)
}

/// What `read_known` reads again, in this order: each run of places, hashes by id, changes by id, what changed
/// entries say, doses by coupon.
fn lookup_calls<'a>(layout: Layout, batch: &ReadBatch, owner: &str, lookups: &Lookups) -> Vec<Call<'a>> {
    let number = i64::from(batch.tablet_id.number());
    let epoch = i64::from(batch.epoch.number());
    let mut calls: Vec<Call<'a>> = lookups
        .places
        .iter()
        .map(|(first, last)| {
            Call::new(
                "SELECT position, hash, previous_link, link, outcome FROM entries
                 WHERE municipality = $1 AND tablet_number = $2 AND epoch = $3 AND position BETWEEN $4 AND $5",
                values![owner.to_owned(), number, epoch, rows::signed(*first), rows::signed(*last)],
            )
        })
        .collect();
    for (columns, table, key) in [
        ("entry_id, hash", "entries", "entry_id"),
        ("changed_entry_id, entry_id, cancels", "changes", "changed_entry_id"),
    ] {
        let ids = lookups.entry_ids.iter().map(|id| Some(id.to_bytes())).collect();
        let owners = vec![owner.to_owned(); lookups.entry_ids.len()];
        let rows = Rows::new("municipality", owners, vec![(key, Column::MaybeBytes(ids))]);
        calls.extend(select_each(layout, columns, table, rows));
    }
    if !lookups.changed.is_empty() {
        calls.push(register::told_by(owner, lookups.changed.iter().copied()));
    }
    calls.extend(dose_calls(layout, &lookups.doses));
    calls
}

/// What [`read_doses`] reads again: who told of each dose, and what was decided of it.
fn dose_calls<'a>(layout: Layout, doses: &BTreeSet<DoseKey>) -> Vec<Call<'a>> {
    let told = "coupon_municipality, coupon_number, dose, municipality, entry_id";
    let decided =
        "coupon_municipality, coupon_number, dose, number, standing_municipality, standing_entry_id,
         standing_hash";
    let mut calls = select_each(layout, told, "doses", doses_of(doses));
    calls.extend(select_each(layout, decided, "decisions", doses_of(doses)));
    calls
}

fn doses_of<'a>(doses: &BTreeSet<DoseKey>) -> Rows<'a> {
    let numbers = doses.iter().map(|(coupon, _)| coupon.number.to_string()).collect();
    let which = doses.iter().map(|(_, dose)| i16::from(dose.number())).collect();
    Rows::new(
        "coupon_municipality",
        doses.iter().map(|(coupon, _)| rows::code(coupon.municipality)).collect(),
        vec![("coupon_number", Column::Text(numbers)), ("dose", Column::Small(which))],
    )
}

async fn read_known(
    client: &Client,
    layout: Layout,
    batch: &ReadBatch,
    lookups: &Lookups,
    answers: &[Vec<Row>],
) -> Result<Known, StorageError> {
    let mut known = Known::default();
    let mut answers = answers.iter();
    let mut next = || answers.next().map_or(&[][..], Vec::as_slice);
    for _ in &lookups.places {
        for row in next() {
            let place = KnownPlace {
                hash: rows::bytes(row, "hash")?,
                previous: rows::bytes(row, "previous_link")?,
                link: rows::bytes(row, "link")?,
                outcome: rows::text(row, "outcome")?,
            };
            known.places.entry(rows::position(row)?.number()).or_default().push(place);
        }
    }
    if !lookups.entry_ids.is_empty() {
        for row in next() {
            let hash = rows::bytes(row, "hash")?;
            known.entry_ids.entry(rows::entry_id(row, "entry_id")?).or_default().push(hash);
        }
        for row in next() {
            let changed = rows::entry_id(row, "changed_entry_id")?;
            // A change of what never came is judged by that, whatever else names it.
            if known.entry_ids.contains_key(&changed) {
                let change = KnownChange {
                    entry_id: rows::entry_id(row, "entry_id")?,
                    cancels: rows::raw(row, "cancels")?,
                };
                known.changes.entry(changed).or_default().push(change);
            }
        }
    }
    if !lookups.changed.is_empty() {
        lookups.changed.iter().for_each(|changed| known.lines.look(*changed));
        register::tell(next(), &mut known.lines)?;
        let owner = rows::code(batch.tablet_id.municipality());
        register::tell_back(client, &owner, known.lines.further(), &mut known.lines).await?;
    }
    read_doses(client, &lookups.doses, answers.as_slice(), &mut known).await?;
    // What the entries record that are changed is known only now.
    let further: BTreeSet<DoseKey> = known.lines.doses().difference(&lookups.doses).copied().collect();
    if !further.is_empty() {
        let answers = run(client, &dose_calls(layout, &further)).await?;
        read_doses(client, &further, &answers, &mut known).await?;
    }
    Ok(known)
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

fn write_calls<'a>(layout: Layout, batch: &'a ReadBatch, judged: &[Judged], known: &Known) -> Vec<Call<'a>> {
    let kept: Vec<(&ReadEntry, &Outcome)> = batch
        .entries
        .iter()
        .zip(judged)
        .filter_map(|(entry, judged)| match judged {
            Judged::Kept(outcome) => Some((entry, outcome)),
            Judged::Repeated(_) | Judged::Deferred(_) => None,
        })
        .collect();
    let mut calls = Vec::new();
    if !kept.is_empty() {
        calls.extend(entries_of(layout, batch, &kept));
        let owner = rows::code(batch.tablet_id.municipality());
        let mut following = Following::default();
        for (entry, outcome) in &kept {
            if let Content::Known(said) = &entry.content {
                let effects = known.effects(said, outcome);
                let (entry_id, received_at) = (said.entry_id, batch.received_at);
                following.take(&Kept { owner: &owner, entry_id, hash: entry.hash, received_at }, &effects);
            }
        }
        calls.extend(following.calls(layout));
    }
    calls.extend(contact_calls(batch, &kept));
    calls
}

fn entries_of<'a>(layout: Layout, batch: &'a ReadBatch, kept: &[(&'a ReadEntry, &Outcome)]) -> Vec<Call<'a>> {
    let count = kept.len();
    let bytes =
        |of: fn(&ReadEntry) -> &[u8]| Column::Bytes(kept.iter().map(|(entry, _)| of(entry)).collect());
    let rows = Rows::new(
        "municipality",
        vec![rows::code(batch.tablet_id.municipality()); count],
        vec![
            ("tablet_number", Column::Big(vec![i64::from(batch.tablet_id.number()); count])),
            ("epoch", Column::Big(vec![i64::from(batch.epoch.number()); count])),
            (
                "position",
                Column::Big(kept.iter().map(|(entry, _)| rows::signed(entry.position.number())).collect()),
            ),
            ("hash", bytes(|entry| &entry.hash.0)),
            ("previous_link", bytes(|entry| &entry.previous.0)),
            ("link", bytes(|entry| &entry.link.0)),
            (
                "entry_id",
                Column::MaybeBytes(
                    kept.iter().map(|(entry, _)| entry.entry_id().map(EntryId::to_bytes)).collect(),
                ),
            ),
            ("outcome", Column::Text(kept.iter().map(|(_, outcome)| outcome.to_string()).collect())),
            ("received_at", Column::Big(vec![batch.received_at.unix_ms(); count])),
            ("entry", bytes(|entry| &entry.bytes)),
        ],
    );
    insert(layout, Again::Fails, "entries", rows)
}

fn contact_calls<'a>(batch: &'a ReadBatch, kept: &[(&ReadEntry, &Outcome)]) -> Vec<Call<'a>> {
    let (municipality, number) = rows::key(batch.tablet_id);
    let received_at = batch.received_at.unix_ms();
    // Two entries that claim the same place count once.
    let taken = Outcome::NeedsReview(ReviewReason::PositionTaken);
    let stored = kept.iter().filter(|(_, outcome)| **outcome != taken).count() as u64;
    let highest = kept.last().map_or(0, |(entry, _)| entry.position.number());
    let mut calls = vec![
        Call::new(
            "UPDATE devices SET last_contact_at = $3, program = $4
             WHERE municipality = $1 AND tablet_number = $2",
            values![municipality.clone(), number, received_at, batch.program.as_str()],
        ),
        Call::new(
            "INSERT INTO epochs AS known (municipality, tablet_number, epoch, last_position, highest_position,
                 stored, clock_offset_ms, last_batch_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (municipality, tablet_number, epoch) DO UPDATE SET
                 last_position = greatest(known.last_position, excluded.last_position),
                 highest_position = greatest(known.highest_position, excluded.highest_position),
                 stored = known.stored + excluded.stored,
                 clock_offset_ms = excluded.clock_offset_ms,
                 last_batch_at = excluded.last_batch_at",
            values![
                municipality.clone(),
                number,
                i64::from(batch.epoch.number()),
                rows::signed(batch.last_position.number()),
                rows::signed(highest),
                rows::signed(stored),
                batch.clock_offset_ms,
                received_at
            ],
        ),
    ];
    // A database that nobody can open any more: what it had given out beyond what came is missing for good.
    calls.extend(batch.set_aside.iter().map(|aside| {
        Call::new(
            "INSERT INTO epochs AS known (municipality, tablet_number, epoch, last_position, highest_position,
                 stored, clock_offset_ms, last_batch_at)
             VALUES ($1, $2, $3, $4, 0, 0, $5, $6)
             ON CONFLICT (municipality, tablet_number, epoch) DO UPDATE SET
                 last_position = greatest(known.last_position, excluded.last_position)",
            values![
                municipality.clone(),
                number,
                i64::from(aside.epoch.number()),
                rows::signed(aside.last_position.number()),
                batch.clock_offset_ms,
                received_at
            ],
        )
    }));
    calls
}
