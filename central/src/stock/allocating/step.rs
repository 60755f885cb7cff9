//! 配分の回の段階: what can be done with a cycle, what is kept of it, how far it has come, and why something is not done.
//!
//! Must not: judge a step; `cycle` does.

use record::WallTime;
use serde::{Deserialize, Serialize};
use vsys::{
    OfficerName, Reason,
    allocation::{ComputeError, CycleError, Party},
};

/// A step as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCycleStep {
    /// What was done.
    pub step: CycleStep,
    /// Who, by account.
    pub by: OfficerName,
    /// When.
    pub at: WallTime,
}

/// A step of a cycle. JSON: `{"what":…}`; a word never changes its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum CycleStep {
    /// 計算: the shares are kept under the number of this step.
    Computed {
        /// How many share.
        parties: u64,
        /// Boxes that nobody ordered.
        left: u64,
    },
    /// 調整: boxes from one to another; none stands for those that nobody gets.
    Moved {
        /// Who gets fewer.
        from: Option<Party>,
        /// Who gets more.
        to: Option<Party>,
        /// How many boxes, at least 1.
        boxes: u64,
        /// Why; those concerned are shown it.
        reason: Reason,
    },
    /// The last that was moved is not.
    Undone {},
    /// 公表.
    Published {},
    /// 変更: another supply or deadline; what was computed before no longer holds.
    Revised {
        /// Boxes that there are.
        boxes: u64,
        /// Until when it is ordered.
        orders_until: WallTime,
        /// Why; everybody is shown it.
        reason: Reason,
    },
    /// 取りやめ: nothing will be shared out.
    CalledOff {
        /// Why; everybody is shown it.
        reason: Reason,
    },
}

impl CycleStep {
    /// Column `what`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Computed { .. } => "computed",
            Self::Moved { .. } => "moved",
            Self::Undone {} => "undone",
            Self::Published {} => Self::PUBLISHED,
            Self::Revised { .. } => "revised",
            Self::CalledOff { .. } => "called_off",
        }
    }
    /// After this one there is none.
    pub const PUBLISHED: &'static str = "published";
}

/// What somebody wants to do with a cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CycleAct {
    /// Compute it, once or again.
    Compute,
    /// Move boxes.
    Move {
        /// Who gets fewer.
        from: Option<Party>,
        /// Who gets more.
        to: Option<Party>,
        /// How many boxes.
        boxes: u64,
        /// Why.
        reason: Reason,
    },
    /// Take back what was moved last.
    Undo,
    /// Make it known for good.
    Publish,
    /// Another supply or deadline.
    Revise {
        /// Boxes that there are.
        boxes: u64,
        /// Until when it is ordered.
        orders_until: WallTime,
        /// Why.
        reason: Reason,
    },
    /// Give it up.
    CallOff {
        /// Why.
        reason: Reason,
    },
}

/// How far a cycle has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CycleStage {
    /// 要望受付中.
    Ordering,
    /// 締切後, to be computed.
    ToCompute,
    /// 案.
    Draft,
    /// 調整済み.
    Adjusted,
    /// 公表済み.
    Published,
    /// 取りやめ.
    CalledOff,
}

/// Nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CycleRefused {
    /// It may still be ordered.
    #[error("orders are still taken")]
    StillOrdering,
    /// Nobody ordered.
    #[error("nobody ordered")]
    NobodyOrdered,
    /// It was not computed yet.
    #[error("it was not computed")]
    NotComputed,
    /// Nothing was moved.
    #[error("nothing was moved")]
    NothingToUndo,
    /// It was called off.
    #[error("it was called off")]
    CalledOff,
    /// The deadline that it is changed to is neither to come nor the one before.
    #[error("the deadline is over")]
    DeadlineOver,
    /// Nothing of it would be another.
    #[error("nothing of it would be another")]
    NothingRevised,
    /// `vsys` does not allow it.
    #[error(transparent)]
    Rule(#[from] CycleError),
    /// `vsys` cannot compute it.
    #[error(transparent)]
    Compute(#[from] ComputeError),
}
