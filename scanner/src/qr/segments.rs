//! From data codewords to a text.
//!
//! Must not: correct anything; guess at what is broken.

use super::codewords::Codewords;

/// The characters of the alphanumeric mode.
const ALPHANUMERIC: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/// Codewords that fill a symbol up, in turns.
const PADS: [u8; 2] = [0xec, 0x11];

/// A symbol's text and the codewords after it that say nothing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) text: String,
    /// How many codewords fill the symbol up as the standard has it; none where anything else does.
    pub(super) pads: usize,
}

/// Reads bits from the front.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn left(&self) -> usize {
        self.bytes.len() * 8 - self.at
    }
    fn take(&mut self, count: usize) -> Option<usize> {
        if count > self.left() {
            return None;
        }
        let bits = (self.at..self.at + count)
            .fold(0, |bits, at| bits << 1 | usize::from(self.bytes[at / 8] >> (7 - at % 8) & 1));
        self.at += count;
        Some(bits)
    }
}

/// The text; none where the codewords break the standard.
pub(super) fn read(codewords: &Codewords) -> Option<Told> {
    let mut bits = Bits { bytes: &codewords.data, at: 0 };
    let size = match codewords.version {
        ..=9 => 0,
        10..=26 => 1,
        _ => 2,
    };
    let mut bytes = Vec::new();
    while bits.left() >= 4 {
        match bits.take(4)? {
            0 => break,
            1 => numeric(&mut bits, [10, 12, 14][size], &mut bytes)?,
            2 => alphanumeric(&mut bits, [9, 11, 13][size], &mut bytes)?,
            // Structured append: place, number and parity of parts. Each part is its own text here.
            3 => drop(bits.take(16)?),
            4 => plain(&mut bits, [8, 16, 16][size], &mut bytes)?,
            // FNC1 in the first place, and in the second with an application's number.
            5 => {}
            9 => drop(bits.take(8)?),
            7 => character_set(&mut bits)?,
            8 => kanji(&mut bits, [8, 10, 12][size], &mut bytes)?,
            _ => return None,
        }
    }
    let rest = &codewords.data[bits.at.div_ceil(8)..];
    let is_filled = rest.iter().zip(PADS.iter().cycle()).all(|(found, pad)| found == pad);
    Some(Told { text: text_of(bytes), pads: if is_filled { rest.len() } else { 0 } })
}

fn numeric(bits: &mut Bits<'_>, size: usize, bytes: &mut Vec<u8>) -> Option<()> {
    let mut left = bits.take(size)?;
    while left > 0 {
        let count = left.min(3);
        let number = bits.take([4, 7, 10][count - 1])?;
        if number >= [10, 100, 1000][count - 1] {
            return None;
        }
        bytes.extend([100, 10, 1][3 - count..].iter().map(|place| b'0' + (number / place % 10) as u8));
        left -= count;
    }
    Some(())
}

fn alphanumeric(bits: &mut Bits<'_>, size: usize, bytes: &mut Vec<u8>) -> Option<()> {
    let mut left = bits.take(size)?;
    while left > 0 {
        let count = left.min(2);
        let pair = bits.take([6, 11][count - 1])?;
        if count == 2 {
            bytes.push(*ALPHANUMERIC.get(pair / 45)?);
            bytes.push(ALPHANUMERIC[pair % 45]);
        } else {
            bytes.push(*ALPHANUMERIC.get(pair)?);
        }
        left -= count;
    }
    Some(())
}

fn plain(bits: &mut Bits<'_>, size: usize, bytes: &mut Vec<u8>) -> Option<()> {
    let count = bits.take(size)?;
    if count * 8 > bits.left() {
        return None;
    }
    for _ in 0..count {
        bytes.push(bits.take(8)? as u8);
    }
    Some(())
}

/// Two bytes of Shift_JIS a character, packed into 13 bits.
fn kanji(bits: &mut Bits<'_>, size: usize, bytes: &mut Vec<u8>) -> Option<()> {
    for _ in 0..bits.take(size)? {
        let packed = bits.take(13)?;
        let pair = ((packed / 0xc0) << 8) | (packed % 0xc0);
        let pair = pair + if pair < 0x1f00 { 0x8140 } else { 0xc140 };
        bytes.extend([(pair >> 8) as u8, pair as u8]);
    }
    Some(())
}

/// The number of a character set, which is passed over: many symbols name a wrong one.
fn character_set(bits: &mut Bits<'_>) -> Option<()> {
    let more = match bits.take(8)? {
        ..0x80 => 0,
        0x80..0xc0 => 8,
        0xc0..0xe0 => 16,
        _ => return None,
    };
    bits.take(more).map(drop)
}

/// Most symbols do not say how their bytes are to be read: UTF-8 where they are, Shift_JIS where they can be,
/// as Japanese codes mostly are, and Latin-1 otherwise.
fn text_of(bytes: Vec<u8>) -> String {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return text,
        Err(error) => error.into_bytes(),
    };
    let (text, _, is_broken) = encoding_rs::SHIFT_JIS.decode(&bytes);
    if is_broken { bytes.iter().map(|byte| char::from(*byte)).collect() } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(data: &[u8]) -> Option<(String, usize)> {
        let codewords = Codewords { version: 1, data: data.to_vec(), spare_checks: 0 };
        read(&codewords).map(|told| (told.text, told.pads))
    }

    #[test]
    fn each_mode_is_read() {
        // ISO/IEC 18004, annex I and 8.4.
        let numeric = [0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11];
        assert_eq!(told(&numeric), Some(("01234567".into(), 2)));
        let alphanumeric = [0x20, 0x29, 0xce, 0xe7, 0x21, 0x00];
        assert_eq!(told(&alphanumeric), Some(("AC-42".into(), 0)));
        assert_eq!(told(&[0x40, 0x24, 0x85, 0x90]), Some(("HY".into(), 0)));
        // 点茗 in Shift_JIS, as kanji and as plain bytes.
        assert_eq!(told(&[0x80, 0x26, 0xcf, 0xea, 0xa8]), Some(("点茗".into(), 0)));
        assert_eq!(told(&[0x40, 0x49, 0x35, 0xfe, 0x4a, 0xa0]), Some(("点茗".into(), 0)));
        assert_eq!(told(&[0x40, 0x1e, 0x90]), Some(("é".into(), 0)), "no Shift_JIS: the byte ends too early");
    }

    #[test]
    fn what_the_standard_does_not_allow_is_no_text() {
        assert_eq!(told(&[0x10, 0x0f, 0xff, 0x00]), None, "three digits above 999");
        assert_eq!(told(&[0x40, 0x94, 0x85]), None, "nine bytes in one");
        assert_eq!(told(&[0xf0, 0x00]), None, "no mode of that number");
    }
}
