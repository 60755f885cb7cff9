//! 接種 from the register: what of a coupon's doses is new to the ledger or no longer stands, and as which lines a lot's books
//! take that in.
//!
//! Must not: refuse a dose. What exceeds the books opens a shortfall, which a person sees.

use std::collections::BTreeMap;

use record::{
    CalendarDate, DoseNumber, WallTime,
    day::{FacilityCode, LotNumber, Product},
};
use vsys::{
    Event, Line, OfficerName, StockKey, Storage,
    ledger::{Account, End, Held as _, LedgerError},
};

use super::working::{Lot, Working};
use crate::storage::StandingDose;

/// A dose as the ledger sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    /// Where.
    pub(crate) facility: FacilityCode,
    /// Of which product.
    pub(crate) product: Product,
    /// Of which lot.
    pub(crate) lot: LotNumber,
    /// When.
    pub(crate) on: CalendarDate,
}

impl Given {
    /// Whose books it bears on, and of which day.
    pub(crate) fn day_of_lot(&self) -> DayOfLot {
        ((self.facility, self.product.clone(), self.lot.clone()), self.on)
    }
}

/// A lot's books and the day on which doses of it were given.
pub(crate) type DayOfLot = (Lot, CalendarDate);

/// When what happened on a day is said to have happened: as the day ended, or now while it lasts.
pub(crate) fn on_that_day(on: CalendarDate, now: WallTime) -> WallTime {
    on.ends_in_japan().plus_ms(-1).min(now)
}

/// What became of one dose since the ledger last looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) dose: DoseNumber,
    /// As the ledger knew it, and whether that stands in the books.
    pub(crate) was: Option<(Given, bool)>,
    /// As it stands.
    pub(crate) is: Option<Given>,
}

/// The differences of one coupon. Of a dose that was told twice the first counts.
pub(crate) fn differences(
    stands: &[StandingDose],
    mut known: BTreeMap<DoseNumber, (Given, bool)>,
) -> Vec<Difference> {
    let mut now: BTreeMap<DoseNumber, Given> = BTreeMap::new();
    for dose in stands {
        let day = &dose.vaccination.day;
        now.entry(day.dose).or_insert_with(|| Given {
            facility: day.site.facility_code,
            product: day.vaccine.product.clone(),
            lot: day.lot.clone(),
            on: day.vaccinated_on,
        });
    }
    let mut differences = Vec::new();
    for (dose, is) in now {
        let was = known.remove(&dose);
        if was.as_ref().is_none_or(|(was, _)| *was != is) {
            differences.push(Difference { dose, was, is: Some(is) });
        }
    }
    differences.extend(known.into_iter().map(|(dose, was)| Difference { dose, was: Some(was), is: None }));
    differences
}

/// How many doses of each lot and day are more and fewer than the books say.
#[derive(Debug, Default)]
pub(crate) struct Counts(BTreeMap<DayOfLot, i64>);

impl Counts {
    /// One more was given.
    pub(crate) fn more(&mut self, of: DayOfLot) {
        *self.0.entry(of).or_default() += 1;
    }
    /// One of those that were given was not.
    pub(crate) fn fewer(&mut self, of: DayOfLot) {
        *self.0.entry(of).or_default() -= 1;
    }
    /// Each lot and day of which the books have to change.
    pub(crate) fn changed(self) -> impl Iterator<Item = (DayOfLot, i64)> {
        self.0.into_iter().filter(|(_, change)| *change != 0)
    }
}

/// Takes so many doses more (or, below zero, fewer) into a lot's books, given at that instant. They come out of what is thawed as far as there is,
/// then of what the books still have as frozen, because it cannot have been given frozen; what neither has is a shortfall.
///
/// # Errors
/// [`LedgerError`] where fewer were given than are taken back: the books are not those of these doses.
pub(crate) fn take_in(
    working: &mut Working,
    (facility, product, lot): &Lot,
    change: i64,
    at: WallTime,
    by: &OfficerName,
) -> Result<(), LedgerError> {
    let key = |storage| StockKey { facility: *facility, product: product.clone(), lot: lot.clone(), storage };
    let (thawed, frozen) = (key(Storage::Thawed), key(Storage::Frozen));
    let doses = change.unsigned_abs();
    let book = working.book();
    let parts = if change > 0 {
        let first = book.on_hand(&thawed).doses.min(doses);
        let second = book.on_hand(&frozen).doses.min(doses - first);
        // What nobody has is asked of the thawed, where it opens the shortfall.
        [(thawed, doses - second), (frozen, second)]
    } else {
        let given = |key: &StockKey| book.held(&Account::Gone(End::Given, key.clone())).amount().doses;
        let first = given(&thawed).min(doses);
        [(thawed, first), (frozen, doses - first)]
    };
    for (key, doses) in parts.into_iter().filter(|(_, doses)| *doses > 0) {
        let event = if change > 0 { Event::Given { doses } } else { Event::NoLongerGiven { doses } };
        working.add(Line { key, event, at, by: by.clone(), reason: None })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use vsys::{Amount, ledger::Origin};

    use super::*;

    fn lot() -> Lot {
        ("1311300001".parse().unwrap(), "見本一号".parse().unwrap(), "SAMPLE-1".parse().unwrap())
    }

    fn key(storage: Storage) -> StockKey {
        let (facility, product, lot) = lot();
        StockKey { facility, product, lot, storage }
    }

    #[test]
    fn doses_come_out_of_what_is_thawed_then_of_what_is_frozen_then_of_a_shortfall_and_go_back() {
        let mut working = Working::new(Vec::new());
        let (now, by) = (WallTime::from_unix_ms(1), "officer-1".parse().unwrap());
        for (storage, doses) in [(Storage::Thawed, 5), (Storage::Frozen, 6)] {
            let event = Event::Delivered { amount: Amount::of_doses(doses) };
            working
                .add(Line { key: key(storage), event, at: now, by: OfficerName::clone(&by), reason: None })
                .unwrap();
        }
        take_in(&mut working, &lot(), 13, now, &by).unwrap();
        let shortfall = Account::From(Origin::Shortfall, key(Storage::Thawed));
        let there = |working: &Working| {
            [Storage::Thawed, Storage::Frozen].map(|storage| working.book().on_hand(&key(storage)).doses)
        };
        assert_eq!((there(&working), working.book().held(&shortfall).doses), ([0, 0], 2));
        take_in(&mut working, &lot(), -13, now, &by).unwrap();
        assert_eq!((there(&working), working.book().held(&shortfall).doses), ([5, 6], 0));
        assert_eq!(take_in(&mut working, &lot(), -1, now, &by), Err(LedgerError::MoreThanGiven));
    }
}
