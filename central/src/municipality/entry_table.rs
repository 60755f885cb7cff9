//! 系列の表: the entries of one coupon in the order in which they came, what each corrects or takes back, and what counts.
//!
//! Must not: look anything up.

use std::collections::{BTreeMap, BTreeSet};

use record::{
    EntryId, Outcome, WallTime,
    entry::{Corrected, EntryContent},
};

use super::{
    comparison::reason_word,
    people_words::{PeopleWords, people_words},
    phrases,
    words::words,
};
use crate::{
    console::{language::Language, phrases as console_phrases},
    storage::{CouponEntry, StandingDose},
};

/// An entry.
pub(super) struct EntryRow {
    pub(super) name: String,
    pub(super) kind: String,
    /// Class and shape of its state.
    pub(super) mark: &'static str,
    pub(super) state: &'static str,
    pub(super) dose: String,
    pub(super) vaccinated_on: String,
    pub(super) vaccine: String,
    pub(super) lot: String,
    pub(super) site: String,
    pub(super) tablet: String,
    pub(super) received: String,
}

/// The rows, first to last.
pub(super) fn rows(
    language: Language,
    entries: &[CouponEntry],
    standing: &[StandingDose],
    now: WallTime,
) -> Vec<EntryRow> {
    let own = people_words(language);
    let stands: BTreeSet<EntryId> = standing.iter().map(|dose| dose.entry_id).collect();
    let changed = changed(entries);
    let named = |wanted: EntryId| {
        let place = entries.iter().position(|one| one.entry.entry_id == wanted);
        place.map_or_else(
            || words(language).another_entry.to_owned(),
            |place| phrases::entry_name(language, place + 1),
        )
    };
    (1..)
        .zip(entries)
        .map(|(place, one)| {
            let (mark, state) = state(own, one, &stands, &changed);
            let nothing = || own.nothing_said.to_owned();
            let day = one.entry.content.vaccination().map(|said| &said.day);
            EntryRow {
                name: phrases::entry_name(language, place),
                kind: kind(language, &one.entry.content, named),
                mark,
                state,
                dose: day.map_or_else(nothing, |day| phrases::dose(language, day.dose)),
                vaccinated_on: day
                    .map_or_else(nothing, |day| day.vaccinated_on.to_string().replace('-', "/")),
                vaccine: day.map_or_else(nothing, |day| {
                    format!("{} {}", day.vaccine.manufacturer, day.vaccine.product)
                }),
                lot: day.map_or_else(nothing, |day| day.lot.to_string()),
                site: day.map_or_else(nothing, |day| day.site.name.to_string()),
                tablet: one.tablet_id.to_string(),
                received: console_phrases::at(one.received_at, now),
            }
        })
        .collect()
}

/// What a delivered entry took the place of, and whether only to take it back.
fn changed(entries: &[CouponEntry]) -> BTreeMap<EntryId, bool> {
    let delivered = entries.iter().filter(|one| one.outcome == Outcome::Delivered);
    delivered
        .filter_map(|one| {
            let takes_back = matches!(one.entry.content, EntryContent::Cancellation(_));
            one.entry.content.changes().map(|changed| (changed, takes_back))
        })
        .collect()
}

fn state(
    own: &PeopleWords,
    one: &CouponEntry,
    stands: &BTreeSet<EntryId>,
    changed: &BTreeMap<EntryId, bool>,
) -> (&'static str, &'static str) {
    let records = one.entry.content.vaccination().is_some();
    match (&one.outcome, changed.get(&one.entry.entry_id)) {
        _ if records && stands.contains(&one.entry.entry_id) => ("safe", own.stands),
        (_, Some(true)) => ("awaited", own.cancelled),
        (_, Some(false)) => ("awaited", own.corrected),
        (Outcome::NeedsReview(_), None) => ("person", own.waits),
        (_, None) if matches!(one.entry.content, EntryContent::Cancellation(_)) => {
            ("awaited", own.takes_back)
        }
        (_, None) => ("awaited", own.does_not_count),
    }
}

fn kind(language: Language, content: &EntryContent, named: impl Fn(EntryId) -> String) -> String {
    let own = words(language);
    match content {
        EntryContent::Correction(correction) => {
            let change = phrases::change(
                language,
                false,
                &named(correction.replaces),
                reason_word(own, correction.reason),
            );
            match correction.corrected {
                Corrected::Vaccination(_) => change,
                Corrected::ScreenedOnly(_) => phrases::to_screened_only(language, &change),
            }
        }
        EntryContent::Cancellation(cancellation) => phrases::change(
            language,
            true,
            &named(cancellation.cancels),
            reason_word(own, cancellation.reason),
        ),
        EntryContent::Vaccination(_)
        | EntryContent::ScreenedOnly(_)
        | EntryContent::Closing(_)
        | EntryContent::Stock(_) => own.vaccination.to_owned(),
    }
}
