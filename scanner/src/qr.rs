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
mod segments;
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
/// Larger pictures are searched at half their size alone: in them a coupon's modules are many pixels wide.
const MOST_PIXELS: usize = 6_000_000;
/// Shortest side of a picture that is searched at half its size too.
const LEAST_SIDE_TO_HALVE: usize = 400;
/// Longest side of a picture that is searched at twice its size too, for modules of a pixel or two.
const MOST_SIDE_TO_DOUBLE: usize = 800;
/// Places each way that the fourth corner is looked for at …
const FOURTH_PLACES: usize = 7;
/// … and how many modules lie between two.
const FOURTH_STEP: f32 = 0.6;
/// Shares of the corner squares' modules and of the timing patterns' that must be right before a decoder is
/// asked: what is worn, not what is no symbol.
const LEAST_RIGHT: (f32, f32) = (0.75, 0.6);
/// Codewords, of those for correction and those that fill up, that must be right beyond the errors. With two,
/// the standard's own margin in small symbols, chance makes a text in less than one of 10⁹ tries.
const LEAST_EVIDENCE: usize = 2;
/// Blocks whose luma varies less are flat: paper or table, not print …
const FLAT: u8 = 24;
/// … at half the size, where there is less noise: the print of a dark stand varies little more.
const FLAT_HALVED: u8 = 12;
/// Work for the symbols of one frame: a unit is a module sampled once, about 10 ns.
const MOST_WORK: usize = 800_000;
/// Work to find a symbol's alignment patterns.
const ALIGNING_WORK: usize = 3_000;

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
        search.look_through(Picture::doubled(pixels).pixels(), FLAT, 0.5);
    }
    search.findings
}

/// How much is done for three corner squares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effort {
    /// For a good print.
    Quick,
    /// For a blurred, worn or bent one.
    Thorough,
}

impl Effort {
    /// Places sampled in each module.
    fn samples(self) -> usize {
        match self {
            Self::Quick => 1,
            Self::Thorough => 5,
        }
    }
    fn ways(self) -> &'static [Way] {
        match self {
            Self::Quick => &[Way::Planar, Way::Local],
            Self::Thorough => &[Way::Planar, Way::Local, Way::Deblurred],
        }
    }
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
        let mut read: Vec<Lattice> = Vec::new();
        // All are tried quickly before any is tried thoroughly.
        for effort in [Effort::Quick, Effort::Thorough] {
            for (corners, sizes) in &triples {
                let own = [corners.top_left, corners.top_right, corners.bottom_left];
                if own.iter().any(|corner| read.iter().any(|lattice| lattice.covers(*corner))) {
                    continue;
                }
                let Some((text, lattice)) = self.decode(pixels, corners, sizes, effort) else { continue };
                let in_frame = |point: Point| Point { x: point.x * px, y: point.y * px };
                self.findings.add(text, lattice.corners().map(in_frame));
                read.push(lattice);
            }
        }
    }

    /// The text of the symbol between three corner squares.
    fn decode(
        &mut self,
        pixels: Pixels<'_>,
        corners: &Corners,
        sizes: &[(usize, f32)],
        effort: Effort,
    ) -> Option<(String, Lattice)> {
        for (side, _) in sizes {
            self.spend(ALIGNING_WORK)?;
            let aligned = alignment::aligned(pixels, corners, *side);
            let tilted = corners.lattice(corners.tilted_fourth(), *side);
            let lattices = aligned.into_iter().chain(tilted);
            let lattices: Vec<Lattice> = match effort {
                Effort::Quick => lattices.collect(),
                Effort::Thorough => lattices.chain(self.clearest(pixels, corners, *side)).collect(),
            };
            for lattice in lattices {
                if let Some(text) = self.decode_lattice(pixels, &lattice, effort) {
                    return Some((text, lattice));
                }
            }
        }
        None
    }

    /// The text in the modules of one lattice.
    fn decode_lattice(&mut self, pixels: Pixels<'_>, lattice: &Lattice, effort: Effort) -> Option<String> {
        let side = lattice.side;
        let modules = match effort {
            Effort::Quick => lattice.sample(pixels),
            Effort::Thorough => lattice.sample_wide(pixels),
        };
        self.spend(side * side * effort.samples())?;
        let mut before: Vec<bool> = Vec::new();
        for way in effort.ways() {
            self.spend(side * side * way.work())?;
            let dark = way.dark(&modules, side);
            let (corner, timing) = pattern::shares_right(&dark, side);
            if corner < LEAST_RIGHT.0 || timing < LEAST_RIGHT.1 || dark == before {
                continue;
            }
            if let Some(text) = text_of(&dark, side) {
                return Some(text);
            }
            before = dark;
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

/// What the modules say, also where the print is mirrored.
fn text_of(dark: &[bool], side: usize) -> Option<String> {
    let read = |dark: &[bool]| {
        let codewords = codewords::read(dark, side)?;
        let told = segments::read(&codewords)?;
        // A wrong lattice's modules fall close to some other text by chance. What was not needed to correct
        // errors, and what fills the symbol up, speak against that.
        (codewords.spare_checks + told.pads >= LEAST_EVIDENCE).then_some(told.text)
    };
    read(dark).or_else(|| {
        let mirrored: Vec<bool> = (0..side * side).map(|at| dark[at % side * side + at / side]).collect();
        read(&mirrored)
    })
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
