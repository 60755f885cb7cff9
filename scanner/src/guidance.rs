//! 読み取りの案内: what would help to read a paper, from the light, the sharpness and the turn that a frame shows.
//!
//! Must not: read digits; say anything where all was read; remember a frame (whoever shows it steadies it).

use crate::{
    frame::Pixels,
    reading::{InView, Point, Sighting, Symbol},
};

/// What staff should change. Where several hold, the first in this order is said: without light nothing else can be
/// judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guidance {
    /// Too little light: the torch helps.
    TooDark,
    /// A lamp is mirrored on the paper: tilt it, or switch the torch off.
    Glare,
    /// The paper lies at a slant or upside down.
    Turn,
    /// Out of focus, or moved.
    Blurred,
    /// The print is too small in the picture.
    Nearer,
}

/// Luma of the paper under which a frame counts as dark: its noise is then as strong as worn print.
const DARK_PAPER: u8 = 60;
/// Luma from which a pixel carries no print any more.
const BLOWN_OUT: u8 = 252;
/// A mirrored lamp takes this share of the frame; more is bare paper well lit.
const GLARE_SHARE: std::ops::Range<f32> = 0.012..0.4;
/// Beside a mirrored lamp the paper is darker than this.
const UNLIT_PAPER: u8 = 225;
/// Degrees that the print may be turned; the readers go on to about 25.
const MOST_TURN_DEG: f32 = 18.0;
/// Share of the slopes that must run along two directions at right angles for a turn to be said.
const LEAST_SQUARENESS: f32 = 0.25;
/// How sharply print changes, from 0 for edges that only climb to 1 for edges that jump; strokes finer than the long
/// way bring more. See [`sharpness`].
const LEAST_SHARPNESS: f32 = 0.6;
/// Three ways over which the change is measured, in pixels of a frame of 1280: the shortest, in which noise is as
/// strong as in any other; short; long.
const WAYS_PX: [usize; 3] = [1, 3, 7];
const WAYS_WIDTH: usize = 1280;
/// Pixels a millimetre under which 9-point digits are hard to read.
const LEAST_PX_PER_MM: f32 = 7.0;
/// Side of a block that is measured.
const BLOCK_PX: usize = 16;
/// Pixels of which every block is measured: a 1080p frame's.
const MOST_PIXELS: usize = 1920 * 1080;
/// Luma that must lie between the darkest and the lightest pixel of a printed block, and as a share of the paper's.
const PRINT_SWING: u8 = 24;
const PRINT_SHARE: f32 = 0.3;
/// Printed blocks under which a frame shows no paper worth a word.
const LEAST_PRINTED: usize = 24;

/// What a frame's pixels say without being read.
struct Measured {
    paper: u8,
    middle: u8,
    blown_out: f32,
    sharpness: f32,
    turn_deg: Option<f32>,
    printed: usize,
}

/// What to say for a frame. Nothing where two whole lines were read, where no paper is in view, or where the picture
/// is as it should be.
pub(crate) fn guide(pixels: Pixels<'_>, sightings: &[Sighting], in_view: InView) -> Option<Guidance> {
    if sightings.iter().filter(|sighting| sighting.digits.is_whole_line()).count() >= 2 {
        return None;
    }
    let measured = measure(pixels);
    let shows_paper = measured.printed >= LEAST_PRINTED || in_view == InView::SymbolLike;
    if measured.paper < DARK_PAPER {
        return Some(Guidance::TooDark);
    }
    if !shows_paper {
        return None;
    }
    if GLARE_SHARE.contains(&measured.blown_out) && measured.middle < UNLIT_PAPER {
        return Some(Guidance::Glare);
    }
    let turn = sightings.iter().map(turn_of).chain(measured.turn_deg).map(f32::abs).fold(0.0, f32::max);
    if turn > MOST_TURN_DEG {
        return Some(Guidance::Turn);
    }
    if measured.sharpness < LEAST_SHARPNESS {
        return Some(Guidance::Blurred);
    }
    let is_small = match sightings.iter().filter_map(px_per_mm).reduce(f32::max) {
        Some(scale) => scale < LEAST_PX_PER_MM,
        None => sightings.is_empty(),
    };
    is_small.then_some(Guidance::Nearer)
}

/// How far a symbol is turned from upright, −180 to 180 degrees.
fn turn_of(sighting: &Sighting) -> f32 {
    let along = along(sighting);
    along.y.atan2(along.x).to_degrees()
}

fn along(sighting: &Sighting) -> Point {
    let [left, right, ..] = sighting.corners;
    Point { x: right.x - left.x, y: right.y - left.y }
}

