//! 設定コード: sixteen digits that open one tablet's bundle. They go another way than the file: on paper, or by telephone.
//!
//! Must not: count attempts; the tablet does. What the digits and the work per try are worth is in `docs/security.md`.

use std::{fmt, str::FromStr};

use zeroize::Zeroizing;

use crate::{Error, random::Random};

/// Digits of a code; the last one checks the others.
pub const DIGITS: usize = 16;

/// 設定コード. Secret.
#[derive(Clone, PartialEq, Eq)]
pub struct SetUpCode(Zeroizing<String>);

impl SetUpCode {
    /// A fresh one: fifteen random digits (49 bits) and the one that checks them.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn generate(random: &mut dyn Random) -> Result<Self, Error> {
        let mut digits = Zeroizing::new(String::with_capacity(DIGITS));
        while digits.len() < DIGITS - 1 {
            let [byte] = crate::random::bytes(random)?;
            // 250 is the last multiple of ten a byte reaches: every digit is as likely as any other.
            if byte < 250 {
                digits.push(char::from(b'0' + byte % 10));
            }
        }
        let check = check_digit(digits.as_bytes());
        digits.push(char::from(check));
        Ok(Self(digits))
    }

    /// As it is printed and read aloud: `1234 5678 9012 3456`. Secret.
    #[must_use]
    pub fn in_groups(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(DIGITS + 3));
        for (at, digit) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push(' ');
            }
            text.push(digit);
        }
        text
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Takes the digits with or without spaces between them.
impl FromStr for SetUpCode {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let digits: Zeroizing<String> = Zeroizing::new(text.chars().filter(|sign| *sign != ' ').collect());
        let is_code = digits.len() == DIGITS
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && check_digit(&digits.as_bytes()[..DIGITS - 1]) == digits.as_bytes()[DIGITS - 1];
        if is_code { Ok(Self(digits)) } else { Err(Error::MistypedCode) }
    }
}
impl fmt::Debug for SetUpCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SetUpCode(..)")
    }
}

/// Luhn's check digit (ISO/IEC 7812-1, annex B): notices one wrong digit, and most neighbours that were swapped.
fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2, u32::from(digit - b'0')) {
            (0, value) if value > 4 => value * 2 - 9,
            (0, value) => value * 2,
            (_, value) => value,
        })
        .sum();
    b'0' + ((10 - sum % 10) % 10) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[test]
    fn a_code_reads_as_it_is_printed_and_one_wrong_digit_is_noticed() {
        let mut random = SystemRandom::default();
        for _ in 0..50 {
            let code = SetUpCode::generate(&mut random).unwrap();
            let printed = code.in_groups();
            assert_eq!(printed.len(), DIGITS + 3);
            assert_eq!(printed.parse::<SetUpCode>().unwrap(), code);
            let plain: String = printed.split(' ').collect();
            for at in 0..DIGITS {
                let mut wrong = plain.clone().into_bytes();
                wrong[at] = b'0' + (wrong[at] - b'0' + 3) % 10;
                let wrong = String::from_utf8(wrong).unwrap();
                assert_eq!(wrong.parse::<SetUpCode>().err(), Some(Error::MistypedCode), "digit {at}");
            }
            assert!(!format!("{code:?}").contains(&plain));
        }
    }

    #[test]
    fn the_check_digit_is_the_one_of_the_standard() {
        assert_eq!(check_digit(b"7992739871"), b'3');
    }

    #[test]
    fn what_is_no_code_is_none() {
        for text in
            ["", "1234", "１２３４５６７８９０１２３４５６", "1234-5678-9012-3456", "12345678901234567"]
        {
            assert!(text.parse::<SetUpCode>().is_err(), "{text}");
        }
    }
}
