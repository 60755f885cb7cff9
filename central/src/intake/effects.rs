//! 台帳への効き目: what a kept entry does to the register, from what it says and what was said of it. The register can be
//! built again from the entries by this alone; what a person decided lies over it and is read beside it.
//!
//! Must not: look anything up, or depend on when it is asked.

use std::collections::BTreeSet;

use record::{Entry, EntryId, Outcome, ReviewReason, entry::EntryContent};

use super::known::{DoseKey, dose_key};

/// What is said of the entries that do anything, as it is kept; a list for a statement.
pub const HAVE_EFFECTS: &str =
    "'delivered', 'needs_review:other_content_for_same_dose', 'needs_review:checked_record'";

/// What an entry does.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Effects {
    /// 訂正・取消: the entry that no longer stands.
    pub change: Option<Change>,
    /// The dose that it records.
    pub dose: Option<DoseKey>,
    /// 判断待ち: the doses about which it contradicts what stands.
    pub disputes: BTreeSet<DoseKey>,
}

/// A delivered correction or cancellation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The entry it ends.
    pub changed: EntryId,
    /// Whether it only takes back.
    pub cancels: bool,
}

impl Effects {
    /// What that entry does, of which `outcome` was said. `changed_doses` are the doses that the kept entries record
    /// which have the id that it changes, in the same municipality.
    #[must_use]
    pub fn of(said: &Entry, outcome: &Outcome, changed_doses: &BTreeSet<DoseKey>) -> Self {
        let dose = said.content.vaccination().map(dose_key);
        let disputes = |doses: BTreeSet<DoseKey>| Self { disputes: doses, ..Self::default() };
        match outcome {
            Outcome::Delivered => {
                let cancels = matches!(said.content, EntryContent::Cancellation(_));
                let change = said.content.changes().map(|changed| Change { changed, cancels });
                Self { change, dose, disputes: BTreeSet::new() }
            }
            Outcome::NeedsReview(ReviewReason::OtherContentForSameDose) => {
                disputes(dose.into_iter().collect())
            }
            // A correction may lead from one dose to another: both are looked at.
            Outcome::NeedsReview(ReviewReason::CheckedRecord) => {
                disputes(dose.into_iter().chain(changed_doses.iter().copied()).collect())
            }
            Outcome::NeedsReview(_) | Outcome::Later(_) => Self::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::contract::entries::{EntryMaker, day, vaccination_in};

    fn key(entry: &Entry) -> DoseKey {
        dose_key(entry.content.vaccination().unwrap())
    }
    fn review(reason: ReviewReason) -> Outcome {
        Outcome::NeedsReview(reason)
    }

    #[test]
    fn statements_name_what_has_effects() {
        let reasons = [ReviewReason::OtherContentForSameDose, ReviewReason::CheckedRecord];
        let mut outcomes = vec![Outcome::Delivered];
        outcomes.extend(reasons.map(Outcome::NeedsReview));
        let quoted: Vec<String> = outcomes.iter().map(|outcome| format!("'{outcome}'")).collect();
        assert_eq!(quoted.join(", "), HAVE_EFFECTS);
    }

    #[test]
    fn only_what_was_delivered_counts_and_only_contradictions_are_disputes() {
        let mut maker = EntryMaker::new("131130".parse().unwrap(), 1);
        let (one, other) =
            (maker.vaccination(), maker.vaccination_of("211311300000000099".parse().unwrap(), day()));
        let correction = maker.correction(one.entry_id, vaccination_in(&other));
        let cancellation = maker.cancellation(one.entry_id);
        let (none, of_one) = (BTreeSet::new(), BTreeSet::from([key(&one)]));
        let both = BTreeSet::from([key(&one), key(&other)]);

        let delivered = Effects::of(&correction, &Outcome::Delivered, &of_one);
        assert_eq!(delivered.change, Some(Change { changed: one.entry_id, cancels: false }));
        assert_eq!((delivered.dose, &delivered.disputes), (Some(key(&other)), &none));

        let checked = review(ReviewReason::CheckedRecord);
        assert_eq!(Effects::of(&correction, &checked, &of_one).disputes, both);
        assert_eq!(Effects::of(&cancellation, &checked, &of_one).disputes, of_one);
        let contradicts = review(ReviewReason::OtherContentForSameDose);
        assert_eq!(Effects::of(&correction, &contradicts, &of_one).disputes, BTreeSet::from([key(&other)]));
        for said in [&one, &correction, &cancellation] {
            for outcome in [review(ReviewReason::FutureDate), review(ReviewReason::ChangesChangedEntry)] {
                assert_eq!(Effects::of(said, &outcome, &of_one), Effects::default());
            }
        }
    }
}
