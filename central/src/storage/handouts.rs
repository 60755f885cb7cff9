//! 配布の記録: which bundles no longer let a tablet in, which tablet took another's place, and what of it was declared lost.
//!
//! Must not: hold a token, or take back what a tablet delivered: a tablet that was replaced may still bring what it holds.

use record::{Epoch, MunicipalityCode, TabletId, WallTime};

use super::{AccountName, Answer, NewLine};
use crate::{audit::Act, case::DecisionReason, fleet::Missing};

/// What is handed out and given back.
pub trait Handouts {
    /// The bundles that were made for a tablet, newest first.
    fn bundles(&self, tablet_id: TabletId) -> Answer<'_, Vec<BundleRow>>;
    /// None of the bundles that were made for it lets that tablet in any more; how many that ended. A tablet that is in
    /// stays in: it is replaced instead.
    fn revoke_bundles(&self, tablet_id: TabletId, said: Said) -> Answer<'_, u32>;
    /// Another tablet takes the place of one that is in.
    fn replace(&self, replacement: Replacement) -> Answer<'_, ReplaceVerdict>;
    /// Somebody declares that what is missing of a replaced tablet will never come. It counts if it comes all the same.
    fn declare_lost(&self, loss: Loss) -> Answer<'_, ()>;
}

/// Who says so, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The account.
    pub by: AccountName,
    /// 理由.
    pub reason: DecisionReason,
    /// The central's clock.
    pub at: WallTime,
}

impl Said {
    /// What the audit of that municipality says of it.
    pub(super) fn line(&self, municipality: MunicipalityCode, act: &Act) -> NewLine {
        act.line(municipality, self.by.as_str(), self.at)
    }
}

/// A bundle that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleRow {
    /// When.
    pub issued_at: WallTime,
    /// From then on it lets nobody in.
    pub expires_at: WallTime,
    /// Who ended it before, if anybody did.
    pub revoked: Option<Said>,
}

/// `by` takes the place of `replaced`.
#[derive(Clone)]
pub struct Replacement {
    /// The tablet that is broken, lost or given back.
    pub replaced: TabletId,
    /// The spare. Of the same municipality.
    pub by: TabletId,
    /// Who says so.
    pub said: Said,
}

/// What became of a replacement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplaceVerdict {
    /// It holds; the replaced tablet is told.
    Replaced,
    /// It was replaced before, by that one; nothing changed.
    Already(ReplacedBy),
    /// One of the two was never invited, the replaced one was never in, both are one, belong to two municipalities, or the
    /// spare was replaced itself.
    Impossible,
}

/// What took a tablet's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplacedBy {
    /// The spare.
    pub tablet_id: TabletId,
    /// Since when.
    pub at: WallTime,
}

/// Positions that will never come.
#[derive(Clone)]
pub struct Loss {
    /// Of which tablet.
    pub tablet_id: TabletId,
    /// Which.
    pub runs: Vec<(Epoch, Missing)>,
    /// Who says so.
    pub said: Said,
}

/// How many positions these runs have, each once, in order. They may overlap: somebody may declare twice.
#[must_use]
pub(super) fn joined(mut runs: Vec<Missing>) -> Vec<Missing> {
    runs.sort_by_key(|run| (run.first, run.last));
    let mut joined: Vec<Missing> = Vec::new();
    for run in runs {
        match joined.last_mut() {
            Some(before) if run.first <= before.last.saturating_add(1) => {
                before.last = before.last.max(run.last)
            }
            _ => joined.push(run),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_touch_are_one() {
        let run = |first, last| Missing { first, last };
        assert_eq!(
            joined(vec![run(7, 9), run(1, 2), run(3, 3), run(8, 8), run(11, 12)]),
            [run(1, 3), run(7, 9), run(11, 12)]
        );
    }
}
