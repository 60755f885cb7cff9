//! 配分: the boxes of one cycle, shared among those who ordered: a part by population, the rest to whoever has the lowest
//! stock rate, each line with its reasons. Exact whole numbers throughout.
//!
//! ```text
//! Order of each, Supply ─► compute ─► Computed (a Share each) ─► Cycle: draft ─► adjusted ─► published
//! ```
//!
//! Must not: know how orders or figures came; round a box.

use record::{MunicipalityCode, day::FacilityCode};
use serde::{Deserialize, Serialize};

mod cycle;
mod sharing;

pub use cycle::{Adjustment, Cycle, CycleError, Publication, Stage};
pub use sharing::compute;

/// 配分先: a municipality, or a facility of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Which municipality.
    pub municipality: MunicipalityCode,
    /// Which of its facilities; none where boxes go to the municipality.
    pub facility: Option<FacilityCode>,
}

/// 要望: what one asks for, and how it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Who.
    pub party: Party,
    /// Boxes that it asks for.
    pub boxes: u64,
    /// 12歳以上人口: people of twelve years and over.
    pub people: u64,
    /// Doses that were delivered to it so far.
    pub delivered: u64,
    /// Doses that were recorded there so far: by the register's entries.
    pub recorded: u64,
}

/// 供給量 of one cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supply {
    /// Boxes that there are.
    pub boxes: u64,
    /// Doses of one box, at least 1.
    pub doses_per_box: u64,
    /// How many per cent of the boxes go by population, 0 to 100.
    pub by_population_percent: u8,
}

impl Supply {
    /// The part that goes by population. Source: MHLW, about 80 %.
    pub const USUAL_PERCENT: u8 = 80;
    /// The most boxes of one cycle.
    pub const MOST_BOXES: u64 = 10_000_000;
}

/// 在庫率: (delivered − recorded) / (people × 2), exactly. Source: MHLW.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StockRate {
    /// Doses that were delivered and not recorded; below zero where more was recorded.
    pub stock: i64,
    /// Doses that everybody needs: two each.
    pub needed: u64,
}

impl StockRate {
    /// Of one who ordered, before this cycle.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        let signed = |doses: u64| i64::try_from(doses).unwrap_or(i64::MAX);
        Self {
            stock: signed(order.delivered) - signed(order.recorded),
            needed: order.people.saturating_mul(2),
        }
    }
    /// With so many doses more.
    #[must_use]
    pub fn with(self, doses: u64) -> Self {
        Self { stock: self.stock.saturating_add_unsigned(doses), ..self }
    }
    /// In tenths of a per cent, rounded down, for showing; none where nobody lives there.
    #[must_use]
    pub fn per_mille(self) -> Option<i64> {
        let needed = i128::from(self.needed);
        let rate = (needed > 0).then(|| (i128::from(self.stock) * 1_000).div_euclid(needed))?;
        i64::try_from(rate).ok()
    }
    /// Whether it is lower than the other, equal or higher, without rounding. Where nobody lives is highest.
    #[must_use]
    pub fn compared(self, other: Self) -> std::cmp::Ordering {
        match (self.needed, other.needed) {
            (0, 0) => std::cmp::Ordering::Equal,
            (0, _) => std::cmp::Ordering::Greater,
            (_, 0) => std::cmp::Ordering::Less,
            (mine, others) => (i128::from(self.stock) * i128::from(others))
                .cmp(&(i128::from(other.stock) * i128::from(mine))),
        }
    }
}

/// The part by population of one who ordered, and how it came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByPopulation {
    /// Boxes.
    pub boxes: u64,
    /// How they came about.
    pub how: How,
}

/// How boxes by population came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case", deny_unknown_fields)]
pub enum How {
    /// Its share is what it ordered, or more: it gets what it ordered, and the others share the rest.
    AllOrdered,
    /// Its share of what those share who do not get all they ordered.
    Shared {
        /// Boxes that those share.
        of_boxes: u64,
        /// People of those.
        of_people: u64,
        /// Whether its fraction was among the largest, and was rounded up.
        is_rounded_up: bool,
    },
    /// Nobody lives there, or nothing goes by population.
    Nothing,
}

/// 配分 of one who ordered, as computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// What was ordered, and the figures it rests on.
    pub order: Order,
    /// By population.
    pub by_population: ByPopulation,
    /// Boxes by stock rate: each went to the lowest rate of those who did not have all they ordered.
    pub by_stock_rate: u64,
    /// The rate before this cycle.
    pub rate_before: StockRate,
    /// The rate with all of these boxes.
    pub rate_after: StockRate,
}

impl Share {
    /// All of its boxes: never more than it ordered.
    #[must_use]
    pub fn boxes(&self) -> u64 {
        self.by_population.boxes + self.by_stock_rate
    }
}

/// The shares of one cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Computed {
    /// Of what.
    pub supply: Supply,
    /// By party.
    pub shares: Vec<Share>,
}

impl Computed {
    /// Boxes that nobody ordered.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.supply.boxes - self.shares.iter().map(Share::boxes).sum::<u64>()
    }
}

/// Shares cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ComputeError {
    /// One ordered twice.
    #[error("one ordered twice")]
    Twice(Party),
    /// More boxes than [`Supply::MOST_BOXES`], a box without doses, or more than a hundred per cent.
    #[error("the supply is beyond bounds")]
    Supply,
    /// People or doses beyond a country's.
    #[error("a figure of an order is beyond bounds")]
    Figure(Party),
}

#[cfg(test)]
mod tests;
