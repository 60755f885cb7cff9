//! What a delivered entry does to the register. The same for an entry that comes now and for one that is read again.
//!
//! Must not: decide whether an entry is delivered.

use record::{Entry, EntryId, entry::EntryContent};

use super::{DoseKey, known::dose_key};

/// What follows from one delivered entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effects {
    /// 訂正・取消: the entry it ends, and whether nothing takes its place.
    pub change: Option<Change>,
    /// 接種: the dose it tells of.
    pub dose: Option<DoseKey>,
}

/// 訂正・取消.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The entry that no longer stands.
    pub changed: EntryId,
    /// Whether it only takes back.
    pub cancels: bool,
}

/// What follows from that entry once it is delivered.
#[must_use]
pub fn effects(said: &Entry) -> Effects {
    let cancels = matches!(said.content, EntryContent::Cancellation(_));
    Effects {
        change: said.content.changes().map(|changed| Change { changed, cancels }),
        dose: said.content.vaccination().map(dose_key),
    }
}
