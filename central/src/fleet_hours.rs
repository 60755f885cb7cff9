//! Notes how the fleet stands, again and again, so that charts have something to show of each hour.
//!
//! Must not: count anything itself; the storage sums its own counters.

use std::time::Duration;

use tokio::sync::watch;

use crate::{clock::Clock, storage::Storage};

/// The hour under way is at most this old on a chart.
const EVERY: Duration = Duration::from_secs(5 * 60);

/// Goes on until the server stops. What cannot be noted once is noted the next time.
pub(crate) async fn keep(
    storage: std::sync::Arc<dyn Storage>,
    clock: Clock,
    mut stopping: watch::Receiver<bool>,
) {
    loop {
        if let Err(error) = storage.note_hour(clock.now()).await {
            tracing::warn!(%error, "the hour was not noted");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stopping.changed() => return,
        }
    }
}
