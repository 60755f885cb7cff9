//! One frame's search: decodes what lies between corner squares, the likeliest and cheapest first, within a
//! bound of work.
//!
//! Must not: look for corner squares; know what a text means.

use super::{
    QrFindings, alignment, codewords,
    finders::Finder,
    grid::{self, Corners},
    lattice::Lattice,
    levels::Way,
    pattern, second, segments,
    threshold::Thresholds,
};
use crate::{
    frame::Pixels,
    reading::{Digits, Point},
};

/// Triples of corner squares that are looked at in one frame.
const MOST_TRIPLES: usize = 24;
/// Triples of which the modules are sampled.
const MOST_TRIED: usize = 8;
/// Places of the fourth corner, best first, that are decoded for each size of a triple.
const MOST_PLACES: usize = 4;
/// Places each way that the fourth corner is looked for at …
const FOURTH_PLACES: usize = 7;
/// … and how many modules lie between two.
const FOURTH_STEP: f32 = 0.6;
/// Shares of the corner squares' modules and of the timing patterns' that must be right before a decoder is
/// asked: what is worn, not what is no symbol.
const LEAST_RIGHT: (f32, f32) = (0.75, 0.6);
/// Work for the symbols of one frame: a unit is a module sampled once, about 10 ns.
const MOST_WORK: usize = 800_000;
/// Work of a second opinion, for each module.
const SECOND_WORK: usize = 16;
/// Work to find a symbol's alignment patterns.
const ALIGNING_WORK: usize = 3_000;
/// Codewords, of those for correction and those that fill up, that must be right beyond the errors. With two,
/// the standard's own margin in small symbols, chance makes a text in less than one of 10⁹ tries.
const LEAST_EVIDENCE: usize = 2;

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
pub(super) struct Search {
    pub(super) findings: QrFindings,
    work_left: usize,
}

impl Search {
    pub(super) fn new() -> Self {
        Self { findings: QrFindings::default(), work_left: MOST_WORK }
    }

    /// Decodes what lies between corner squares; a pixel is `px` of the frame's.
    pub(super) fn decode_all(
        &mut self,
        pixels: Pixels<'_>,
        thresholds: &Thresholds,
        finders: &[Finder],
        px: f32,
    ) {
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
            if let Some(text) = self.text_of(&dark, side) {
                return Some(text);
            }
            before = dark;
        }
        None
    }

    /// What the modules say, also where the print is mirrored.
    fn text_of(&mut self, dark: &[bool], side: usize) -> Option<String> {
        let mirrored =
            || -> Vec<bool> { (0..side * side).map(|at| dark[at % side * side + at / side]).collect() };
        self.told_by(dark, side).or_else(|| self.told_by(&mirrored(), side))
    }

    fn told_by(&mut self, dark: &[bool], side: usize) -> Option<String> {
        let codewords = codewords::read(dark, side)?;
        let told = segments::read(&codewords)?;
        // A wrong lattice's modules fall close to some other text by chance. What was not needed to correct
        // errors, and what fills the symbol up, speak against that.
        if codewords.spare_checks + told.pads < LEAST_EVIDENCE {
            return None;
        }
        if told.text.parse::<Digits>().is_ok() {
            self.spend(side * side * SECOND_WORK)?;
            (second::opinion(dark, side)? == told.text).then_some(told.text)
        } else {
            Some(told.text)
        }
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
