//! 認証コード: one-time codes from the time (RFC 6238), the console's second factor. HMAC-SHA-1, six digits, thirty
//! seconds: what every authenticator app understands, and some understand nothing else.
//!
//! Must not: remember which codes were used; whoever checks keeps the last [`Step`].

use std::{fmt, str::FromStr};

use record::WallTime;
use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use zeroize::Zeroizing;

use crate::{Error, password::constant_time_equal, random::Random};

/// How long a code is good for, in seconds.
pub const STEP_S: i64 = 30;
/// How many digits a code has.
pub const DIGITS: usize = 6;
/// RFC 4226 asks for 128 bits at least and recommends 160.
const SECRET_BYTES: usize = 20;
/// RFC 4648.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Which thirty seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step(i64);

impl Step {
    /// The step of that instant.
    #[must_use]
    pub fn at(now: WallTime) -> Self {
        Self(now.unix_s().div_euclid(STEP_S))
    }
    /// From its number.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }
    /// Its number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }
}

/// The secret that an authenticator app and the central share.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<[u8; SECRET_BYTES]>);

impl Secret {
    /// A fresh one.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn generate(random: &mut dyn Random) -> Result<Self, Error> {
        Ok(Self(Zeroizing::new(crate::random::bytes(random)?)))
    }

    /// From its 20 bytes.
    ///
    /// # Errors
    /// [`Error::KeyMaterial`] where there are not 20.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        bytes.try_into().map(|bytes| Self(Zeroizing::new(bytes))).map_err(|_| Error::KeyMaterial)
    }

    /// Its bytes; secret.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &*self.0
    }

    /// As people type it: 32 characters of base32; secret.
    #[must_use]
    pub fn to_base32(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(SECRET_BYTES * 8 / 5));
        for five in self.0.as_chunks::<5>().0 {
            let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            text.extend((0..8).rev().map(|place| char::from(BASE32[(bits >> (5 * place)) as usize & 31])));
        }
        text
    }

    /// The code of a step; secret while it is good.
    #[must_use]
    pub fn code(&self, step: Step) -> Zeroizing<String> {
        Zeroizing::new(format!("{:0DIGITS$}", self.number(step) % 1_000_000))
    }

    /// The step whose code was typed: the present one or a neighbour (clocks differ), and only one after `last`, so
    /// that no code counts twice.
    #[must_use]
    pub fn accepts(&self, typed: &str, now: WallTime, last: Option<Step>) -> Option<Step> {
        let Step(present) = Step::at(now);
        (-1..=1)
            .map(|off| Step(present.saturating_add(off)))
            .filter(|step| last.is_none_or(|last| *step > last))
            .find(|step| constant_time_equal(self.code(*step).as_bytes(), typed.as_bytes()))
    }

    /// RFC 4226, 5.3: four bytes from where the last half byte points to, without the sign.
    fn number(&self, step: Step) -> u32 {
        let key = Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &*self.0);
        let tag = sign(&key, &step.0.to_be_bytes());
        let tag = tag.as_ref();
        let from = usize::from(tag[tag.len() - 1] & 15);
        tag[from..from + 4].iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff
    }
}

impl FromStr for Secret {
    type Err = Error;
    /// Base32, in capitals or not, with spaces between groups.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(SECRET_BYTES));
        let (mut bits, mut held) = (0_u32, 0_u32);
        for letter in text.bytes().filter(|byte| *byte != b' ') {
            let value = BASE32.iter().position(|known| *known == letter.to_ascii_uppercase());
            bits = bits << 5 | u32::try_from(value.ok_or(Error::KeyMaterial)?).unwrap_or(0);
            held += 5;
            if held >= 8 {
                held -= 8;
                bytes.push((bits >> held) as u8);
                bits &= (1 << held) - 1;
            }
        }
        Self::from_bytes(&bytes)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    fn of_the_rfc() -> Secret {
        Secret::from_bytes(b"12345678901234567890").unwrap()
    }
    fn at(unix_s: i64) -> WallTime {
        WallTime::from_unix_ms(unix_s * 1_000)
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1; the RFC shows eight digits.
        for (unix_s, eight) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ] {
            let step = Step::at(at(unix_s));
            assert_eq!(of_the_rfc().number(step) % 100_000_000, eight, "{unix_s}");
            assert_eq!(*of_the_rfc().code(step), format!("{:06}", eight % 1_000_000));
        }
    }

    #[test]
    fn a_code_is_good_for_its_step_and_the_neighbours_and_once() {
        let secret = of_the_rfc();
        let code = secret.code(Step::at(at(59)));
        let accepted = |unix_s, last| secret.accepts(&code, at(unix_s), last);
        assert_eq!(accepted(59, None), Some(Step(1)));
        assert_eq!((accepted(0, None), accepted(89, None)), (Some(Step(1)), Some(Step(1))));
        assert_eq!((accepted(-1, None), accepted(90, None)), (None, None));
        assert_eq!(accepted(59, Some(Step(0))), Some(Step(1)));
        assert_eq!(accepted(59, Some(Step(1))), None, "no second time");
        for wrong in ["", "287081", "94287082", "28708", "２８７０８２"] {
            assert_eq!(secret.accepts(wrong, at(59), None), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_typed_is_the_secret_again() {
        // RFC 4648 has this one's beginning as base32 of "12345".
        assert_eq!(*of_the_rfc().to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let secret = Secret::generate(&mut SystemRandom::default()).unwrap();
        let text = secret.to_base32();
        assert!(text.parse::<Secret>().unwrap() == secret);
        let grouped = format!("{} {}", &text[..16].to_ascii_lowercase(), &text[16..]);
        assert!(grouped.parse::<Secret>().unwrap() == secret);
        for wrong in
            ["", "GEZDGNBV", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGE"]
        {
            assert!(wrong.parse::<Secret>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        assert_eq!(format!("{:?}", of_the_rfc()), "Secret(..)");
    }
}
