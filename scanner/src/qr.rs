//! QR codes of a frame: own search and sampling, decoding by `rqrr`.
//!
//! `rqrr`'s own detector is not used: it takes 6 ms to prepare a 720p frame, reads half of the slightly
//! blurred ones, panics on some pictures, and its work on a picture full of corner squares is unbounded.
//! Its decoder (format, Reed–Solomon, segments) works on the modules found here; a panic of it is caught.
//!
//! Must not: weigh what it read against anything else.

mod alignment;
mod finders;
mod grid;
mod lattice;
mod levels;
mod pattern;
mod text;
mod threshold;

use crate::{
    frame::Pixels,
    reading::{Confidence, Digits, ForeignText, Point, Sighting, Symbol},
};
use finders::Finder;
use grid::Corners;
use lattice::Lattice;
use levels::Way;
use threshold::Thresholds;

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

/// Looks for QR codes: as the picture is, light on dark, and, where none is read, in the picture at half its
/// size, in which specks of worn print and noise are gone, or at twice its size, where it is small.
pub(crate) fn find(pixels: Pixels<'_>) -> QrFindings {
    let mut search = Search { findings: QrFindings::default(), work_left: MOST_WORK };
    let thresholds = Thresholds::of(pixels);
    let found = finders::find(pixels, &thresholds);
    search.decode_all(pixels, &thresholds, &found.dark, 1.0);
    if search.findings.is_empty() && found.light.len() >= 3 {
        let luma: Vec<u8> = pixels.luma.iter().map(|luma| 255 - luma).collect();
        let inverted = Pixels { luma: &luma, ..pixels };
        search.decode_all(inverted, &Thresholds::of(inverted), &found.light, 1.0);
    }
    let (width, height) = (pixels.width, pixels.height);
    if search.findings.is_empty() && width.min(height) >= LEAST_SIDE_TO_HALVE {
        let luma = halved(pixels);
        let half = Pixels { width: width / 2, height: height / 2, luma: &luma };
        let found = finders::find(half, &Thresholds::of(half));
        search.decode_all(pixels, &thresholds, &found.dark, 2.0);
    }
    if search.findings.is_empty() && width.max(height) <= MOST_SIDE_TO_DOUBLE {
        let luma = doubled(pixels);
        let double = Pixels { width: width * 2, height: height * 2, luma: &luma };
        let found = finders::find(double, &Thresholds::of(double));
        search.decode_all(pixels, &thresholds, &found.dark, 0.5);
    }
    search.findings
}

/// One frame's search: what it found, and how much it may still do.
struct Search {
    findings: QrFindings,
    work_left: usize,
}

impl Search {
    /// Decodes what lies between corner squares that were found in the picture at `1 / scale` of its size.
    fn decode_all(&mut self, pixels: Pixels<'_>, thresholds: &Thresholds, finders: &[Finder], scale: f32) {
        let measured = grid::triples(finders, MOST_TRIPLES)
            .into_iter()
            .map(|corners| corners.scaled(scale).measured(pixels, thresholds));
        let mut triples: Vec<(Corners, Vec<(usize, f32)>)> =
            measured.map(|corners| (corners, corners.sizes(pixels))).filter(|(_, sizes)| !sizes.is_empty()).collect();
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
            self.findings.add(text, lattice.corners());
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
        for samples in [Lattice::sample, Lattice::sample_wide] {
            self.spend(side * side)?;
            let modules = samples(lattice, pixels);
            for way in Way::ALL {
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

/// Each two by two pixels as one.
fn halved(pixels: Pixels<'_>) -> Vec<u8> {
    let mut luma = Vec::with_capacity(pixels.width / 2 * (pixels.height / 2));
    for y in 0..pixels.height / 2 {
        let pairs = pixels.row(2 * y).chunks_exact(2).zip(pixels.row(2 * y + 1).chunks_exact(2));
        let mean = |(above, below): (&[u8], &[u8])| {
            let sum = u16::from(above[0]) + u16::from(above[1]) + u16::from(below[0]) + u16::from(below[1]);
            ((sum + 2) / 4) as u8
        };
        luma.extend(pairs.map(mean));
    }
    luma
}

/// Each pixel as two by two, between its neighbours.
fn doubled(pixels: Pixels<'_>) -> Vec<u8> {
    let mut luma = Vec::with_capacity(pixels.width * pixels.height * 4);
    for y in 0..pixels.height * 2 {
        let place = |at: usize| at as f32 / 2.0 + 0.25;
        luma.extend((0..pixels.width * 2).map(|x| pixels.at(place(x), place(y)).round() as u8));
    }
    luma
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
