//! 判定: one outcome for each entry of a batch. The rules, in the order they are asked:
//!
//! 1. The same entry at the same place as before: its first outcome again, and nothing changes.
//! 2. A kind or version not known here: later. Not kept, so that it shows as missing until it can be read.
//! 3. Its place: taken by another entry, or not following its neighbours.
//! 4. Its content: malformed; another municipality's; another entry's id; a coupon of no municipality; a day
//!    to come; a change of what never came, of what was changed before, or of a change that was not delivered
//!    itself; a checked dose told otherwise; a dose that another entry recorded otherwise.
//!
//! What needs review is kept with its place and hash, but counts nowhere until a person decides: only
//! delivered entries make doses and changes.
//!
//! **The same dose twice with the same content** (coupon, date, site, physician, vaccine, lot, dose) under two
//! ids – a paper scanned on two tablets, or twice on one – is one vaccination told by two entries: both are
//! delivered, and taking back the one leaves the other standing. How the digits were witnessed is not part of
//! that content.
//!
//! **A checked dose** (確定済み), of which a person decided what stands, stays as decided: only who tells the same, or takes
//! back what does not stand, is delivered. Anything else waits for a new decision.
//!
//! **A chain that forked** (a restored backup): each place that was taken needs review; what follows one of the
//! kept entries is in order again.
//!
//! Must not: write, look anything up, or let one entry decide over another.

use record::{
    CalendarDate, Entry, MunicipalityTable, Outcome, ReviewReason,
    entry::{Corrected, EntryContent, Vaccination},
    outcome::LaterReason,
};
use seal::chain;

use super::{
    Content, ReadBatch, ReadEntry,
    known::{DoseKey, Known, dose_key},
};
use crate::storage::StandingDose;

/// What is to be done with one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    /// Kept before, with this outcome.
    Repeated(Outcome),
    /// Not kept now.
    Deferred(LaterReason),
    /// To be kept with this outcome.
    Kept(Outcome),
}

impl Judged {
    /// What the tablet is told.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Repeated(outcome) | Self::Kept(outcome) => outcome.clone(),
            Self::Deferred(reason) => Outcome::Later(reason.clone()),
        }
    }
}

/// Judges the entries of a batch one after the other. `known` holds what [`super::Lookups`] asked for, and takes
/// in what is to be kept.
pub fn judge(batch: &ReadBatch, known: &mut Known, table: &MunicipalityTable) -> Vec<Judged> {
    let mut all = Vec::with_capacity(batch.entries.len());
    for entry in &batch.entries {
        let judged = judge_one(batch, entry, known, table);
        if let Judged::Kept(outcome) = &judged {
            known.learn(entry, outcome);
        }
        all.push(judged);
    }
    all
}

fn judge_one(batch: &ReadBatch, entry: &ReadEntry, known: &Known, table: &MunicipalityTable) -> Judged {
    if let Some(first) = known.at(entry.position.number()).iter().find(|kept| kept.hash == entry.hash) {
        return Judged::Repeated(first.outcome.clone());
    }
    let reason = match &entry.content {
        Content::Newer => return Judged::Deferred(LaterReason::UnknownKind),
        Content::Malformed => place_reason(batch, entry, known).or(Some(ReviewReason::Malformed)),
        Content::Known(said) => place_reason(batch, entry, known)
            .or_else(|| content_reason(batch, entry, said, table, known))
            .or_else(|| change_reason(said, known))
            .or_else(|| checked_reason(said, known))
            .or_else(|| dose_reason(said, known)),
    };
    Judged::Kept(reason.map_or(Outcome::Delivered, Outcome::NeedsReview))
}

/// Whether its place is free and its links meet those beside it. Where a neighbour is missing nothing can be said
/// until it comes; then its own links are held against this one.
fn place_reason(batch: &ReadBatch, entry: &ReadEntry, known: &Known) -> Option<ReviewReason> {
    let number = entry.position.number();
    if !known.at(number).is_empty() {
        return Some(ReviewReason::PositionTaken);
    }
    let follows = if number == 1 {
        entry.previous == chain::genesis(batch.tablet_id, batch.epoch, &batch.device_key)
    } else {
        let before = known.at(number - 1);
        before.is_empty() || before.iter().any(|kept| kept.link == entry.previous)
    };
    let after = known.at(number.saturating_add(1));
    let is_followed = after.is_empty() || after.iter().any(|kept| kept.previous == entry.link);
    if follows && is_followed { None } else { Some(ReviewReason::ChainBroken) }
}

