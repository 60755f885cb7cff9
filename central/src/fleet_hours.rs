//! Notes how the fleet stands, again and again, so that charts have something to show of each hour.
//!
//! Must not: count anything itself; the storage sums its own counters.

use std::time::Duration;

use tokio::sync::watch;

use crate::{state::Central, storage::StorageError};

/// The hour under way is at most this old on a chart.
const EVERY: Duration = Duration::from_secs(5 * 60);

/// Goes on until the server stops. What cannot be noted once is noted the next time.
pub(crate) async fn keep(central: Central, mut stopping: watch::Receiver<bool>) {
    loop {
        if let Err(error) = note(&central).await {
            tracing::warn!(%error, "the hour was not noted");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stopping.changed() => return,
        }
    }
}

/// Notes the hour under way; whoever looks at charts is told.
///
/// # Errors
/// [`StorageError`]; nothing is noted then.
pub async fn note(central: &Central) -> Result<(), StorageError> {
    central.storage.note_hour(central.clock.now()).await?;
    central.hour_noted.send_replace(());
    Ok(())
}
