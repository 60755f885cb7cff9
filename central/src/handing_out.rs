//! 配布: whether a bundle still counts; what is given up for lost.
//!
//! Must not: say a token, a PIN, a code, a private key or a staff member's wrapped one.

use record::{TabletId, WallTime, bundle_box::BoxHead};
use seal::bundle_box::BundleBox;

use crate::{
    fleet::TabletState,
    storage::{Loss, Said, Storage, StorageError},
};

/// Runs of missing positions of one database that are declared at once; a tablet with more has lost more than a run.
const MOST_RUNS: u32 = 10_000;

/// What became of a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// So many positions are not waited for any more.
    Declared(u64),
    /// The tablet was not replaced: it may still bring them. Nothing changed.
    StillAtWork,
}

/// Declares everything lost that is missing of a replaced tablet.
///
/// # Errors
/// [`StorageError`]; nothing is declared then.
pub async fn declare_lost(
    storage: &dyn Storage,
    tablet_id: TabletId,
    said: Said,
) -> Result<Lost, StorageError> {
    let status = storage.tablet(tablet_id).await?;
    let Some(TabletState::Enrolled(tablet)) = status.map(|status| status.state) else {
        return Ok(Lost::StillAtWork);
    };
    if tablet.replaced.is_none() {
        return Ok(Lost::StillAtWork);
    }
    let missing = tablet.missing();
    if missing == 0 {
        return Ok(Lost::Declared(0));
    }
    let mut runs = Vec::new();
    for epoch in &tablet.epochs {
        let within = storage.missing(tablet_id, epoch.epoch, MOST_RUNS).await?;
        runs.extend(within.into_iter().chain(tablet.missing_end(epoch)).map(|run| (epoch.epoch, run)));
    }
    storage.declare_lost(Loss { tablet_id, runs, said }).await?;
    Ok(Lost::Declared(missing))
}

/// Whether each tablet's bundle of a box of this central's still lets it in: lines for a person to read.
///
/// # Errors
/// [`StorageError`].
pub async fn states(
    storage: &dyn Storage,
    looked: &BundleBox,
    now: WallTime,
) -> Result<Vec<String>, StorageError> {
    let mut lines = Vec::with_capacity(looked.head.slots.len());
    for slot in &looked.head.slots {
        lines.push(format!(
            "{}: {}",
            slot.tablet_id,
            state(storage, slot.tablet_id, &looked.head, now).await?
        ));
    }
    Ok(lines)
}

async fn state(
    storage: &dyn Storage,
    tablet_id: TabletId,
    head: &BoxHead,
    now: WallTime,
) -> Result<String, StorageError> {
    let status = storage.tablet(tablet_id).await?;
    if let Some(TabletState::Enrolled(tablet)) = status.map(|status| status.state) {
        return Ok(match tablet.replaced {
            Some(replaced) => format!("its tablet was replaced by {} at {}", replaced.tablet_id, replaced.at),
            None => format!("its tablet is in since {}", tablet.enrolled_at),
        });
    }
    // Bundles that were made at one moment are revoked together, too.
    let rows = storage.bundles(tablet_id).await?;
    let row = rows.iter().find(|row| row.issued_at == head.issued_at);
    Ok(match row.map(|row| &row.revoked) {
        None => "not of this register".to_owned(),
        Some(Some(said)) => {
            format!("revoked by {} at {}: {}", said.by.as_str(), said.at, said.reason.as_str())
        }
        Some(None) if head.expires_at <= now => "too old to be loaded".to_owned(),
        Some(None) => "lets its tablet in".to_owned(),
    })
}
