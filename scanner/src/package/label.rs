//! What a vaccine package says of itself: its GTIN, and lot and expiry where its code holds them.
//!
//! Must not: read a code; judge whether the lot may be used today.

use std::{fmt, str::FromStr};

use record::{CalendarDate, LotNumber};

/// 商品コード: a GTIN of 14 digits whose check digit holds. What a package is, never which one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin([u8; 14]);

/// A text is no GTIN: not 14 ASCII digits, all of them 0, or the check digit fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAGtin;

impl fmt::Display for NotAGtin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a GTIN of 14 digits")
    }
}
impl std::error::Error for NotAGtin {}

/// The check digit of GS1 behind `digits`: from the right, weights 3, 1, 3, 1 … Values of digits, not ASCII.
pub(super) fn check_digit(digits: impl DoubleEndedIterator<Item = u8>) -> u8 {
    let weighted = digits.rev().zip([3_u32, 1].into_iter().cycle());
    let sum: u32 = weighted.map(|(digit, weight)| u32::from(digit) * weight).sum();
    ((10 - sum % 10) % 10) as u8
}

impl Gtin {
    /// The GTIN whose first 13 digits are those of `number`.
    #[must_use]
    pub fn from_first_13(number: u64) -> Option<Self> {
        if number == 0 || number >= 10_u64.pow(13) {
            return None;
        }
        let mut digits = [0; 14];
        let mut left = number;
        for digit in digits[..13].iter_mut().rev() {
            *digit = (left % 10) as u8;
            left /= 10;
        }
        digits[13] = check_digit(digits[..13].iter().copied());
        Some(Self(digits.map(|digit| digit + b'0')))
    }
    /// Its 14 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII digits get in.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Gtin {
    type Err = NotAGtin;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: [u8; 14] = text.as_bytes().try_into().map_err(|_| NotAGtin)?;
        let is_number = digits.iter().all(u8::is_ascii_digit) && digits != [b'0'; 14];
        if is_number && check_digit(digits[..13].iter().map(|digit| digit - b'0')) == digits[13] - b'0' {
            Ok(Self(digits))
        } else {
            Err(NotAGtin)
        }
    }
}
impl fmt::Display for Gtin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
impl fmt::Debug for Gtin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Gtin({self})")
    }
}

/// 包装の表示: what the code on a package holds. A person confirms it before it becomes the day's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageLabel {
    /// What it is.
    pub gtin: Gtin,
    /// Its lot, if the code holds it.
    pub lot: Option<LotNumber>,
    /// The last day printed on it, if the code holds it. A lot's expiry may have been extended since.
    pub expires_on: Option<CalendarDate>,
    /// Whether the lot may have swallowed what stood behind it, because whoever typed the text may have left out the
    /// separators. Never so for what a camera read.
    pub lot_in_doubt: bool,
}

impl PackageLabel {
    /// Both as one; `None` where they contradict each other. A lot in doubt says nothing beside one that is not.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Option<Self> {
        fn either<T: PartialEq + Clone>(one: Option<&T>, other: Option<&T>) -> Result<Option<T>, ()> {
            match (one, other) {
                (Some(one), Some(other)) if one != other => Err(()),
                _ => Ok(one.or(other).cloned()),
            }
        }
        if self.gtin != other.gtin {
            return None;
        }
        let expires_on = either(self.expires_on.as_ref(), other.expires_on.as_ref()).ok()?;
        let (lot, lot_in_doubt) = match (self.sure_lot(), other.sure_lot()) {
            (None, None) => {
                (either(self.lot.as_ref(), other.lot.as_ref()).ok()?, self.lot_in_doubt || other.lot_in_doubt)
            }
            (own, its) => (either(own, its).ok()?, false),
        };
        Some(Self { gtin: self.gtin, lot, expires_on, lot_in_doubt })
    }
    fn sure_lot(&self) -> Option<&LotNumber> {
        self.lot.as_ref().filter(|_| !self.lot_in_doubt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gtin_has_fourteen_digits_and_the_last_one_checks() {
        assert_eq!("04912345678904".parse::<Gtin>().unwrap().as_str(), "04912345678904");
        for text in [
            "04912345678905",
            "4912345678904",
            "0491234567890x",
            "00000000000000",
            "",
            "０４９１２３４５６７８９０４",
        ] {
            assert_eq!(text.parse::<Gtin>(), Err(NotAGtin), "{text}");
        }
    }

    #[test]
    fn thirteen_digits_make_one_gtin() {
        assert_eq!(Gtin::from_first_13(491_234_567_890).unwrap(), "04912345678904".parse().unwrap());
        assert_eq!(Gtin::from_first_13(1_491_234_567_890).unwrap(), "14912345678901".parse().unwrap());
        assert_eq!((Gtin::from_first_13(0), Gtin::from_first_13(10_u64.pow(13))), (None, None));
    }

    #[test]
    fn labels_of_one_package_are_one_label() {
        let label = |lot: Option<&str>, day: Option<&str>, lot_in_doubt| PackageLabel {
            gtin: "04912345678904".parse().unwrap(),
            lot: lot.map(|lot| lot.parse().unwrap()),
            expires_on: day.map(|day| day.parse().unwrap()),
            lot_in_doubt,
        };
        let bare = label(None, None, false);
        let whole = label(Some("SAMPLE01"), Some("2021-12-31"), false);
        assert_eq!(bare.joined(&whole), Some(whole.clone()));
        assert_eq!(whole.joined(&bare), Some(whole.clone()));
        assert_eq!(whole.joined(&label(Some("SAMPLE02"), None, false)), None);
        assert_eq!(whole.joined(&label(None, Some("2021-12-30"), false)), None);
        assert_eq!(whole.joined(&label(Some("SAMPLE0121"), None, true)), Some(whole.clone()));
        assert!(bare.joined(&label(Some("SAMPLE0121"), None, true)).unwrap().lot_in_doubt);
        let another = PackageLabel { gtin: "14912345678901".parse().unwrap(), ..whole.clone() };
        assert_eq!(whole.joined(&another), None);
    }
}
