//! The balances of all accounts, kept with each line, and whether they add up: what came is there, on its way, or gone.
//!
//! Must not: balance anything by itself: a difference is for a person.

use std::collections::BTreeMap;

use record::day::{FacilityCode, LotNumber, Product};

use crate::{
    amount::{Amount, Balance},
    ledger::{Account, End, Held, LedgerError, Line, Origin, Posting, StockKey, postings},
};

/// What stands in the accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book(BTreeMap<Account, Balance>);

impl Held for Book {
    fn held(&self, account: &Account) -> Balance {
        self.0.get(account).copied().unwrap_or_default()
    }
}

/// A book in which as much as anybody asks for is in transit.
struct InTransitUnasked<'a>(&'a Book);

impl Held for InTransitUnasked<'_> {
    fn held(&self, account: &Account) -> Balance {
        match account {
            Account::InTransit(..) => Balance { vials: i64::MAX, doses: i64::MAX },
            other => self.0.held(other),
        }
    }
}

impl FromIterator<(Account, Balance)> for Book {
    /// From balances as they were kept.
    fn from_iter<T: IntoIterator<Item = (Account, Balance)>>(accounts: T) -> Self {
        Self(accounts.into_iter().collect())
    }
}

impl Book {
    /// Adds a line: everything that it moves, or nothing.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn add(&mut self, line: &Line) -> Result<Vec<Posting>, LedgerError> {
        let moved = postings(line, self)?;
        moved.iter().for_each(|posting| self.post(posting));
        Ok(moved)
    }

    /// Adds a line of which lines of other facilities that came before may not have been added yet: whether so much is in
    /// transit is not asked. Once every line was added nothing in transit stands below zero, in whatever order of facilities.
    ///
    /// # Errors
    /// [`LedgerError`], never of what is in transit.
    pub fn add_by_facility(&mut self, line: &Line) -> Result<Vec<Posting>, LedgerError> {
        let moved = postings(line, &InTransitUnasked(self))?;
        moved.iter().for_each(|posting| self.post(posting));
        Ok(moved)
    }

    fn post(&mut self, posting: &Posting) {
        // An origin counts what came out of it, so that nothing stands below zero.
        let from = self.0.entry(posting.from.clone()).or_default();
        let is_origin = |account: &Account| matches!(account, Account::From(..));
        *from = if is_origin(&posting.from) { from.plus(posting.amount) } else { from.minus(posting.amount) };
        let to = self.0.entry(posting.to.clone()).or_default();
        *to = if is_origin(&posting.to) { to.minus(posting.amount) } else { to.plus(posting.amount) };
    }

    /// What is on hand.
    #[must_use]
    pub fn on_hand(&self, key: &StockKey) -> Amount {
        self.held(&Account::OnHand(key.clone())).amount()
    }

    /// Every account with what stands in it.
    pub fn accounts(&self) -> impl Iterator<Item = (&Account, Balance)> {
        self.0.iter().map(|(account, balance)| (account, *balance))
    }
}

/// The sums of one lot, at one facility or over the country.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Delivered.
    pub delivered: Balance,
    /// Gained.
    pub gained: Balance,
    /// Shortfall.
    pub shortfall: Balance,
    /// Received by transfers.
    pub received: Balance,
    /// On hand.
    pub on_hand: Balance,
    /// On its way.
    pub in_transit: Balance,
    /// Given.
    pub given: Balance,
    /// Discarded.
    pub discarded: Balance,
    /// Handed over by transfers.
    pub handed_over: Balance,
}

impl Totals {
    /// Takes an account in.
    pub fn take(&mut self, account: &Account, balance: Balance) {
        let sum = match account {
            Account::From(Origin::Delivered, _) => &mut self.delivered,
            Account::From(Origin::Gained, _) => &mut self.gained,
            Account::From(Origin::Shortfall, _) => &mut self.shortfall,
            Account::From(Origin::Received, _) => &mut self.received,
            Account::OnHand(_) => &mut self.on_hand,
            Account::InTransit(..) => &mut self.in_transit,
            Account::Gone(End::Given, _) => &mut self.given,
            Account::Gone(End::Discarded, _) => &mut self.discarded,
            Account::Gone(End::HandedOver, _) => &mut self.handed_over,
        };
        *sum = sum.and(balance);
    }

    /// Whether everything that came is somewhere.
    #[must_use]
    pub fn add_up(&self) -> bool {
        let came = self.delivered.and(self.gained).and(self.shortfall).and(self.received);
        came == self.on_hand.and(self.in_transit).and(self.given).and(self.discarded).and(self.handed_over)
    }
}

/// 収支の照合: the sums of every lot, at each facility and over the country.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conservation {
    lots: BTreeMap<(Product, LotNumber), Totals>,
    facilities: BTreeMap<(FacilityCode, Product, LotNumber), Totals>,
}

/// Where something does not add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unbalanced {
    /// A lot over the country; also where more or less was received than handed over.
    Lot(Product, LotNumber),
    /// A lot at one facility.
    Facility(FacilityCode, Product, LotNumber),
}

impl Conservation {
    /// Takes an account in.
    pub fn take(&mut self, account: &Account, balance: Balance) {
        let key = account.key();
        let lot = (key.product.clone(), key.lot.clone());
        self.lots.entry(lot.clone()).or_default().take(account, balance);
        self.facilities.entry((key.facility, lot.0, lot.1)).or_default().take(account, balance);
    }

    /// The sums of a lot over the country.
    #[must_use]
    pub fn lot(&self, product: &Product, lot: &LotNumber) -> Totals {
        self.lots.get(&(product.clone(), lot.clone())).copied().unwrap_or_default()
    }

    /// What does not add up.
    #[must_use]
    pub fn unbalanced(&self) -> Vec<Unbalanced> {
        let lots = self
            .lots
            .iter()
            .filter(|(_, totals)| !totals.add_up() || totals.received != totals.handed_over)
            .map(|((product, lot), _)| Unbalanced::Lot(product.clone(), lot.clone()));
        let facilities = self.facilities.iter().filter(|(_, totals)| !totals.add_up()).map(
            |((facility, product, lot), _)| Unbalanced::Facility(*facility, product.clone(), lot.clone()),
        );
        lots.chain(facilities).collect()
    }
}

impl<'a> FromIterator<(&'a Account, Balance)> for Conservation {
    fn from_iter<T: IntoIterator<Item = (&'a Account, Balance)>>(accounts: T) -> Self {
        let mut sums = Self::default();
        accounts.into_iter().for_each(|(account, balance)| sums.take(account, balance));
        sums
    }
}

#[cfg(test)]
mod tests;
