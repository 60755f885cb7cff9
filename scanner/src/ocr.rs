//! The OCR line of a frame: 18 digits without a code around them.
//!
//! Places where such a line could lie are found by its shape, each is cut out as a strip and read by the
//! network, laid anew by what that reading found, read again, and twice more laid a little wrongly. `words` uses the
//! same parts for other texts.
//!
//! Must not: weigh what it read against anything else.

mod axes;
mod blobs;
mod candidates;
mod cover;
mod curve;
mod decode;
mod extent;
mod net;
mod paper;
mod place;
mod reduced;
mod row;
mod strip;
mod strokes;
pub(crate) mod words;

use crate::{
    frame::Pixels,
    reading::{Confidence, Point, Sighting, Symbol},
};
use candidates::Search;
use decode::Line;
use place::{Jolt, Place};

/// A line is laid a little wrongly twice and must be read the same: what the network mistakes in one place it seldom
/// mistakes alike in the next.
const JOLTS: [Jolt; 2] =
    [Jolt { down: -0.8, taller: 1.04, along: 0.12 }, Jolt { down: 0.8, taller: 0.96, along: -0.12 }];
/// A digit that is less sure than this, as the line lies or jolted, leaves the whole line unread.
const LEAST: Least = Least { upright: 0.9, jolted: 0.8 };
/// The same where other ink runs over the line anywhere: it makes one digit of another, and not only where it seems to.
/// Both were chosen on 15,000 frames of the synthesiser with every disturbance, judged by an earlier form of both rules:
/// no line without such ink was misread with more than 0.81 upright and 0.66 jolted, and none with more than 0.96 and
/// 0.94. The long run since met two that pass, one out of focus and one smeared, with 0.93 and 0.89 as their least: the
/// line stays a witness that needs another.
const LEAST_IF_CROSSED: Least = Least { upright: 0.99, jolted: 0.97 };

/// Of the likeliest places, so many are read though one of them gave a line: a second sheet may be in view.
const BESIDE_A_LINE: usize = 3;
/// Paper that must be seen around a line, as a share of its height: one that touches the frame's edge may go on
/// beyond it.
const MARGIN: f32 = 0.08;

/// What the lines of a frame gave.
#[derive(Debug, Default)]
pub(crate) struct OcrFindings {
    /// Those that were read.
    pub(crate) sightings: Vec<Sighting>,
    /// Whether something is built like a line of 18 digits, read or not.
    pub(crate) looks_like_one: bool,
}

/// Looks for lines of 18 digits, turned by up to about 25 degrees. Where the codes that were `seen` stand on
/// their heads, so does the line; without any it is taken to stand upright.
pub(crate) fn find(pixels: Pixels<'_>, seen: &[Sighting]) -> OcrFindings {
    let mut findings = OcrFindings::default();
    let on_heads = seen.iter().filter(|code| code.corners[1].x < code.corners[0].x).count();
    let is_turned = 2 * on_heads > seen.len();
    let laid = |places: Vec<Place>| -> Vec<Place> {
        places.into_iter().map(|place| if is_turned { place.turned() } else { place }).collect()
    };
    let mut search = Search::of(pixels);
    read_all(laid(search.usual()), pixels, &mut findings);
    if findings.sightings.is_empty() {
        read_all(laid(search.faint()), pixels, &mut findings);
    }
    findings
}

fn read_all(places: Vec<Place>, pixels: Pixels<'_>, findings: &mut OcrFindings) {
    for (rank, place) in places.into_iter().enumerate() {
        let is_read = !findings.sightings.is_empty();
        if is_read && (rank >= BESIDE_A_LINE || findings.sightings.iter().any(|line| covers(line, &place))) {
            continue;
        }
        let Some(first) = read(place, pixels) else { continue };
        findings.looks_like_one = true;
        let Some(second) = read(first.refined, pixels) else { continue };
        let sighting = first
            .agreed(&second, pixels)
            .or_else(|| second.agreed(&read(second.refined, pixels)?, pixels))
            .filter(|line| lies_inside(line, pixels));
        findings.sightings.extend(sighting);
    }
}

/// Confidence asked of each digit, 0 to 1.
struct Least {
    /// As the line lies.
    upright: f32,
    /// Jolted.
    jolted: f32,
}

/// What a place was read as.
struct Readout {
    line: Line,
    /// Where it was read.
    place: Place,
    /// The place as this reading shows it.
    refined: Place,
    /// Share of the light that the digits' ink takes away.
    contrast: f32,
}

fn read(place: Place, pixels: Pixels<'_>) -> Option<Readout> {
    let strip = place.strip(pixels);
    let line = decode::decode(&net::log_odds(strip.ink()))?;
    Some(Readout { place, refined: place.refined(&line.columns, &strip), line, contrast: strip.contrast() })
}

impl Readout {
    /// The line that this reading and the next are sure of, and that holds when it is jolted.
    fn agreed(&self, next: &Self, pixels: Pixels<'_>) -> Option<Sighting> {
        let mut sure = self.line.confidence;
        let mut holds = |line: &Line, least: f32| {
            sure.iter_mut().zip(line.confidence).for_each(|(sure, also)| *sure = sure.min(also));
            line.digits == self.line.digits && sure.iter().all(|sure| *sure >= least)
        };
        if !holds(&next.line, LEAST.upright) {
            return None;
        }
        let is_crossed = cover::is_crossed(&next.place, pixels, &next.line.columns, next.contrast);
        let least = if is_crossed { LEAST_IF_CROSSED } else { LEAST };
        if !holds(&next.line, least.upright) {
            return None;
        }
        for jolt in JOLTS {
            let strip = next.place.jolted(jolt).strip(pixels);
            if !holds(&decode::decode(&net::log_odds(strip.ink()))?, least.jolted) {
                return None;
            }
        }
        let text: String = self.line.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let digits = text.parse().ok()?;
        Some(Sighting {
            symbol: Symbol::OcrLine,
            digits,
            corners: next.refined.corners(),
            confidence: Confidence::new(sure),
        })
    }
}

/// Whether a line lies wholly in the picture, with some paper around it.
fn lies_inside(line: &Sighting, pixels: Pixels<'_>) -> bool {
    let [top, _, _, bottom] = line.corners;
    let margin = MARGIN * (top.x - bottom.x).hypot(top.y - bottom.y);
    let inside = |place: f32, side: usize| (margin..side as f32 - margin).contains(&place);
    line.corners.iter().all(|corner| inside(corner.x, pixels.width) && inside(corner.y, pixels.height))
}

/// Whether a place is where a line was read.
fn covers(line: &Sighting, place: &Place) -> bool {
    let middle = |corners: [Point; 4]| {
        let [one, _, other, _] = corners;
        Point { x: (one.x + other.x) / 2.0, y: (one.y + other.y) / 2.0 }
    };
    let (own, its) = (middle(line.corners), middle(place.corners()));
    (own.y - its.y).abs() < place.height() && (own.x - its.x).abs() < 4.0 * place.height()
}

#[cfg(test)]
mod tests;