fn content_reason(
    batch: &ReadBatch,
    entry: &ReadEntry,
    said: &Entry,
    table: &MunicipalityTable,
    known: &Known,
) -> Option<ReviewReason> {
    if said.municipality != batch.tablet_id.municipality() {
        return Some(ReviewReason::OtherMunicipality);
    }
    if known.entry_ids.get(&said.entry_id).is_some_and(|kept| kept.iter().any(|hash| *hash != entry.hash)) {
        return Some(ReviewReason::OtherContentForSameId);
    }
    if said.content.coupon().is_some_and(|coupon| table.find(coupon.municipality()).is_none()) {
        return Some(ReviewReason::UnknownMunicipality);
    }
    // Beyond the calendar's century no day can be told from the future; the central's clock is then at fault.
    let today = CalendarDate::in_japan(batch.received_at).ok();
    if happened_on(&said.content).is_some_and(|day| today.is_none_or(|today| day > today)) {
        return Some(ReviewReason::FutureDate);
    }
    // What it recorded until that day it may still bring.
    let replaced_on = batch.replaced_at.and_then(|at| CalendarDate::in_japan(at).ok());
    if happened_on(&said.content).zip(replaced_on).is_some_and(|(day, last)| day > last) {
        return Some(ReviewReason::ReplacedTablet);
    }
    None
}

fn change_reason(said: &Entry, known: &Known) -> Option<ReviewReason> {
    let changed = said.content.changes()?;
    if changed == said.entry_id || !known.entry_ids.contains_key(&changed) {
        return Some(ReviewReason::ChangesUnknownEntry);
    }
    let takes_back = matches!(said.content, EntryContent::Cancellation(_));
    let another = known.changes.get(&changed).is_some_and(|changes| {
        changes.iter().any(|change| change.entry_id != said.entry_id && !(takes_back && change.cancels))
    });
    if another {
        return Some(ReviewReason::ChangesChangedEntry);
    }
    // What that one should have changed still stands: only a person sees which of all of them is right.
    known.lines.changed_nothing(changed).then_some(ReviewReason::ChangesUndeliveredChange)
}

fn checked_reason(said: &Entry, known: &Known) -> Option<ReviewReason> {
    let standing = |key: &DoseKey| known.doses.get(key).map_or(&[][..], Vec::as_slice);
    let takes_back = matches!(said.content, EntryContent::Cancellation(_));
    let changes_it = known.changed_doses(said).iter().any(|key| {
        let stands = standing(key).iter().any(|dose| Some(dose.entry_id) == said.content.changes());
        known.checked.contains(key) && (stands || !takes_back)
    });
    let tells_otherwise = said.content.vaccination().is_some_and(|vaccination| {
        let key = dose_key(vaccination);
        let agrees =
            |dose: &StandingDose| dose.entry_id == said.entry_id || tells_the_same(dose, vaccination);
        // What came before, at another place, and was taken back since, is not told anew.
        let is_gone = known.changes.contains_key(&said.entry_id);
        known.checked.contains(&key) && !is_gone && !standing(&key).iter().any(agrees)
    });
    (changes_it || tells_otherwise).then_some(ReviewReason::CheckedRecord)
}

fn dose_reason(said: &Entry, known: &Known) -> Option<ReviewReason> {
    let vaccination = said.content.vaccination()?;
    if known.changes.contains_key(&said.entry_id) {
        return None; // it came before, at another place, and no longer stands
    }
    let replaced = said.content.changes();
    let otherwise = known.doses.get(&dose_key(vaccination))?.iter().any(|standing| {
        standing.entry_id != said.entry_id
            && Some(standing.entry_id) != replaced
            && !tells_the_same(standing, vaccination)
    });
    otherwise.then_some(ReviewReason::OtherContentForSameDose)
}

fn tells_the_same(standing: &StandingDose, vaccination: &Vaccination) -> bool {
    standing.vaccination.coupon == vaccination.coupon && standing.vaccination.day == vaccination.day
}

fn happened_on(content: &EntryContent) -> Option<CalendarDate> {
    match content {
        EntryContent::ScreenedOnly(screened) => Some(screened.screened_on),
        EntryContent::Correction(correction) => Some(match &correction.corrected {
            Corrected::Vaccination(right) => right.day.vaccinated_on,
            Corrected::ScreenedOnly(right) => right.screened_on,
        }),
        EntryContent::Vaccination(vaccination) => Some(vaccination.day.vaccinated_on),
        EntryContent::Closing(closing) => Some(closing.closed_on),
        EntryContent::Stock(act) => Some(act.done_on),
        EntryContent::Cancellation(_) => None,
    }
}
