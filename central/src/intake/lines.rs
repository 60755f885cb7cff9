//! 系列: an entry, what it corrects, and what corrects it, as the kept entries of one municipality say. They tell of one
//! vaccination, so that at most one of them counts, for whichever dose.
//!
//! Must not: look anything up, or say which of them counts.

use std::collections::{BTreeMap, BTreeSet};

use record::{Entry, EntryId, Outcome};

use super::known::{DoseKey, dose_key};

/// What is known of lines so far.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Lines(BTreeMap<EntryId, Told>);

/// What the kept entries of one id say together: two may claim it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Told {
    doses: BTreeSet<DoseKey>,
    changes: BTreeSet<EntryId>,
    is_delivered: bool,
}

impl Lines {
    /// Takes note that an id was looked for, whether or not anything is kept under it.
    pub fn look(&mut self, entry_id: EntryId) {
        self.0.entry(entry_id).or_default();
    }

    /// Takes in a kept entry, and what was said of it.
    pub fn tell(&mut self, entry: &Entry, outcome: &Outcome) {
        let told = self.0.entry(entry.entry_id).or_default();
        told.doses.extend(entry.content.vaccination().map(dose_key));
        told.changes.extend(entry.content.changes());
        told.is_delivered |= *outcome == Outcome::Delivered;
    }

    /// Whether that id was looked for.
    #[must_use]
    pub fn knows(&self, entry_id: EntryId) -> bool {
        self.0.contains_key(&entry_id)
    }

    /// Every id that was looked for.
    #[must_use]
    pub fn entry_ids(&self) -> BTreeSet<EntryId> {
        self.0.keys().copied().collect()
    }

    /// What entries change that were told of, and was not looked for itself.
    #[must_use]
    pub fn further(&self) -> BTreeSet<EntryId> {
        let changed = self.0.values().flat_map(|told| &told.changes).copied();
        changed.filter(|entry_id| !self.knows(*entry_id)).collect()
    }

    /// The doses that all of them record.
    #[must_use]
    pub fn doses(&self) -> BTreeSet<DoseKey> {
        self.0.values().flat_map(|told| &told.doses).copied().collect()
    }

    /// The doses that the entries of that id record.
    #[must_use]
    pub fn doses_of(&self, entry_id: EntryId) -> BTreeSet<DoseKey> {
        self.0.get(&entry_id).map(|told| told.doses.clone()).unwrap_or_default()
    }

    /// Those, and the ones of all that it changes, however far back.
    #[must_use]
    pub fn doses_back_from(&self, entry_id: EntryId) -> BTreeSet<DoseKey> {
        self.reached(entry_id, |id, told| self.0.get(&id).is_some_and(|of| of.changes.contains(&told)))
            .into_iter()
            .flat_map(|entry_id| self.doses_of(entry_id))
            .collect()
    }

    /// Whether it changes another entry and was never delivered, so that what it changes was not ended.
    #[must_use]
    pub fn changed_nothing(&self, entry_id: EntryId) -> bool {
        self.0.get(&entry_id).is_some_and(|told| !told.is_delivered && !told.changes.is_empty())
    }

    /// The line of that entry, with itself.
    #[must_use]
    pub fn line_of(&self, entry_id: EntryId) -> BTreeSet<EntryId> {
        let changes =
            |one: EntryId, other: EntryId| self.0.get(&one).is_some_and(|told| told.changes.contains(&other));
        self.reached(entry_id, |one, other| changes(one, other) || changes(other, one))
    }

    fn reached(&self, from: EntryId, leads: impl Fn(EntryId, EntryId) -> bool) -> BTreeSet<EntryId> {
        let (mut reached, mut next) = (BTreeSet::from([from]), vec![from]);
        while let Some(one) = next.pop() {
            for other in self.0.keys().copied().filter(|other| leads(one, *other)) {
                if reached.insert(other) {
                    next.push(other);
                }
            }
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use record::ReviewReason;

    use super::*;
    use crate::storage::contract::entries::{EntryMaker, vaccination_in};

    #[test]
    fn a_line_leads_back_and_forth_and_to_nothing_beside_it() {
        let mut maker = EntryMaker::new("131130".parse().unwrap(), 1);
        let (first, other) = (maker.vaccination(), maker.vaccination());
        let one = maker.correction(first.entry_id, vaccination_in(&other));
        let two = maker.cancellation(one.entry_id);
        let beside = maker.correction(first.entry_id, vaccination_in(&first));
        let mut lines = Lines::default();
        let review = Outcome::NeedsReview(ReviewReason::CheckedRecord);
        lines.tell(&two, &review);
        assert_eq!(lines.further(), BTreeSet::from([one.entry_id]));
        lines.tell(&one, &review);
        lines.look(first.entry_id);
        assert_eq!(lines.further(), BTreeSet::new());
        for (entry, outcome) in
            [(&first, Outcome::Delivered), (&other, Outcome::Delivered), (&beside, review)]
        {
            lines.tell(entry, &outcome);
        }
        let line = BTreeSet::from([first.entry_id, one.entry_id, two.entry_id, beside.entry_id]);
        for entry_id in &line {
            assert_eq!(lines.line_of(*entry_id), line);
        }
        assert_eq!(lines.line_of(other.entry_id), BTreeSet::from([other.entry_id]));
        let key = |entry: &Entry| dose_key(entry.content.vaccination().unwrap());
        assert_eq!(lines.doses_back_from(two.entry_id), BTreeSet::from([key(&first), key(&one)]));
        assert_eq!(lines.doses_back_from(first.entry_id), BTreeSet::from([key(&first)]));
        assert!(lines.changed_nothing(one.entry_id) && !lines.changed_nothing(first.entry_id));
    }
}
