//! 判断: cases that wait for a person, and what was decided. Decisions are only ever added.
//!
//! Must not: change or delete an entry or a decision, or show a municipality another one's cases.

use record::{DoseNumber, EntryId, MunicipalityCode, WallTime};

use super::{Answer, CouponKey};
use crate::case::{Case, Decided, NewDecision};

/// What municipalities decide.
pub trait Reviews {
    /// Cases of the coupons that a municipality issued in which something waits, the longest waiting first; at most
    /// `most`.
    fn open_cases(&self, municipality: MunicipalityCode, most: usize) -> Answer<'_, Vec<CaseRow>>;
    /// Its cases that were decided and in which nothing waits, the last decided first; at most `most`.
    fn decided_cases(&self, municipality: MunicipalityCode, most: usize) -> Answer<'_, Vec<CaseRow>>;
    /// The cases that an entry is in, of coupons that this municipality issued: mostly one; a correction that leads from
    /// one checked dose to another is in two.
    fn cases_of_entry(&self, municipality: MunicipalityCode, entry_id: EntryId) -> Answer<'_, Vec<Case>>;
    /// Keeps a decision, unless anything changed since the person looked.
    fn decide(&self, decision: NewDecision) -> Answer<'_, Decided>;
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// An entry that disputes it, by which it is asked for.
    pub entry_id: EntryId,
    /// The coupon.
    pub coupon: CouponKey,
    /// 接種回数.
    pub dose: DoseNumber,
    /// Since when it waits, or when it was decided.
    pub at: WallTime,
    /// How many entries wait in it; nought where it is decided.
    pub waiting: u32,
}

/// An entry that waits, as a storage finds it.
#[derive(Debug, Clone)]
pub(super) struct WaitingRow {
    pub(super) entry_id: EntryId,
    pub(super) coupon: CouponKey,
    pub(super) dose: DoseNumber,
    pub(super) received_at: WallTime,
}

/// The cases of entries that wait, which come in the order in which they were received.
pub(super) fn cases(waiting: Vec<WaitingRow>, most: usize) -> Vec<CaseRow> {
    let mut cases: Vec<CaseRow> = Vec::new();
    for WaitingRow { entry_id, coupon, dose, received_at } in waiting {
        match cases.iter_mut().find(|case| (case.coupon, case.dose) == (coupon, dose)) {
            Some(case) => case.waiting += 1,
            None => cases.push(CaseRow { entry_id, coupon, dose, at: received_at, waiting: 1 }),
        }
    }
    cases.truncate(most);
    cases
}
