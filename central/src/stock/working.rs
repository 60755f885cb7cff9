//! Lines on their way into the ledger: the balances that they bear on as they were read, what the lines move, and which
//! balances are to be written.
//!
//! Must not: be filled with less than every account of the lots that a line bears on.

use std::collections::{BTreeMap, BTreeSet};

use record::{
    MunicipalityCode,
    day::{FacilityCode, LotNumber, Product},
};
use vsys::{
    Balance, Book, Event, Line,
    ledger::{Account, LedgerError},
};

/// One lot of one product at one facility: all its accounts are read together.
pub(crate) type Lot = (FacilityCode, Product, LotNumber);
/// To which municipality each facility belongs.
pub(crate) type Owners = BTreeMap<FacilityCode, MunicipalityCode>;

/// See above.
pub(crate) struct Working {
    before: BTreeMap<Account, Balance>,
    book: Book,
    lines: Vec<Line>,
}

/// The lots on which a line bears: its own, and where it arrives by a transfer the sender's.
pub(crate) fn lots_of(line: &Line) -> BTreeSet<Lot> {
    let sent = match &line.event {
        Event::Received { sent, .. } => Some(sent),
        _ => None,
    };
    let lot = |key: &vsys::StockKey| (key.facility, key.product.clone(), key.lot.clone());
    std::iter::once(&line.key).chain(sent).map(lot).collect()
}

impl Working {
    /// From every account of the lots concerned.
    pub(crate) fn new(accounts: Vec<(Account, Balance)>) -> Self {
        let before: BTreeMap<_, _> = accounts.into_iter().collect();
        let book = before.clone().into_iter().collect();
        Self { before, book, lines: Vec::new() }
    }

    /// What stands now.
    pub(crate) fn book(&self) -> &Book {
        &self.book
    }

    /// Adds a line.
    ///
    /// # Errors
    /// [`LedgerError`]; nothing of this or the lines before must be written then.
    pub(crate) fn add(&mut self, line: Line) -> Result<(), LedgerError> {
        self.book.add(&line)?;
        self.lines.push(line);
        Ok(())
    }

    /// The lines, and every balance that is another than before.
    pub(crate) fn ready(self) -> (Vec<Line>, Vec<(Account, Balance)>) {
        let differs = |(account, balance): &(&Account, Balance)| self.before.get(*account) != Some(balance);
        let changed = self.book.accounts().filter(differs);
        let changed = changed.map(|(account, balance)| (account.clone(), balance)).collect();
        (self.lines, changed)
    }
}
