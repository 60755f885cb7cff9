//! What a storage already keeps that bears on one batch.
//!
//! Must not: be kept longer than the transaction it was read in.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use record::{
    DoseNumber, Entry, EntryId, Outcome, Position,
    bytes::{EntryHash, Link},
    entry::{EntryContent, Vaccination},
};

use super::{Content, Effects, Lines, ReadBatch, ReadEntry};
use crate::storage::{CouponKey, StandingDose};

/// 重複の鍵: a dose of a coupon.
pub type DoseKey = (CouponKey, DoseNumber);

/// What to look up for a batch.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lookups {
    /// Runs of places, with the neighbour on either side.
    pub places: Vec<(u64, u64)>,
    /// Ids of the entries and of those they change.
    pub entry_ids: BTreeSet<EntryId>,
    /// Of those, the ones that the batch's entries change: which doses they record.
    pub changed: BTreeSet<EntryId>,
    /// Doses that the batch's entries record. Those that [`Self::changed`] record are looked up as well.
    pub doses: BTreeSet<DoseKey>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Known {
    /// Kept entries of this tablet and epoch by place.
    pub places: BTreeMap<u64, Vec<KnownPlace>>,
    /// Hashes of the municipality's kept entries by id.
    pub entry_ids: HashMap<EntryId, Vec<EntryHash>>,
    /// Delivered changes by the entry they change.
    pub changes: HashMap<EntryId, Vec<KnownChange>>,
    /// The kept entries that the batch's entries change, and what those change, however far back.
    pub lines: Lines,
    /// Standing doses.
    pub doses: HashMap<DoseKey, Vec<StandingDose>>,
    /// Doses of which a person decided what stands.
    pub checked: HashSet<DoseKey>,
}

/// A kept entry at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPlace {
    /// Hash of its bytes.
    pub hash: EntryHash,
    /// The link before it.
    pub previous: Link,
    /// Its own link.
    pub link: Link,
    /// What was said of it.
    pub outcome: Outcome,
}

/// A delivered change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownChange {
    /// The entry that changes.
    pub entry_id: EntryId,
    /// Whether it only takes back.
    pub cancels: bool,
}

/// The key under which a dose may be recorded once.
#[must_use]
pub fn dose_key(vaccination: &Vaccination) -> DoseKey {
    let coupon = vaccination.coupon;
    (CouponKey { municipality: coupon.municipality(), number: coupon.number() }, vaccination.day.dose)
}

impl Lookups {
    /// What bears on this batch.
    #[must_use]
    pub fn of(batch: &ReadBatch) -> Self {
        let mut lookups = Self::default();
        for entry in &batch.entries {
            lookups.add_place(entry.position);
            let Content::Known(said) = &entry.content else { continue };
            lookups.entry_ids.insert(said.entry_id);
            lookups.entry_ids.extend(said.content.changes());
            lookups.changed.extend(said.content.changes());
            lookups.doses.extend(said.content.vaccination().map(dose_key));
        }
        lookups
    }

    /// Positions rise within a batch, so a run either grows or a new one begins. No place is in two runs.
    fn add_place(&mut self, position: Position) {
        let number = position.number();
        match self.places.last_mut() {
            Some((_, last)) if number <= *last + 1 => *last = number + 1,
            _ => self.places.push((number - 1, number + 1)),
        }
    }
}

impl Known {
    /// The entries kept at that place.
    pub(super) fn at(&self, number: u64) -> &[KnownPlace] {
        self.places.get(&number).map_or(&[], Vec::as_slice)
    }

    /// Doses that the kept entries record which `said` changes.
    #[must_use]
    pub fn changed_doses(&self, said: &Entry) -> BTreeSet<DoseKey> {
        said.content.changes().map(|changed| self.lines.doses_of(changed)).unwrap_or_default()
    }

    /// What `said` does, of which that is said.
    #[must_use]
    pub fn effects(&self, said: &Entry, outcome: &Outcome) -> Effects {
        Effects::of(said, outcome, &self.lines)
    }

    /// Takes in an entry that is being kept, so that the next of the batch is judged with it.
    pub(super) fn learn(&mut self, entry: &ReadEntry, outcome: &Outcome) {
        let place = KnownPlace {
            hash: entry.hash,
            previous: entry.previous,
            link: entry.link,
            outcome: outcome.clone(),
        };
        self.places.entry(entry.position.number()).or_default().push(place);
        let Content::Known(said) = &entry.content else { return };
        self.entry_ids.entry(said.entry_id).or_default().push(entry.hash);
        self.lines.tell(said, outcome);
        if *outcome != Outcome::Delivered {
            return;
        }
        if let Some(changed) = said.content.changes() {
            let cancels = matches!(said.content, EntryContent::Cancellation(_));
            let change = KnownChange { entry_id: said.entry_id, cancels };
            self.changes.entry(changed).or_default().push(change);
            for doses in self.doses.values_mut() {
                doses.retain(|dose| dose.entry_id != changed);
            }
        }
        if let Some(vaccination) = said.content.vaccination() {
            // The same entry may come again at another place, after it was replaced or taken back.
            // Of a checked dose stands what was decided, and nothing that comes later.
            let key = dose_key(vaccination);
            let stands = !self.changes.contains_key(&said.entry_id) && !self.checked.contains(&key);
            let standing = self.doses.entry(key).or_default();
            if stands && standing.iter().all(|dose| dose.entry_id != said.entry_id) {
                let vaccination = vaccination.clone();
                standing.push(StandingDose {
                    entry_id: said.entry_id,
                    recorded_at: said.recorded_at,
                    vaccination,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_looked_up_in_runs_with_their_neighbours() {
        let mut lookups = Lookups::default();
        for number in [1, 2, 5, 6, 8, 20] {
            lookups.add_place(Position::new(number).unwrap());
        }
        assert_eq!(lookups.places, [(0, 3), (4, 9), (19, 21)]);
    }
}
