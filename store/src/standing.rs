//! How the database stands, in numbers: what a heartbeat tells.
//!
//! Must not: read what an entry says.

use record::{Epoch, Position, bytes::Link};

use crate::{Store, error::StoreError};

/// How a database stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Which of the tablet's databases.
    pub epoch: Epoch,
    /// Its last entry's position and link; none before the first.
    pub head: Option<(Position, Link)>,
    /// 送信待ち, of all epochs it holds.
    pub pending: u64,
    /// 送信済み.
    pub delivered: u64,
    /// 要確認.
    pub needs_review: u64,
    /// Databases before it that were set aside.
    pub set_aside: usize,
}

impl Store {
    /// How it stands now.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn standing(&self) -> Result<Standing, StoreError> {
        let (pending, delivered, needs_review) = self
            .connection
            .prepare_cached(
                "SELECT count(*) FILTER (WHERE state = 'pending'), count(*) FILTER (WHERE state IN ('delivered', 'settled')),
                     count(*) FILTER (WHERE state = 'needs_review')
                 FROM uploads",
            )?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(Standing {
            epoch: self.epoch,
            head: self.last.map(|last| (last, self.link)),
            pending,
            delivered,
            needs_review,
            set_aside: self.set_aside.len(),
        })
    }
}
