//! Balances as rows of a page: what is there of each lot, how it is kept, and what else its accounts say.
//!
//! Must not: read anything itself.

use std::collections::BTreeMap;

use vsys::{
    Amount, Balance, Book, StockKey,
    ledger::{Account, End, Held as _, Origin},
};

use super::{
    event_words::{amount, storage_word},
    nav::{facility_address, lot_address},
};
use crate::console::language::Language;

/// One lot, kept in one way, at one facility.
pub(super) struct StockRow {
    pub(super) facility: String,
    pub(super) facility_address: String,
    pub(super) product: String,
    pub(super) lot: String,
    pub(super) lot_address: String,
    pub(super) storage: &'static str,
    pub(super) on_hand: String,
    /// Of the most that any row has, in hundredths: how long its bar is.
    pub(super) share: u64,
    pub(super) in_transit: Option<String>,
    pub(super) shortfall: Option<String>,
    pub(super) given: String,
    pub(super) discarded: String,
}

/// What a facility's accounts sum up to.
#[derive(Default, Clone, Copy)]
pub(super) struct Sums {
    pub(super) on_hand: Amount,
    pub(super) in_transit: Amount,
    pub(super) shortfall: Amount,
}

impl Sums {
    /// Over all of them.
    pub(super) fn of<'a>(accounts: impl Iterator<Item = &'a (Account, Balance)>) -> Self {
        let mut sums = Self::default();
        for (account, balance) in accounts {
            let sum = match account {
                Account::OnHand(_) => &mut sums.on_hand,
                Account::InTransit(..) => &mut sums.in_transit,
                Account::From(Origin::Shortfall, _) => &mut sums.shortfall,
                Account::From(..) | Account::Gone(..) => continue,
            };
            let more = balance.amount();
            sum.vials = sum.vials.saturating_add(more.vials);
            sum.doses = sum.doses.saturating_add(more.doses);
        }
        sums
    }
}

/// A row for each key, in order of facility, product and lot; what is empty and always was is left out by having no account.
pub(super) fn rows(language: Language, accounts: &[(Account, Balance)]) -> Vec<StockRow> {
    let book: Book = accounts.iter().cloned().collect();
    let mut in_transit: BTreeMap<&StockKey, Amount> = BTreeMap::new();
    let mut keys: BTreeMap<&StockKey, ()> = BTreeMap::new();
    for (account, balance) in accounts {
        keys.insert(account.key(), ());
        if let Account::InTransit(..) = account {
            let sum = in_transit.entry(account.key()).or_default();
            *sum = Amount {
                vials: sum.vials + balance.amount().vials,
                doses: sum.doses + balance.amount().doses,
            };
        }
    }
    let most = keys.keys().map(|key| book.on_hand(key).doses).max().unwrap_or(0).max(1);
    let said = |much: Amount| (!much.is_none()).then(|| amount(language, much));
    let row = |key: &StockKey| {
        let of = |account: Account| book.held(&account).amount();
        let on_hand = book.on_hand(key);
        StockRow {
            facility: key.facility.to_string(),
            facility_address: facility_address(key.facility),
            product: key.product.to_string(),
            lot: key.lot.to_string(),
            lot_address: lot_address(&key.product, &key.lot),
            storage: storage_word(language, key.storage),
            on_hand: amount(language, on_hand),
            share: on_hand.doses.saturating_mul(100) / most,
            in_transit: said(in_transit.get(key).copied().unwrap_or_default()),
            shortfall: said(of(Account::From(Origin::Shortfall, key.clone()))),
            given: amount(language, of(Account::Gone(End::Given, key.clone()))),
            discarded: amount(language, of(Account::Gone(End::Discarded, key.clone()))),
        }
    };
    keys.into_keys().map(row).collect()
}
