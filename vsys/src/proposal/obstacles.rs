//! Who stays short, and why nobody can help: what stood in the way of each facility near by that has anything to spare.
//!
//! Must not: put it in words; a page does.

use std::collections::BTreeMap;

use record::{CalendarDate, MunicipalityCode, day::FacilityCode};
use serde::{Deserialize, Serialize};

/// What stands in the way of one facility that has something to spare; the further down, the nearer it came to helping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// What it has is less than the rule's smallest unit.
    LessThanAUnit,
    /// 再融通 is not allowed, and what it has came by a transfer.
    NotAgain,
    /// The rule does not let its kind pass on to the receiver's.
    NotBetweenKinds,
    /// The way is longer than the cold chain allows.
    ColdChain,
    /// It would arrive after the last day that is short.
    TooLate,
    /// It would not be good until a day that is short is over.
    NotGoodLongEnough,
    /// It can help, and all that it has is proposed already.
    AllProposed,
}

/// A facility that stays short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaysShort {
    /// Which.
    pub facility: FacilityCode,
    /// In which municipality.
    pub municipality: MunicipalityCode,
    /// Doses that are short when all that is proposed was carried out, at least 1.
    pub doses: u64,
    /// The first day that is short then.
    pub from: CalendarDate,
    /// Nobody has said where it stands, so that nobody near by can be found.
    pub has_no_position: bool,
    /// What stands in the way of how many facilities within the longest way and the reach. Empty where none of them has
    /// anything to spare.
    pub obstacles: BTreeMap<Obstacle, u32>,
    /// The nearest with anything to spare, beyond the longest way, in kilometres; only where there is none within.
    pub nearest_km: Option<u32>,
}
