//! What is printed on a 接種券: the 18 digits and their four parts.
//!
//! Must not: know how the digits were read, or who is on the coupon.

use std::{fmt, str::FromStr};

use crate::{
    municipality::{CodeError, MunicipalityCode},
    text::{hidden, serde_through_text},
};

/// Digits of the whole line.
pub const LINE_DIGITS: usize = 18;
/// Digits that only a full reading has: 券種 1 + 回数 1 + 市町村コード 6.
pub const LEADING_DIGITS: usize = 8;

/// 券種: the first digit. What it means is a table of the bundle, because the paper's own key is
/// unpublished (default 2 = vaccination, 1 = screening only).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CouponKind(u8);

/// 接種回数: the cumulative dose number, 1 to 9.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DoseNumber(u8);

/// 接種券番号: ten digits, unique only within the municipality that issued them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CouponNumber([u8; 10]);

/// OCRライン: the 18 digits at the foot of a coupon, without separators. There is no check digit over
/// the whole; only the municipality code carries one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OcrLine {
    kind: CouponKind,
    dose: DoseNumber,
    municipality: MunicipalityCode,
    number: CouponNumber,
}

/// A text is not an [`OcrLine`] or one of its parts. Holds no digit of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OcrLineError {
    /// Another count of digits than the part has.
    #[error("{found} digits, expected {expected}")]
    Length {
        /// Characters found.
        found: usize,
        /// Digits expected.
        expected: usize,
    },
    /// A character that is not an ASCII digit, at this zero-based place.
    #[error("not a digit at place {place}")]
    NotADigit {
        /// Zero-based place in the text.
        place: usize,
    },
    /// Dose number 0.
    #[error("dose number is zero")]
    DoseZero,
    /// The municipality code's own check digit does not fit.
    #[error("municipality check digit does not fit")]
    MunicipalityCheckDigit,
}

/// Exactly `N` ASCII digits.
pub(crate) fn digits<const N: usize>(text: &str) -> Result<[u8; N], OcrLineError> {
    let bytes = text.as_bytes();
    if let Some(place) = bytes.iter().position(|byte| !byte.is_ascii_digit()) {
        return Err(OcrLineError::NotADigit { place });
    }
    bytes.try_into().map_err(|_| OcrLineError::Length { found: bytes.len(), expected: N })
}

impl OcrLine {
    /// 券種.
    #[must_use]
    pub fn kind(&self) -> CouponKind {
        self.kind
    }
    /// 回数.
    #[must_use]
    pub fn dose(&self) -> DoseNumber {
        self.dose
    }
    /// 市町村コード: the municipality that issued the coupon.
    #[must_use]
    pub fn municipality(&self) -> MunicipalityCode {
        self.municipality
    }
    /// 券番号.
    #[must_use]
    pub fn number(&self) -> CouponNumber {
        self.number
    }
    /// The 18 digits as ASCII.
    #[must_use]
    pub fn to_digits(&self) -> [u8; LINE_DIGITS] {
        let mut all = [0; LINE_DIGITS];
        all[0] = b'0' + self.kind.0;
        all[1] = b'0' + self.dose.0;
        all[2..8].copy_from_slice(self.municipality.to_digits());
        all[8..].copy_from_slice(&self.number.0);
        all
    }
    /// The digits in the groups people compare them in: `2-3-131016-0000123456`.
    #[must_use]
    pub fn grouped(&self) -> String {
        format!("{}-{}-{}-{}", self.kind, self.dose, self.municipality, self.number)
    }
}

impl CouponNumber {
    /// The last four digits: what a list shows of a person's coupon.
    #[must_use]
    pub fn last_four(&self) -> &str {
        std::str::from_utf8(&self.0[6..]).unwrap_or("----")
    }
}

impl CouponKind {
    /// The digit's value, 0 to 9.
    #[must_use]
    pub fn digit(self) -> u8 {
        self.0
    }
}

