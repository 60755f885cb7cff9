//! 在庫元帳: what happened to stock, as lines that are only added, and what each moves between which accounts.
//!
//! ```text
//! delivered, gained, shortfall, received ─► on hand ─► in transit ─► handed over
//!                                              └─────► given, discarded
//! ```
//!
//! Must not: refuse a dose that was given, or take stock below zero by a transfer or a discard.

pub use record::stock::{DiscardReason, Storage};
use record::{
    WallTime,
    day::{FacilityCode, LotNumber, Product},
};
use serde::{Deserialize, Serialize};

use crate::{
    amount::{Amount, Balance},
    facility::{OfficerName, Reason},
    transfer::TransferId,
};

/// Whose stock of what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StockKey {
    /// Where.
    pub facility: FacilityCode,
    /// Of which product.
    pub product: Product,
    /// Of which lot.
    pub lot: LotNumber,
    /// How it is kept.
    pub storage: Storage,
}

/// Where stock comes from, as one facility sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// 納入: direct delivery.
    Delivered,
    /// More than the books said.
    Gained,
    /// 不足: it was used, and the books knew nothing of it.
    Shortfall,
    /// It came by a transfer.
    Received,
}

/// Where stock ends, as one facility sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// 接種.
    Given,
    /// 廃棄.
    Discarded,
    /// Another facility received it.
    HandedOver,
}

/// Between these amounts move.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// What came, of one origin.
    From(Origin, StockKey),
    /// What is there.
    OnHand(StockKey),
    /// What left by a transfer and has not arrived; under its key where it left.
    InTransit(TransferId, StockKey),
    /// What is gone.
    Gone(End, StockKey),
}

impl Account {
    /// Whose stock it is.
    #[must_use]
    pub fn key(&self) -> &StockKey {
        match self {
            Self::From(_, key) | Self::OnHand(key) | Self::InTransit(_, key) | Self::Gone(_, key) => key,
        }
    }
}

/// An amount from one account to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// From.
    pub from: Account,
    /// To.
    pub to: Account,
    /// How much.
    pub amount: Amount,
}

/// What happened to stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// 納入.
    Delivered {
        /// How much.
        amount: Amount,
    },
    /// It left by a transfer.
    Sent {
        /// Which.
        transfer: TransferId,
        /// How much.
        amount: Amount,
    },
    /// It arrived by a transfer.
    Received {
        /// Which.
        transfer: TransferId,
        /// The key under which it left.
        sent: StockKey,
        /// How much.
        amount: Amount,
    },
    /// It left and will not arrive: a dispute ended so. Of the sender's books.
    LostInTransit {
        /// Which transfer.
        transfer: TransferId,
        /// How much.
        amount: Amount,
    },
    /// It left and came back: the transfer was called off on its way. Of the sender's books.
    Returned {
        /// Which transfer.
        transfer: TransferId,
        /// How much.
        amount: Amount,
    },
    /// Doses were given: derived from entries of the register.
    Given {
        /// Doses.
        doses: u64,
    },
    /// An entry that counted no longer does: what it took comes back.
    NoLongerGiven {
        /// Doses.
        doses: u64,
    },
    /// Vials were opened, and gave more or fewer doses than expected: from a day's closing.
    Opened {
        /// Vials.
        vials: u64,
        /// Doses that they were expected to give.
        expected: u64,
        /// Doses that they gave.
        gave: u64,
    },
    /// 廃棄.
    Discarded {
        /// How much.
        amount: Amount,
        /// Why.
        reason: DiscardReason,
    },
    /// 棚卸し: so much is there.
    Counted {
        /// How much.
        amount: Amount,
    },
    /// It was thawed: the line's own key is the frozen one.
    Thawed {
        /// How much.
        amount: Amount,
    },
    /// A person found where stock of a shortfall had come from: a delivery that nobody had entered.
    ShortfallExplained {
        /// How much.
        amount: Amount,
    },
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Whose stock.
    pub key: StockKey,
    /// What happened.
    pub event: Event,
    /// When it happened.
    pub at: WallTime,
    /// Who says so.
    pub by: OfficerName,
    /// Why, where a person has to say.
    pub reason: Option<Reason>,
}

/// A line cannot be added; nothing moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// There is less on hand.
    #[error("there is less on hand")]
    MoreThanOnHand,
    /// There is less on its way by that transfer.
    #[error("there is less on its way by that transfer")]
    MoreThanInTransit,
    /// Fewer were given.
    #[error("fewer were given")]
    MoreThanGiven,
    /// The shortfall is smaller.
    #[error("the shortfall is smaller")]
    MoreThanShortfall,
    /// What arrives is another product or lot than what left.
    #[error("what arrives is not what left")]
    NotWhatLeft,
    /// Nothing, or more than any line may move.
    #[error("an amount is nothing or beyond bounds")]
    Amount,
    /// Only what is frozen can be thawed.
    #[error("only what is frozen can be thawed")]
    NotFrozen,
}

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
            enough(amount, held.held(&gone(End::Given)), LedgerError::MoreThanGiven)?;
            // What the books had lacked for it they lack no longer.
            let lacked = amount.within(held.held(&from(Origin::Shortfall)).amount());
            let back = amount.beyond(lacked);
            Ok(some(vec![
                Posting { from: gone(End::Given), to: from(Origin::Shortfall), amount: lacked },
                Posting { from: gone(End::Given), to: on_hand, amount: back },
            ]))
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

fn some(postings: Vec<Posting>) -> Vec<Posting> {
    postings.into_iter().filter(|posting| !posting.amount.is_none()).collect()
}

fn moves(amount: Amount) -> Result<(), LedgerError> {
    if amount.is_none() || !amount.is_within_bounds() { Err(LedgerError::Amount) } else { Ok(()) }
}
