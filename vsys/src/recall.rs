//! ロットの追跡: where a lot went and where it still is, read from the lines of the ledger: who received it and from whom, what
//! is on hand, on its way, given and discarded. What a recall needs to know.
//!
//! Must not: recall a lot, or stop it on a tablet; say what ought to be done with it.

use std::collections::BTreeMap;

use record::{
    WallTime,
    day::{FacilityCode, LotNumber, Product},
};

use crate::{
    amount::Amount,
    book::{Book, Totals},
    ledger::{Account, Event, LedgerError, Line, Posting, StockKey, Storage},
    transfer::TransferId,
};

/// One lot, followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotTrace {
    /// Who had it at any time, by code.
    pub holders: BTreeMap<FacilityCode, Holder>,
    /// Every arrival by a transfer, in the order of the lines.
    pub handed_over: Vec<HandedOver>,
    /// What left and has not arrived, by transfer.
    pub on_its_way: BTreeMap<TransferId, OnItsWay>,
}

/// One facility that had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// When it first came there: a delivery, a transfer, or a dose of which the books knew nothing.
    pub first_at: WallTime,
    /// What is on hand, by how it is kept; only where there is any.
    pub on_hand: BTreeMap<Storage, Amount>,
    /// All that came and went.
    pub totals: Totals,
}

/// It went from one to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    /// By which transfer.
    pub transfer: TransferId,
    /// From.
    pub from: FacilityCode,
    /// To.
    pub to: FacilityCode,
    /// How much arrived.
    pub amount: Amount,
    /// When.
    pub at: WallTime,
}

/// It left, and has not arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnItsWay {
    /// From.
    pub from: FacilityCode,
    /// How much.
    pub amount: Amount,
}

/// A line does not follow from those before it: the lines are not all there, or not in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line} does not follow from those before it: {why}")]
pub struct BrokenLedger {
    /// The first is 0.
    pub line: usize,
    /// Why not.
    pub why: LedgerError,
}

/// Follows a lot through all lines of the ledger, in their order; lines of other lots are passed over.
///
/// # Errors
/// [`BrokenLedger`].
pub fn trace<'a>(
    product: &Product,
    lot: &LotNumber,
    lines: impl IntoIterator<Item = &'a Line>,
) -> Result<LotTrace, BrokenLedger> {
    follow(product, lot, lines, Book::add)
}

/// Follows a lot through the lines of some facilities alone, facility by facility: what one of them received is taken as it
/// was told, because the lines of whoever sent it need not be among them. What is on its way from them to others is not
/// known from these lines.
///
/// # Errors
/// [`BrokenLedger`].
pub fn trace_within<'a>(
    product: &Product,
    lot: &LotNumber,
    lines: impl IntoIterator<Item = &'a Line>,
) -> Result<LotTrace, BrokenLedger> {
    let followed = follow(product, lot, lines, Book::add_by_facility)?;
    Ok(LotTrace { on_its_way: BTreeMap::new(), ..followed })
}

fn follow<'a>(
    product: &Product,
    lot: &LotNumber,
    lines: impl IntoIterator<Item = &'a Line>,
    add: fn(&mut Book, &Line) -> Result<Vec<Posting>, LedgerError>,
) -> Result<LotTrace, BrokenLedger> {
    let mut book = Book::default();
    let mut first: BTreeMap<FacilityCode, WallTime> = BTreeMap::new();
    let mut handed_over = Vec::new();
    let is_of_lot = |key: &StockKey| key.product == *product && key.lot == *lot;
    for (index, line) in lines.into_iter().enumerate().filter(|(_, line)| is_of_lot(&line.key)) {
        add(&mut book, line).map_err(|why| BrokenLedger { line: index, why })?;
        first
            .entry(line.key.facility)
            .and_modify(|earliest| *earliest = line.at.min(*earliest))
            .or_insert(line.at);
        if let Event::Received { transfer, sent, amount } = &line.event {
            let (from, to) = (sent.facility, line.key.facility);
            handed_over.push(HandedOver { transfer: *transfer, from, to, amount: *amount, at: line.at });
        }
    }
    let holder = |(code, first_at): (&FacilityCode, &WallTime)| {
        let holder = Holder { first_at: *first_at, on_hand: BTreeMap::new(), totals: Totals::default() };
        (*code, holder)
    };
    let mut holders: BTreeMap<_, _> = first.iter().map(holder).collect();
    let mut on_its_way = BTreeMap::new();
    for (account, balance) in book.accounts() {
        let key = account.key();
        let amount = balance.amount();
        if let Some(holder) = holders.get_mut(&key.facility) {
            holder.totals.take(account, balance);
            if matches!(account, Account::OnHand(_)) && !amount.is_none() {
                holder.on_hand.insert(key.storage, amount);
            }
        }
        if let Account::InTransit(transfer, _) = account
            && !amount.is_none()
        {
            on_its_way.insert(*transfer, OnItsWay { from: key.facility, amount });
        }
    }
    Ok(LotTrace { holders, handed_over, on_its_way })
}

impl LotTrace {
    /// Those that hold some of it now.
    pub fn holding(&self) -> impl Iterator<Item = (&FacilityCode, &Holder)> {
        self.holders.iter().filter(|(_, holder)| !holder.on_hand.is_empty())
    }

    /// All that can still be stopped: on hand anywhere, and on its way.
    #[must_use]
    pub fn remaining(&self) -> Amount {
        let on_hand = self.holders.values().flat_map(|holder| holder.on_hand.values().copied());
        let on_its_way = self.on_its_way.values().map(|way| way.amount);
        on_hand.chain(on_its_way).fold(Amount::default(), |sum, amount| Amount {
            vials: sum.vials.saturating_add(amount.vials),
            doses: sum.doses.saturating_add(amount.doses),
        })
    }

    /// When it first came to any of them.
    #[must_use]
    pub fn first_at(&self) -> Option<WallTime> {
        self.holders.values().map(|holder| holder.first_at).min()
    }

    /// Doses of it that were given.
    #[must_use]
    pub fn given(&self) -> i64 {
        self.holders.values().map(|holder| holder.totals.given.doses).sum()
    }
}

#[cfg(test)]
mod tests;
