//! 在庫の記録: what a site did with vaccine, as its tablet records it: received, sent, counted, discarded.
//!
//! Must not: know what the books say; the central holds such an entry against them, and never refuses it for that.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    calendar::CalendarDate,
    day::{LotNumber, Site, Vaccine},
    text::serde_through_text,
};

/// The most vials that are taken: more is a typing error, not what a site moves at once (a box holds 195).
pub const MOST_VIALS: u32 = 9_999;
/// The most doses.
pub const MOST_DOSES: u32 = 99_999;

/// 在庫の記録: one thing that was done with one lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "UncheckedAct")]
pub struct StockAct {
    /// 会場.
    pub site: Site,
    /// The day of it.
    pub done_on: CalendarDate,
    /// ワクチン.
    pub vaccine: Vaccine,
    /// ロット番号.
    pub lot: LotNumber,
    /// 保管の状態.
    pub storage: Storage,
    /// バイアル, 0 to [`MOST_VIALS`].
    pub vials: u32,
    /// Doses in them, or drawn out of them, 0 to [`MOST_DOSES`].
    pub doses: u32,
    /// What was done.
    pub deed: Deed,
}

/// What was done with stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum Deed {
    /// 受け取り.
    Received {
        /// By which transfer; none for a direct delivery.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        slip: Option<SlipNumber>,
    },
    /// 引渡し.
    Sent {
        /// By which transfer.
        slip: SlipNumber,
        /// 有効期限: the last day on which it may be given, as the sender's tablet knows it.
        good_until: CalendarDate,
    },
    /// 棚卸し: so much is there; also nothing.
    Counted {},
    /// 廃棄.
    Discarded {
        /// Why.
        reason: DiscardReason,
    },
}

/// 保管の状態.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Storage {
    /// In the deep freezer.
    Frozen,
    /// Thawed, or taken out of the deep freezer for good.
    Thawed,
}

impl Storage {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Thawed, Self::Frozen];
}

/// Why stock was discarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscardReason {
    /// 期限切れ.
    Expired,
    /// 温度逸脱.
    OutOfTemperature,
    /// 破損.
    Broken,
    /// 接種できずに残った.
    LeftOver,
    /// A vial gave less than is printed on it.
    LessThanExpected,
    /// 棚卸しで不足.
    MissingWhenCounted,
    /// Lost on its way.
    LostInTransit,
    /// 回収.
    Recalled,
}

impl DiscardReason {
    /// Those that a person may give; the others follow from a count, a day's closing or the end of a dispute.
    pub const GIVEN: [Self; 5] =
        [Self::Expired, Self::OutOfTemperature, Self::Broken, Self::LeftOver, Self::Recalled];
}

/// 移送伝票番号: how people name a transfer, on paper and by telephone. Ten digits, the last of them a check digit (Damm), so
/// that one wrong digit and two that changed places are found where they are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlipNumber(u64);

/// A text is no slip number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlipError {
    /// Not ten digits.
    #[error("not ten digits")]
    NotTenDigits,
    /// The check digit does not fit.
    #[error("the check digit does not fit")]
    CheckDigit,
}

/// An act that nobody can have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// More than [`MOST_VIALS`] or [`MOST_DOSES`], or nothing where something moves.
    #[error("an amount is out of range")]
    Amount,
    /// A reason that nobody gives.
    #[error("not a reason that a person gives")]
    Reason,
}

/// As it comes from outside.
#[derive(Deserialize)]
struct UncheckedAct {
    site: Site,
    done_on: CalendarDate,
    vaccine: Vaccine,
    lot: LotNumber,
    storage: Storage,
    vials: u32,
    doses: u32,
    deed: Deed,
}

impl TryFrom<UncheckedAct> for StockAct {
    type Error = ActError;
    fn try_from(it: UncheckedAct) -> Result<Self, ActError> {
        let UncheckedAct { site, done_on, vaccine, lot, storage, vials, doses, deed } = it;
        Self { site, done_on, vaccine, lot, storage, vials, doses, deed }.checked()
    }
}

impl StockAct {
    /// The act, where somebody can have done it.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn checked(self) -> Result<Self, ActError> {
        let is_nothing = self.vials == 0 && self.doses == 0;
        if self.vials > MOST_VIALS
            || self.doses > MOST_DOSES
            || (is_nothing && self.deed != (Deed::Counted {}))
        {
            return Err(ActError::Amount);
        }
        match self.deed {
            Deed::Discarded { reason } if !DiscardReason::GIVEN.contains(&reason) => Err(ActError::Reason),
            _ => Ok(self),
        }
    }
}

impl Deed {
    /// The transfer that it names.
    #[must_use]
    pub fn slip(self) -> Option<SlipNumber> {
        match self {
            Self::Received { slip } => slip,
            Self::Sent { slip, .. } => Some(slip),
            Self::Counted {} | Self::Discarded { .. } => None,
        }
    }
}

