//! Which entries may explain a difference of the closing.
//!
//! Must not: decide; a person looks at each.

use std::collections::BTreeMap;

use record::{EntryId, LotNumber, OcrLine, closing::Difference};
use store::{DayEntry, UploadState};

/// An entry that may explain a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub entry_id: EntryId,
    /// Why it is looked at.
    pub why: Why,
}

/// Why an entry may explain a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It has no receipt yet.
    Waiting,
    /// It was cancelled; perhaps it should stand.
    Cancelled,
    /// The same coupon stands twice on that day.
    SameCoupon,
    /// Another entry's number differs in one digit.
    NearlySame,
    /// Its lot is not the one of most entries.
    OtherLot,
}

/// The entries of the day that may explain that difference, oldest first for each reason; none where none can be named.
#[must_use]
pub fn candidates(difference: &Difference, entries: &[DayEntry]) -> Vec<Candidate> {
    match difference {
        Difference::Receipts { .. } => {
            those(entries, Why::Waiting, |entry| entry.stands && entry.state == UploadState::Pending)
        }
        Difference::Paper { paper_forms, entries: held } if paper_forms > held => {
            cancelled(entries, |_| true)
        }
        Difference::Paper { .. } => doubles(entries),
        Difference::Doses { lot, drawn, recorded } => {
            let is_of_lot = |entry: &DayEntry| entry.given.as_ref().is_some_and(|(_, own)| own == lot);
            let mut found = if *drawn > i64::from(*recorded) {
                cancelled(entries, is_of_lot)
            } else {
                let of_lot: Vec<DayEntry> =
                    entries.iter().filter(|entry| is_of_lot(entry)).cloned().collect();
                doubles(&of_lot)
            };
            found.extend(other_lot(entries));
            found
        }
    }
}

fn those(entries: &[DayEntry], why: Why, wanted: impl Fn(&DayEntry) -> bool) -> Vec<Candidate> {
    let as_candidate = |entry: &DayEntry| Candidate { entry_id: entry.entry_id, why };
    entries.iter().filter(|entry| wanted(entry)).map(as_candidate).collect()
}

fn cancelled(entries: &[DayEntry], wanted: impl Fn(&DayEntry) -> bool) -> Vec<Candidate> {
    those(entries, Why::Cancelled, |entry| !entry.stands && wanted(entry))
}

/// Entries that may be one paper recorded twice: the same coupon, or one digit another.
fn doubles(entries: &[DayEntry]) -> Vec<Candidate> {
    let standing = || entries.iter().filter(|entry| entry.stands);
    let has_other = |entry: &DayEntry, near: fn(&OcrLine, &OcrLine) -> bool| {
        standing().any(|other| other.entry_id != entry.entry_id && near(&entry.coupon, &other.coupon))
    };
    let same = |one: &OcrLine, other: &OcrLine| {
        (one.municipality(), one.number()) == (other.municipality(), other.number())
    };
    let nearly = |one: &OcrLine, other: &OcrLine| {
        let digits = one.to_digits().into_iter().zip(other.to_digits());
        digits.filter(|(one, other)| one != other).count() == 1
    };
    let mut found = those(entries, Why::SameCoupon, |entry| entry.stands && has_other(entry, same));
    found.extend(those(entries, Why::NearlySame, |entry| {
        entry.stands && has_other(entry, nearly) && !has_other(entry, same)
    }));
    found
}

/// Entries under another lot than most of the day's.
fn other_lot(entries: &[DayEntry]) -> Vec<Candidate> {
    let mut counts: BTreeMap<&LotNumber, usize> = BTreeMap::new();
    for (_, lot) in entries.iter().filter(|entry| entry.stands).filter_map(|entry| entry.given.as_ref()) {
        *counts.entry(lot).or_default() += 1;
    }
    let Some((most, _)) = counts.into_iter().max_by_key(|(_, count)| *count) else { return Vec::new() };
    those(entries, Why::OtherLot, |entry| {
        entry.stands && entry.given.as_ref().is_some_and(|(_, lot)| lot != most)
    })
}
