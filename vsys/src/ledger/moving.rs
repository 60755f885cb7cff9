//! What a line of the ledger moves between which accounts.
//!
//! ```text
//! delivered, gained, shortfall, received ─► on hand ─► in transit ─► handed over
//!                                              └─────► given, discarded
//! ```
//!
//! Must not: refuse a dose that was given, or take stock below zero by a transfer or a discard.

use super::{Account, End, Event, LedgerError, Line, Origin, Posting, StockKey, Storage};
use crate::amount::{Amount, Balance};

/// What stands in the accounts before a line.
pub trait Held {
    /// The balance of one.
    fn held(&self, account: &Account) -> Balance;
}

/// What a line moves.
///
/// # Errors
/// [`LedgerError`].
pub fn postings(line: &Line, held: &impl Held) -> Result<Vec<Posting>, LedgerError> {
    let key = &line.key;
    let on_hand = Account::OnHand(key.clone());
    let from = |origin| Account::From(origin, key.clone());
    let gone = |end| Account::Gone(end, key.clone());
    let one = |from, to, amount| vec![Posting { from, to, amount }];
    let there = held.held(&on_hand);
    let enough = |amount: Amount, of: Balance, refused| if of.covers(amount) { Ok(()) } else { Err(refused) };
    match &line.event {
        Event::Delivered { amount } => {
            moves(*amount)?;
            Ok(one(from(Origin::Delivered), on_hand, *amount))
        }
        Event::Sent { transfer, amount } => {
            moves(*amount)?;
            enough(*amount, there, LedgerError::MoreThanOnHand)?;
            Ok(one(on_hand, Account::InTransit(*transfer, key.clone()), *amount))
        }
        Event::Received { transfer, sent, amount } => {
            moves(*amount)?;
            if (&sent.product, &sent.lot) != (&key.product, &key.lot) || sent.facility == key.facility {
                return Err(LedgerError::NotWhatLeft);
            }
            let on_its_way = Account::InTransit(*transfer, sent.clone());
            enough(*amount, held.held(&on_its_way), LedgerError::MoreThanInTransit)?;
            let handed_over = Account::Gone(End::HandedOver, sent.clone());
            Ok(vec![
                Posting { from: on_its_way, to: handed_over, amount: *amount },
                Posting { from: from(Origin::Received), to: on_hand, amount: *amount },
            ])
        }
        Event::LostInTransit { transfer, amount } => {
            moves(*amount)?;
            let on_its_way = Account::InTransit(*transfer, key.clone());
            enough(*amount, held.held(&on_its_way), LedgerError::MoreThanInTransit)?;
            Ok(one(on_its_way, gone(End::Discarded), *amount))
        }
        Event::Returned { transfer, amount } => {
            moves(*amount)?;
            let on_its_way = Account::InTransit(*transfer, key.clone());
            enough(*amount, held.held(&on_its_way), LedgerError::MoreThanInTransit)?;
            Ok(one(on_its_way, on_hand, *amount))
        }
        Event::Given { doses } => used(key, Amount::of_doses(*doses), there, End::Given),
        Event::NoLongerGiven { doses } => {
            let amount = Amount::of_doses(*doses);
            moves(amount)?;
            comes_back(key, amount, End::Given, held)
        }
        Event::Opened { vials, expected, gave } => {
            moves(Amount { vials: *vials, doses: (*expected).max(*gave).max(1) })?;
            let mut all = used(key, Amount { vials: *vials, doses: 0 }, there, End::Given)?;
            let more = Amount::of_doses(gave.saturating_sub(*expected));
            let less = Amount::of_doses(expected.saturating_sub(*gave));
            if !more.is_none() {
                all.push(Posting { from: from(Origin::Gained), to: on_hand, amount: more });
            }
            if !less.is_none() {
                all.extend(used(key, less, there, End::Discarded)?);
            }
            Ok(all)
        }
        Event::NoLongerOpened { vials, expected, gave } => {
            moves(Amount { vials: *vials, doses: (*expected).max(*gave).max(1) })?;
            let opened = Amount { vials: *vials, doses: 0 };
            let mut all = comes_back(key, opened, End::Given, held)?;
            let more = Amount::of_doses(gave.saturating_sub(*expected));
            let less = Amount::of_doses(expected.saturating_sub(*gave));
            if !less.is_none() {
                all.extend(comes_back(key, less, End::Discarded, held)?);
            }
            if !more.is_none() {
                enough(more, held.held(&from(Origin::Gained)), LedgerError::MoreThanGiven)?;
                // What was gained may have been used since: the books lack it then.
                let known = more.within(there.amount());
                all.push(Posting { from: on_hand, to: from(Origin::Gained), amount: known });
                let lacking = more.beyond(known);
                all.push(Posting {
                    from: from(Origin::Shortfall),
                    to: from(Origin::Gained),
                    amount: lacking,
                });
            }
            Ok(some(all))
        }
        Event::Discarded { amount, .. } => {
            moves(*amount)?;
            enough(*amount, there, LedgerError::MoreThanOnHand)?;
            Ok(one(on_hand, gone(End::Discarded), *amount))
        }
        Event::Counted { amount } => {
            if !amount.is_within_bounds() {
                return Err(LedgerError::Amount);
            }
            let books = there.amount();
            Ok(some(vec![
                Posting { from: from(Origin::Gained), to: on_hand.clone(), amount: amount.beyond(books) },
                Posting { from: on_hand, to: gone(End::Discarded), amount: books.beyond(*amount) },
            ]))
        }
        Event::Thawed { amount } => {
            moves(*amount)?;
            if key.storage != Storage::Frozen {
                return Err(LedgerError::NotFrozen);
            }
            enough(*amount, there, LedgerError::MoreThanOnHand)?;
            let thawed = StockKey { storage: Storage::Thawed, ..key.clone() };
            Ok(one(on_hand, Account::OnHand(thawed), *amount))
        }
        Event::ShortfallExplained { amount } => {
            moves(*amount)?;
            enough(*amount, held.held(&from(Origin::Shortfall)), LedgerError::MoreThanShortfall)?;
            Ok(one(from(Origin::Delivered), from(Origin::Shortfall), *amount))
        }
    }
}

