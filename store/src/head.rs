//! A small plain file beside the database that says how far its chain had come (`records.head`), and how far those
//! before it had: epochs and positions, nothing else. If a database is ever damaged, it tells how many entries are at
//! stake.
//!
//! Must not: be needed for anything else, or hold anything of an entry. Writing it is best effort.

use std::{fs, path::Path};

use record::{Epoch, Position};
use serde::{Deserialize, Serialize};

/// How far a chain had come when this was last written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownHead {
    /// The epoch.
    pub epoch: Epoch,
    /// Its last position; none before the first entry.
    pub last: Option<Position>,
}

/// The present chain and those that were set aside before it, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Heads {
    pub(crate) present: KnownHead,
    #[serde(default)]
    pub(crate) set_aside: Vec<KnownHead>,
}

pub(crate) fn read(file: &Path) -> Option<Heads> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

/// A failure is left alone: the entry itself is already safe, and the next one writes the file again.
pub(crate) fn write(file: &Path, heads: &Heads) {
    if let Ok(bytes) = serde_json::to_vec(heads) {
        let _ = fs::write(file, bytes);
    }
}
