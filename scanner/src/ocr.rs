//! The OCR line of a frame: 18 digits without a code around them.
//!
//! Places where such a line could lie are found by its shape, each is cut out as a strip and read by the
//! network, laid anew by what that reading found, read again, and twice more laid a little wrongly by a second network.
//! `words` uses the same parts for other texts.
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
mod pooled;
mod reduced;
mod row;
mod strip;
mod strokes;
pub(crate) mod words;

use crate::{
    frame::Pixels,
    reading::{Point, Sighting, Symbol},
};
use candidates::Search;
use decode::Line;
use net::Network;
use place::{Jolt, Place};
use pooled::{Least, Pooled};

/// A line is laid a little wrongly twice and must be read the same by another network: what the one mistakes in one
/// place, the other seldom mistakes alike in the next.
const JOLTS: [Jolt; 2] =
    [Jolt { down: -0.8, taller: 1.04, along: 0.12 }, Jolt { down: 0.8, taller: 0.96, along: -0.12 }];
/// Confidence asked of each digit of a line: one that has less leaves the whole line unread. Chosen on frames of the
/// synthesiser at levels 2 and 3 with every disturbance and on those papers of earlier long runs that one network had
/// misread with up to 0.98: the greatest confidence in a wrong digit that both networks gave was 0.91. Lines at levels 1
/// and 2 have 0.985 and more.
const LEAST: Least = Least { together: 0.98, each: 0.6 };
/// The same where other ink runs over the line anywhere: it makes one digit of another, and not only where it seems to.
const LEAST_IF_CROSSED: Least = Least { together: 0.99, each: 0.9 };

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
    let line = decode::decode(&net::log_odds(Network::One, strip.ink()))?;
    Some(Readout { place, refined: place.refined(&line.columns, &strip), line, contrast: strip.contrast() })
}

impl Readout {
    /// The line that this reading, the next and jolted ones agree on.
    fn agreed(&self, next: &Self, pixels: Pixels<'_>) -> Option<Sighting> {
        let mut pooled = Pooled::of(&self.line);
        pooled.add(&next.line, LEAST.each)?;
        let is_crossed = cover::is_crossed(&next.place, pixels, &next.line.columns, next.contrast);
        let least = if is_crossed { LEAST_IF_CROSSED } else { LEAST };
        for jolt in JOLTS {
            let strip = next.place.jolted(jolt).strip(pixels);
            pooled.add(&decode::decode(&net::log_odds(Network::Two, strip.ink()))?, least.each)?;
        }
        let confidence = pooled.confidence(least)?;
        let text: String = pooled.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let digits = text.parse().ok()?;
        Some(Sighting { symbol: Symbol::OcrLine, digits, corners: next.refined.corners(), confidence })
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
