//! 在庫元帳: what happened to stock, as lines that are only added, and what each moves between which accounts.
//!
//! ```text
//! delivered, gained, shortfall, received ─► on hand ─► in transit ─► handed over
//!                                              └─────► given, discarded
//! ```
//!
//! Must not: say what a line moves; [`postings`] does.

mod moving;

pub use moving::{Held, postings};
pub use record::stock::{DiscardReason, Storage};
use record::{
    WallTime,
    day::{FacilityCode, LotNumber, Product},
};
use serde::{Deserialize, Serialize};

use crate::{
    amount::Amount,
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
    /// A closing was made anew: what an [`Event::Opened`] of the one before took comes back.
    NoLongerOpened {
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
    /// Fewer were given or opened.
    #[error("fewer were given or opened")]
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
