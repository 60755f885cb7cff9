//! 移送: stock on its way from one facility to another, from the plan to the end, confirmed on both sides.
//!
//! ```text
//! planned ─► approved ─► sent ─► closed
//!    │           │         ├──► disputed ─► closed      (what arrived is not what was sent)
//!    └───────────┴──► cancelled ◄── sent, and all of it came back
//! ```
//!
//! Must not: let a difference vanish: a transfer is closed when all that left arrived, came back or was declared lost.

use std::{collections::BTreeSet, fmt, str::FromStr};

use record::{
    MunicipalityCode, WallTime,
    day::{FacilityCode, LotNumber, Product},
};
use serde::{Deserialize, Serialize};

use crate::{
    amount::Amount,
    facility::{Label, OfficerName, Reason},
    ledger::{Event, StockKey, Storage},
};

/// 移送番号: 128 random bits, drawn by whoever plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TransferId([u8; 16]);

impl TransferId {
    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for TransferId {
    /// 32 hexadecimal digits.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl FromStr for TransferId {
    type Err = TransferIdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_hexadecimal = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hexadecimal {
            return Err(TransferIdError);
        }
        u128::from_str_radix(text, 16).map(|number| Self(number.to_be_bytes())).map_err(|_| TransferIdError)
    }
}

/// A text is not a transfer's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 32 hexadecimal digits")]
pub struct TransferIdError;

/// Who must approve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    /// The municipality whose facility gives.
    Municipality(MunicipalityCode),
    /// A prefecture, by the first two digits of its municipalities' codes: where it crosses municipalities.
    Prefecture(u8),
}

/// 移送の条件: how cold it stays on its way, for how long at most, and whether it may be done once only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColdChain {
    /// From this temperature, in tenths of a degree Celsius.
    pub from: i16,
    /// To this one.
    pub to: i16,
    /// The longest way, in ms.
    pub most_ms: i64,
    /// Whether it may go back into the deep freezer afterwards, and once only.
    pub refreezes_once: bool,
}

/// 2–8 °C in a cool bag, at most three hours. Source: MHLW's guide.
pub const CHILLED: ColdChain = ColdChain { from: 20, to: 80, most_ms: 3 * 3_600_000, refreezes_once: false };
/// −25 to −15 °C, at most fourteen days, once.
pub const FREEZER: ColdChain =
    ColdChain { from: -250, to: -150, most_ms: 14 * 86_400_000, refreezes_once: true };

/// What is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Its number.
    pub id: TransferId,
    /// Who gives, and in which municipality.
    pub from: (FacilityCode, MunicipalityCode),
    /// Who receives, and in which municipality.
    pub to: (FacilityCode, MunicipalityCode),
    /// Of which product.
    pub product: Product,
    /// Of which lot.
    pub lot: LotNumber,
    /// How it is kept where it leaves.
    pub storage: Storage,
    /// How much.
    pub amount: Amount,
    /// The transfer by which it came, where it is passed on again.
    pub parent: Option<TransferId>,
}

impl Plan {
    /// Who must approve: the giving municipality; where it crosses municipalities, their prefectures too.
    #[must_use]
    pub fn approvers(&self) -> BTreeSet<Approver> {
        let (from, to) = (self.from.1, self.to.1);
        let mut needed = BTreeSet::from([Approver::Municipality(from)]);
        if from != to {
            needed.extend([from, to].map(|municipality| Approver::Prefecture(prefecture(municipality))));
        }
        needed
    }

    /// The stock that leaves.
    #[must_use]
    pub fn sent(&self) -> StockKey {
        StockKey {
            facility: self.from.0,
            product: self.product.clone(),
            lot: self.lot.clone(),
            storage: self.storage,
        }
    }
}

/// The prefecture of a municipality, 1 to 47.
#[must_use]
pub fn prefecture(municipality: MunicipalityCode) -> u8 {
    let [tens, ones, ..] = municipality.to_digits();
    (tens - b'0') * 10 + (ones - b'0')
}

