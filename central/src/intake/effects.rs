//! 台帳への効き目: what a kept entry does to the register, from what it says and what was said of it. The register can be
//! built again from the entries by this alone; what a person decided lies over it and is read beside it.
//!
//! Must not: look anything up, or depend on when it is asked.

use std::collections::BTreeSet;

use record::{Entry, EntryId, Outcome, ReviewReason, entry::EntryContent};

use super::{
    known::{DoseKey, dose_key},
    lines::Lines,
};

/// What is said of the entries that do anything, as it is kept; a list for a statement.
pub const HAVE_EFFECTS: &str = "'delivered', 'needs_review:other_content_for_same_dose', 'needs_review:checked_record', \
     'needs_review:changes_undelivered_change'";

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
    /// What that entry does, of which `outcome` was said. `lines` knows the kept entries that it changes, and what those
    /// change, in the same municipality.
    #[must_use]
    pub fn of(said: &Entry, outcome: &Outcome, lines: &Lines) -> Self {
        let dose = said.content.vaccination().map(dose_key);
        let changed = said.content.changes();
        // A correction may lead from one dose to another: both are looked at.
        let with = |doses: BTreeSet<DoseKey>| Self {
            disputes: dose.into_iter().chain(doses).collect(),
            ..Self::default()
        };
        match outcome {
            Outcome::Delivered => {
                let cancels = matches!(said.content, EntryContent::Cancellation(_));
                let change = changed.map(|changed| Change { changed, cancels });
                Self { change, dose, disputes: BTreeSet::new() }
            }
            Outcome::NeedsReview(ReviewReason::OtherContentForSameDose | ReviewReason::CheckedRecord) => {
                with(changed.map(|changed| lines.doses_of(changed)).unwrap_or_default())
            }
            Outcome::NeedsReview(ReviewReason::ChangesUndeliveredChange) => {
                with(changed.map(|changed| lines.doses_back_from(changed)).unwrap_or_default())
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
        let reasons = [
            ReviewReason::OtherContentForSameDose,
            ReviewReason::CheckedRecord,
            ReviewReason::ChangesUndeliveredChange,
        ];
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
        let mut lines = Lines::default();
        lines.tell(&one, &Outcome::Delivered);

        let delivered = Effects::of(&correction, &Outcome::Delivered, &lines);
        assert_eq!(delivered.change, Some(Change { changed: one.entry_id, cancels: false }));
        assert_eq!((delivered.dose, &delivered.disputes), (Some(key(&other)), &none));

        let checked = review(ReviewReason::CheckedRecord);
        let contradicts = review(ReviewReason::OtherContentForSameDose);
        for outcome in [&checked, &contradicts] {
            assert_eq!(Effects::of(&correction, outcome, &lines).disputes, both);
        }
        assert_eq!(Effects::of(&cancellation, &checked, &lines).disputes, of_one);
        assert_eq!(Effects::of(&one, &contradicts, &lines).disputes, of_one);
        // What changes a correction that changed nothing leads back to the first.
        lines.tell(&correction, &contradicts);
        let taken_back = maker.cancellation(correction.entry_id);
        let undelivered = review(ReviewReason::ChangesUndeliveredChange);
        assert_eq!(Effects::of(&taken_back, &undelivered, &lines).disputes, both);
        for said in [&one, &correction, &cancellation] {
            for outcome in [review(ReviewReason::FutureDate), review(ReviewReason::ChangesChangedEntry)] {
                assert_eq!(Effects::of(said, &outcome, &lines), Effects::default());
            }
        }
    }
}
