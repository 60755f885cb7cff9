//! A small plain file beside the database that says how far its chain had come (`records.head`): epoch and last
//! position, nothing else. If the database is ever damaged, it tells how many entries are at stake.
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

pub(crate) fn read(file: &Path) -> Option<KnownHead> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

/// A failure is left alone: the entry itself is already safe, and the next one writes the file again.
pub(crate) fn write(file: &Path, head: KnownHead) {
    if let Ok(bytes) = serde_json::to_vec(&head) {
        let _ = fs::write(file, bytes);
    }
}
