//! The fleet as it was read last, shared by all who look at it: reading 54,000 tablets takes a fair part of a second, and
//! during a storm every open page asks twice a second.
//!
//! Must not: show somebody who was told of a change what was read before it; or take more than a fifth of a core.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

use crate::{
    fleet::TabletStatus,
    storage::{Storage, StorageError},
};

/// After each reading nobody reads again for so many times as long as it took.
const REST: u32 = 4;
/// And never longer than this.
const LONGEST_REST: Duration = Duration::from_secs(5);

/// What was read last.
#[derive(Default)]
pub struct FleetView {
    latest: Mutex<Option<Read>>,
    reading: tokio::sync::Mutex<()>,
}

/// One reading.
#[derive(Clone)]
struct Read {
    fleet: Arc<Vec<TabletStatus>>,
    began: Instant,
    rests_until: Instant,
}

impl FleetView {
    /// The fleet as read not longer ago than the rest after a reading; for a page that is brought up to date by events.
    ///
    /// # Errors
    /// [`StorageError`] where it must be read and cannot.
    pub(crate) async fn recent(&self, storage: &dyn Storage) -> Result<Arc<Vec<TabletStatus>>, StorageError> {
        match self.latest() {
            Some(read) if Instant::now() < read.rests_until => Ok(read.fleet),
            _ => self.fresh(storage).await,
        }
    }

    /// The fleet as read after this was asked; for who was told of a change. Those who ask while others wait share one
    /// reading.
    ///
    /// # Errors
    /// [`StorageError`] where it cannot be read.
    pub(crate) async fn fresh(&self, storage: &dyn Storage) -> Result<Arc<Vec<TabletStatus>>, StorageError> {
        let asked = Instant::now();
        let _one_reads = self.reading.lock().await;
        if let Some(read) = self.latest() {
            if read.began >= asked {
                return Ok(read.fleet);
            }
            sleep_until(read.rests_until).await;
        }
        let began = Instant::now();
        let fleet = Arc::new(storage.fleet().await?);
        let ended = Instant::now();
        let rest = ended.duration_since(began).saturating_mul(REST).min(LONGEST_REST);
        let read = Read { fleet: Arc::clone(&fleet), began, rests_until: ended + rest };
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
        Ok(fleet)
    }

    fn latest(&self) -> Option<Read> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::{contract::sample, sqlite::SqliteStorage};

    #[tokio::test]
    async fn who_was_told_of_a_change_sees_it_and_those_who_wait_share_one_reading() {
        let directory = tempfile::tempdir().unwrap();
        let storage = SqliteStorage::open(&directory.path().join("register.sqlite")).unwrap();
        let view = FleetView::default();
        assert!(view.recent(&storage).await.unwrap().is_empty());
        sample::enrolled(&storage).await;
        let (first, second, third) =
            tokio::join!(view.fresh(&storage), view.fresh(&storage), view.fresh(&storage));
        assert_eq!(first.unwrap().len(), 1);
        let second = second.unwrap();
        assert!(Arc::ptr_eq(&second, &third.unwrap()), "the second and the third asked while the first read");
        sample::enrolled_as(&storage, "131130-0018").await;
        assert_eq!(view.fresh(&storage).await.unwrap().len(), 2);
    }

    #[tokio::test]
    async fn a_page_opened_during_a_rest_waits_for_nobody() {
        let directory = tempfile::tempdir().unwrap();
        let storage = SqliteStorage::open(&directory.path().join("register.sqlite")).unwrap();
        let view = FleetView::default();
        let read = view.fresh(&storage).await.unwrap();
        if let Some(latest) = &mut *view.latest.lock().unwrap() {
            latest.rests_until = Instant::now() + LONGEST_REST;
        }
        assert!(Arc::ptr_eq(&read, &view.recent(&storage).await.unwrap()));
        if let Some(latest) = &mut *view.latest.lock().unwrap() {
            latest.rests_until = Instant::now();
        }
        assert!(!Arc::ptr_eq(&read, &view.recent(&storage).await.unwrap()));
    }
}
