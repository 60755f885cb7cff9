//! 接種券 as one town printed it: what it says, in which letters, where.
//!
//! Sources: MHLW 接種の実施に関する手引き 13.1版 p.130; stickers of 2021 (`coupon`). Towns differed in everything that
//! is drawn by lot here.
//!
//! Must not: draw it; `print` does.

use rand::{RngExt, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;

use crate::{
    coupon,
    lettering::{POINT_MM, Typeface},
    qr::Correction,
    sheet::{LineDigits, Nw7Content},
    stand::Disturbance,
};

/// Height of the digits in ems.
const DIGIT_HEIGHT_EM: f32 = 0.75;
/// From the NW-7's foot to the digits' head.
const GAP_MM: f32 = 2.0;
/// The published width of the NW-7.
const NW7_WIDTH_MM: f32 = 37.21;
/// The widest line that a sticker holds.
const WIDEST_LINE_MM: f32 = 59.0;

/// One sample coupon. `digits` is the truth a judge may look at; the reader sees pixels only.
#[derive(Debug, Clone, PartialEq)]
pub struct Slip {
    /// What the OCR line says.
    pub digits: LineDigits,
    /// Whether there is a QR code; it says the same.
    pub has_qr: bool,
    /// What the NW-7 says, if there is one: the last ten digits or all.
    pub nw7: Nw7Content,
    /// What went wrong with it or with its camera.
    pub disturbance: Disturbance,
    pub(super) typeface: Typeface,
    pub(super) em_mm: f32,
    pub(super) pitch_mm: f32,
    /// Width of the digits against their font's.
    pub(super) stretch: f32,
    /// Left end and foot of the line, from the sticker's corner.
    pub(super) line_at_mm: (f32, f32),
    pub(super) nw7_at_mm: (f32, f32),
    pub(super) nw7_width_mm: f32,
    pub(super) nw7_ratio: f32,
    pub(super) qr_at_mm: (f32, f32),
    pub(super) correction: Correction,
}

impl Slip {
    /// Draws by lot how a coupon with these digits is printed.
    #[must_use]
    pub fn by_lot(digits: LineDigits, disturbance: Disturbance, rng: &mut ChaCha8Rng) -> Self {
        let between = |rng: &mut ChaCha8Rng, from: f32, to: f32| rng.random_range(from..=to.max(from));
        let typeface = if rng.random_bool(0.7) { Typeface::OcrB } else { other_typeface(rng) };
        let mut em_mm = between(rng, 8.6, 10.2) * POINT_MM;
        let mut pitch_mm = em_mm * between(rng, 0.60, 0.72);
        let mut stretch = 1.0;
        if disturbance == Disturbance::Stretched {
            let wider = between(rng, 0.7, 1.4);
            em_mm *= between(rng, 0.85, 1.2);
            pitch_mm = (pitch_mm * wider.max(0.85)).min(WIDEST_LINE_MM / 18.0);
            stretch = wider;
        }
        let line_mm = pitch_mm * 18.0;
        let line_at_mm = (between(rng, 2.0, 61.0 - line_mm), between(rng, 31.0, 32.6));
        let has_qr = rng.random_bool(0.65);
        let qr_at_mm = (between(rng, 50.5, 52.0), between(rng, 1.5, 3.0));
        let correction = *[Correction::Low, Correction::Medium, Correction::Quartile]
            .choose(rng)
            .unwrap_or(&Correction::Low);
        let nw7 = match (rng.random_bool(0.85), rng.random_bool(0.75)) {
            (false, _) => Nw7Content::Absent,
            (true, true) => Nw7Content::LastTen,
            (true, false) => Nw7Content::Whole,
        };
        let nw7_width_mm = match nw7 {
            Nw7Content::Whole => between(rng, 45.0, 55.0),
            _ if rng.random_bool(0.6) => NW7_WIDTH_MM,
            _ => between(rng, 28.0, 55.0),
        };
        let nw7_ratio = *[2.0, 2.5, 3.0].choose(rng).unwrap_or(&2.5);
        let nw7_top_mm = line_at_mm.1 - em_mm * DIGIT_HEIGHT_EM - GAP_MM - coupon::NW7_HEIGHT_MM;
        let nw7_at_mm = (between(rng, 3.0, 60.0 - nw7_width_mm), nw7_top_mm);
        Self {
            digits,
            has_qr,
            nw7,
            disturbance,
            typeface,
            em_mm,
            pitch_mm,
            stretch,
            line_at_mm,
            nw7_at_mm,
            nw7_width_mm,
            nw7_ratio,
            qr_at_mm,
            correction,
        }
    }
    /// The digits of the NW-7, if there is one.
    #[must_use]
    pub fn nw7_digits(&self) -> Option<&str> {
        match &self.nw7 {
            Nw7Content::Absent => None,
            Nw7Content::LastTen => Some(self.digits.last_ten()),
            Nw7Content::Whole => Some(self.digits.as_str()),
            Nw7Content::OtherLastTen(other) => Some(other.last_ten()),
        }
    }
    pub(super) fn line_mm(&self) -> f32 {
        self.pitch_mm * 18.0
    }
    /// Corners of the line: top left, top right, bottom right, bottom left.
    pub(super) fn line_corners_mm(&self) -> [(f32, f32); 4] {
        let (left, foot) = self.line_at_mm;
        corners(left, foot - self.em_mm * DIGIT_HEIGHT_EM, self.line_mm(), self.em_mm * DIGIT_HEIGHT_EM)
    }
    /// Middle of the line.
    pub(super) fn line_middle_mm(&self) -> (f32, f32) {
        (self.line_at_mm.0 + self.line_mm() / 2.0, self.line_at_mm.1 - self.em_mm * 0.35)
    }
    pub(super) fn qr_corners_mm(&self) -> [(f32, f32); 4] {
        corners(self.qr_at_mm.0, self.qr_at_mm.1, coupon::QR_SIDE_MM, coupon::QR_SIDE_MM)
    }
    pub(super) fn nw7_corners_mm(&self) -> [(f32, f32); 4] {
        corners(self.nw7_at_mm.0, self.nw7_at_mm.1, self.nw7_width_mm, coupon::NW7_HEIGHT_MM)
    }
}

fn corners(x: f32, y: f32, width: f32, height: f32) -> [(f32, f32); 4] {
    [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
}

fn other_typeface(rng: &mut ChaCha8Rng) -> Typeface {
    const OTHERS: [Typeface; 5] =
        [Typeface::DejaVuMono, Typeface::Cousine, Typeface::Arimo, Typeface::Form, Typeface::OcrA];
    *OTHERS.choose(rng).unwrap_or(&Typeface::OcrB)
}
