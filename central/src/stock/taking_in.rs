//! 接種と締めの取込み: the doses of the register and what closings say of vials, taken into the books of the facilities, again and again.
//!
//! Must not: keep anybody waiting, or count a dose twice; the storage sees to that.

use std::sync::Arc;

use record::WallTime;
use seal::coupon::CouponMaster;

use crate::storage::{Storage, StorageError};

/// Entries that are looked at in one transaction.
const ENTRIES_A_STEP: u32 = 2_000;
/// Closings that are looked at in one transaction.
const CLOSINGS_A_STEP: u32 = 100;
/// Coupons and doses that are looked at in one transaction: whoever writes meanwhile waits for no more.
const COUPONS_A_STEP: u32 = 500;

/// Looks through what reached the register since the last time: acts, closings and coupons whose doses may have changed are
/// noted, and nothing is in the books yet.
///
/// # Errors
/// [`StorageError`]; what was noted by then stays.
pub async fn gather(storage: &dyn Storage, master: &Arc<CouponMaster>) -> Result<(), StorageError> {
    while storage.gather_doses(Arc::clone(master), ENTRIES_A_STEP).await? > 0 {}
    Ok(())
}

/// Takes in what became of the doses that were noted; how many coupons and doses were looked at.
///
/// # Errors
/// [`StorageError`]; what was taken in by then stays.
pub async fn take_in_doses(storage: &dyn Storage, now: WallTime) -> Result<u64, StorageError> {
    let mut looked_at = 0;
    loop {
        match storage.take_in_doses(COUPONS_A_STEP, now).await? {
            0 => return Ok(looked_at),
            some => looked_at += u64::from(some),
        }
    }
}

/// Takes in what closings say of vials; how many closings are in the books now that were not. Doses come first, because they
/// tell of which product a lot is.
///
/// # Errors
/// [`StorageError`]; what was taken in by then stays.
pub async fn take_in_closings(storage: &dyn Storage, now: WallTime) -> Result<u64, StorageError> {
    let (mut taken, mut after) = (0, None);
    loop {
        let step = storage.take_in_closings(after, CLOSINGS_A_STEP, now).await?;
        taken += u64::from(step.taken);
        if step.last.is_none() {
            return Ok(taken);
        }
        after = step.last;
    }
}