/// What was used whatever the books say: of what is there, and beyond that out of a shortfall.
fn used(key: &StockKey, amount: Amount, there: Balance, end: End) -> Result<Vec<Posting>, LedgerError> {
    moves(amount)?;
    let known = amount.within(there.amount());
    let gone = Account::Gone(end, key.clone());
    let (on_hand, shortfall) = (Account::OnHand(key.clone()), Account::From(Origin::Shortfall, key.clone()));
    Ok(some(vec![
        Posting { from: on_hand, to: gone.clone(), amount: known },
        Posting { from: shortfall, to: gone, amount: amount.beyond(known) },
    ]))
}

/// The reverse of [`used`]: what the books had lacked for it they lack no longer, the rest is there again.
fn comes_back(
    key: &StockKey,
    amount: Amount,
    end: End,
    held: &impl Held,
) -> Result<Vec<Posting>, LedgerError> {
    let gone = Account::Gone(end, key.clone());
    if !held.held(&gone).covers(amount) {
        return Err(LedgerError::MoreThanGiven);
    }
    let (on_hand, shortfall) = (Account::OnHand(key.clone()), Account::From(Origin::Shortfall, key.clone()));
    let lacked = amount.within(held.held(&shortfall).amount());
    Ok(some(vec![
        Posting { from: gone.clone(), to: shortfall, amount: lacked },
        Posting { from: gone, to: on_hand, amount: amount.beyond(lacked) },
    ]))
}

fn some(postings: Vec<Posting>) -> Vec<Posting> {
    postings.into_iter().filter(|posting| !posting.amount.is_none()).collect()
}

fn moves(amount: Amount) -> Result<(), LedgerError> {
    if amount.is_none() || !amount.is_within_bounds() { Err(LedgerError::Amount) } else { Ok(()) }
}
