//! 提案: who can help whom. For one product, what each facility can spare and what each is short of, and whole units from one
//! to the other so that as little as possible stays short, and then the way is as short as possible and what spoils first
//! goes first. Solved as a min-cost flow.
//!
//! ```text
//! Question ─► demand::Outlook of each ─► candidates (rule, reach, time, cold chain, shelf life) ─► flow ─► Answer
//! ```
//!
//! Must not: move anything: a person plans a transfer of a proposal, or does not.

use record::{
    CalendarDate, MunicipalityCode, WallTime,
    day::{FacilityCode, LotNumber},
};
use serde::{Deserialize, Serialize};

use crate::{
    amount::Amount,
    demand::{Arrival, Booking, Stock},
    facility::{Coordinates, FacilityKind},
    ledger::Storage,
    product::ProductRule,
    transfer::ColdChain,
};

mod candidates;
mod flow;
mod obstacles;
mod solving;
mod travel;

pub use obstacles::{Obstacle, StaysShort};
pub use travel::{Preference, Reach, Travel};

/// A facility as it stands, for one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Which.
    pub code: FacilityCode,
    /// In which municipality.
    pub municipality: MunicipalityCode,
    /// Of which kind it is at this instant.
    pub kind: FacilityKind,
    /// Where it stands; none where nobody has said: it can then neither help nor be helped.
    pub position: Option<Coordinates>,
    /// Vials that its deep freezer can still take; 0 where it has none.
    pub freezer_room: u64,
    /// What is there.
    pub stock: Vec<Stock>,
    /// What people are booked for.
    pub bookings: Vec<Booking>,
    /// What is expected.
    pub arrivals: Vec<Arrival>,
}

/// 提案の条件 and all facilities that may take part, in any order, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// When it is asked.
    pub now: WallTime,
    /// Of which product, and what its rule allows.
    pub rule: ProductRule,
    /// How stock can be carried, and how far.
    pub travel: Travel,
    /// What is better, where as much can be helped either way.
    pub preference: Preference,
    /// Who takes part.
    pub sites: Vec<Site>,
}

/// It cannot be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// The instant is of no day of this century.
    #[error("the instant is outside the calendar")]
    OutsideCalendar,
    /// A facility stands there twice.
    #[error("a facility stands there twice")]
    Twice(FacilityCode),
    /// There is more than can be counted.
    #[error("there is more vaccine than can be counted")]
    TooMuch,
}

/// How it is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Carriage {
    /// 冷蔵: what was frozen thaws on its way.
    Chilled,
    /// 冷凍: into the receiver's deep freezer.
    Frozen,
}

/// 提案: so much of one lot, from one facility to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Who gives, and in which municipality.
    pub from: (FacilityCode, MunicipalityCode),
    /// Who receives, and in which municipality.
    pub to: (FacilityCode, MunicipalityCode),
    /// Which lot.
    pub lot: LotNumber,
    /// How it is kept where it leaves.
    pub storage: Storage,
    /// How much: whole units of the rule.
    pub amount: Amount,
    /// Why.
    pub why: Why,
}

/// Why this facility, this lot and this way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// Doses of which the receiver is short in all.
    pub short: u64,
    /// The first day on which it is short.
    pub short_from: CalendarDate,
    /// Doses of this lot that the giver has and nobody there is booked for.
    pub spare: u64,
    /// The rule lets the first kind pass on to the second.
    pub between: (FacilityKind, FacilityKind),
    /// 再融通: at least a part of it came by a transfer, which the rule allows to be passed on.
    pub is_again: bool,
    /// Kilometres as the crow flies, rounded up.
    pub km: u32,
    /// How it is carried.
    pub carriage: Carriage,
    /// How cold, and how long at most.
    pub cold_chain: ColdChain,
    /// Milliseconds on its way.
    pub way_ms: i64,
    /// When it can be used there.
    pub arrives_at: WallTime,
    /// From when on it is no longer good there.
    pub good_until: WallTime,
}

impl Why {
    /// Whole days of shelf life that are left when it arrives.
    #[must_use]
    pub fn days_left(&self) -> i64 {
        self.good_until.ms_since(self.arrives_at).max(0) / 86_400_000
    }
}

/// Everything that is proposed, and who stays short all the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// By giver, receiver and lot.
    pub proposals: Vec<Proposal>,
    /// By facility.
    pub stay_short: Vec<StaysShort>,
    /// Doses short of all before anything is moved.
    pub short: u64,
    /// Doses that no booking uses where they are, before anything is moved.
    pub spare: u64,
}

impl Answer {
    /// Doses that stay short when all of it was carried out.
    #[must_use]
    pub fn still_short(&self) -> u64 {
        self.stay_short.iter().map(|site| site.doses).sum()
    }
    /// Doses times kilometres of all that is proposed.
    #[must_use]
    pub fn dose_km(&self) -> u64 {
        self.proposals.iter().map(|proposal| proposal.amount.doses * u64::from(proposal.why.km)).sum()
    }
}

/// Answers the question. The order in which facilities, stock and bookings stand changes nothing.
///
/// As few units as possible stay short among the givers that were looked at: the [`Travel::nearest`] that can help each,
/// and, for whoever would stay short, the nearest that have anything left. Nobody stays short while one in reach that can
/// help has a whole unit left.
///
/// # Errors
/// [`QuestionError`].
pub fn propose(question: &Question) -> Result<Answer, QuestionError> {
    solving::solve(question)
}

#[cfg(test)]
mod tests;
