//! How much vaccine: in vials and in doses, side by side, because a vial gives more or fewer doses than is printed on it.
//!
//! Must not: turn one into the other by itself.

use serde::{Deserialize, Serialize};

/// An amount that moves: whole vials, and the doses that they are expected to give (or that were given, for those).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// Vials; at most [`Amount::MOST`].
    pub vials: u64,
    /// Doses; at most [`Amount::MOST`].
    pub doses: u64,
}

/// What stands in an account. Below zero only in the accounts that stock comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Vials.
    pub vials: i64,
    /// Doses.
    pub doses: i64,
}

impl Amount {
    /// The greatest number of either that one line may move: more than a country orders in a year.
    pub const MOST: u64 = 10_000_000_000;

    /// Vials of which each is expected to give so many doses.
    #[must_use]
    pub const fn of_vials(vials: u64, doses_per_vial: u64) -> Self {
        Self { vials, doses: vials.saturating_mul(doses_per_vial) }
    }
    /// Doses alone.
    #[must_use]
    pub const fn of_doses(doses: u64) -> Self {
        Self { vials: 0, doses }
    }
    /// Whether it is nothing.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.vials == 0 && self.doses == 0
    }
    /// Whether one line may move it.
    #[must_use]
    pub const fn is_within_bounds(self) -> bool {
        self.vials <= Self::MOST && self.doses <= Self::MOST
    }
    /// What of it is left without the other; nothing where there is more of the other.
    #[must_use]
    pub const fn beyond(self, other: Self) -> Self {
        Self { vials: self.vials.saturating_sub(other.vials), doses: self.doses.saturating_sub(other.doses) }
    }
    /// As much of it as the other has.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        Self { vials: self.vials.min(other.vials), doses: self.doses.min(other.doses) }
    }
}

impl Balance {
    /// Nothing.
    pub const NONE: Self = Self { vials: 0, doses: 0 };

    /// What can be taken of it: nothing where it is below zero.
    #[must_use]
    pub fn amount(self) -> Amount {
        Amount {
            vials: u64::try_from(self.vials).unwrap_or(0),
            doses: u64::try_from(self.doses).unwrap_or(0),
        }
    }
    /// Whether so much can be taken of it.
    #[must_use]
    pub fn covers(self, amount: Amount) -> bool {
        let (vials, doses) = signed(amount);
        self.vials >= vials && self.doses >= doses
    }
    /// More by that much.
    #[must_use]
    pub fn plus(self, amount: Amount) -> Self {
        let (vials, doses) = signed(amount);
        Self { vials: self.vials.saturating_add(vials), doses: self.doses.saturating_add(doses) }
    }
    /// Less by that much.
    #[must_use]
    pub fn minus(self, amount: Amount) -> Self {
        let (vials, doses) = signed(amount);
        Self { vials: self.vials.saturating_sub(vials), doses: self.doses.saturating_sub(doses) }
    }
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { vials: self.vials.saturating_add(other.vials), doses: self.doses.saturating_add(other.doses) }
    }
}

fn signed(amount: Amount) -> (i64, i64) {
    (i64::try_from(amount.vials).unwrap_or(i64::MAX), i64::try_from(amount.doses).unwrap_or(i64::MAX))
}
