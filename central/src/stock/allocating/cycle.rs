//! 配分の回: what was opened, and what the steps that were taken since make of it. Steps are only added; a computation that
//! comes later takes the place of the one before and of what was moved by hand since.
//!
//! Must not: change after the publication, or take a step that was not judged here.

use record::{WallTime, day::Product};
use vsys::{
    OfficerName, Reason,
    allocation::{
        Adjustment, ComputeError, Computed, Cycle, CycleError, Party, Publication, Share, Supply, compute,
    },
};

use super::{
    figures::Figures,
    step::{CycleAct, CycleRefused, CycleStage, CycleStep, KeptCycleStep},
};

/// What is shared out, and until when it is ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Of this product.
    pub product: Product,
    /// Boxes, doses of one, and the part that goes by population.
    pub supply: Supply,
    /// 締切: orders are taken until this instant.
    pub orders_until: WallTime,
}

/// A cycle as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCycle {
    /// 1, 2, 3 … over the country.
    pub number: u32,
    /// What was opened.
    pub opened: Opened,
    /// Who opened it, by account.
    pub by: OfficerName,
    /// When.
    pub at: WallTime,
    /// What was done since, in order.
    pub steps: Vec<KeptCycleStep>,
}

impl KeptCycle {
    /// How far it has come at that instant.
    #[must_use]
    pub fn stage(&self, now: WallTime) -> CycleStage {
        if self.published().is_some() {
            return CycleStage::Published;
        }
        if self.called_off().is_some() {
            return CycleStage::CalledOff;
        }
        match self.computation() {
            Some(_) if self.moves().is_empty() => CycleStage::Draft,
            Some(_) => CycleStage::Adjusted,
            None if now <= self.orders_until() => CycleStage::Ordering,
            None => CycleStage::ToCompute,
        }
    }

    /// What is shared out, as it was said last.
    #[must_use]
    pub fn supply(&self) -> Supply {
        let boxes = self.revised().map_or(self.opened.supply.boxes, |(boxes, ..)| boxes);
        Supply { boxes, ..self.opened.supply }
    }

    /// 締切, as it was said last: orders are taken until this instant.
    #[must_use]
    pub fn orders_until(&self) -> WallTime {
        self.revised().map_or(self.opened.orders_until, |(_, until, _)| until)
    }

    /// Boxes, deadline and reason, where they were changed after it was opened.
    #[must_use]
    pub fn revised(&self) -> Option<(u64, WallTime, &Reason)> {
        self.steps.iter().rev().find_map(|kept| match &kept.step {
            CycleStep::Revised { boxes, orders_until, reason } => Some((*boxes, *orders_until, reason)),
            _ => None,
        })
    }

    /// The number of the step under which the shares that hold are kept; none where it was not computed since it was
    /// changed.
    #[must_use]
    pub fn computation(&self) -> Option<u32> {
        let decides = |kept: &KeptCycleStep| {
            matches!(kept.step, CycleStep::Computed { .. } | CycleStep::Revised { .. })
        };
        let place = self.steps.iter().rposition(decides)?;
        let is_computed = matches!(self.steps[place].step, CycleStep::Computed { .. });
        u32::try_from(place + 1).ok().filter(|_| is_computed)
    }

    /// What was moved since and not taken back, in order.
    #[must_use]
    pub fn moves(&self) -> Vec<&KeptCycleStep> {
        let mut moves = Vec::new();
        for kept in &self.steps {
            match kept.step {
                CycleStep::Computed { .. } | CycleStep::Revised { .. } => moves.clear(),
                CycleStep::Moved { .. } => moves.push(kept),
                CycleStep::Undone {} => drop(moves.pop()),
                CycleStep::Published {} | CycleStep::CalledOff { .. } => {}
            }
        }
        moves
    }

    /// Who published it, and when.
    #[must_use]
    pub fn published(&self) -> Option<Publication> {
        let kept = self.steps.iter().find(|kept| matches!(kept.step, CycleStep::Published {}))?;
        Some(Publication { by: kept.by.clone(), at: kept.at })
    }

    /// Why it was called off.
    #[must_use]
    pub fn called_off(&self) -> Option<&Reason> {
        self.steps.iter().find_map(|kept| match &kept.step {
            CycleStep::CalledOff { reason } => Some(reason),
            _ => None,
        })
    }

