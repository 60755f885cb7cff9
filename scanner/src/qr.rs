//! QR codes of a frame: corner squares, then a lattice through them, then the modules and what they say.
//!
//! Every step tries the likeliest first, so that a good print is cheap; what a bad one may cost is bounded.
//!
//! Must not: weigh what it read against anything else.

mod alignment;
mod codewords;
mod correction;
mod deblur;
mod finders;
mod grid;
mod lattice;
mod levels;
mod pattern;
mod search;
mod second;
mod segments;
mod threshold;
mod views;

use crate::{
    frame::Pixels,
    reading::{Confidence, Digits, ForeignText, Point, Sighting, Symbol},
};
use finders::Finder;
use search::Search;
use threshold::Thresholds;
use views::Picture;

/// Larger pictures are searched at half their size alone: in them a coupon's modules are many pixels wide.
const MOST_PIXELS: usize = 6_000_000;
/// Shortest side of a picture that is searched at half its size too.
const LEAST_SIDE_TO_HALVE: usize = 400;
/// Longest side of a picture that is searched at twice its size too, for modules of a pixel or two.
const MOST_SIDE_TO_DOUBLE: usize = 800;
/// Blocks whose luma varies less are flat: paper or table, not print …
const FLAT: u8 = 24;
/// … at half the size, where there is less noise: the print of a dark stand varies little more.
const FLAT_HALVED: u8 = 12;

/// What the QR codes of a frame gave.
#[derive(Debug, Default)]
pub(crate) struct QrFindings {
    /// Those that hold 18 digits.
    pub(crate) sightings: Vec<Sighting>,
    /// What the first says that holds something else.
    pub(crate) foreign: Option<ForeignText>,
    /// Whether three corner squares stand like a QR code's, read or not.
    pub(crate) looks_like_one: bool,
}

impl QrFindings {
    fn is_empty(&self) -> bool {
        self.sightings.is_empty() && self.foreign.is_none()
    }
    fn add(&mut self, text: String, corners: [Point; 4]) {
        match text.parse::<Digits>() {
            Ok(digits) if digits.is_whole_line() => {
                let (symbol, confidence) = (Symbol::Qr, Confidence::CERTAIN);
                self.sightings.push(Sighting { symbol, digits, corners, confidence });
            }
            _ => drop(self.foreign.get_or_insert(ForeignText::new(text))),
        }
    }
}

/// Looks for QR codes: in the picture as it is, then light on dark; where none is read, in the picture at half
/// its size, in which specks of worn print and noise are gone, also sharpened; or at twice its size, where it is
/// small.
pub(crate) fn find(pixels: Pixels<'_>) -> QrFindings {
    if pixels.luma.len() > MOST_PIXELS {
        let mut findings = find(Picture::halved(pixels).pixels());
        for corner in findings.sightings.iter_mut().flat_map(|sighting| &mut sighting.corners) {
            *corner = Point { x: corner.x * 2.0, y: corner.y * 2.0 };
        }
        return findings;
    }
    let mut search = Search::new();
    let thresholds = Thresholds::of(pixels, FLAT);
    let found = finders::find(pixels, &thresholds);
    search.decode_all(pixels, &thresholds, &found.dark, 1.0);
    if search.findings.is_empty() && found.light.len() >= 3 {
        let picture = Picture::inverted(pixels);
        search.decode_all(picture.pixels(), &Thresholds::of(picture.pixels(), FLAT), &found.light, 1.0);
    }
    if search.findings.is_empty() && pixels.width.min(pixels.height) >= LEAST_SIDE_TO_HALVE {
        let half = Picture::halved(pixels);
        let mut finders: Vec<Finder> = found.dark.into_iter().map(|finder| finder.scaled(0.5)).collect();
        for (picture, flat) in [(half.sharpened(), FLAT), (half, FLAT_HALVED)] {
            let thresholds = Thresholds::of(picture.pixels(), flat);
            // What one picture misses of a symbol another may show.
            finders::join(&mut finders, finders::find(picture.pixels(), &thresholds).dark);
            search.decode_all(picture.pixels(), &thresholds, &finders, 2.0);
            if !search.findings.is_empty() {
                break;
            }
        }
    }
    if search.findings.is_empty() && pixels.width.max(pixels.height) <= MOST_SIDE_TO_DOUBLE {
        let double = Picture::doubled(pixels);
        let thresholds = Thresholds::of(double.pixels(), FLAT);
        let found = finders::find(double.pixels(), &thresholds);
        search.decode_all(double.pixels(), &thresholds, &found.dark, 0.5);
    }
    search.findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use sheets::qr::{Correction, Modules};

    const LINE: &str = "231310160000123456";

    /// Draws symbols of `module_px` at their places on bare paper, turned by quarters.
    fn picture(symbols: &[(&str, Correction, usize, usize)], module_px: usize, quarters: usize) -> Vec<u8> {
        let mut luma = vec![215_u8; WIDTH * WIDTH];
        for (text, correction, left, top) in symbols {
            let modules = Modules::of(text, *correction).unwrap();
            let side = modules.side() * module_px;
            for y in 0..side {
                for x in 0..side {
                    let (mut row, mut column) = (y / module_px, x / module_px);
                    for _ in 0..quarters {
                        (row, column) = (modules.side() - 1 - column, row);
                    }
                    if modules.is_dark(row, column) {
                        luma[(top + y) * WIDTH + left + x] = 40;
                    }
                }
            }
        }
        luma
    }
    const WIDTH: usize = 400;

    fn found(luma: &[u8]) -> QrFindings {
        find(Pixels { width: WIDTH, height: WIDTH, luma })
    }

    #[test]
    fn a_code_is_read_however_it_is_turned() {
        for correction in [Correction::Low, Correction::Medium, Correction::Quartile, Correction::High] {
            for quarters in 0..4 {
                let findings = found(&picture(&[(LINE, correction, 100, 120)], 5, quarters));
                let digits: Vec<&str> = findings.sightings.iter().map(|one| one.digits.as_str()).collect();
                assert_eq!((digits, findings.foreign), (vec![LINE], None), "{correction:?} {quarters}");
            }
        }
    }

    #[test]
    fn corners_are_those_of_the_print() {
        let findings = found(&picture(&[(LINE, Correction::Medium, 100, 120)], 5, 0));
        let expected = [(100.0, 120.0), (205.0, 120.0), (205.0, 225.0), (100.0, 225.0)];
        for (corner, (x, y)) in findings.sightings[0].corners.iter().zip(expected) {
            assert!((corner.x - x).abs() < 2.0 && (corner.y - y).abs() < 2.0, "{corner:?}");
        }
    }

    #[test]
    fn a_poster_beside_the_coupon_is_foreign_and_hides_nothing() {
        let poster = ("https://example.jp/", Correction::Medium, 230, 60);
        let findings = found(&picture(&[(LINE, Correction::Medium, 40, 50), poster], 5, 0));
        assert_eq!((findings.sightings.len(), findings.foreign.is_some()), (1, true));
        for text in ["23131016000012345", "2313101600001234567", "23131016000012345X"] {
            let findings = found(&picture(&[(text, Correction::Medium, 40, 50)], 5, 0));
            assert_eq!((findings.sightings.len(), findings.foreign.is_some()), (0, true), "{text}");
        }
    }
}
