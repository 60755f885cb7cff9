//! 接種記録の台帳: entries as they came, and the doses that stand.
//!
//! Must not: change or delete what was kept.

use record::{
    CouponNumber, Entry, EntryId, Epoch, MunicipalityCode, Outcome, Position, TabletId, WallTime,
    bytes::EntryHash, entry::Vaccination,
};

use super::Answer;
use crate::{fleet::timeline::Arrival, intake::ReadBatch};

/// The entries and what follows from them.
pub trait Register {
    /// Keeps a batch: judges and writes all of it in one transaction, and answers after the commit with one
    /// outcome for each entry.
    fn keep(&self, batch: ReadBatch) -> Answer<'_, Vec<Outcome>>;
    /// Every kept entry of one epoch, in order of position.
    fn kept(&self, tablet_id: TabletId, epoch: Epoch) -> Answer<'_, Vec<KeptEntry>>;
    /// When a tablet's entries came: runs of positions, in order of time.
    fn arrivals(&self, tablet_id: TabletId) -> Answer<'_, Vec<Arrival>>;
    /// The doses that stand for a coupon: delivered, and neither replaced nor taken back.
    fn standing_doses(&self, coupon: CouponKey) -> Answer<'_, Vec<StandingDose>>;
    /// Every kept entry that tells of a dose of a coupon or disputes one, and every delivered change of those, in the order
    /// in which they came. 予診のみ is not among them: no dose follows from it.
    fn entries_of(&self, coupon: CouponKey) -> Answer<'_, Vec<CouponEntry>>;
}

/// An entry about a coupon.
#[derive(Clone, PartialEq, Eq)]
pub struct CouponEntry {
    /// The tablet that it came from.
    pub tablet_id: TabletId,
    /// What it says.
    pub entry: Entry,
    /// What the central said of it.
    pub outcome: Outcome,
    /// When it came.
    pub received_at: WallTime,
}

/// A kept entry without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEntry {
    /// Its place.
    pub position: Position,
    /// Hash of its bytes.
    pub hash: EntryHash,
    /// Its id; none where the bytes are no entry.
    pub entry_id: Option<EntryId>,
    /// What the central said of it.
    pub outcome: Outcome,
    /// When it came.
    pub received_at: WallTime,
}

/// 接種券: the municipality that issued it and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CouponKey {
    /// Who issued the coupon; owns the record of its doses.
    pub municipality: MunicipalityCode,
    /// 券番号.
    pub number: CouponNumber,
}

/// A dose that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingDose {
    /// The entry that says so.
    pub entry_id: EntryId,
    /// The tablet's wall clock when it was recorded.
    pub recorded_at: WallTime,
    /// What it says.
    pub vaccination: Vaccination,
}