    /// As `vsys` has it, from the shares of the computation that holds, by party.
    ///
    /// # Errors
    /// [`CycleRefused`] where what is kept could not have been moved.
    pub fn folded(&self, shares: Vec<Share>) -> Result<Cycle, CycleRefused> {
        let mut cycle = Cycle::draft(Computed { supply: self.supply(), shares });
        for kept in self.moves() {
            if let CycleStep::Moved { from, to, boxes, reason } = &kept.step {
                move_boxes(&mut cycle, (*from, *to), *boxes, reason, (&kept.by, kept.at))?;
            }
        }
        if let Some(publication) = self.published() {
            cycle.publish(publication)?;
        }
        Ok(cycle)
    }

    /// Computes it from these figures.
    ///
    /// # Errors
    /// [`CycleRefused`].
    pub fn computed(
        &self,
        figures: &Figures,
        now: WallTime,
    ) -> Result<(CycleStep, Vec<Share>), CycleRefused> {
        self.is_open_to_change()?;
        if now <= self.orders_until() {
            return Err(CycleRefused::StillOrdering);
        }
        let orders = figures.orders();
        if orders.is_empty() {
            return Err(CycleRefused::NobodyOrdered);
        }
        let computed = compute(self.supply(), &orders)?;
        let step = CycleStep::Computed { parties: computed.shares.len() as u64, left: computed.left() };
        Ok((step, computed.shares))
    }

    /// The step that an act is, but for a computation; `shares` are those of the computation that holds, by party.
    ///
    /// # Errors
    /// [`CycleRefused`].
    pub fn judged(
        &self,
        act: &CycleAct,
        shares: Vec<Share>,
        by: &OfficerName,
        now: WallTime,
    ) -> Result<CycleStep, CycleRefused> {
        self.is_open_to_change()?;
        match act {
            CycleAct::CallOff { reason } => return Ok(CycleStep::CalledOff { reason: reason.clone() }),
            CycleAct::Revise { boxes, orders_until, reason } => {
                return self.revise(*boxes, *orders_until, reason, now);
            }
            _ => {}
        }
        if self.computation().is_none() {
            return Err(CycleRefused::NotComputed);
        }
        let mut cycle = self.folded(shares)?;
        match act {
            CycleAct::Move { from, to, boxes, reason } => {
                move_boxes(&mut cycle, (*from, *to), *boxes, reason, (by, now))?;
                Ok(CycleStep::Moved { from: *from, to: *to, boxes: *boxes, reason: reason.clone() })
            }
            CycleAct::Undo if self.moves().is_empty() => Err(CycleRefused::NothingToUndo),
            CycleAct::Undo => Ok(CycleStep::Undone {}),
            CycleAct::Publish => {
                cycle.publish(Publication { by: by.clone(), at: now })?;
                Ok(CycleStep::Published {})
            }
            CycleAct::Compute | CycleAct::Revise { .. } | CycleAct::CallOff { .. } => {
                Err(CycleRefused::NotComputed)
            }
        }
    }

    /// The deadline may stay where it is over; then nobody orders again.
    fn revise(
        &self,
        boxes: u64,
        orders_until: WallTime,
        reason: &Reason,
        now: WallTime,
    ) -> Result<CycleStep, CycleRefused> {
        if boxes == 0 || boxes > Supply::MOST_BOXES {
            return Err(ComputeError::Supply.into());
        }
        if orders_until != self.orders_until() && orders_until <= now {
            return Err(CycleRefused::DeadlineOver);
        }
        if orders_until == self.orders_until() && boxes == self.supply().boxes {
            return Err(CycleRefused::NothingRevised);
        }
        Ok(CycleStep::Revised { boxes, orders_until, reason: reason.clone() })
    }

    fn is_open_to_change(&self) -> Result<(), CycleRefused> {
        if self.published().is_some() {
            return Err(CycleError::Published.into());
        }
        if self.called_off().is_some() { Err(CycleRefused::CalledOff) } else { Ok(()) }
    }
}

/// Takes from one first, so that there is something to give to the other; both or neither.
fn move_boxes(
    cycle: &mut Cycle,
    (from, to): (Option<Party>, Option<Party>),
    boxes: u64,
    reason: &Reason,
    (by, at): (&OfficerName, WallTime),
) -> Result<(), CycleError> {
    let signed = i64::try_from(boxes).map_err(|_| CycleError::MoreThanSupply)?;
    if from == to {
        return Err(CycleError::Nothing);
    }
    let mut moved = cycle.clone();
    for (party, boxes) in [(from, -signed), (to, signed)] {
        let Some(party) = party else { continue };
        moved.adjust(Adjustment { party, boxes, by: by.clone(), at, reason: reason.clone() })?;
    }
    *cycle = moved;
    Ok(())
}

#[cfg(test)]
mod tests;
