//! QR codes of a frame: own search and sampling, decoding by `rqrr`.
//!
//! `rqrr`'s own detector is not used: it takes 6 ms to prepare a 720p frame, reads half of the slightly
//! blurred ones, panics on some pictures, and its work on a picture full of corner squares is unbounded.
//! Its decoder (format, Reed–Solomon, segments) works on the modules found here; a panic of it is caught.
//!
//! Must not: weigh what it read against anything else.

mod alignment;
mod deblur;
mod finders;
mod grid;
mod lattice;
mod levels;
mod pattern;
mod text;
mod threshold;
mod views;

use crate::{
    frame::Pixels,
    reading::{Confidence, Digits, ForeignText, Point, Sighting, Symbol},
};
use finders::Finder;
use grid::Corners;
use lattice::Lattice;
use levels::Way;
use threshold::Thresholds;
use views::Picture;

/// Triples of corner squares that are looked at in one frame.
const MOST_TRIPLES: usize = 24;
/// Triples of which the modules are sampled.
const MOST_TRIED: usize = 8;
/// Places of the fourth corner, best first, that are decoded for each size of a triple.
const MOST_PLACES: usize = 4;
/// Shortest side of a picture that is searched at half its size too.
const LEAST_SIDE_TO_HALVE: usize = 400;
/// Longest side of a picture that is searched at twice its size too, for modules of a pixel or two.
const MOST_SIDE_TO_DOUBLE: usize = 400;
/// Places each way that the fourth corner is looked for at …
const FOURTH_PLACES: usize = 7;
/// … and how many modules lie between two.
const FOURTH_STEP: f32 = 0.6;
/// Shares of the corner squares' modules and of the timing patterns' that must be right before a decoder is
/// asked: what is worn, not what is no symbol.
const LEAST_RIGHT: (f32, f32) = (0.75, 0.6);
/// Blocks whose luma varies less are flat: paper or table, not print …
const FLAT: u8 = 24;
/// … at half the size, where there is less noise: the print of a dark stand varies little more.
const FLAT_HALVED: u8 = 12;
/// Modules that may be sampled or decoded in a frame, each time counted: some milliseconds.
const MOST_WORK: usize = 400_000;

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
    let mut search = Search { findings: QrFindings::default(), work_left: MOST_WORK };
    let thresholds = Thresholds::of(pixels, FLAT);
    let found = finders::find(pixels, &thresholds);
    search.decode_all(pixels, &thresholds, &found.dark, 1.0);
    if search.findings.is_empty() && found.light.len() >= 3 {
        let picture = Picture::inverted(pixels);
        search.decode_all(picture.pixels(), &Thresholds::of(picture.pixels(), FLAT), &found.light, 1.0);
    }
    if search.findings.is_empty() && pixels.width.min(pixels.height) >= LEAST_SIDE_TO_HALVE {
        let half = Picture::halved(pixels);
        search.look_through(half.pixels(), FLAT_HALVED, 2.0);
        if search.findings.is_empty() {
            search.look_through(half.sharpened().pixels(), FLAT, 2.0);
        }
    }
    if search.findings.is_empty() && pixels.width.max(pixels.height) <= MOST_SIDE_TO_DOUBLE {
        search.look_through(Picture::doubled(pixels).pixels(), FLAT, 0.5);
    }
    search.findings
}

/// One frame's search: what it found, and how much it may still do.
struct Search {
    findings: QrFindings,
    work_left: usize,
}

impl Search {
    /// Finds and decodes in a picture whose pixels are `px` of the frame's.
    fn look_through(&mut self, pixels: Pixels<'_>, flat: u8, px: f32) {
        let thresholds = Thresholds::of(pixels, flat);
        let found = finders::find(pixels, &thresholds);
        self.decode_all(pixels, &thresholds, &found.dark, px);
    }

    /// Decodes what lies between corner squares; a pixel is `px` of the frame's.
    fn decode_all(&mut self, pixels: Pixels<'_>, thresholds: &Thresholds, finders: &[Finder], px: f32) {
        let weighed = |corners: Corners| {
            let corners = corners.measured(pixels, thresholds);
            let sizes = corners.sizes(pixels);
            (!sizes.is_empty()).then_some((corners, sizes))
        };
        let mut triples: Vec<_> =
            grid::triples(finders, MOST_TRIPLES).into_iter().filter_map(weighed).collect();
        triples.sort_by(|a, b| b.1[0].1.total_cmp(&a.1[0].1));
        triples.truncate(MOST_TRIED);
        self.findings.looks_like_one |= !triples.is_empty();
        let mut used: Vec<Point> = Vec::new();
        for (corners, sizes) in triples {
            let own = [corners.top_left, corners.top_right, corners.bottom_left];
            let is_used = |corner: &Point| {
                used.iter().any(|used| (used.x - corner.x).hypot(used.y - corner.y) < corners.module_px)
            };
            if own.iter().any(is_used) {
                continue;
            }
            let Some((text, lattice)) = self.decode(pixels, &corners, &sizes) else { continue };
            used.extend(own);
            let in_frame = |point: Point| Point { x: point.x * px, y: point.y * px };
            self.findings.add(text, lattice.corners().map(in_frame));
        }
    }

