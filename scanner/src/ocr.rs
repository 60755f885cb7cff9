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
mod lattice;
mod net;
mod paper;
mod place;
mod reduced;
mod strip;
mod strokes;

use crate::{
    frame::Pixels,
    reading::{Digits, Point},
};
use decode::Line;
use place::Place;
use strip::{DIGITS, Strip};

/// A digit that is less sure than this, in either reading, leaves the whole line unread.
const LEAST_CONFIDENCE: f32 = 0.9;

/// A line that was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OcrLine {
    /// What it says.
    pub(crate) digits: Digits,
    /// How sure each digit is, from 0 to 1: the less of the two readings.
    pub(crate) confidence: [f32; DIGITS],
    /// Its corners as printed: top left, top right, bottom right, bottom left.
    pub(crate) corners: [Point; 4],
}

/// What the lines of a frame gave.
#[derive(Debug, Default)]
pub(crate) struct OcrFindings {
    /// Those that were read.
    pub(crate) lines: Vec<OcrLine>,
    /// Whether something is built like a line of 18 digits, read or not.
    pub(crate) looks_like_one: bool,
}

/// Looks for lines of 18 digits, turned by up to about 25 degrees.
pub(crate) fn find(pixels: Pixels<'_>) -> OcrFindings {
    let mut findings = OcrFindings::default();
    for place in candidates::find(pixels) {
        if findings.lines.iter().any(|line| covers(line, &place)) {
            continue;
        }
        let strip = place.strip(pixels);
        let Some(columns) = lattice::find(&net::log_odds(strip.ink())) else { continue };
        findings.looks_like_one = true;
        let place = place.refined(&columns, &strip);
        let strip = place.strip(pixels);
        let Some(first) = read(&strip) else { continue };
        let columns = std::array::from_fn(|place| first.row.column(place as f32 - 8.5));
        let place = place.refined(&columns, &strip);
        let Some(second) = read(&place.strip(pixels)) else { continue };
        findings.lines.extend(agreed(&first, &second, &place).filter(|line| lies_inside(line, pixels)));
    }
    findings
}

fn read(strip: &Strip) -> Option<Line> {
    decode::decode(&net::log_odds(strip.ink()))
}

/// The line that both readings are sure of.
fn agreed(first: &Line, second: &Line, place: &Place) -> Option<OcrLine> {
    let mut confidence = first.confidence;
    confidence.iter_mut().zip(second.confidence).for_each(|(own, other)| *own = own.min(other));
    if first.digits != second.digits || confidence.iter().any(|sure| *sure < LEAST_CONFIDENCE) {
        return None;
    }
    let text: String = first.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
    Some(OcrLine { digits: text.parse().ok()?, confidence, corners: place.corners() })
}

/// Whether a line lies wholly in the picture, with some paper around it.
fn lies_inside(line: &OcrLine, pixels: Pixels<'_>) -> bool {
    let (width, height) = (pixels.width as f32, pixels.height as f32);
    let margin = margin(line);
    line.corners.iter().all(|corner| {
        (margin..width - margin).contains(&corner.x) && (margin..height - margin).contains(&corner.y)
    })
}

/// A twelfth of a digit's height.
fn margin(line: &OcrLine) -> f32 {
    let [top, _, _, bottom] = line.corners;
    (top.x - bottom.x).hypot(top.y - bottom.y) / 12.0
}

/// Whether a place is where a line was read.
fn covers(line: &OcrLine, place: &Place) -> bool {
    let middle = |a: Point, b: Point| Point { x: (a.x + b.x) / 2.0, y: (a.y + b.y) / 2.0 };
    let corners = place.corners();
    let (own, its) = (middle(line.corners[0], line.corners[2]), middle(corners[0], corners[2]));
    (own.y - its.y).abs() < place.height() && (own.x - its.x).abs() < 4.0 * place.height()
}
