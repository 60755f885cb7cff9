//! 個人番号 (マイナンバー).
//!
//! Must not: be shown whole, or reach anything but the sealed row and the keyed hash.

use std::fmt;

use zeroize::Zeroize;

use crate::csv::{faults::Trouble, fields::digits};

/// 個人番号: twelve digits, the last a check digit.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonalNumber([u8; 12]);

impl PersonalNumber {
    /// From a field, digits of either width.
    ///
    /// # Errors
    /// [`Trouble`]: empty, not twelve digits, or the check digit does not fit.
    pub fn read(text: &str) -> Result<Self, Trouble> {
        let found = digits::<12>(text)?;
        if check_digit(&found[..11]) == found[11] { Ok(Self(found)) } else { Err(Trouble::CheckDigit) }
    }

    /// The digits; secret.
    #[must_use]
    pub fn reveal(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Drop for PersonalNumber {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for PersonalNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PersonalNumber(..)")
    }
}

/// The check digit over eleven ASCII digits, counted from the right: P1 to P11, Q = n + 1 up to the sixth, n − 5 from the
/// seventh on; 11 − (Σ P·Q mod 11), and 0 where the remainder is 0 or 1. Source: 平成26年総務省令第85号 第5条.
#[must_use]
pub fn check_digit(first_eleven: &[u8]) -> u8 {
    let weigh = |(place, digit): (u32, &u8)| {
        u32::from(digit.wrapping_sub(b'0')) * if place <= 6 { place + 1 } else { place - 5 }
    };
    let sum: u32 = (1_u32..).zip(first_eleven.iter().rev()).map(weigh).sum();
    match sum % 11 {
        0 | 1 => b'0',
        rest => b'0' + (11 - rest) as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_that_of_the_ordinance() {
        // 見本, worked out by hand: the sum over 12345678901 is 212, 212 mod 11 is 3, 11 − 3 is 8.
        assert_eq!(check_digit(b"12345678901"), b'8');
        assert_eq!(PersonalNumber::read("123456789018").unwrap().reveal(), "123456789018");
        assert_eq!(PersonalNumber::read("１２３４５６７８９０１８").unwrap().reveal(), "123456789018");
        assert_eq!(PersonalNumber::read("123456789019"), Err(Trouble::CheckDigit));
        assert_eq!(PersonalNumber::read("12345678901"), Err(Trouble::FewerDigits { digits: 12 }));
        assert_eq!(PersonalNumber::read("1234-5678-9018"), Err(Trouble::NotDigits { digits: 12 }));
        assert_eq!(PersonalNumber::read(" "), Err(Trouble::Empty));
    }

    #[test]
    fn every_single_wrong_digit_is_found_unless_the_remainder_is_shared() {
        let right = b"123456789018";
        for place in 0..12 {
            for digit in b'0'..=b'9' {
                let mut wrong = *right;
                wrong[place] = digit;
                let text = std::str::from_utf8(&wrong).unwrap();
                let fits = PersonalNumber::read(text).is_ok();
                assert_eq!(fits, wrong == *right, "{place} {digit}");
            }
        }
    }

    #[test]
    fn it_does_not_show() {
        let number = PersonalNumber::read("123456789018").unwrap();
        assert_eq!(format!("{number:?}"), "PersonalNumber(..)");
    }
}
