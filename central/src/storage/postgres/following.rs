//! What delivered entries do to the register, as statements: for a batch that comes, and when the register is derived
//! again.
//!
//! Must not: decide what is delivered.

use std::collections::{BTreeMap, BTreeSet};

use record::Entry;

use super::{
    call::Call,
    columns::{Column, Layout, insert},
    rows,
};
use crate::intake::effects;

/// An id as the database keeps it.
type Id = [u8; 16];
/// The entry that is changed, and the one that changes it.
type ChangeKey = (Id, Id);
/// 券番号, dose, the municipality that owns the entry, and the entry.
type DoseRow = (String, i16, String, Id);

/// What follows from delivered entries, by the municipality that owns each row; in order of key.
#[derive(Default)]
pub(super) struct Following {
    changes: BTreeMap<String, BTreeMap<ChangeKey, bool>>,
    doses: BTreeMap<String, BTreeSet<DoseRow>>,
}

impl Following {
    /// Takes in an entry that was delivered by a tablet of `owner`.
    pub(super) fn take(&mut self, owner: &str, said: &Entry) {
        let entry_id = said.entry_id.to_bytes();
        let follows = effects(said);
        if let Some((coupon, dose)) = follows.dose {
            let row = (coupon.number.to_string(), i16::from(dose.number()), owner.to_owned(), entry_id);
            self.doses.entry(rows::code(coupon.municipality)).or_default().insert(row);
        }
        if let Some(change) = follows.change {
            let key = (change.changed.to_bytes(), entry_id);
            self.changes.entry(owner.to_owned()).or_default().insert(key, change.cancels);
        }
    }

    /// One statement for each table and municipality. A row that is there stays: the same entry at a second place
    /// does nothing a second time.
    pub(super) fn calls(self, layout: Layout) -> Vec<Call<'static>> {
        let mut calls = Vec::new();
        for (owner, changes) in self.changes {
            let changed = changes.keys().map(|(changed, _)| Some(*changed)).collect();
            let by = changes.keys().map(|(_, entry_id)| Some(*entry_id)).collect();
            let columns = vec![
                ("changed_entry_id", Column::MaybeBytes(changed)),
                ("entry_id", Column::MaybeBytes(by)),
                ("cancels", Column::Flag(changes.into_values().collect())),
            ];
            calls.push(insert(layout, "changes", "municipality", owner, columns));
        }
        for (issuer, doses) in self.doses {
            let columns = vec![
                ("coupon_number", Column::Text(doses.iter().map(|row| row.0.clone()).collect())),
                ("dose", Column::Small(doses.iter().map(|row| row.1).collect())),
                ("municipality", Column::Text(doses.iter().map(|row| row.2.clone()).collect())),
                ("entry_id", Column::MaybeBytes(doses.iter().map(|row| Some(row.3)).collect())),
            ];
            calls.push(insert(layout, "doses", "coupon_municipality", issuer, columns));
        }
        calls
    }
}