/// 引渡し: what is written down where it leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    /// When.
    pub at: WallTime,
    /// How much.
    pub amount: Amount,
    /// How cold.
    pub cold_chain: ColdChain,
    /// When it was thawed, where it was.
    pub thawed_at: Option<WallTime>,
    /// From when on it is no longer good: the effective expiry, or what thawing left of it.
    pub good_until: WallTime,
    /// 容器番号.
    pub container: Option<Label>,
    /// 温度ロガーの番号.
    pub logger: Option<Label>,
    /// Who carries it.
    pub carrier: Label,
    /// Who handed it over, by account.
    pub by: OfficerName,
}

/// 受領.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// When.
    pub at: WallTime,
    /// How much was counted.
    pub amount: Amount,
    /// How it is kept now.
    pub storage: Storage,
    /// Who received it, by account.
    pub by: OfficerName,
}

/// What a person must look at before what arrived is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Concern {
    /// It was longer on its way than its cold chain allows.
    TooLongOnItsWay,
    /// It is no longer good.
    NoLongerGood,
    /// It went back into the deep freezer, which its way does not allow.
    Refrozen,
    /// The clocks say that it arrived before it left.
    BeforeItLeft,
}

/// How far a transfer has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 計画.
    Planned,
    /// 承認済み.
    Approved,
    /// 移送中.
    Sent,
    /// 相違あり: what arrived is not what was sent.
    Disputed,
    /// 完了.
    Closed,
    /// 取りやめ.
    Cancelled,
}

/// What happens to a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Somebody who must approve does.
    Approved(Approver),
    /// It leaves.
    Sent(Handover),
    /// It arrives, or a part of it that was late.
    Received(Receipt),
    /// It comes back, or a part of it.
    Returned {
        /// How much.
        amount: Amount,
    },
    /// A part of it will never arrive; a person says why.
    DeclaredLost {
        /// How much.
        amount: Amount,
        /// Why.
        reason: Reason,
    },
    /// More was counted than was sent; a person says why and the receiver's books gain it.
    SurplusExplained {
        /// Why.
        reason: Reason,
    },
    /// It is called off before it left.
    Cancelled {
        /// Why.
        reason: Reason,
    },
}

/// 移送.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// What was planned.
    pub plan: Plan,
    /// How far it has come.
    pub state: State,
    /// Who has approved.
    pub approved: BTreeSet<Approver>,
    /// As it left.
    pub handover: Option<Handover>,
    /// What is still on its way.
    pub on_its_way: Amount,
    /// What arrived.
    pub arrived: Amount,
    /// What was counted beyond what was sent, and is not explained yet.
    pub surplus: Amount,
}

/// A step cannot be taken; nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransferError {
    /// Not as far as it has come.
    #[error("a transfer that is {0:?} cannot take this step")]
    NotNow(State),
    /// They need not approve.
    #[error("they need not approve")]
    NotTheirs,
    /// More than was planned, or nothing.
    #[error("an amount is nothing, or more than was planned or is on its way")]
    Amount,
}

impl Transfer {
    /// As planned.
    #[must_use]
    pub fn planned(plan: Plan) -> Self {
        let (none, nobody) = (Amount::default(), BTreeSet::new());
        Self {
            plan,
            state: State::Planned,
            approved: nobody,
            handover: None,
            on_its_way: none,
            arrived: none,
            surplus: none,
        }
    }

    /// Takes a step; what the ledger of the facility concerned is told.
    ///
    /// # Errors
    /// [`TransferError`].
    pub fn step(&mut self, step: &Step) -> Result<Option<(StockKey, Event)>, TransferError> {
        let mut next = self.clone();
        let told = next.take(step)?;
        *self = next;
        Ok(told)
    }

