//! The tablet's encrypted database: entries with their place in the chain, what became of each, and who did
//! what. One writer; an entry, its link, its upload state and its audit row are one transaction with full sync.
//!
//! Must not: know the network, read a clock, make randomness, or delete what has no receipt. What does not open
//! is set aside under a dated name and reported, never deleted.

mod append;
mod audit;
mod damaged;
mod day;
mod elsewhere;
mod error;
mod head;
mod kept;
mod listing;
mod migrations;
mod open;
mod reference;
mod standing;
mod uploads;

use record::{Epoch, Position, TabletId, bytes::Link};
use rusqlite::Connection;

pub use append::Appended;
pub use audit::{Action, AuditRow};
pub use day::DayEntry;
pub use error::{OpenError, StoreError};
pub use head::KnownHead;
pub use kept::Enrolment;
pub use listing::{Counts, EndingError, HistoryRow, ListFilter, ListRow, NumberEnding, UploadState};
pub use open::{Opened, Owner, SetAside};
pub use reference::{Advance, Published, ReferenceError, Room, Wanted};
pub use standing::Standing;
pub use uploads::PendingEntry;

/// The open database. `&mut` is the one writer.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    tablet_id: TabletId,
    epoch: Epoch,
    /// The last position given out in this epoch (none yet: `None`) and the link there.
    last: Option<Position>,
    link: Link,
    set_aside: Vec<KnownHead>,
    head_file: std::path::PathBuf,
    room: Option<Room>,
}

impl Store {
    /// The tablet whose database this is.
    #[must_use]
    pub fn tablet_id(&self) -> TabletId {
        self.tablet_id
    }

    /// Which of the tablet's databases this is.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Earlier databases of this tablet that did not open any more, oldest first.
    #[must_use]
    pub fn set_aside(&self) -> &[KnownHead] {
        &self.set_aside
    }

    /// The last position given out in that epoch, whether sent or not.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn last_position(&self, epoch: Epoch) -> Result<Option<Position>, StoreError> {
        if epoch == self.epoch {
            return Ok(self.last);
        }
        let last: Option<u64> = self
            .connection
            .prepare_cached("SELECT max(position) FROM entries WHERE epoch = ?1")?
            .query_row([epoch.number()], |row| row.get(0))?;
        Ok(last.and_then(Position::new))
    }

    /// Lets the database grow by at most `bytes` (rounded down to pages) from here on, so that what is left of the
    /// disk stays for receipts, audit and closing. Beyond it, appending fails with [`StoreError::Full`]; entries that
    /// need no further page are still kept.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub fn grow_by_at_most(&mut self, bytes: u64) -> Result<(), StoreError> {
        // SQLCipher answers this one pragma as text.
        let page: String = self.connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let page: u64 = page.parse().map_err(|_| StoreError::Row)?;
        let pages: u64 = self.connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let most = pages.saturating_add(bytes / page.max(1)).clamp(1, MOST_PAGES);
        let _: u64 =
            self.connection.query_row(&format!("PRAGMA max_page_count = {most}"), [], |row| row.get(0))?;
        Ok(())
    }
}

/// SQLite's own limit.
const MOST_PAGES: u64 = 0xFFFF_FFFE;
