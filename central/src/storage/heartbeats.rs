//! 定期連絡の保管: each tablet's latest heartbeat and one for each quarter of an hour of its last day of contact; how the
//! fleet stood each hour.
//!
//! Must not: grow: what is older is overwritten. The chain is compared when a heartbeat comes, in its transaction.

use record::{MunicipalityCode, TabletId, WallTime};

use super::Answer;
use crate::fleet::{
    heartbeat::{Heard, KeptHeartbeat},
    hours::HourNoted,
};

/// So many heartbeats of a tablet are kept, each the last of its quarter of an hour.
pub const QUARTERS_KEPT: i64 = 96;
const QUARTER_MS: i64 = 15 * 60_000;

/// Heartbeats and what follows from them.
pub trait Heartbeats {
    /// Keeps a heartbeat of an enrolled tablet, and notes the contact and the release of its program. One that came before
    /// the latest changes nothing of that.
    fn keep_heartbeat(&self, heard: Heard) -> Answer<'_, ()>;
    /// The kept heartbeats of a tablet, oldest first, at most [`QUARTERS_KEPT`].
    fn heartbeats(&self, tablet_id: TabletId) -> Answer<'_, Vec<KeptHeartbeat>>;
    /// Notes how each municipality's tablets stand now as how they stood in this hour.
    fn note_hour(&self, now: WallTime) -> Answer<'_, ()>;
    /// The hours that were noted, oldest first, summed over these municipalities, or over all. No more than
    /// [`crate::fleet::hours::HOURS_KEPT`] of them, and none older.
    fn hours(&self, of: Option<Vec<MunicipalityCode>>, now: WallTime) -> Answer<'_, Vec<HourNoted>>;
}

/// Where a heartbeat is kept: 0 to [`QUARTERS_KEPT`] − 1.
pub(super) fn slot(received_at: WallTime) -> i64 {
    received_at.unix_ms().div_euclid(QUARTER_MS).rem_euclid(QUARTERS_KEPT)
}
