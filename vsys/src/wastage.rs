//! 廃棄と1バイアルの回数: what a facility discarded and why, and what its vials gave beside what they were expected to, from the
//! lines of the ledger.
//!
//! Must not: judge a facility.

use std::collections::BTreeMap;

use record::day::{FacilityCode, Product};

use crate::{
    amount::Amount,
    ledger::{DiscardReason, Event, Line},
};

/// One facility and product.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Use {
    /// Doses that were given, without those that no longer count.
    pub given: u64,
    /// Vials that were opened.
    pub vials: u64,
    /// Doses that those were expected to give.
    pub expected: u64,
    /// Doses that they gave.
    pub gave: u64,
    /// What was discarded, by reason: as staff entered it, and lost on its way from there.
    pub discarded: BTreeMap<DiscardReason, Amount>,
}

/// A share of a whole, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// The share.
    pub part: u64,
    /// The whole, at least 1.
    pub whole: u64,
}

impl Ratio {
    /// In thousandths, rounded down.
    #[must_use]
    pub fn per_mille(self) -> u64 {
        let exact = u128::from(self.part) * 1_000 / u128::from(self.whole.max(1));
        u64::try_from(exact).unwrap_or(u64::MAX)
    }
}

impl Use {
    /// Takes a line in; those that neither use nor discard change nothing.
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::Given { doses } => self.given = self.given.saturating_add(*doses),
            Event::NoLongerGiven { doses } => self.given = self.given.saturating_sub(*doses),
            Event::Opened { vials, expected, gave } => {
                self.vials = self.vials.saturating_add(*vials);
                self.expected = self.expected.saturating_add(*expected);
                self.gave = self.gave.saturating_add(*gave);
                self.discard(
                    DiscardReason::LessThanExpected,
                    Amount::of_doses(expected.saturating_sub(*gave)),
                );
            }
            Event::NoLongerOpened { vials, expected, gave } => {
                self.vials = self.vials.saturating_sub(*vials);
                self.expected = self.expected.saturating_sub(*expected);
                self.gave = self.gave.saturating_sub(*gave);
                self.no_longer(DiscardReason::LessThanExpected, expected.saturating_sub(*gave));
            }
            Event::Discarded { amount, reason } => self.discard(*reason, *amount),
            Event::LostInTransit { amount, .. } => self.discard(DiscardReason::LostInTransit, *amount),
            Event::Delivered { .. }
            | Event::Sent { .. }
            | Event::Received { .. }
            | Event::Returned { .. }
            | Event::Counted { .. }
            | Event::Thawed { .. }
            | Event::ShortfallExplained { .. } => {}
        }
    }

    fn discard(&mut self, reason: DiscardReason, amount: Amount) {
        if amount.is_none() {
            return;
        }
        let sum = self.discarded.entry(reason).or_default();
        *sum = Amount {
            vials: sum.vials.saturating_add(amount.vials),
            doses: sum.doses.saturating_add(amount.doses),
        };
    }

    fn no_longer(&mut self, reason: DiscardReason, doses: u64) {
        let Some(sum) = self.discarded.get_mut(&reason) else { return };
        sum.doses = sum.doses.saturating_sub(doses);
        if sum.is_none() {
            self.discarded.remove(&reason);
        }
    }

    /// All doses that were discarded.
    #[must_use]
    pub fn wasted(&self) -> u64 {
        self.discarded.values().map(|amount| amount.doses).fold(0, u64::saturating_add)
    }

    /// 廃棄率: of the doses that were given or discarded, those that were discarded; none where there are none.
    #[must_use]
    pub fn wastage(&self) -> Option<Ratio> {
        let whole = self.given.saturating_add(self.wasted());
        (whole > 0).then(|| Ratio { part: self.wasted(), whole })
    }

    /// 1バイアルの回数: doses for each vial that was opened; none where none was.
    #[must_use]
    pub const fn doses_per_vial(&self) -> Option<Ratio> {
        if self.vials == 0 { None } else { Some(Ratio { part: self.gave, whole: self.vials }) }
    }
}

/// What every facility used and discarded of each product. What a stocktake misses is not among it: that is a difference of
/// the books.
#[must_use]
pub fn by_facility<'a>(lines: impl IntoIterator<Item = &'a Line>) -> BTreeMap<(FacilityCode, Product), Use> {
    let mut all: BTreeMap<_, Use> = BTreeMap::new();
    for line in lines {
        all.entry((line.key.facility, line.key.product.clone())).or_default().take(&line.event);
    }
    all
}

#[cfg(test)]
mod tests;