/// The scale of the picture, from the one symbol whose size is published.
fn px_per_mm(sighting: &Sighting) -> Option<f32> {
    const QR_SIDE_MM: f32 = 10.0;
    let along = along(sighting);
    (sighting.symbol == Symbol::Qr).then(|| along.x.hypot(along.y) / QR_SIDE_MM)
}

fn measure(pixels: Pixels<'_>) -> Measured {
    let (paper, middle, blown_out) = light(pixels);
    let least = PRINT_SWING.max((f32::from(paper) * PRINT_SHARE) as u8);
    let [shortest, short, long] = WAYS_PX.map(|way| way * pixels.width / WAYS_WIDTH);
    let ways = [shortest.max(1), short.max(2), long.max(3)];
    let mut changes = [0_u64; 3];
    let mut printed = 0;
    // The fourth power of a slope's direction: two directions at right angles are one.
    let (mut real, mut imaginary, mut all) = (0.0_f64, 0.0_f64, 0.0_f64);
    // A frame larger than a camera's tells enough by some of its blocks.
    let apart = (1..).find(|apart| pixels.width * pixels.height <= MOST_PIXELS * apart * apart).unwrap_or(1);
    for top in (0..pixels.height - 1).step_by(BLOCK_PX * apart) {
        let rows = top..(top + BLOCK_PX).min(pixels.height - 1);
        for left in (0..pixels.width - 1).step_by(BLOCK_PX * apart) {
            let columns = left..(left + BLOCK_PX).min(pixels.width - 1);
            let lumas = rows.clone().step_by(4).flat_map(|y| &pixels.row(y)[columns.clone()]);
            let (darkest, lightest) =
                lumas.fold((255, 0), |(least, most): (u8, u8), luma| (least.min(*luma), most.max(*luma)));
            let swing = lightest.saturating_sub(darkest);
            if swing < least {
                continue;
            }
            printed += apart * apart;
            let reach = columns.start..columns.end.min(pixels.width.saturating_sub(ways[2]));
            for (change, way) in changes.iter_mut().zip(ways) {
                for y in rows.clone().step_by(4) {
                    let row = pixels.row(y);
                    let pairs = row
                        .get(reach.clone())
                        .into_iter()
                        .flatten()
                        .zip(&row[(reach.start + way).min(row.len())..]);
                    let sum: u32 = pairs.map(|(here, there)| u32::from(here.abs_diff(*there)).pow(2)).sum();
                    *change += u64::from(sum);
                }
            }
            for y in rows.clone().step_by(4) {
                let lines = [y, y + 1, y + 2].map(|y| pixels.row(y.min(pixels.height - 1)));
                for x in columns.clone().step_by(4) {
                    let (across, down) = slope(lines, x.min(pixels.width - 3));
                    let (a, b) = (across * across - down * down, 2.0 * across * down);
                    real += a * a - b * b;
                    imaginary += 2.0 * a * b;
                    all += a * a + b * b;
                }
            }
        }
    }
    let sharpness = sharpness(changes, ways);
    let is_square = all > 0.0 && real.hypot(imaginary) > f64::from(LEAST_SQUARENESS) * all;
    let turn_deg = is_square.then(|| (imaginary.atan2(real).to_degrees() / 4.0) as f32);
    Measured { paper, middle, blown_out, sharpness, turn_deg, printed }
}

/// From squared changes over three ways. The change between jumps grows with the way, that on a climb with its square;
/// the change over the shortest way stands for noise and is taken off the others.
fn sharpness(changes: [u64; 3], ways: [usize; 3]) -> f32 {
    let [noise, short, long] = changes.map(|change| change as f32);
    // Where nothing changes there is nothing to complain of.
    if long <= short || short <= noise {
        return 1.0;
    }
    let [n, s, l] = ways.map(|way| way as f32);
    let jump = (s - n) / (l - s);
    let climb = (s * s - n * n) / (l * l - s * s);
    ((short - noise) / (long - short) - climb) / (jump - climb)
}

/// Sobel's slope of three lines at three columns from `x` on.
fn slope(lines: [&[u8]; 3], x: usize) -> (f64, f64) {
    let [above, row, below] = lines.map(|line| [line[x], line[x + 1], line[x + 2]].map(f64::from));
    let across = above[2] - above[0] + 2.0 * (row[2] - row[0]) + below[2] - below[0];
    let down = below[0] - above[0] + 2.0 * (below[1] - above[1]) + below[2] - above[2];
    (across, down)
}

