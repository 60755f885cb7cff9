//! How much of the disk reference data leaves free.
//!
//! Must not: count on a system that does not say how much is free; there the disk itself is the limit.

use std::path::{Path, PathBuf};

use super::ReferenceError;
use crate::Store;

/// How to ask how much is free, and how much of it is not for reference data.
#[derive(Debug, Clone)]
pub struct Room {
    /// The database's folder.
    pub folder: PathBuf,
    /// Free bytes of the disk under a folder.
    pub free_bytes: fn(&Path) -> std::io::Result<u64>,
    /// Bytes that stay free for entries, receipts and audit.
    pub leaves_bytes: u64,
}

/// A list lies in the database as pieces, as rows, and as either in the log that is not written back yet.
const TIMES_ITS_SIZE: u64 = 4;

impl Store {
    /// From now on reference data is taken in only while that much stays free.
    pub fn leave_room(&mut self, room: Room) {
        self.room = Some(room);
    }

    /// Whether parts of `bytes` together may come in.
    pub(super) fn check_room(&self, bytes: u64) -> Result<(), ReferenceError> {
        let Some(room) = &self.room else { return Ok(()) };
        let free = (room.free_bytes)(&room.folder).unwrap_or(u64::MAX);
        let needed = room.leaves_bytes.saturating_add(bytes.saturating_mul(TIMES_ITS_SIZE));
        if free < needed { Err(ReferenceError::NoRoom) } else { Ok(()) }
    }
}