impl DoseNumber {
    /// The number, 1 to 9.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }
    /// The dose before this one; none before the first.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        (self.0 > 1).then(|| Self(self.0 - 1))
    }
}

impl TryFrom<u8> for DoseNumber {
    type Error = OcrLineError;
    fn try_from(number: u8) -> Result<Self, Self::Error> {
        match number {
            0 => Err(OcrLineError::DoseZero),
            1..=9 => Ok(Self(number)),
            _ => Err(OcrLineError::Length { found: 2, expected: 1 }),
        }
    }
}

impl FromStr for CouponKind {
    type Err = OcrLineError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        digits::<1>(text).map(|[digit]| Self(digit - b'0'))
    }
}
impl FromStr for DoseNumber {
    type Err = OcrLineError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        digits::<1>(text).and_then(|[digit]| Self::try_from(digit - b'0'))
    }
}
impl FromStr for CouponNumber {
    type Err = OcrLineError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        digits(text).map(Self)
    }
}
impl FromStr for OcrLine {
    type Err = OcrLineError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        digits::<LINE_DIGITS>(text)?;
        let municipality = text[2..8].parse().map_err(|error| match error {
            CodeError::Digits(inner) => inner,
            CodeError::CheckDigit => OcrLineError::MunicipalityCheckDigit,
        })?;
        Ok(Self {
            kind: text[..1].parse()?,
            dose: text[1..2].parse()?,
            municipality,
            number: text[8..].parse()?,
        })
    }
}

impl fmt::Display for CouponKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}
impl fmt::Display for DoseNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}
impl fmt::Display for CouponNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|digit| write!(formatter, "{}", char::from(*digit)))
    }
}
impl fmt::Display for OcrLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_digits().iter().try_for_each(|digit| write!(formatter, "{}", char::from(*digit)))
    }
}

impl fmt::Debug for CouponKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CouponKind({})", self.0)
    }
}
impl fmt::Debug for DoseNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DoseNumber({})", self.0)
    }
}
impl fmt::Debug for CouponNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        hidden(formatter, "CouponNumber")
    }
}
impl fmt::Debug for OcrLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        hidden(formatter, "OcrLine")
    }
}

serde_through_text!(CouponKind);
serde_through_text!(DoseNumber);
serde_through_text!(CouponNumber);
serde_through_text!(OcrLine);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_splits_into_its_four_parts() {
        let line: OcrLine = "231310160000123456".parse().unwrap();
        assert_eq!(line.kind().digit(), 2);
        assert_eq!(line.dose().number(), 3);
        assert_eq!(line.municipality().to_string(), "131016");
        assert_eq!(line.number().to_string(), "0000123456");
        assert_eq!(line.number().last_four(), "3456");
        assert_eq!(line.grouped(), "2-3-131016-0000123456");
    }

    #[test]
    fn what_is_no_line_is_refused_with_the_reason() {
        for (text, reason) in [
            ("23131016000012345", OcrLineError::Length { found: 17, expected: 18 }),
            ("2313101600001234567", OcrLineError::Length { found: 19, expected: 18 }),
            ("23131016000012345O", OcrLineError::NotADigit { place: 17 }),
            ("２３131016000012345", OcrLineError::NotADigit { place: 0 }),
            ("201310160000123456", OcrLineError::DoseZero),
            ("231310170000123456", OcrLineError::MunicipalityCheckDigit),
        ] {
            assert_eq!(text.parse::<OcrLine>(), Err(reason), "{text}");
        }
    }

    #[test]
    fn a_number_shows_nothing_in_debug() {
        let line: OcrLine = "231310160000123456".parse().unwrap();
        assert_eq!(format!("{line:?} {:?}", line.number()), "OcrLine(..) CouponNumber(..)");
    }

    proptest! {
        #[test]
        fn any_text_parses_to_itself_or_not_at_all(text in "[0-9]{16,20}|\\PC{0,24}") {
            if let Ok(line) = text.parse::<OcrLine>() {
                prop_assert_eq!(line.to_string(), text);
            }
        }
    }
}
