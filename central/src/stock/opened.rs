//! 締めの取込み: what a closing says of vials, as lines of the ledger. A closing made anew takes the place of the one before: what
//! that took comes back, and the new one is taken.
//!
//! Must not: refuse a closing for what the books say, or guess of which product a lot is.

use std::collections::{BTreeMap, BTreeSet};

use record::{
    WallTime,
    closing::Closing,
    day::{LotNumber, Product},
};
use vsys::{Event, Line, OfficerName, ProductRule, StockKey, Storage, ledger::LedgerError};

use super::working::{Lot, Working};

/// Vials that were opened of one lot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Opened {
    /// How many.
    pub(crate) vials: u64,
    /// Doses that they were expected to give, by the product's rule.
    pub(crate) expected: u64,
    /// Doses that were drawn of them and not discarded.
    pub(crate) gave: u64,
}

/// What of one closing is in the books of one lot, by how it was kept.
pub(crate) type Taken = BTreeMap<Storage, Opened>;

/// A closing as the books want it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// By product and lot; lots of which no vial was opened are left out.
    pub(crate) lots: BTreeMap<(Product, LotNumber), Opened>,
    /// Lots whose product cannot be told.
    pub(crate) unknown: BTreeSet<LotNumber>,
}

/// What one lot of a closing says, by the product's rule; where it has none, by the doses a vial that staff typed.
pub(crate) fn opened(lot: &record::closing::LotUse, product: &Product, rules: &[ProductRule]) -> Opened {
    let rule = rules.iter().find(|rule| rule.product == *product);
    let expected = rule.map_or(lot.doses_per_vial, |rule| u32::from(rule.packaging.doses_per_vial));
    Opened {
        vials: lot.vials.into(),
        expected: u64::from(lot.vials) * u64::from(expected),
        gave: u64::try_from(lot.drawn()).unwrap_or(0),
    }
}

/// What the books want of a closing; `products` says of which products a lot is known at that facility.
pub(crate) fn wanted(
    closing: &Closing,
    products: &BTreeMap<LotNumber, BTreeSet<Product>>,
    rules: &[ProductRule],
) -> Wanted {
    let mut wanted = Wanted { lots: BTreeMap::new(), unknown: BTreeSet::new() };
    for lot in closing.lots.iter().filter(|lot| lot.vials > 0) {
        match only_product(products, &lot.lot) {
            Some(product) => {
                wanted.lots.insert((product.clone(), lot.lot.clone()), opened(lot, product, rules));
            }
            None => {
                wanted.unknown.insert(lot.lot.clone());
            }
        }
    }
    wanted
}

/// The product of a lot, where it is known of exactly one.
pub(crate) fn only_product<'a>(
    products: &'a BTreeMap<LotNumber, BTreeSet<Product>>,
    lot: &LotNumber,
) -> Option<&'a Product> {
    let known = products.get(lot)?;
    known.iter().next().filter(|_| known.len() == 1)
}

/// Takes into a lot's books what a closing says of it, in place of what was taken before. Vials come out of what is thawed, then
/// of what the books still have as frozen; what neither has opens a shortfall.
///
/// # Errors
/// [`LedgerError`] where the books are not those into which `was` was taken.
pub(crate) fn take_in(
    working: &mut Working,
    lot: &Lot,
    was: &Taken,
    is: Opened,
    at: WallTime,
    by: &OfficerName,
) -> Result<Taken, LedgerError> {
    if sum(was) == is {
        return Ok(was.clone());
    }
    let add = |working: &mut Working, storage, event| {
        let (facility, product, lot) = lot.clone();
        let key = StockKey { facility, product, lot, storage };
        working.add(Line { key, event, at, by: by.clone(), reason: None })
    };
    for (storage, Opened { vials, expected, gave }) in was {
        let event = Event::NoLongerOpened { vials: *vials, expected: *expected, gave: *gave };
        add(working, *storage, event)?;
    }
    if is.vials == 0 {
        return Ok(Taken::new());
    }
    let there = |storage| {
        let (facility, product, lot) = lot.clone();
        working.book().on_hand(&StockKey { facility, product, lot, storage }).vials
    };
    let frozen = is.vials.saturating_sub(there(Storage::Thawed)).min(there(Storage::Frozen));
    let taken = split(is, frozen);
    for (storage, Opened { vials, expected, gave }) in &taken {
        let event = Event::Opened { vials: *vials, expected: *expected, gave: *gave };
        add(working, *storage, event)?;
    }
    Ok(taken)
}

fn sum(taken: &Taken) -> Opened {
    taken.values().fold(Opened::default(), |sum, more| Opened {
        vials: sum.vials + more.vials,
        expected: sum.expected + more.expected,
        gave: sum.gave + more.gave,
    })
}

/// So many of the vials are booked as frozen, the rest as thawed; the doses follow the vials, to the last one.
fn split(all: Opened, frozen: u64) -> Taken {
    let part = |doses: u64| doses * frozen / all.vials.max(1);
    let second = Opened { vials: frozen, expected: part(all.expected), gave: part(all.gave) };
    let first = Opened {
        vials: all.vials - frozen,
        expected: all.expected - second.expected,
        gave: all.gave - second.gave,
    };
    let parts = [(Storage::Thawed, first), (Storage::Frozen, second)];
    parts.into_iter().filter(|(_, part)| part.vials > 0).collect()
}

#[cfg(test)]
mod tests;
