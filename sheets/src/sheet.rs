//! 見本の予診票: what is printed on one sample sheet, and what is wrong with it.
//!
//! Must not: draw, or choose numbers; `coupon` and `demo` do.

use std::{fmt, str::FromStr};

use crate::qr::Correction;

/// The 18 digits as printed in the OCR line: any digits, also those that no coupon could carry.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LineDigits([u8; 18]);

/// A text is not 18 ASCII digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotEighteenDigits;

impl fmt::Display for NotEighteenDigits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not 18 digits")
    }
}
impl std::error::Error for NotEighteenDigits {}

impl LineDigits {
    /// Eighteen zeros: no coupon's number.
    pub const ZEROS: Self = Self([b'0'; 18]);

    /// The digits as ASCII.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 18] {
        &self.0
    }
    /// The digits as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII digits get in.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
    /// The last ten: the coupon number.
    #[must_use]
    pub fn last_ten(&self) -> &str {
        &self.as_str()[8..]
    }
}

impl FromStr for LineDigits {
    type Err = NotEighteenDigits;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: [u8; 18] = text.as_bytes().try_into().map_err(|_| NotEighteenDigits)?;
        if digits.iter().all(u8::is_ascii_digit) { Ok(Self(digits)) } else { Err(NotEighteenDigits) }
    }
}
impl fmt::Display for LineDigits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
impl fmt::Debug for LineDigits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LineDigits(..)")
    }
}

/// What the QR code of a sheet holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QrContent {
    /// There is none.
    Absent,
    /// The 18 digits of the line.
    Line,
    /// The 18 digits of another line.
    OtherLine(LineDigits),
    /// Something that is no coupon's: a poster's address.
    Foreign(String),
}

/// What the NW-7 of a sheet holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nw7Content {
    /// There is none.
    Absent,
    /// The last ten digits of the line.
    LastTen,
    /// All 18 digits of the line.
    Whole,
    /// The last ten digits of another coupon, pasted here by mistake.
    OtherLastTen(LineDigits),
}

/// Why a sheet needs a person, or that it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flaw {
    /// None: two readings agree, or one equals what the day expects.
    None,
    /// 予診のみ: readable, but no dose is recorded.
    ScreenedOnly,
    /// No QR code, an NW-7 of ten digits and a hidden OCR line: the first eight have no reading.
    LeadingUnread,
    /// A QR code and a hidden OCR line: one witness.
    QrAlone,
    /// The NW-7 of another coupon: two readings disagree.
    OtherNw7,
    /// A coupon of another municipality, and only the QR code has its first eight digits: the OCR line is hidden.
    OtherMunicipality,
    /// A coupon for another dose than today's, as QR code and OCR line agree.
    OtherDose,
    /// Both codes say a municipality code whose check digit fails.
    Misprinted,
    /// The QR code is no coupon's, and the OCR line is hidden.
    ForeignQr,
    /// A sticky note lies over both codes and the line: the keypad is left.
    Covered,
}

impl Flaw {
    /// Whether a slip of paper lies over the OCR line.
    #[must_use]
    pub fn hides_line(self) -> bool {
        matches!(self, Self::LeadingUnread | Self::QrAlone | Self::OtherMunicipality | Self::ForeignQr)
    }
}

/// How the coupon of one sheet is laid out; towns differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layout {
    /// Digit pitch of the OCR line, 1.9 to 2.6 mm.
    pub pitch_mm: f32,
    /// Size of the digits' em; OCR-B at 9 pt is 3.175 mm, its digits 0.77 of it.
    pub digit_em_mm: f32,
    /// Whole width of the NW-7 without its quiet zones; 37.2 mm where nothing else is known.
    pub nw7_width_mm: f32,
    /// Wide to narrow, 2.0 to 3.0.
    pub nw7_ratio: f32,
    /// Error correction of the QR code.
    pub correction: Correction,
    /// Tone of the ink: 0 black to about 120 worn toner.
    pub ink_tone: u8,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            pitch_mm: 2.3,
            digit_em_mm: 3.6,
            nw7_width_mm: 37.2,
            nw7_ratio: 2.5,
            correction: Correction::Medium,
            ink_tone: 25,
        }
    }
}

/// One sample sheet. `digits` is the truth a judge may look at; the reader sees pixels only.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// What the OCR line says.
    pub digits: LineDigits,
    /// What the QR code says.
    pub qr: QrContent,
    /// What the NW-7 says.
    pub nw7: Nw7Content,
    /// What is wrong with the sheet.
    pub flaw: Flaw,
    /// Name of the municipality as printed beside 請求先.
    pub municipality_name: String,
    /// Invented name of the recipient as printed.
    pub recipient_name: String,
    /// How the coupon is laid out.
    pub layout: Layout,
}

impl Sheet {
    /// A sheet without a flaw: QR code and NW-7 both say the line.
    #[must_use]
    pub fn sound(digits: LineDigits, nw7: Nw7Content) -> Self {
        Self {
            digits,
            qr: QrContent::Line,
            nw7,
            flaw: Flaw::None,
            municipality_name: "見本県見本市".to_owned(),
            recipient_name: "見本　太郎".to_owned(),
            layout: Layout::default(),
        }
    }
    /// The text of the QR code, if there is one.
    #[must_use]
    pub fn qr_text(&self) -> Option<&str> {
        match &self.qr {
            QrContent::Absent => None,
            QrContent::Line => Some(self.digits.as_str()),
            QrContent::OtherLine(other) => Some(other.as_str()),
            QrContent::Foreign(text) => Some(text),
        }
    }
    /// The digits of the NW-7, if there is one, without start and stop.
    #[must_use]
    pub fn nw7_digits(&self) -> Option<&str> {
        match &self.nw7 {
            Nw7Content::Absent => None,
            Nw7Content::LastTen => Some(self.digits.last_ten()),
            Nw7Content::Whole => Some(self.digits.as_str()),
            Nw7Content::OtherLastTen(other) => Some(other.last_ten()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_eighteen_and_stay_hidden() {
        let digits: LineDigits = "231310160000123456".parse().unwrap();
        assert_eq!((digits.last_ten(), format!("{digits:?}").as_str()), ("0000123456", "LineDigits(..)"));
        for text in ["", "23131016000012345", "23131016000012345x", "２３１３１０"] {
            assert_eq!(text.parse::<LineDigits>(), Err(NotEighteenDigits), "{text}");
        }
    }

    #[test]
    fn each_code_says_what_its_content_names() {
        let digits: LineDigits = "231310160000123456".parse().unwrap();
        let other: LineDigits = "231310169876543210".parse().unwrap();
        let mut sheet = Sheet::sound(digits, Nw7Content::LastTen);
        assert_eq!((sheet.qr_text(), sheet.nw7_digits()), (Some(digits.as_str()), Some("0000123456")));
        sheet.nw7 = Nw7Content::OtherLastTen(other);
        sheet.qr = QrContent::Absent;
        assert_eq!((sheet.qr_text(), sheet.nw7_digits()), (None, Some("9876543210")));
    }
}
