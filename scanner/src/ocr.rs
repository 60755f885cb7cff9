//! The OCR line of a frame: 18 digits without a code around them.
//!
//! Places where such a line could lie are found by its shape, each is cut out as a strip and read by the
//! network, laid anew by what that reading found, and read again.
//!
//! Must not: weigh what it read against anything else.

mod axes;
mod blobs;
mod candidates;
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

use crate::{
    frame::Pixels,
    reading::{Confidence, Point, Sighting, Symbol},
};
use decode::Line;
use place::Place;
use strip::DIGITS;

/// A digit that is less sure than this, in either reading, leaves the whole line unread.
const LEAST_CONFIDENCE: f32 = 0.9;

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

/// Looks for lines of 18 digits, turned by up to about 25 degrees.
pub(crate) fn find(pixels: Pixels<'_>) -> OcrFindings {
    let mut findings = OcrFindings::default();
    for place in candidates::find(pixels) {
        if findings.sightings.iter().any(|line| covers(line, &place)) {
            continue;
        }
        let Some(first) = read(place, pixels) else { continue };
        findings.looks_like_one = true;
        let Some(second) = read(first.place, pixels) else { continue };
        let sighting = first.agreed(&second).or_else(|| second.agreed(&read(second.place, pixels)?));
        findings.sightings.extend(sighting.filter(|line| lies_inside(line, pixels)));
    }
    findings
}

/// What a place was read as, and the place as this reading shows it.
struct Readout {
    line: Line,
    place: Place,
}

fn read(place: Place, pixels: Pixels<'_>) -> Option<Readout> {
    let strip = place.strip(pixels);
    let line = decode::decode(&net::log_odds(strip.ink()))?;
    Some(Readout { place: place.refined(&line.columns, &strip), line })
}

impl Readout {
    /// The line that both readings are sure of.
    fn agreed(&self, next: &Self) -> Option<Sighting> {
        let mut sure: [f32; DIGITS] = self.line.confidence;
        sure.iter_mut().zip(next.line.confidence).for_each(|(own, other)| *own = own.min(other));
        let confidence = Confidence::new(sure);
        if self.line.digits != next.line.digits || confidence.least() < LEAST_CONFIDENCE {
            return None;
        }
        let text: String = self.line.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let digits = text.parse().ok()?;
        Some(Sighting { symbol: Symbol::OcrLine, digits, corners: next.place.corners(), confidence })
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
