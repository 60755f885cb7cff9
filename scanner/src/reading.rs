//! What was read in one frame: each symbol with its digits and its place.
//!
//! Must not: weigh one reading against another; `agreement` does.

use std::{fmt, str::FromStr};

use record::{
    Witness,
    coupon::{LEADING_DIGITS, LINE_DIGITS},
};

use crate::{frame::CaptureId, guidance::Guidance};

/// A place in a frame in pixels; (0, 0) is the top left corner of the first pixel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
}

/// What kind of print was read. Each is a witness of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbol {
    /// The QR code.
    Qr,
    /// The NW-7 barcode.
    Nw7,
    /// The OCR line.
    OcrLine,
}

impl Symbol {
    /// All symbols.
    pub const ALL: [Self; 3] = [Self::Qr, Self::Nw7, Self::OcrLine];

    /// The witness that a reading of it is.
    #[must_use]
    pub fn witness(self) -> Witness {
        match self {
            Self::Qr => Witness::Qr,
            Self::Nw7 => Witness::Nw7,
            Self::OcrLine => Witness::OcrLine,
        }
    }
}

/// The digits of one reading: all 18 of the line, or its last ten. They belong to a person and are hidden
/// in `{:?}`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digits {
    /// At their places in the line; a place that was not read holds 0.
    places: [u8; LINE_DIGITS],
}

/// A text is neither 10 nor 18 ASCII digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotDigits;

impl fmt::Display for NotDigits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("neither 10 nor 18 digits")
    }
}
impl std::error::Error for NotDigits {}

impl Digits {
    /// The ASCII digit at a zero-based place of the line, if it was read.
    #[must_use]
    pub fn at(&self, place: usize) -> Option<u8> {
        self.places.get(place).copied().filter(|digit| *digit != 0)
    }
    /// The digits that were read.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let from = if self.is_whole_line() { 0 } else { LEADING_DIGITS };
        // Only ASCII digits get in.
        std::str::from_utf8(&self.places[from..]).unwrap_or_default()
    }
    /// Whether all 18 were read.
    #[must_use]
    pub fn is_whole_line(&self) -> bool {
        self.places[0] != 0
    }
    /// Whether both say the same wherever both were read.
    #[must_use]
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.places.iter().zip(&other.places).all(|(own, its)| own == its || *own == 0 || *its == 0)
    }
}

impl FromStr for Digits {
    type Err = NotDigits;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let from = LINE_DIGITS.checked_sub(text.len()).ok_or(NotDigits)?;
        if (from != 0 && from != LEADING_DIGITS) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotDigits);
        }
        let mut places = [0; LINE_DIGITS];
        places[from..].copy_from_slice(text.as_bytes());
        Ok(Self { places })
    }
}
impl fmt::Debug for Digits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        record::text::hidden(formatter, "Digits")
    }
}

/// How sure a reading is of each digit of the line: 0 a guess, 1 certain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence([f32; LINE_DIGITS]);

impl Confidence {
    /// Of a symbol that checks itself, or whose reader gives nothing that it is not sure of.
    pub const CERTAIN: Self = Self([1.0; LINE_DIGITS]);

    /// One for each digit; what is no number, or outside 0 to 1, becomes the nearest end.
    #[must_use]
    pub fn new(digits: [f32; LINE_DIGITS]) -> Self {
        Self(digits.map(|digit| if digit > 0.0 { digit.min(1.0) } else { 0.0 }))
    }
    /// That of the digit at a zero-based place of the line; 0 beyond it.
    #[must_use]
    pub fn at(&self, place: usize) -> f32 {
        self.0.get(place).copied().unwrap_or(0.0)
    }
    /// The least of all.
    #[must_use]
    pub fn least(&self) -> f32 {
        self.0.iter().copied().fold(1.0, f32::min)
    }
}

/// One symbol that was read, and where it lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sighting {
    /// What it is.
    pub symbol: Symbol,
    /// What it says.
    pub digits: Digits,
    /// Its corners as printed: top left, top right, bottom right, bottom left.
    pub corners: [Point; 4],
    /// How sure its reader is.
    pub confidence: Confidence,
}

/// What a QR code says that is no coupon's. It may belong to a person and is hidden in `{:?}`.
#[derive(Clone, PartialEq, Eq)]
pub struct ForeignText(String);

impl ForeignText {
    /// Takes the text of a QR code in.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Debug for ForeignText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        record::text::hidden(formatter, "ForeignText")
    }
}

/// What is in view beyond what was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InView {
    /// Nothing that looks like a code.
    NothingSeen,
    /// Something built like a QR code or a barcode.
    SymbolLike,
}

/// Everything that was read in one frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The frame.
    pub capture: CaptureId,
    /// The symbols that gave a coupon's digits.
    pub sightings: Vec<Sighting>,
    /// What the first QR code says that holds something other than 18 digits, if there is one.
    pub foreign_qr: Option<ForeignText>,
    /// What is in view, read or not.
    pub in_view: InView,
    /// What would help to read the rest, as far as the picture shows.
    pub guidance: Option<Guidance>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_ten_or_eighteen_and_know_their_places() {
        let whole: Digits = "231310160000123456".parse().unwrap();
        let ten: Digits = "0000123456".parse().unwrap();
        assert_eq!((whole.at(0), whole.at(17), whole.at(18)), (Some(b'2'), Some(b'6'), None));
        assert_eq!((ten.at(7), ten.at(8), ten.at(17)), (None, Some(b'0'), Some(b'6')));
        assert_eq!((whole.as_str(), ten.as_str()), ("231310160000123456", "0000123456"));
        assert_eq!(format!("{whole:?}{ten:?}"), "Digits(..)Digits(..)");
        for text in
            ["", "123456789", "12345678901", "23131016000012345x", "1234567890123456789", "１２３４５６"]
        {
            assert_eq!(text.parse::<Digits>(), Err(NotDigits), "{text}");
        }
    }

    #[test]
    fn ten_digits_agree_with_the_line_that_ends_in_them() {
        let digits = |text: &str| text.parse::<Digits>().unwrap();
        assert!(digits("0000123456").agrees_with(&digits("231310160000123456")));
        assert!(!digits("0000123457").agrees_with(&digits("231310160000123456")));
        assert!(!digits("241310160000123456").agrees_with(&digits("231310160000123456")));
    }
}
