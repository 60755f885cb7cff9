//! 在庫の取込み: everything that reached the register since the last time, taken into the books in the order that makes sense of
//! it.
//!
//! Must not: keep anybody waiting, or say what a line moves.

use std::sync::Arc;

use record::WallTime;
use seal::coupon::CouponMaster;

use super::{taking_in, telling};
use crate::storage::{Storage, StorageError};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaughtUp {
    /// Acts that tablets told, now in the books.
    pub acts: u64,
    /// Coupons and doses that were looked at.
    pub looked_at: u64,
    /// Closings that came into the books.
    pub closings: u64,
}

/// Takes in what came since the last time. What arrived comes first: doses of vials that the books do not know yet would open
/// a shortfall.
///
/// # Errors
/// [`StorageError`]; what was taken in by then stays.
pub async fn catch_up(
    storage: &dyn Storage,
    master: &Arc<CouponMaster>,
    now: WallTime,
) -> Result<CaughtUp, StorageError> {
    taking_in::gather(storage, master).await?;
    let acts = telling::take_in(storage, now).await?;
    let looked_at = taking_in::take_in_doses(storage, now).await?;
    let closings = taking_in::take_in_closings(storage, now).await?;
    Ok(CaughtUp { acts, looked_at, closings })
}
