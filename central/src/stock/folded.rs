//! A transfer folded from its plan and the steps that were kept.
//!
//! Must not: take a step that `vsys` refuses.

use record::WallTime;
use vsys::{
    Line, OfficerName, Reason, Transfer,
    transfer::{Plan, State, Step, TransferError},
};

use crate::storage::StorageError;

/// A step as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptStep {
    /// What was done.
    pub step: Step,
    /// Who did it.
    pub by: OfficerName,
    /// When it was written down.
    pub at: WallTime,
}

/// A transfer with its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptTransfer {
    /// As it stands.
    pub transfer: Transfer,
    /// Who planned it.
    pub planned_by: OfficerName,
    /// When.
    pub planned_at: WallTime,
    /// What happened to it, in order.
    pub steps: Vec<KeptStep>,
}

impl KeptTransfer {
    /// From what was kept.
    ///
    /// # Errors
    /// [`StorageError::Inconsistent`] where a kept step cannot have been taken.
    pub(crate) fn folded(
        plan: Plan,
        planned_by: OfficerName,
        planned_at: WallTime,
        steps: Vec<KeptStep>,
    ) -> Result<Self, StorageError> {
        let mut transfer = Transfer::planned(plan);
        for kept in &steps {
            transfer.step(&kept.step).map_err(|_| StorageError::Inconsistent("step"))?;
        }
        Ok(Self { transfer, planned_by, planned_at, steps })
    }

    /// Takes a further step; the line that the ledger is told.
    ///
    /// # Errors
    /// [`TransferError`]; nothing changes.
    pub(crate) fn take(&mut self, kept: KeptStep) -> Result<Option<Line>, TransferError> {
        let told = self.transfer.step(&kept.step)?;
        let reason = reason(&kept.step).cloned();
        let at = happened_at(&kept);
        let by = kept.by.clone();
        self.steps.push(kept);
        Ok(told.map(|(key, event)| Line { key, event, at, by, reason }))
    }

    /// Whether something is still to be done.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.transfer.state, State::Closed | State::Cancelled)
    }
}

fn reason(step: &Step) -> Option<&Reason> {
    match step {
        Step::DeclaredLost { reason, .. }
        | Step::SurplusExplained { reason }
        | Step::Cancelled { reason } => Some(reason),
        Step::Approved(_) | Step::Sent(_) | Step::Received(_) | Step::Returned { .. } => None,
    }
}

fn happened_at(kept: &KeptStep) -> WallTime {
    match &kept.step {
        Step::Sent(handover) => handover.at,
        Step::Received(receipt) => receipt.at,
        Step::Approved(_)
        | Step::Returned { .. }
        | Step::DeclaredLost { .. }
        | Step::SurplusExplained { .. }
        | Step::Cancelled { .. } => kept.at,
    }
}
