//! QR codes of a frame: own search and sampling, decoding by `rqrr`.
//!
//! `rqrr`'s own detector is not used: it takes 6 ms to prepare a 720p frame, reads half of the slightly
//! blurred ones, panics on some pictures, and its work on a picture full of corner squares is unbounded.
//! Its decoder (format, Reed–Solomon, segments) works on the modules found here; a panic of it is caught.
//!
//! Must not: weigh what it read against anything else.

mod finders;
mod grid;
mod threshold;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{
    frame::Pixels,
    reading::{Confidence, Digits, ForeignText, Point, Sighting, Symbol},
};
use grid::{Corners, Lattice};

/// Triples of corner squares that are tried in one frame.
const MOST_TRIPLES: usize = 8;
/// Places of the fourth corner, best first, that are decoded for each size of a triple.
const MOST_PLACES: usize = 5;
/// Shortest side of a picture that is searched at half its size too.
const LEAST_SIDE_TO_HALVE: usize = 400;
/// Places each way that the fourth corner is looked for at …
const FOURTH_PLACES: usize = 7;
/// … and how many modules lie between two.
const FOURTH_STEP: f32 = 0.6;

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
}

/// Looks for QR codes; where none is read, once more in the picture at half its size, in which specks of worn
/// print and noise are gone.
pub(crate) fn find(pixels: Pixels<'_>) -> QrFindings {
    let mut findings = QrFindings::default();
    decode_all(pixels, &triples(pixels), &mut findings);
    if findings.is_empty() && pixels.width.min(pixels.height) >= LEAST_SIDE_TO_HALVE {
        let luma = halved(pixels);
        let half = Pixels { width: pixels.width / 2, height: pixels.height / 2, luma: &luma };
        let doubled: Vec<Corners> = triples(half).into_iter().map(Corners::doubled).collect();
        decode_all(pixels, &doubled, &mut findings);
    }
    findings
}

/// The likeliest triples of corner squares.
fn triples(pixels: Pixels<'_>) -> Vec<Corners> {
    let finders = finders::find(pixels, &threshold::Thresholds::of(pixels));
    grid::triples(&finders, MOST_TRIPLES)
}

fn decode_all(pixels: Pixels<'_>, triples: &[Corners], findings: &mut QrFindings) {
    findings.looks_like_one |= !triples.is_empty();
    let mut used: Vec<Point> = Vec::new();
    for corners in triples {
        let own = [corners.top_left, corners.top_right, corners.bottom_left];
        if own.iter().any(|corner| used.contains(corner)) {
            continue;
        }
        let Some((text, lattice)) = decode(pixels, corners) else { continue };
        used.extend(own);
        match text.parse::<Digits>() {
            Ok(digits) if digits.is_whole_line() => {
                let (symbol, corners, confidence) = (Symbol::Qr, lattice.corners(), Confidence::CERTAIN);
                findings.sightings.push(Sighting { symbol, digits, corners, confidence });
            }
            _ => drop(findings.foreign.get_or_insert(ForeignText::new(text))),
        }
    }
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

/// The text of the symbol between three corner squares.
fn decode(pixels: Pixels<'_>, corners: &Corners) -> Option<(String, Lattice)> {
    let flat = grid::flat_fourth(corners);
    for side in corners.sizes() {
        // Most papers lie flat enough; only then is the fourth corner looked for.
        let straight = Lattice::new(corners, flat, side).map(|lattice| (lattice, lattice.sample(pixels)));
        for (lattice, modules) in straight.into_iter().chain(clearest(pixels, corners, side)) {
            for levels in [planar(&modules, side), local(&modules, side)] {
                let dark: Vec<bool> = modules.iter().zip(&levels).map(|(luma, level)| luma < level).collect();
                if let Some(text) = decode_modules(&dark, side) {
                    return Some((text, lattice));
                }
            }
        }
    }
    None
}

/// The lattices whose modules are most clearly dark or light, for places of the fourth corner around the
/// one of a flat paper. Nothing is computed until it is asked for.
fn clearest(pixels: Pixels<'_>, corners: &Corners, side: usize) -> impl Iterator<Item = (Lattice, Vec<f32>)> {
    let flat = grid::flat_fourth(corners);
    let step = corners.module_px * FOURTH_STEP;
    let places = move || {
        let mut tried = Vec::new();
        for place in 0..FOURTH_PLACES * FOURTH_PLACES {
            let off = |at: usize| (at as f32 - (FOURTH_PLACES / 2) as f32) * step;
            let fourth =
                Point { x: flat.x + off(place % FOURTH_PLACES), y: flat.y + off(place / FOURTH_PLACES) };
            let Some(lattice) = Lattice::new(corners, fourth, side) else { continue };
            let modules = lattice.sample(pixels);
            let mean = modules.iter().sum::<f32>() / modules.len() as f32;
            let clarity: f32 = modules.iter().map(|luma| (luma - mean).abs()).sum();
            tried.push((clarity, lattice, modules));
        }
        tried.sort_by(|a, b| b.0.total_cmp(&a.0));
        tried.truncate(MOST_PLACES);
        tried.into_iter().map(|(_, lattice, modules)| (lattice, modules))
    };
    std::iter::once_with(places).flatten()
}

/// One threshold a module, on the plane through those of the three corner squares.
fn planar(modules: &[f32], side: usize) -> Vec<f32> {
    let square = |left: usize, top: usize| {
        let at = |column: usize, row: usize| modules[(top + row) * side + left + column];
        let core = (2..5).flat_map(|row| (2..5).map(move |column| (column, row)));
        let dark = core.map(|(column, row)| at(column, row)).sum::<f32>() / 9.0;
        let ring = (1..6).flat_map(|step| [(step, 1), (step, 5), (1, step), (5, step)]);
        let light = ring.map(|(column, row)| at(column, row)).sum::<f32>() / 20.0;
        (dark + light) / 2.0
    };
    let far = side - 7;
    let (origin, right, down) = (square(0, 0), square(far, 0), square(0, far));
    let share = |at: usize| (at as f32 - 3.0) / far as f32;
    (0..side * side)
        .map(|at| origin + (right - origin) * share(at % side) + (down - origin) * share(at / side))
        .collect()
}

/// One threshold a module, half way between the darkest and the lightest around it: for shadows and glare.
fn local(modules: &[f32], side: usize) -> Vec<f32> {
    const REACH: usize = 3;
    let around = |at: usize| at.saturating_sub(REACH)..(at + REACH + 1).min(side);
    (0..side * side)
        .map(|at| {
            let (mut least, mut greatest) = (f32::MAX, f32::MIN);
            for row in around(at / side) {
                for luma in &modules[row * side..][around(at % side)] {
                    least = least.min(*luma);
                    greatest = greatest.max(*luma);
                }
            }
            (least + greatest) / 2.0
        })
        .collect()
}

/// The decoder's answer; its panic is an answer of none.
fn decode_modules(dark: &[bool], side: usize) -> Option<String> {
    let attempt = || {
        let grid = rqrr::SimpleGrid::from_func(side, |column, row| dark[row * side + column]);
        rqrr::Grid::new(grid).decode().ok().map(|(_, text)| text)
    };
    catch_unwind(AssertUnwindSafe(attempt)).ok().flatten()
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
