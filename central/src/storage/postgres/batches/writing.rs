//! What is written of a group of batches: the entries that are kept, what follows from them, and when each tablet came.
//!
//! Must not: touch a row of an entry that is already there.

use record::{EntryId, Outcome, ReviewReason};

use super::super::{
    call::{Call, values},
    columns::{Again, Column, Layout, Rows, insert},
    following::{Following, Kept},
    rows,
};
use crate::intake::{Content, Judged, Known, ReadBatch, ReadEntry};

/// Counters rise; what was said last of the clock and the hour holds.
const COUNTED: &str = "ON CONFLICT (municipality, tablet_number, epoch) DO UPDATE SET
     last_position = greatest(known.last_position, excluded.last_position),
     highest_position = greatest(known.highest_position, excluded.highest_position),
     stored = known.stored + excluded.stored,
     clock_offset_ms = excluded.clock_offset_ms,
     last_batch_at = excluded.last_batch_at";

/// What has been judged so far.
#[derive(Default)]
pub(super) struct Writing<'a> {
    kept: Vec<(&'a ReadBatch, &'a ReadEntry, Outcome)>,
    following: Following,
    contacts: Vec<Contact<'a>>,
}

/// A batch that came: how many places it filled, and the last of them.
struct Contact<'a> {
    batch: &'a ReadBatch,
    stored: u64,
    highest: u64,
}

impl<'a> Writing<'a> {
    /// Takes in a batch that was judged; `known` knows what its entries change.
    pub(super) fn take(&mut self, batch: &'a ReadBatch, judged: &[Judged], known: &Known) {
        let owner = rows::code(batch.tablet_id.municipality());
        let (mut stored, mut highest) = (0, 0);
        for (entry, judged) in batch.entries.iter().zip(judged) {
            let Judged::Kept(outcome) = judged else { continue };
            if let Content::Known(said) = &entry.content {
                let (entry_id, received_at) = (said.entry_id, batch.received_at);
                let kept = Kept { owner: &owner, entry_id, hash: entry.hash, received_at };
                self.following.take(&kept, &known.effects(said, outcome));
            }
            // Two entries that claim the same place count once.
            stored += u64::from(*outcome != Outcome::NeedsReview(ReviewReason::PositionTaken));
            highest = entry.position.number();
            self.kept.push((batch, entry, outcome.clone()));
        }
        self.contacts.push(Contact { batch, stored, highest });
    }

    /// As statements.
    pub(super) fn calls(self, layout: Layout) -> Vec<Call<'a>> {
        let mut calls = insert(layout, Again::Fails, "entries", entries(&self.kept));
        calls.extend(self.following.calls(layout));
        calls.extend(self.contacts.iter().map(|contact| contacted(contact.batch)));
        calls.extend(insert(layout, Again::Joins(COUNTED), "epochs AS known", counted(&self.contacts)));
        calls.extend(self.contacts.iter().flat_map(|contact| set_aside(contact.batch)));
        calls
    }
}

fn entries<'a>(kept: &[(&'a ReadBatch, &'a ReadEntry, Outcome)]) -> Rows<'a> {
    let bytes =
        |of: fn(&ReadEntry) -> &[u8]| Column::Bytes(kept.iter().map(|(_, entry, _)| of(entry)).collect());
    let big = |of: fn(&ReadBatch, &ReadEntry) -> i64| {
        Column::Big(kept.iter().map(|(batch, entry, _)| of(batch, entry)).collect())
    };
    let ids = kept.iter().map(|(_, entry, _)| entry.entry_id().map(EntryId::to_bytes)).collect();
    let outcomes = kept.iter().map(|(_, _, outcome)| outcome.to_string()).collect();
    Rows::new(
        "municipality",
        kept.iter().map(|(batch, _, _)| rows::code(batch.tablet_id.municipality())).collect(),
        vec![
            ("tablet_number", big(|batch, _| i64::from(batch.tablet_id.number()))),
            ("epoch", big(|batch, _| i64::from(batch.epoch.number()))),
            ("position", big(|_, entry| rows::signed(entry.position.number()))),
            ("hash", bytes(|entry| &entry.hash.0)),
            ("previous_link", bytes(|entry| &entry.previous.0)),
            ("link", bytes(|entry| &entry.link.0)),
            ("entry_id", Column::MaybeBytes(ids)),
            ("outcome", Column::Text(outcomes)),
            ("received_at", big(|batch, _| batch.received_at.unix_ms())),
            ("entry", bytes(|entry| &entry.bytes)),
        ],
    )
}

fn contacted(batch: &ReadBatch) -> Call<'_> {
    let (municipality, number) = rows::key(batch.tablet_id);
    Call::new(
        "UPDATE devices SET last_contact_at = $3, program = $4
         WHERE municipality = $1 AND tablet_number = $2",
        values![municipality, number, batch.received_at.unix_ms(), batch.program.as_str()],
    )
}

fn counted<'a>(contacts: &[Contact<'a>]) -> Rows<'a> {
    let big = |of: fn(&Contact<'a>) -> i64| Column::Big(contacts.iter().map(of).collect());
    Rows::new(
        "municipality",
        contacts.iter().map(|contact| rows::code(contact.batch.tablet_id.municipality())).collect(),
        vec![
            ("tablet_number", big(|contact| i64::from(contact.batch.tablet_id.number()))),
            ("epoch", big(|contact| i64::from(contact.batch.epoch.number()))),
            ("last_position", big(|contact| rows::signed(contact.batch.last_position.number()))),
            ("highest_position", big(|contact| rows::signed(contact.highest))),
            ("stored", big(|contact| rows::signed(contact.stored))),
            ("clock_offset_ms", big(|contact| contact.batch.clock_offset_ms)),
            ("last_batch_at", big(|contact| contact.batch.received_at.unix_ms())),
        ],
    )
}

/// Databases that nobody can open any more: what they had given out beyond what came is missing for good.
fn set_aside<'a>(batch: &'a ReadBatch) -> impl Iterator<Item = Call<'a>> {
    batch.set_aside.iter().map(|aside| {
        let (municipality, number) = rows::key(batch.tablet_id);
        Call::new(
            "INSERT INTO epochs AS known (municipality, tablet_number, epoch, last_position, highest_position,
                 stored, clock_offset_ms, last_batch_at)
             VALUES ($1, $2, $3, $4, 0, 0, $5, $6)
             ON CONFLICT (municipality, tablet_number, epoch) DO UPDATE SET
                 last_position = greatest(known.last_position, excluded.last_position)",
            values![
                municipality,
                number,
                i64::from(aside.epoch.number()),
                rows::signed(aside.last_position.number()),
                batch.clock_offset_ms,
                batch.received_at.unix_ms()
            ],
        )
    })
}
