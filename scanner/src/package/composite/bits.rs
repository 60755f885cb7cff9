//! The bit string of a composite component (ISO/IEC 24723) becomes an element string.
//!
//! Must not: know how the bits were printed.

use crate::package::gs1::SEPARATOR;

/// Bits, first to last.
pub(super) struct Bits {
    bits: Vec<bool>,
    at: usize,
}

/// How characters are written. A string begins in the first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Digits,
    Capitals,
    All,
}

/// Signs of five- and six-bit characters from 58 on.
const CAPITALS_SIGNS: &[u8; 5] = b"*,-./";
/// Signs of eight-bit characters from 232 on.
const ALL_SIGNS: &[u8; 21] = b"!\"%&'()*+,-./:;<=>?_ ";

impl Bits {
    pub(super) fn new(bits: Vec<bool>) -> Self {
        Self { bits, at: 0 }
    }

    /// The element string; `None` where the bits are none.
    pub(super) fn element_string(mut self) -> Option<String> {
        if !self.take_flag()? {
            return self.characters();
        }
        if self.take_flag()? {
            // Method "11" begins with an element of a company's own.
            return None;
        }
        let day = self.day()?;
        let rest = self.characters()?;
        // Without a separator in front it is a lot, whose identifier is left out.
        Some(match rest.strip_prefix(char::from(SEPARATOR)) {
            Some(elements) => day + elements,
            None if rest.is_empty() => day,
            None => day + "10" + &rest,
        })
    }

    /// The element of a day: 16 bits and whether it is the expiry or the day of production; "11" where there is none.
    fn day(&mut self) -> Option<String> {
        if self.peek(2)? == 3 {
            self.at += 2;
            return Some(String::new());
        }
        let day = self.take(16)?;
        let identifier = if self.take_flag()? { "17" } else { "11" };
        Some(format!("{identifier}{:02}{:02}{:02}", day / 384, day % 384 / 32 + 1, day % 32))
    }

    /// What is left, by the general-purpose rules. Filling bits switch the mode and stand for nothing.
    fn characters(&mut self) -> Option<String> {
        let mut text = Vec::new();
        let mut mode = Mode::Digits;
        while self.at < self.bits.len() {
            mode = match mode {
                Mode::Digits => match self.digits(&mut text)? {
                    Some(mode) => mode,
                    None => break,
                },
                Mode::Capitals | Mode::All => match self.character(mode, &mut text)? {
                    Some(mode) => mode,
                    None => break,
                },
            };
        }
        // A separator may fill the last pair of digits.
        Some(String::from_utf8(text).ok()?.trim_end_matches(char::from(SEPARATOR)).to_owned())
    }

    /// Two digits or separators; the mode that follows, or `None` at the end.
    fn digits(&mut self, text: &mut Vec<u8>) -> Option<Option<Mode>> {
        let digit = |value: u32| if value == 10 { SEPARATOR } else { b'0' + value as u8 };
        match self.bits.len() - self.at {
            0..4 => Some(None),
            4..7 => {
                // One last digit, or nothing more.
                let last = self.take(4)?;
                match last {
                    0 => Some(None),
                    1..=10 => {
                        text.push(digit(last - 1));
                        Some(None)
                    }
                    _ => None,
                }
            }
            _ if self.peek(4)? == 0 => {
                self.at += 4;
                Some(Some(Mode::Capitals))
            }
            _ => {
                let both = self.take(7)?.checked_sub(8)?;
                text.extend([digit(both / 11), digit(both % 11)]);
                Some(Some(Mode::Digits))
            }
        }
    }

    /// One character that may be a letter; the mode that follows, or `None` at the end.
    fn character(&mut self, mode: Mode, text: &mut Vec<u8>) -> Option<Option<Mode>> {
        let Some(three) = self.peek(3) else { return Some(None) };
        if three == 0 {
            self.at += 3;
            return Some(Some(Mode::Digits));
        }
        let Some(five) = self.peek(5) else { return Some(None) };
        match five {
            4 => {
                self.at += 5;
                return Some(Some(if mode == Mode::Capitals { Mode::All } else { Mode::Capitals }));
            }
            5..=14 => {
                self.at += 5;
                text.push(b'0' + five as u8 - 5);
                return Some(Some(mode));
            }
            15 => {
                self.at += 5;
                text.push(SEPARATOR);
                return Some(Some(Mode::Digits));
            }
            _ => {}
        }
        let character = match mode {
            Mode::Capitals | Mode::Digits => match self.take(6)? {
                letter @ 32..=57 => b'A' + letter as u8 - 32,
                sign => *CAPITALS_SIGNS.get(sign.checked_sub(58)? as usize)?,
            },
            Mode::All => match self.peek(7)? {
                letter @ 64..=89 => self.skip(7, b'A' + letter as u8 - 64),
                letter @ 90..=115 => self.skip(7, b'a' + letter as u8 - 90),
                _ => *ALL_SIGNS.get(self.take(8)?.checked_sub(232)? as usize)?,
            },
        };
        text.push(character);
        Some(Some(mode))
    }

    fn skip(&mut self, bits: usize, value: u8) -> u8 {
        self.at += bits;
        value
    }
    fn peek(&self, count: usize) -> Option<u32> {
        let bits = self.bits.get(self.at..self.at + count)?;
        Some(bits.iter().fold(0, |value, bit| value << 1 | u32::from(*bit)))
    }
    fn take(&mut self, count: usize) -> Option<u32> {
        let value = self.peek(count)?;
        self.at += count;
        Some(value)
    }
    fn take_flag(&mut self) -> Option<bool> {
        self.take(1).map(|bit| bit == 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bits: &str) -> Option<String> {
        Bits::new(bits.bytes().filter(|bit| *bit != b' ').map(|bit| bit == b'1').collect()).element_string()
    }

    #[test]
    fn a_day_and_a_lot_need_no_identifiers() {
        // 2021-12-31 is 21 × 384 + 11 × 32 + 31 = 8447; expiry; 12 as 1 × 11 + 2 + 8; letters AB; filling.
        assert_eq!(
            read("10 0010000011111111 1 0010101 0000 100000 100001 00100 00100").unwrap(),
            "172112311012AB"
        );
        assert_eq!(read("10 11 0010101 0000").unwrap(), "1012", "no day");
        assert_eq!(
            read("10 0010000011111111 0 0000 01111").unwrap(),
            "11211231",
            "production, and nothing behind it"
        );
    }

    #[test]
    fn other_elements_follow_a_separator() {
        // FNC1 and 2: 10 × 11 + 2 + 8; 1 and 7; FNC1 at the end.
        assert_eq!(read("10 0010000011111111 1 1111000 0011010 1").unwrap(), "1721123121".to_owned() + "7");
    }

    #[test]
    fn what_is_no_element_string_is_none() {
        for bits in ["", "1", "11", "10", "10 00100000", "11 0000000000000000", "0 0000 111111"] {
            assert_eq!(read(bits), None, "{bits}");
        }
        assert_eq!(read("0").unwrap(), "");
    }

    proptest! {
        #[test]
        fn any_bits_are_a_text_or_none(bits: Vec<bool>) {
            if let Some(text) = Bits::new(bits).element_string() {
                prop_assert!(text.is_ascii());
            }
        }
    }
}