    fn take(&mut self, step: &Step) -> Result<Option<(StockKey, Event)>, TransferError> {
        let (transfer, sent) = (self.plan.id, self.plan.sent());
        let is_any_of = |states: &[State]| {
            if states.contains(&self.state) { Ok(()) } else { Err(TransferError::NotNow(self.state)) }
        };
        let is_under_way = &[State::Sent, State::Disputed];
        match step {
            Step::Approved(approver) => {
                is_any_of(&[State::Planned])?;
                let needed = self.plan.approvers();
                if !needed.contains(approver) {
                    return Err(TransferError::NotTheirs);
                }
                self.approved.insert(*approver);
                if self.approved == needed {
                    self.state = State::Approved;
                }
                Ok(None)
            }
            Step::Sent(handover) => {
                is_any_of(&[State::Approved])?;
                let amount = handover.amount;
                within(amount, self.plan.amount)?;
                (self.state, self.on_its_way) = (State::Sent, amount);
                self.handover = Some(handover.clone());
                Ok(Some((sent, Event::Sent { transfer, amount })))
            }
            Step::Received(receipt) => {
                is_any_of(is_under_way)?;
                if receipt.amount.is_none() || !receipt.amount.is_within_bounds() {
                    return Err(TransferError::Amount);
                }
                let amount = receipt.amount.within(self.on_its_way);
                let surplus = receipt.amount.beyond(self.on_its_way);
                self.on_its_way = self.on_its_way.beyond(amount);
                self.arrived = sum(self.arrived, amount);
                self.surplus = sum(self.surplus, surplus);
                self.settle();
                let here = StockKey { facility: self.plan.to.0, storage: receipt.storage, ..sent.clone() };
                Ok((!amount.is_none()).then_some((here, Event::Received { transfer, sent, amount })))
            }
            Step::Returned { amount } => {
                is_any_of(is_under_way)?;
                self.leaves(*amount)?;
                if self.state == State::Sent && self.on_its_way.is_none() && self.arrived.is_none() {
                    self.state = State::Cancelled;
                } else {
                    self.settle();
                }
                Ok(Some((sent, Event::Returned { transfer, amount: *amount })))
            }
            Step::DeclaredLost { amount, .. } => {
                is_any_of(is_under_way)?;
                self.leaves(*amount)?;
                self.settle();
                Ok(Some((sent, Event::LostInTransit { transfer, amount: *amount })))
            }
            Step::SurplusExplained { .. } => {
                is_any_of(&[State::Disputed])?;
                if self.surplus.is_none() {
                    return Err(TransferError::Amount);
                }
                self.surplus = Amount::default();
                self.settle();
                // The receiver's next count takes it into the books; this only says why.
                Ok(None)
            }
            Step::Cancelled { .. } => {
                is_any_of(&[State::Planned, State::Approved])?;
                self.state = State::Cancelled;
                Ok(None)
            }
        }
    }

    fn leaves(&mut self, amount: Amount) -> Result<(), TransferError> {
        within(amount, self.on_its_way)?;
        self.on_its_way = self.on_its_way.beyond(amount);
        Ok(())
    }

    fn settle(&mut self) {
        let is_settled = self.on_its_way.is_none() && self.surplus.is_none();
        self.state = if is_settled { State::Closed } else { State::Disputed };
    }

    /// What a person must look at when it arrives so.
    #[must_use]
    pub fn concerns(&self, receipt: &Receipt) -> Vec<Concern> {
        let Some(handover) = &self.handover else { return Vec::new() };
        let way = receipt.at.ms_since(handover.at);
        let is_refrozen = receipt.storage == Storage::Frozen
            && !(self.plan.storage == Storage::Frozen && handover.cold_chain.refreezes_once);
        [
            (Concern::TooLongOnItsWay, way > handover.cold_chain.most_ms),
            (Concern::NoLongerGood, receipt.at >= handover.good_until),
            (Concern::Refrozen, is_refrozen),
            (Concern::BeforeItLeft, way < 0),
        ]
        .into_iter()
        .filter_map(|(concern, is_so)| is_so.then_some(concern))
        .collect()
    }
}

fn within(amount: Amount, most: Amount) -> Result<(), TransferError> {
    let fits = !amount.is_none() && amount.beyond(most).is_none();
    if fits { Ok(()) } else { Err(TransferError::Amount) }
}

fn sum(one: Amount, other: Amount) -> Amount {
    Amount { vials: one.vials.saturating_add(other.vials), doses: one.doses.saturating_add(other.doses) }
}

#[cfg(test)]
mod tests;