/// Luma of the paper (nine tenths of the frame are darker), of the middle, and the share that is blown out.
fn light(pixels: Pixels<'_>) -> (u8, u8, f32) {
    let mut counts = [0_u32; 256];
    for y in (0..pixels.height).step_by(4) {
        for luma in pixels.row(y).iter().step_by(4) {
            counts[usize::from(*luma)] += 1;
        }
    }
    let all: u32 = counts.iter().sum();
    let at = |tenths: u32| {
        let mut seen = 0;
        let reached = counts.iter().position(|count| {
            seen += count;
            seen * 10 >= all * tenths
        });
        reached.unwrap_or(255) as u8
    };
    let blown: u32 = counts[usize::from(BLOWN_OUT)..].iter().sum();
    (at(9), at(5), blown as f32 / all.max(1) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Confidence;

    const WIDTH: usize = 640;
    const HEIGHT: usize = 400;

    /// A form: rules and words as a coarse pattern, turned by some degrees.
    fn form(turn_deg: f32) -> Vec<u8> {
        let (sine, cosine) = turn_deg.to_radians().sin_cos();
        let print = |x: f32, y: f32| {
            let (u, v) = (x * cosine + y * sine + 1000.0, y * cosine - x * sine + 1000.0);
            let is_word =
                (v as u32 % 40) < 22 && (u as u32 / 6).is_multiple_of(2) && (v as u32 / 6).is_multiple_of(2);
            if is_word || (v as u32 % 40) > 37 { 40_u32 } else { 210 }
        };
        let luma = |x: usize, y: usize| {
            let part = |at: usize, step: usize| at as f32 + (step as f32 + 0.5) / 3.0;
            let parts = (0..9).map(|step| print(part(x, step % 3) - 320.0, part(y, step / 3) - 200.0));
            (parts.sum::<u32>() / 9) as u8
        };
        (0..WIDTH * HEIGHT).map(|at| luma(at % WIDTH, at / WIDTH)).collect()
    }

    fn blurred(luma: &[u8], reach: usize) -> Vec<u8> {
        (0..luma.len())
            .map(|at| {
                let window = &luma[at.saturating_sub(reach)..(at + reach + 1).min(luma.len())];
                (window.iter().map(|pixel| u32::from(*pixel)).sum::<u32>() / window.len() as u32) as u8
            })
            .collect()
    }

    fn said(luma: &[u8], sightings: &[Sighting]) -> Option<Guidance> {
        guide(Pixels { width: WIDTH, height: HEIGHT, luma }, sightings, InView::NothingSeen)
    }

    fn qr(side: f32, turn_deg: f32) -> Sighting {
        let (sine, cosine) = turn_deg.to_radians().sin_cos();
        let place = |x: f32, y: f32| Point { x: x * cosine - y * sine, y: x * sine + y * cosine };
        let corners = [place(0.0, 0.0), place(side, 0.0), place(side, side), place(0.0, side)];
        let digits = "231310160000123456".parse().unwrap();
        Sighting { symbol: Symbol::Qr, digits, corners, confidence: Confidence::CERTAIN }
    }

    #[test]
    fn an_empty_table_and_a_good_picture_need_no_word() {
        assert_eq!(said(&vec![180; WIDTH * HEIGHT], &[]), None);
        assert_eq!(said(&form(0.0), &[qr(100.0, 1.0)]), None);
        let both = [qr(20.0, 40.0), Sighting { symbol: Symbol::OcrLine, ..qr(20.0, 40.0) }];
        assert_eq!(said(&form(0.0), &both), None, "two whole lines are all there is");
    }

    #[test]
    fn each_fault_of_a_picture_has_its_word() {
        let dark: Vec<u8> = form(0.0).iter().map(|luma| luma / 6).collect();
        assert_eq!(said(&dark, &[]), Some(Guidance::TooDark));
        let mut lamp = form(0.0);
        for y in 100..180 {
            lamp[y * WIDTH + 200..y * WIDTH + 300].fill(255);
        }
        assert_eq!(said(&lamp, &[]), Some(Guidance::Glare));
        assert_eq!(said(&form(22.0), &[]), Some(Guidance::Turn));
        assert_eq!(said(&form(0.0), &[qr(100.0, 180.0)]), Some(Guidance::Turn));
        assert_eq!(said(&blurred(&form(0.0), 4), &[qr(100.0, 0.0)]), Some(Guidance::Blurred));
        assert_eq!(said(&form(0.0), &[qr(50.0, 0.0)]), Some(Guidance::Nearer));
        assert_eq!(said(&form(0.0), &[]), Some(Guidance::Nearer));
    }

    #[test]
    fn a_slight_turn_is_no_fault() {
        for turn_deg in [-12.0, -5.0, 5.0, 12.0] {
            assert_eq!(said(&form(turn_deg), &[qr(100.0, turn_deg)]), None, "{turn_deg}");
        }
    }
}
