//! What delivered entries do to the register, as statements: for a batch that comes, and when the register is derived
//! again.
//!
//! Must not: decide what is delivered.

use std::collections::{BTreeMap, BTreeSet};

use record::Entry;

use super::{
    call::Call,
    columns::{Again, Column, Layout, Rows, insert},
    rows,
};
use crate::intake::effects;

/// An id as the database keeps it.
type Id = [u8; 16];

/// A dose that an entry tells of, in the order of its key.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct DoseRow {
    issuer: String,
    number: String,
    dose: i16,
    owner: String,
    entry_id: Id,
}

/// What follows from delivered entries; in order of key.
#[derive(Default)]
pub(super) struct Following {
    /// Who owns both entries, the one that is changed, the one that changes it; whether it only takes back.
    changes: BTreeMap<(String, Id, Id), bool>,
    doses: BTreeSet<DoseRow>,
}

impl Following {
    /// Takes in an entry that was delivered by a tablet of `owner`.
    pub(super) fn take(&mut self, owner: &str, said: &Entry) {
        let entry_id = said.entry_id.to_bytes();
        let follows = effects(said);
        if let Some((coupon, dose)) = follows.dose {
            self.doses.insert(DoseRow {
                issuer: rows::code(coupon.municipality),
                number: coupon.number.to_string(),
                dose: i16::from(dose.number()),
                owner: owner.to_owned(),
                entry_id,
            });
        }
        if let Some(change) = follows.change {
            self.changes.insert((owner.to_owned(), change.changed.to_bytes(), entry_id), change.cancels);
        }
    }

    /// A row that is there stays: the same entry at a second place does nothing a second time.
    pub(super) fn calls(self, layout: Layout) -> Vec<Call<'static>> {
        let changed = self.changes.keys().map(|(_, changed, _)| Some(*changed)).collect();
        let by = self.changes.keys().map(|(_, _, entry_id)| Some(*entry_id)).collect();
        let changes = Rows::new(
            "municipality",
            self.changes.keys().map(|(owner, _, _)| owner.clone()).collect(),
            vec![
                ("changed_entry_id", Column::MaybeBytes(changed)),
                ("entry_id", Column::MaybeBytes(by)),
                ("cancels", Column::Flag(self.changes.values().copied().collect())),
            ],
        );
        let doses = Rows::new(
            "coupon_municipality",
            self.doses.iter().map(|row| row.issuer.clone()).collect(),
            vec![
                ("coupon_number", Column::Text(self.doses.iter().map(|row| row.number.clone()).collect())),
                ("dose", Column::Small(self.doses.iter().map(|row| row.dose).collect())),
                ("municipality", Column::Text(self.doses.iter().map(|row| row.owner.clone()).collect())),
                ("entry_id", Column::MaybeBytes(self.doses.iter().map(|row| Some(row.entry_id)).collect())),
            ],
        );
        let mut calls = insert(layout, Again::Stays, "changes", changes);
        calls.extend(insert(layout, Again::Stays, "doses", doses));
        calls
    }
}
