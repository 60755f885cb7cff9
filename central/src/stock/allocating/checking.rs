//! 配分の点検: whether the shares of every computation are what `vsys` makes of their figures, whether what was ordered is what
//! they rest on, and whether what was moved since could be.
//!
//! Must not: mend anything.

use record::WallTime;
use vsys::allocation::{Share, compute};

use super::{
    cycle::KeptCycle,
    figures::{KeptOrder, counted},
    step::CycleStep,
};
use crate::storage::{Storage, StorageError};

/// Cycles that are read at once.
const AT_ONCE: u32 = 50;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckedAllocation {
    /// Computations looked at.
    pub computations: u64,
    /// Where something is not what its figures make: cycle, step, what.
    pub wrong: Vec<String>,
}

/// Looks at every cycle.
///
/// # Errors
/// [`StorageError`].
pub async fn check(storage: &dyn Storage) -> Result<CheckedAllocation, StorageError> {
    let (mut checked, mut before) = (CheckedAllocation::default(), None);
    loop {
        let page = storage.cycles(before, AT_ONCE).await?;
        let Some(last) = page.last() else { return Ok(checked) };
        before = Some(last.number);
        for kept in &page {
            let orders = storage.orders(kept.number, None).await?;
            for (number, step) in (1_u32..).zip(&kept.steps) {
                let CycleStep::Computed { parties, left } = step.step else { continue };
                checked.computations += 1;
                let shares = storage.shares(kept.number, number, None).await?;
                let is_right = follows(&until(kept, number), &shares, (parties, left))
                    && rests_on_orders(&shares, &orders, step.at);
                if !is_right {
                    checked.wrong.push(format!("cycle {} step {number}: its shares", kept.number));
                }
                if kept.computation() == Some(number) && kept.folded(shares).is_err() {
                    checked.wrong.push(format!("cycle {}: what was moved by hand", kept.number));
                }
            }
        }
    }
}

/// As it was before that step.
fn until(kept: &KeptCycle, number: u32) -> KeptCycle {
    let steps = kept.steps.iter().take(number as usize - 1).cloned().collect();
    KeptCycle { steps, ..kept.clone() }
}

/// Whether these shares are what comes of their own figures.
fn follows(kept: &KeptCycle, shares: &[Share], said: (u64, u64)) -> bool {
    let orders: Vec<_> = shares.iter().map(|share| share.order).collect();
    compute(kept.supply(), &orders).is_ok_and(|computed| {
        computed.shares == shares && (computed.shares.len() as u64, computed.left()) == said
    })
}

/// Whether each has the boxes that it had ordered by then.
fn rests_on_orders(shares: &[Share], orders: &[KeptOrder], at: WallTime) -> bool {
    let by_then: Vec<KeptOrder> = orders.iter().filter(|order| order.at <= at).cloned().collect();
    let ordered = counted(&by_then).into_iter().map(|(party, order)| (party, order.line.boxes));
    ordered.eq(shares.iter().map(|share| (share.order.party, share.order.boxes)))
}
