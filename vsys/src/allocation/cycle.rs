//! 配分の確定: a computed allocation, what people changed of it and why, and its publication. What was computed stays beside
//! what was changed, and what is published never changes.
//!
//! Must not: compute.

use std::collections::BTreeMap;

use record::WallTime;
use serde::{Deserialize, Serialize};

use crate::{
    allocation::{Computed, Party, Share},
    facility::{OfficerName, Reason},
};

/// 調整: one gets more or fewer boxes than was computed, because a person says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    /// Who.
    pub party: Party,
    /// So many boxes more; fewer where below zero.
    pub boxes: i64,
    /// Who says so, by account.
    pub by: OfficerName,
    /// When.
    pub at: WallTime,
    /// Why.
    pub reason: Reason,
}

/// 公表.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// Who, by account.
    pub by: OfficerName,
    /// When.
    pub at: WallTime,
}

/// How far an allocation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 案.
    Draft,
    /// 調整済み.
    Adjusted,
    /// 公表済み.
    Published,
}

/// 配分 of one cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    computed: Computed,
    adjustments: Vec<Adjustment>,
    published: Option<Publication>,
}

/// Nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CycleError {
    /// It is published.
    #[error("the allocation is published")]
    Published,
    /// They did not order.
    #[error("they did not order")]
    NotOrdered,
    /// An adjustment of nothing.
    #[error("an adjustment of nothing")]
    Nothing,
    /// They would get fewer than none.
    #[error("there are fewer boxes to take away")]
    BelowZero,
    /// They would get more than they ordered: the order has to be changed first.
    #[error("more than was ordered")]
    MoreThanOrdered,
    /// There are not so many boxes: some have to be taken from somebody first.
    #[error("more than there is")]
    MoreThanSupply,
}

impl Cycle {
    /// As computed.
    #[must_use]
    pub const fn draft(computed: Computed) -> Self {
        Self { computed, adjustments: Vec::new(), published: None }
    }

    /// How far it has come.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        match (&self.published, self.adjustments.is_empty()) {
            (Some(_), _) => Stage::Published,
            (None, false) => Stage::Adjusted,
            (None, true) => Stage::Draft,
        }
    }

    /// As it was computed.
    #[must_use]
    pub const fn computed(&self) -> &Computed {
        &self.computed
    }

    /// What people changed, in the order in which they did.
    #[must_use]
    pub fn adjustments(&self) -> &[Adjustment] {
        &self.adjustments
    }

    /// Who published it, and when.
    #[must_use]
    pub const fn published(&self) -> Option<&Publication> {
        self.published.as_ref()
    }

    /// What each gets, with all adjustments, by party.
    #[must_use]
    pub fn boxes(&self) -> BTreeMap<Party, u64> {
        let mut boxes: BTreeMap<Party, u64> =
            self.computed.shares.iter().map(|share| (share.order.party, share.boxes())).collect();
        for adjustment in &self.adjustments {
            boxes
                .entry(adjustment.party)
                .and_modify(|now| *now = now.saturating_add_signed(adjustment.boxes));
        }
        boxes
    }

    /// Boxes that nobody gets.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.computed.supply.boxes.saturating_sub(self.boxes().values().sum())
    }

    /// Changes what one gets.
    ///
    /// # Errors
    /// [`CycleError`].
    pub fn adjust(&mut self, adjustment: Adjustment) -> Result<(), CycleError> {
        if self.published.is_some() {
            return Err(CycleError::Published);
        }
        if adjustment.boxes == 0 {
            return Err(CycleError::Nothing);
        }
        let share = self.share(adjustment.party).ok_or(CycleError::NotOrdered)?;
        let boxes = self.boxes();
        let now = boxes.get(&adjustment.party).copied().unwrap_or(0);
        let next = now.checked_add_signed(adjustment.boxes).ok_or(CycleError::BelowZero)?;
        if next > share.order.boxes {
            return Err(CycleError::MoreThanOrdered);
        }
        if next.saturating_sub(now) > self.left() {
            return Err(CycleError::MoreThanSupply);
        }
        self.adjustments.push(adjustment);
        Ok(())
    }

    /// Makes it known; it never changes afterwards.
    ///
    /// # Errors
    /// [`CycleError::Published`].
    pub fn publish(&mut self, publication: Publication) -> Result<(), CycleError> {
        if self.published.is_some() {
            return Err(CycleError::Published);
        }
        self.published = Some(publication);
        Ok(())
    }

    fn share(&self, party: Party) -> Option<&Share> {
        let shares = &self.computed.shares;
        shares.binary_search_by_key(&party, |share| share.order.party).ok().map(|index| &shares[index])
    }
}
