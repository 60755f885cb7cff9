//! What carrying takes: how far, how fast, how cold, across which borders, and what is better where both are possible.
//!
//! Must not: know a facility by its name.

use record::MunicipalityCode;
use serde::{Deserialize, Serialize};

use crate::transfer::{CHILLED, ColdChain, FREEZER, prefecture};

/// 範囲: across which borders anything is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Within a municipality.
    Municipality,
    /// Within a prefecture.
    Prefecture,
    /// Anywhere.
    Nation,
}

/// 移送の条件. Nothing about speed and hours of handling was published: configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Travel {
    /// Across which borders.
    pub reach: Reach,
    /// The longest way in kilometres as the crow flies.
    pub most_km: u32,
    /// Kilometres as the crow flies that are made in an hour, at least 1.
    pub km_per_hour: u32,
    /// From now until it leaves, in ms.
    pub until_it_leaves_ms: i64,
    /// How what is thawed, or thaws on its way, is carried.
    pub chilled: ColdChain,
    /// How what stays frozen is carried.
    pub freezer: ColdChain,
    /// For how long what was thawed is good, in ms.
    pub thawed_life_ms: i64,
    /// How many givers of each receiver are looked at first, at least 1.
    pub nearest: usize,
}

impl Travel {
    /// 120 km at 40 km/h with two hours to get it ready; a month thawed; thirty givers.
    pub const USUAL: Self = Self {
        reach: Reach::Nation,
        most_km: 120,
        km_per_hour: 40,
        until_it_leaves_ms: 2 * 3_600_000,
        chilled: CHILLED,
        freezer: FREEZER,
        thawed_life_ms: 31 * 86_400_000,
        nearest: 30,
    };

    /// How long so many kilometres take, in ms.
    pub(super) fn way_ms(&self, km: u32) -> i64 {
        i64::from(km) * 3_600_000 / i64::from(self.km_per_hour.max(1))
    }
}

/// What is better, in kilometres: how much longer a way may be for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preference {
    /// Not to cross into another municipality: a prefecture would have to approve.
    pub municipality_km: u32,
    /// Not to cross into another prefecture: two would have to approve.
    pub prefecture_km: u32,
    /// What spoils a day sooner where it would lie unused. Counts for [`Preference::MOST_DAYS`].
    pub day_of_shelf_life_km: u32,
    /// To help who is short a day sooner. Counts for [`Preference::MOST_DAYS`].
    pub day_sooner_km: u32,
}

impl Preference {
    /// Days beyond these count as these.
    pub const MOST_DAYS: i64 = 60;

    /// A border is worth 10 km, a prefecture's 50, a day of shelf life one, a day of waiting five.
    pub const USUAL: Self =
        Self { municipality_km: 10, prefecture_km: 50, day_of_shelf_life_km: 1, day_sooner_km: 5 };

    /// What the way from one to another is worth.
    pub(super) fn of_way(&self, km: u32, from: MunicipalityCode, to: MunicipalityCode) -> u64 {
        let border = match (from == to, prefecture(from) == prefecture(to)) {
            (true, _) => 0,
            (false, true) => self.municipality_km,
            (false, false) => self.prefecture_km,
        };
        u64::from(km) + u64::from(border)
    }
    /// What so many days of shelf life that are left are worth.
    pub(super) fn of_shelf_life(&self, days: i64) -> u64 {
        of_days(days, self.day_of_shelf_life_km)
    }
    /// What waiting for so many days is worth: who is short sooner is helped first.
    pub(super) fn of_waiting(&self, days: i64) -> u64 {
        of_days(days, self.day_sooner_km)
    }
}

fn of_days(days: i64, km: u32) -> u64 {
    days.clamp(0, Preference::MOST_DAYS).unsigned_abs() * u64::from(km)
}
