//! What entries do to the register, as statements: for a batch that comes, and when the register is derived
//! again.
//!
//! Must not: decide what they do; `intake::effects` does.

use std::collections::{BTreeMap, BTreeSet};

use record::{EntryId, WallTime, bytes::EntryHash};

use super::{
    call::Call,
    columns::{Again, Column, Layout, Rows, insert},
    rows,
};
use crate::intake::{Change, DoseKey, Effects};

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

/// A dose that an entry disputes, in the order of its key.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct DisputeRow {
    dose: DoseRow,
    hash: [u8; 32],
}

/// A kept entry, by what its effects are written with.
pub(super) struct Kept<'a> {
    pub(super) owner: &'a str,
    pub(super) entry_id: EntryId,
    pub(super) hash: EntryHash,
    pub(super) received_at: WallTime,
}

/// What follows from entries; in order of key.
#[derive(Default)]
pub(super) struct Following {
    /// Who owns both entries, the one that is changed, the one that changes it; whether it only takes back.
    changes: BTreeMap<(String, Id, Id), bool>,
    doses: BTreeSet<DoseRow>,
    /// And when the entry came.
    disputes: BTreeMap<DisputeRow, i64>,
}

impl Following {
    /// Takes in what an entry does.
    pub(super) fn take(&mut self, kept: &Kept<'_>, effects: &Effects) {
        let (owner, entry_id) = (kept.owner.to_owned(), kept.entry_id.to_bytes());
        let row = |(coupon, dose): DoseKey| DoseRow {
            issuer: rows::code(coupon.municipality),
            number: coupon.number.to_string(),
            dose: i16::from(dose.number()),
            owner: owner.clone(),
            entry_id,
        };
        self.doses.extend(effects.dose.map(row));
        for dose in &effects.disputes {
            let row = DisputeRow { dose: row(*dose), hash: kept.hash.0 };
            self.disputes.entry(row).or_insert(kept.received_at.unix_ms());
        }
        if let Some(Change { changed, cancels }) = effects.change {
            self.changes.insert((owner, changed.to_bytes(), entry_id), cancels);
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
        let doses = of_doses(self.doses.iter());
        let mut disputes = of_doses(self.disputes.keys().map(|row| &row.dose));
        let hashes = self.disputes.keys().map(|row| row.hash).collect();
        let received_at = self.disputes.values().copied().collect();
        disputes.add("hash", Column::Hashes(hashes));
        disputes.add("received_at", Column::Big(received_at));
        let mut calls = insert(layout, Again::Stays, "changes", changes);
        calls.extend(insert(layout, Again::Stays, "doses", doses));
        calls.extend(insert(layout, Again::Stays, "disputes", disputes));
        calls
    }
}

fn of_doses<'a>(doses: impl Iterator<Item = &'a DoseRow>) -> Rows<'static> {
    let doses: Vec<&DoseRow> = doses.collect();
    Rows::new(
        "coupon_municipality",
        doses.iter().map(|row| row.issuer.clone()).collect(),
        vec![
            ("coupon_number", Column::Text(doses.iter().map(|row| row.number.clone()).collect())),
            ("dose", Column::Small(doses.iter().map(|row| row.dose).collect())),
            ("municipality", Column::Text(doses.iter().map(|row| row.owner.clone()).collect())),
            ("entry_id", Column::MaybeBytes(doses.iter().map(|row| Some(row.entry_id)).collect())),
        ],
    )
}
