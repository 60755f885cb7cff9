//! 締めと在庫の照合: a day as a site closed it, beside what the books say of that day, lot by lot. What differs is for a person.
//!
//! Must not: change the books.

use std::collections::{BTreeMap, BTreeSet};

use record::{
    CalendarDate,
    closing::LotUse,
    day::{FacilityCode, LotNumber, Product},
};
use serde::Serialize;

use crate::{
    ledger::{Account, Held, Line, Origin, StockKey, Storage},
    wastage::Use,
};

/// One site, product and day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteDay {
    /// Where.
    pub facility: FacilityCode,
    /// Of which product.
    pub product: Product,
    /// On which day.
    pub on: CalendarDate,
}

/// 違い: what was closed and what the books say are not one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum StockDifference {
    /// Doses that were given: the closing's, and those in the books.
    Doses {
        /// Of which lot.
        lot: LotNumber,
        /// As closed; 0 where no closing names the lot.
        closed: u64,
        /// In the books.
        books: u64,
    },
    /// Vials that were opened.
    Vials {
        /// Of which lot.
        lot: LotNumber,
        /// As closed.
        closed: u64,
        /// In the books.
        books: u64,
    },
    /// Doses that were discarded.
    Discarded {
        /// Of which lot.
        lot: LotNumber,
        /// As closed.
        closed: u64,
        /// In the books.
        books: u64,
    },
    /// 不足: more was used than ever came, as the books stand now.
    Shortfall {
        /// Of which lot.
        lot: LotNumber,
        /// So many doses.
        doses: u64,
    },
    /// The books know of no delivery and no transfer of that lot.
    NeverCame {
        /// Of which lot.
        lot: LotNumber,
    },
}

/// Compares what all tablets of the site closed of that day with the books.
///
/// `lines` may hold anything: those of another site, product or day are passed over. `held` says what stands in the accounts
/// now.
#[must_use]
pub fn compare<'a>(
    day: &SiteDay,
    closed: &[LotUse],
    lines: impl IntoIterator<Item = &'a Line>,
    held: &impl Held,
) -> Vec<StockDifference> {
    let mut books: BTreeMap<&LotNumber, Use> = BTreeMap::new();
    let is_of_day = |line: &&Line| {
        line.key.facility == day.facility
            && line.key.product == day.product
            && CalendarDate::in_japan(line.at) == Ok(day.on)
    };
    for line in lines.into_iter().filter(is_of_day) {
        books.entry(&line.key.lot).or_default().take(&line.event);
    }
    let used = |(_, used): &(&&LotNumber, &Use)| **used != Use::default();
    let lots: BTreeSet<&LotNumber> =
        closed.iter().map(|lot| &lot.lot).chain(books.iter().filter(used).map(|(lot, _)| *lot)).collect();
    let nothing = Use::default();
    lots.into_iter()
        .flat_map(|lot| of_lot(day, lot, closed, books.get(lot).unwrap_or(&nothing), held))
        .collect()
}

fn of_lot(
    day: &SiteDay,
    lot: &LotNumber,
    closed: &[LotUse],
    books: &Use,
    held: &impl Held,
) -> Vec<StockDifference> {
    let sum = |of: fn(&LotUse) -> u32| -> u64 {
        closed.iter().filter(|closed| closed.lot == *lot).map(|closed| u64::from(of(closed))).sum()
    };
    let lot = || lot.clone();
    let (doses, vials, discarded) = (sum(|lot| lot.recorded), sum(|lot| lot.vials), sum(|lot| lot.discarded));
    let stands = |origin| -> u64 {
        [Storage::Frozen, Storage::Thawed]
            .map(|storage| StockKey {
                facility: day.facility,
                product: day.product.clone(),
                lot: lot(),
                storage,
            })
            .map(|key| held.held(&Account::From(origin, key)).amount().doses)
            .into_iter()
            .fold(0, u64::saturating_add)
    };
    let shortfall = stands(Origin::Shortfall);
    let came =
        [Origin::Delivered, Origin::Gained, Origin::Received].map(stands).iter().any(|doses| *doses > 0);
    [
        (StockDifference::Doses { lot: lot(), closed: doses, books: books.given }, doses != books.given),
        (StockDifference::Vials { lot: lot(), closed: vials, books: books.vials }, vials != books.vials),
        (
            StockDifference::Discarded { lot: lot(), closed: discarded, books: books.wasted() },
            discarded != books.wasted(),
        ),
        (StockDifference::Shortfall { lot: lot(), doses: shortfall }, shortfall > 0),
        (StockDifference::NeverCame { lot: lot() }, !came),
    ]
    .into_iter()
    .filter_map(|(difference, is_so)| is_so.then_some(difference))
    .collect()
}

#[cfg(test)]
mod tests;
