//! Sites and days, each closing of them beside the books. Pure.
//!
//! Must not: know words.

use std::collections::{BTreeMap, BTreeSet};

use record::{
    CalendarDate,
    closing::LotUse,
    day::{FacilityCode, LotNumber, Product},
};
use vsys::{
    Balance, Book, Line, ProductRule,
    closing::{SiteDay, StockDifference, compare},
    ledger::Account,
};

use crate::{
    stock::opened::{only_product, opened},
    storage::KeptClosing,
};

/// One site and day.
pub(super) struct SiteDayCompared<'a> {
    pub(super) facility: FacilityCode,
    pub(super) on: CalendarDate,
    pub(super) closings: Vec<&'a KeptClosing>,
    pub(super) differences: Vec<Difference>,
}

/// What is not one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Difference {
    /// Of a product.
    Stock(StockDifference),
    /// The facility's books know nothing of the lot.
    UnknownLot(LotNumber),
    /// They know it of two products.
    OfTwoProducts(LotNumber),
}

/// Every site and day of the closings, the newest first. A shortfall is of now, so it is named once, with the newest day.
pub(super) fn compare_all<'a>(
    closings: &'a [KeptClosing],
    lines: &[Line],
    accounts: &[(Account, Balance)],
    rules: &[ProductRule],
) -> Vec<SiteDayCompared<'a>> {
    let mut days: BTreeMap<(std::cmp::Reverse<CalendarDate>, FacilityCode), Vec<&KeptClosing>> =
        BTreeMap::new();
    for kept in closings {
        days.entry((std::cmp::Reverse(kept.key.on), kept.key.facility)).or_default().push(kept);
    }
    let mut of_lots: BTreeMap<FacilityCode, BTreeMap<LotNumber, BTreeSet<Product>>> = BTreeMap::new();
    for (account, _) in accounts {
        let key = account.key();
        let lots = of_lots.entry(key.facility).or_default();
        lots.entry(key.lot.clone()).or_default().insert(key.product.clone());
    }
    let book: Book = accounts.iter().cloned().collect();
    let mut named = BTreeSet::new();
    let nothing = BTreeMap::new();
    days.into_iter()
        .map(|((std::cmp::Reverse(on), facility), closings)| {
            let products = of_lots.get(&facility).unwrap_or(&nothing);
            let mut differences = of_day((facility, on), &closings, lines, (products, &book), rules);
            differences.retain(|difference| match difference {
                Difference::Stock(StockDifference::Shortfall { lot, .. }) => {
                    named.insert((facility, lot.clone()))
                }
                _ => true,
            });
            SiteDayCompared { facility, on, closings, differences }
        })
        .collect()
}

fn of_day(
    (facility, on): (FacilityCode, CalendarDate),
    closings: &[&KeptClosing],
    lines: &[Line],
    (products, book): (&BTreeMap<LotNumber, BTreeSet<Product>>, &Book),
    rules: &[ProductRule],
) -> Vec<Difference> {
    let mut closed: BTreeMap<&Product, Vec<LotUse>> = BTreeMap::new();
    let mut unknown: BTreeMap<&LotNumber, Difference> = BTreeMap::new();
    for lot in closings.iter().flat_map(|kept| &kept.closing.lots) {
        match (only_product(products, &lot.lot), products.contains_key(&lot.lot)) {
            (Some(product), _) => {
                closed.entry(product).or_default().push(as_the_books_have_it(lot, product, rules));
            }
            (None, true) => {
                unknown.insert(&lot.lot, Difference::OfTwoProducts(lot.lot.clone()));
            }
            (None, false) => {
                unknown.insert(&lot.lot, Difference::UnknownLot(lot.lot.clone()));
            }
        }
    }
    let of_site = |line: &&Line| line.key.facility == facility;
    for line in lines.iter().filter(of_site) {
        closed.entry(&line.key.product).or_default();
    }
    let of_product = |(product, closed): (&Product, Vec<LotUse>)| {
        let day = SiteDay { facility, product: product.clone(), on };
        compare(&day, &closed, lines, book).into_iter().map(Difference::Stock).collect::<Vec<_>>()
    };
    closed.into_iter().flat_map(of_product).chain(unknown.into_values()).collect()
}

/// The books count what a vial ought to have given by the product's rule; a day on which staff drew more or fewer doses of each
/// vial discarded, to the books, what that leaves.
fn as_the_books_have_it(lot: &LotUse, product: &Product, rules: &[ProductRule]) -> LotUse {
    if lot.vials == 0 {
        return lot.clone();
    }
    let opened = opened(lot, product, rules);
    let discarded = opened.expected.saturating_sub(opened.gave);
    LotUse { discarded: u32::try_from(discarded).unwrap_or(u32::MAX), ..lot.clone() }
}

#[cfg(test)]
mod tests;