    /// The text of the symbol between three corner squares.
    fn decode(
        &mut self,
        pixels: Pixels<'_>,
        corners: &Corners,
        sizes: &[(usize, f32)],
    ) -> Option<(String, Lattice)> {
        for (side, _) in sizes {
            let side = *side;
            let mut lattices: Vec<Lattice> = Vec::new();
            lattices.extend(alignment::aligned(pixels, corners, side));
            lattices.extend(corners.lattice(corners.tilted_fourth(), side));
            for lattice in lattices {
                if let Some(text) = self.decode_lattice(pixels, &lattice) {
                    return Some((text, lattice));
                }
            }
            for lattice in self.clearest(pixels, corners, side) {
                if let Some(text) = self.decode_lattice(pixels, &lattice) {
                    return Some((text, lattice));
                }
            }
        }
        None
    }

    /// The text in the modules of one lattice.
    fn decode_lattice(&mut self, pixels: Pixels<'_>, lattice: &Lattice) -> Option<String> {
        let side = lattice.side;
        let mut before: Vec<bool> = Vec::new();
        let samples: [(fn(&Lattice, Pixels<'_>) -> Vec<f32>, &[Way]); 2] = [
            (Lattice::sample, &[Way::Planar, Way::Local]),
            (Lattice::sample_wide, &[Way::Planar, Way::Local, Way::Deblurred]),
        ];
        for (sample, ways) in samples {
            self.spend(side * side)?;
            let modules = sample(lattice, pixels);
            for way in ways {
                let dark = way.dark(&modules, side);
                let (corner, timing) = pattern::shares_right(&dark, side);
                if corner < LEAST_RIGHT.0 || timing < LEAST_RIGHT.1 || dark == before {
                    continue;
                }
                self.spend(2 * side * side)?;
                if let Some((text, _)) = text::decode(&dark, side) {
                    return Some(text);
                }
                before = dark;
            }
        }
        None
    }

    /// The lattices whose modules are most clearly dark or light, for places of the fourth corner around the
    /// one that the three squares speak for.
    fn clearest(&mut self, pixels: Pixels<'_>, corners: &Corners, side: usize) -> Vec<Lattice> {
        if self.spend(side * side * FOURTH_PLACES * FOURTH_PLACES / 4).is_none() {
            return Vec::new();
        }
        let around = corners.tilted_fourth();
        let step = corners.module_px * FOURTH_STEP;
        let mut tried = Vec::new();
        for place in 0..FOURTH_PLACES * FOURTH_PLACES {
            let off = |at: usize| (at as f32 - (FOURTH_PLACES / 2) as f32) * step;
            let fourth =
                Point { x: around.x + off(place % FOURTH_PLACES), y: around.y + off(place / FOURTH_PLACES) };
            let Some(lattice) = corners.lattice(fourth, side) else { continue };
            tried.push((clarity(&lattice, pixels), lattice));
        }
        tried.sort_by(|a, b| b.0.total_cmp(&a.0));
        tried.truncate(MOST_PLACES);
        tried.into_iter().map(|(_, lattice)| lattice).collect()
    }

    /// Takes work from what is left; none where it is spent.
    fn spend(&mut self, work: usize) -> Option<()> {
        self.work_left = self.work_left.checked_sub(work)?;
        Some(())
    }
}

/// How clearly the modules of the bottom right quarter are dark or light: those that the fourth corner moves.
fn clarity(lattice: &Lattice, pixels: Pixels<'_>) -> f32 {
    let side = lattice.side;
    let quarter = side / 2..side;
    let modules: Vec<f32> = quarter
        .clone()
        .flat_map(|row| quarter.clone().map(move |column| (column as f32 + 0.5, row as f32 + 0.5)))
        .map(|(column, row)| lattice.luma(pixels, column, row))
        .collect();
    let mean = modules.iter().sum::<f32>() / modules.len() as f32;
    modules.iter().map(|luma| (luma - mean).abs()).sum()
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