impl SlipNumber {
    /// Digits of it.
    pub const DIGITS: usize = 10;

    /// The number of a transfer, from the random bits that are its id.
    #[must_use]
    pub fn of_id(id: &[u8; 16]) -> Self {
        let [one, two, three, four, five, six, seven, eight, ..] = *id;
        let drawn = u64::from_be_bytes([one, two, three, four, five, six, seven, eight]) % 1_000_000_000;
        Self(drawn * 10 + u64::from(check_digit(&format!("{drawn:09}"))))
    }

    /// `1234 5678 90`, as it is printed and read out.
    #[must_use]
    pub fn grouped(self) -> String {
        let digits = self.to_string();
        let (one, rest) = digits.split_at(4);
        let (two, three) = rest.split_at(4);
        format!("{one} {two} {three}")
    }
}

/// The quasi-group of H. M. Damm's thesis (2004), of order 10.
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// The digit that makes the whole come to 0; of digits that hold theirs, 0.
fn check_digit(digits: &str) -> u8 {
    let step = |sum: u8, digit: u8| DAMM[usize::from(sum)][usize::from(digit - b'0')];
    digits.bytes().fold(0, step)
}

impl FromStr for SlipNumber {
    type Err = SlipError;
    fn from_str(text: &str) -> Result<Self, SlipError> {
        if text.len() != Self::DIGITS || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SlipError::NotTenDigits);
        }
        if check_digit(text) != 0 {
            return Err(SlipError::CheckDigit);
        }
        text.parse().map(Self).map_err(|_| SlipError::NotTenDigits)
    }
}
impl fmt::Display for SlipNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:010}", self.0)
    }
}
serde_through_text!(SlipNumber);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn act(vials: u32, doses: u32, deed: Deed) -> StockAct {
        serde_json::from_value(serde_json::json!({
            "site": {"facility_code": "1311399999", "name": "見本市民体育館"},
            "done_on": "2021-11-22",
            "vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"},
            "lot": "FF3620",
            "storage": "thawed",
            "vials": 5,
            "doses": 25,
            "deed": {"what": "counted"},
        }))
        .map(|it: StockAct| StockAct { vials, doses, deed, ..it })
        .unwrap()
    }

    #[test]
    fn only_a_count_may_find_nothing_and_nobody_moves_more_than_a_site_can() {
        let received = Deed::Received { slip: None };
        assert_eq!(act(0, 0, Deed::Counted {}).checked().unwrap().doses, 0);
        assert_eq!(act(0, 0, received).checked(), Err(ActError::Amount));
        assert_eq!(act(MOST_VIALS + 1, 0, received).checked(), Err(ActError::Amount));
        assert_eq!(act(1, MOST_DOSES + 1, received).checked(), Err(ActError::Amount));
        assert!(act(0, 3, Deed::Discarded { reason: DiscardReason::LeftOver }).checked().is_ok());
        let computed = Deed::Discarded { reason: DiscardReason::MissingWhenCounted };
        assert_eq!(act(1, 5, computed).checked(), Err(ActError::Reason));
        let text = serde_json::to_string(&act(5, 25, received)).unwrap();
        assert!(serde_json::from_str::<StockAct>(&text).is_ok());
        assert!(serde_json::from_str::<StockAct>(&text.replace("\"vials\":5", "\"vials\":50000")).is_err());
    }

    #[test]
    fn a_slip_number_is_ten_digits_read_in_three_groups() {
        // The worked example of the algorithm: 572 has the check digit 4.
        assert_eq!(check_digit("572"), 4);
        let slip: SlipNumber = "0000005724".parse().unwrap();
        assert_eq!((slip.to_string().as_str(), slip.grouped().as_str()), ("0000005724", "0000 0057 24"));
        assert_eq!("0000005723".parse::<SlipNumber>(), Err(SlipError::CheckDigit));
        for text in ["", "572", "00000057240", "000000572４", "+000005724"] {
            assert_eq!(text.parse::<SlipNumber>(), Err(SlipError::NotTenDigits), "{text}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_digit_and_two_that_changed_places_are_found(id: [u8; 16], place in 0_usize..10, more in 1_u8..10) {
            let right = SlipNumber::of_id(&id).to_string();
            prop_assert!(right.parse::<SlipNumber>().is_ok());
            let mut wrong = right.clone().into_bytes();
            wrong[place] = b'0' + (wrong[place] - b'0' + more) % 10;
            prop_assert!(String::from_utf8(wrong).unwrap().parse::<SlipNumber>().is_err());
            let mut swapped = right.clone().into_bytes();
            swapped.swap(place, (place + 1).min(9));
            let swapped = String::from_utf8(swapped).unwrap();
            prop_assert_eq!(swapped.parse::<SlipNumber>().is_ok(), swapped == right);
        }
    }
}
