//! 受付: from the body of a request to one outcome for each entry. Pure: bytes in, values out.
//!
//! Must not: know HTTP, SQL or a clock. `open_body` takes the bytes apart, `read` looks into the entries,
//! `judge` decides, and a storage writes what was decided in the same transaction it asked `known` in.

mod body;
mod effects;
mod judge;
mod known;
mod lines;

use std::fmt;

use record::{
    Entry, EntryId, Epoch, Position, TabletId, WallTime,
    bytes::{EntryHash, Link, PublicKey},
    entry::EntryError,
    wire::batch::SetAsideEpoch,
};

pub use body::{BodyError, ChainedEntry, OpenedBatch, open_body};
pub use effects::{Change, Effects, HAVE_EFFECTS};
pub use judge::{Judged, judge};
pub use known::{DoseKey, Known, KnownChange, KnownPlace, Lookups, dose_key};
pub use lines::Lines;

use crate::storage::ProgramVersion;

/// A batch whose signature was good and whose entries were looked into.
#[derive(Debug, Clone)]
pub struct ReadBatch {
    /// Who sent it.
    pub tablet_id: TabletId,
    /// The key it was signed with; the epoch's chain begins with it.
    pub device_key: PublicKey,
    /// Which of the tablet's databases.
    pub epoch: Epoch,
    /// The last position the tablet has given out.
    pub last_position: Position,
    /// Earlier databases the tablet had to set aside, and how far they had come.
    pub set_aside: Vec<SetAsideEpoch>,
    /// How far the central's clock is ahead of the tablet's, as the tablet says.
    pub clock_offset_ms: i64,
    /// Version of the tablet's program.
    pub program: ProgramVersion,
    /// When the central received it, by its own clock.
    pub received_at: WallTime,
    /// Since when another tablet has this one's place.
    pub replaced_at: Option<WallTime>,
    /// The entries, in the order of the batch.
    pub entries: Vec<ReadEntry>,
}

/// One entry of a batch: its place, its bytes and what they say.
#[derive(Clone)]
pub struct ReadEntry {
    /// Its place in the chain.
    pub position: Position,
    /// Hash of its bytes.
    pub hash: EntryHash,
    /// The link before it.
    pub previous: Link,
    /// Its own link.
    pub link: Link,
    /// As it came.
    pub bytes: Vec<u8>,
    /// What it says.
    pub content: Content,
}

/// What the bytes of an entry say.
#[derive(Clone)]
pub enum Content {
    /// An entry this program knows.
    Known(Box<Entry>),
    /// A kind or a version of tomorrow.
    Newer,
    /// Not an entry.
    Malformed,
}

impl ReadEntry {
    /// Its id, where it could be read.
    #[must_use]
    pub fn entry_id(&self) -> Option<EntryId> {
        match &self.content {
            Content::Known(entry) => Some(entry.entry_id),
            Content::Newer | Content::Malformed => None,
        }
    }
}

impl fmt::Debug for ReadEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ReadEntry({} {})", self.position.number(), self.hash)
    }
}

/// Looks into one entry.
#[must_use]
pub fn read(chained: ChainedEntry) -> ReadEntry {
    let content = match Entry::from_bytes(&chained.bytes) {
        Ok(entry) => Content::Known(Box::new(entry)),
        Err(EntryError::UnknownKind | EntryError::UnknownVersion(_)) => Content::Newer,
        Err(EntryError::TooLong(_) | EntryError::Malformed) => Content::Malformed,
    };
    ReadEntry {
        position: chained.position,
        hash: chained.hash,
        previous: chained.previous,
        link: chained.link,
        bytes: chained.bytes,
        content,
    }
}
