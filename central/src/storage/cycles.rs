//! 配分の保管: cycles with the steps that were taken, orders of municipalities, computed shares, populations. Everything is
//! only added to; after its publication nothing of a cycle is.
//!
//! Must not: change or delete any of it, take an order after the deadline, or show a municipality another's orders.

use std::collections::BTreeMap;

use record::{MunicipalityCode, WallTime, day::FacilityCode};
use vsys::{OfficerName, allocation::Share};

use super::{Answer, NewLine};
use crate::stock::allocating::{
    cycle::{KeptCycle, Opened},
    figures::{KeptOrder, OrderLine},
    step::{CycleAct, CycleRefused},
};

/// Cycles of allocation.
pub trait Cycles {
    /// Opens a cycle; its number.
    fn open_cycle(&self, new: NewCycle) -> Answer<'_, u32>;
    /// The cycles before that number, the newest first.
    fn cycles(&self, before: Option<u32>, most: u32) -> Answer<'_, Vec<KeptCycle>>;
    /// One, by its number.
    fn cycle(&self, number: u32) -> Answer<'_, Option<KeptCycle>>;
    /// Takes a step; a computation reads orders, populations and books and keeps the shares, in the same transaction.
    fn step_cycle(&self, step: NewCycleStep) -> Answer<'_, CycleStepped>;
    /// The shares of a computation, by party; of one municipality, where one is given.
    fn shares(&self, cycle: u32, computation: u32, of: Option<MunicipalityCode>) -> Answer<'_, Vec<Share>>;
    /// Adds orders of one municipality, all of them or none.
    fn place_orders(&self, orders: NewOrders) -> Answer<'_, OrdersPlaced>;
    /// Every order of a cycle in the order of each municipality's numbers; of one municipality, where one is given.
    fn orders(&self, cycle: u32, of: Option<MunicipalityCode>) -> Answer<'_, Vec<KeptOrder>>;
    /// Adds populations; the last of each municipality counts.
    fn tell_populations(&self, told: NewPopulations) -> Answer<'_, ()>;
    /// 12歳以上人口 as told last; of one municipality, where one is given.
    fn populations(&self, of: Option<MunicipalityCode>) -> Answer<'_, BTreeMap<MunicipalityCode, u64>>;
}

/// A cycle on its way in.
#[derive(Debug, Clone)]
pub struct NewCycle {
    /// What is opened.
    pub opened: Opened,
    /// Who, by account.
    pub by: OfficerName,
    /// When.
    pub at: WallTime,
}

/// A step on its way in.
#[derive(Debug, Clone)]
pub struct NewCycleStep {
    /// Of which cycle.
    pub cycle: u32,
    /// How far it had come when whoever takes the step saw it: so many steps.
    pub seen: u32,
    /// What is done.
    pub act: CycleAct,
    /// Who, by account.
    pub by: OfficerName,
    /// When.
    pub at: WallTime,
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CycleStepped {
    /// It is kept.
    Taken,
    /// The cycle cannot take it.
    Refused(CycleRefused),
    /// Somebody else took a step first.
    Overtaken,
    /// There is no such cycle.
    Unknown,
}

/// Orders on their way in.
#[derive(Clone)]
pub struct NewOrders {
    /// Of which cycle.
    pub cycle: u32,
    /// Whose.
    pub municipality: MunicipalityCode,
    /// What is ordered, for one each.
    pub lines: Vec<OrderLine>,
    /// Who, by account.
    pub by: OfficerName,
    /// When.
    pub at: WallTime,
    /// Its line of the audit.
    pub noted: NewLine,
}

/// What came of ordering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrdersPlaced {
    /// They are kept.
    Placed,
    /// Orders are taken no longer: the deadline is over, or the cycle was called off.
    Closed,
    /// No facility of the municipality has that code.
    NoFacility(FacilityCode),
    /// Nobody has said how many people are vaccinated with it.
    NoPeople,
    /// There is no such cycle.
    Unknown,
}

/// Populations on their way in.
#[derive(Debug, Clone)]
pub struct NewPopulations {
    /// People of 12 and over of each.
    pub people: BTreeMap<MunicipalityCode, u64>,
    /// Who brought them, by account.
    pub by: OfficerName,
    /// When.
    pub at: WallTime,
}

/// Why orders are not taken; none where they are. `population` is what the file of populations says of the municipality.
pub(crate) fn refused(orders: &NewOrders, kept: &KeptCycle, population: Option<u64>) -> Option<OrdersPlaced> {
    let is_over = orders.at > kept.orders_until();
    if is_over || kept.called_off().is_some() || kept.computation().is_some() {
        return Some(OrdersPlaced::Closed);
    }
    let lacks_people = |line: &OrderLine| {
        line.boxes > 0 && line.people.is_none() && (line.facility.is_some() || population.is_none())
    };
    orders.lines.iter().any(lacks_people).then_some(OrdersPlaced::NoPeople)
}
