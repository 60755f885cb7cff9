//! 移送の保管: plans and the steps that were taken, under the municipality that gives; the receiving one finds them too.
//!
//! Must not: change a plan, or take a step without what it moves in the ledger in the same transaction.

use record::{MunicipalityCode, WallTime};
use vsys::{
    OfficerName, TransferId,
    ledger::LedgerError,
    transfer::{Plan, State, TransferError},
};

use super::{Answer, NewLine};
use crate::stock::folded::{KeptStep, KeptTransfer};

/// Transfers.
pub trait Transfers {
    /// Keeps a plan.
    fn plan_transfer(&self, plan: NewPlan) -> Answer<'_, Planned>;
    /// Takes a step.
    fn step_transfer(&self, step: NewStep) -> Answer<'_, StepTaken>;
    /// One, by the municipality that gives and its number.
    fn transfer(&self, from: MunicipalityCode, id: TransferId) -> Answer<'_, Option<KeptTransfer>>;
    /// Those in which the municipality gives or receives: open ones, or those that ended; the newest first, planned before
    /// that instant.
    fn transfers(
        &self,
        municipality: MunicipalityCode,
        which: Which,
        before: Option<WallTime>,
        most: u32,
    ) -> Answer<'_, Vec<KeptTransfer>>;
    /// Those between municipalities that are still to be approved, whosever they are: for who approves them for a prefecture.
    fn transfers_to_approve(&self, most: u32) -> Answer<'_, Vec<KeptTransfer>>;
}

/// Which transfers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Something is still to be done.
    Open,
    /// Closed or cancelled.
    Ended,
}

/// A plan on its way in.
#[derive(Clone)]
pub struct NewPlan {
    /// What is planned.
    pub plan: Plan,
    /// Who plans.
    pub by: OfficerName,
    /// When.
    pub at: WallTime,
    /// Its line of the audit.
    pub noted: NewLine,
}

/// What came of planning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planned {
    /// It is kept.
    Planned,
    /// Of its two places one is no facility of that municipality.
    NoFacility,
}

/// A step on its way in.
#[derive(Clone)]
pub struct NewStep {
    /// Who gives.
    pub from: MunicipalityCode,
    /// Which transfer.
    pub id: TransferId,
    /// How far it had come when whoever takes the step saw it: so many steps.
    pub seen: u32,
    /// What is done.
    pub taken: KeptStep,
    /// Its line of the audit; none where whoever does it belongs to no municipality.
    pub noted: Option<NewLine>,
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepTaken {
    /// It is kept; how far the transfer has come.
    Taken(State),
    /// The transfer cannot take it.
    Refused(TransferError),
    /// The books do not have it.
    NotInTheBooks(LedgerError),
    /// Somebody else took a step first.
    Overtaken,
    /// There is no such transfer.
    Unknown,
}
