//! 配分の結果, line by line: what was computed for each, what people moved and why, and what comes of both.
//!
//! Must not: show one the line of another; whoever calls brings the shares that may be seen.

use vsys::{
    Reason,
    allocation::{Party, Share, StockRate},
};

use super::{cycle::KeptCycle, step::CycleStep};

/// One line.
#[derive(Debug, Clone)]
pub struct AllocationLine<'a> {
    /// As it was computed.
    pub share: &'a Share,
    /// Boxes that were moved, each with the reason; fewer where below zero.
    pub moved: Vec<(i64, &'a Reason)>,
    doses_per_box: u64,
}

impl AllocationLine<'_> {
    /// All of its boxes.
    #[must_use]
    pub fn boxes(&self) -> u64 {
        let moved: i64 = self.moved.iter().map(|(boxes, _)| boxes).sum();
        self.share.boxes().saturating_add_signed(moved)
    }
    /// The rate with all of them.
    #[must_use]
    pub fn rate_after(&self) -> StockRate {
        self.share.rate_before.with(self.boxes().saturating_mul(self.doses_per_box))
    }
    /// Doses of all of its boxes.
    #[must_use]
    pub fn doses(&self) -> u64 {
        self.boxes().saturating_mul(self.doses_per_box)
    }
}

/// The lines of these shares.
#[must_use]
pub fn lines<'a>(kept: &'a KeptCycle, shares: &'a [Share]) -> Vec<AllocationLine<'a>> {
    let moves = kept.moves();
    let of = |party: Party| {
        let mut moved = Vec::new();
        for kept in &moves {
            let CycleStep::Moved { from, to, boxes, reason } = &kept.step else { continue };
            let boxes = i64::try_from(*boxes).unwrap_or(i64::MAX);
            if *from == Some(party) {
                moved.push((-boxes, reason));
            }
            if *to == Some(party) {
                moved.push((boxes, reason));
            }
        }
        moved
    };
    let doses_per_box = kept.opened.supply.doses_per_box;
    let line = |share: &'a Share| AllocationLine { share, moved: of(share.order.party), doses_per_box };
    shares.iter().map(line).collect()
}
