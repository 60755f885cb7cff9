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
    /// Whether both hold lot and expiry only as the other does, wherever both hold them, and name the same GTIN.
    #[must_use]
    pub fn agrees_with(&self, other: &Self) -> bool {
        fn same<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
            one.zip(other).is_none_or(|(one, other)| one == other)
        }
        self.gtin == other.gtin
            && same(self.lot.as_ref(), other.lot.as_ref())
            && same(self.expires_on.as_ref(), other.expires_on.as_ref())
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
}
