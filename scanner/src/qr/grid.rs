//! From corner squares to where a symbol may lie: triples of them, its sizes, its fourth corner.
//!
//! Must not: decode.

use super::{finders::Finder, lattice::Lattice, pattern::TIMING, threshold::Thresholds};
use crate::{frame::Pixels, reading::Point};

/// Modules from a symbol's rim to the middle of a corner square.
pub(super) const FINDER_MIDDLE: f32 = 3.5;
/// Versions each way around the measured one that are weighed, for a measured version below 7 and above.
const VERSIONS_AROUND: [usize; 2] = [1, 3];
/// Largest version there is.
const MOST_VERSION: usize = 40;
/// Timing patterns that alternate less than this, from -1 to 1, are none.
const LEAST_TIMING: f32 = 0.25;

/// Three corner squares that could belong to one symbol.
#[derive(Debug, Clone, Copy)]
pub(super) struct Corners {
    pub(super) top_left: Point,
    pub(super) top_right: Point,
    pub(super) bottom_left: Point,
    pub(super) module_px: f32,
    /// How far from a square; the least is the likeliest.
    strain: f32,
    /// Modules between the middles of the squares, measured.
    span: f32,
    /// How much further from the camera the top right and the bottom left are than the top left.
    depth: [f32; 2],
}

/// The likeliest triples of corner squares, best first, at most `most`.
pub(super) fn triples(finders: &[Finder], most: usize) -> Vec<Corners> {
    let mut all = Vec::new();
    for (i, a) in finders.iter().enumerate() {
        for (j, b) in finders.iter().enumerate().skip(i + 1) {
            for c in &finders[j + 1..] {
                all.extend(as_corners([a, b, c]));
            }
        }
    }
    all.sort_by(|a, b| a.strain.total_cmp(&b.strain));
    all.truncate(most);
    all
}

/// The square opposite the longest side is the top left one.
fn as_corners(three: [&Finder; 3]) -> Option<Corners> {
    let modules = three.map(|finder| finder.module_px);
    let module_px = modules.iter().sum::<f32>() / 3.0;
    let (least, greatest) =
        (modules.iter().copied().fold(f32::MAX, f32::min), modules.iter().copied().fold(0.0, f32::max));
    if greatest > least * 2.0 {
        return None;
    }
    let away = |a: Point, b: Point| (a.x - b.x).hypot(a.y - b.y);
    let [a, b, c] = three.map(|finder| finder.center);
    let sides = [(away(b, c), a, b, c), (away(a, c), b, a, c), (away(a, b), c, a, b)];
    let (_, corner, one, other) = sides.into_iter().max_by(|p, q| p.0.total_cmp(&q.0))?;
    let (u, v) = (vector(corner, one), vector(corner, other));
    let (length_u, length_v) = (u.x.hypot(u.y), v.x.hypot(v.y));
    let ratio = length_u.max(length_v) / length_u.min(length_v).max(1e-3);
    let slant = ((u.x * v.x + u.y * v.y) / (length_u * length_v).max(1e-3)).abs();
    let span = (length_u + length_v) / 2.0 / module_px;
    // A square's module measured along rows is up to √2 too long where the symbol is turned.
    if ratio > 1.7 || slant > 0.5 || !(8.5..=175.0).contains(&span) {
        return None;
    }
    // In a frame y grows downwards: the top right square lies clockwise before the bottom left one.
    let is_clockwise = u.x * v.y - u.y * v.x > 0.0;
    let (top_right, bottom_left) = if is_clockwise { (one, other) } else { (other, one) };
    let strain = (ratio - 1.0) + slant + (greatest / least - 1.0) * 0.5 + span * 0.004;
    Some(Corners { top_left: corner, top_right, bottom_left, module_px, strain, span, depth: [1.0; 2] })
}

fn vector(from: Point, to: Point) -> Point {
    Point { x: to.x - from.x, y: to.y - from.y }
}

impl Corners {
    /// Measures the squares along the symbol's own edges: their middles between two pixels, how many modules
    /// lie between them and how the symbol is tilted. What cannot be measured stays.
    pub(super) fn measured(mut self, pixels: Pixels<'_>, thresholds: &Thresholds) -> Self {
        let (u, v) = (unit(self.top_left, self.top_right), unit(self.top_left, self.bottom_left));
        let most = self.module_px * 7.0;
        let across = |point: Point, way: Point| measure(pixels, thresholds, point, way, most);
        let squares = [self.top_left, self.top_right, self.bottom_left]
            .map(|center| (center, across(center, u), across(center, v)));
        let moved = squares.map(|(center, along, down)| {
            let (along, down) = (along.map_or(0.0, |(shift, _)| shift), down.map_or(0.0, |(shift, _)| shift));
            Point { x: center.x + u.x * along + v.x * down, y: center.y + u.y * along + v.y * down }
        });
        [self.top_left, self.top_right, self.bottom_left] = moved;
        let top = [squares[0].1, squares[1].1].map(|found| found.map(|(_, module)| module));
        let left = [squares[0].2, squares[2].2].map(|found| found.map(|(_, module)| module));
        let depth = |pair: [Option<f32>; 2]| match pair {
            [Some(near), Some(far)] => (near / far).sqrt().clamp(0.7, 1.4),
            _ => 1.0,
        };
        self.depth = [depth(top), depth(left)];
        let lengths = [distance(self.top_left, self.top_right), distance(self.top_left, self.bottom_left)];
        let spans: Vec<f32> = lengths
            .iter()
            .zip([top, left])
            .filter_map(|(length, pair)| Some(length * 2.0 / (pair[0]? + pair[1]?)))
            .collect();
        if !spans.is_empty() {
            self.span = spans.iter().sum::<f32>() / spans.len() as f32;
            self.module_px = (lengths[0] + lengths[1]) / 2.0 / self.span.max(1.0);
        }
        self
    }

    /// The sizes (modules a side) that the timing patterns allow, with how well they alternate; likeliest
    /// first.
    pub(super) fn sizes(&self, pixels: Pixels<'_>) -> Vec<(usize, f32)> {
        let nearest = ((self.span - 10.0) / 4.0).round().clamp(1.0, MOST_VERSION as f32) as usize;
        let around = VERSIONS_AROUND[usize::from(nearest >= 7)];
        let versions = nearest.saturating_sub(around).max(1)..=(nearest + around).min(MOST_VERSION);
        let weighed = |version: usize| {
            let side = 17 + 4 * version;
            let lattice = self.lattice(self.tilted_fourth(), side)?;
            Some((side, timing(&lattice, pixels)))
        };
        let mut sizes: Vec<(usize, f32)> = versions.filter_map(weighed).collect();
        sizes.retain(|(_, timing)| *timing >= LEAST_TIMING);
        sizes.sort_by(|a, b| b.1.total_cmp(&a.1));
        sizes.truncate(2);
        sizes
    }

    /// A symbol of `side` modules with the middle of a square in its fourth corner at `fourth`.
    pub(super) fn lattice(&self, fourth: Point, side: usize) -> Option<Lattice> {
        let far = side as f32 - FINDER_MIDDLE;
        self.lattice_through(fourth, Point { x: far, y: far }, side)
    }

    /// A symbol of `side` modules with the place `module` of it at `place`.
    pub(super) fn lattice_through(&self, place: Point, module: Point, side: usize) -> Option<Lattice> {
        let (near, far) = (FINDER_MIDDLE, side as f32 - FINDER_MIDDLE);
        let modules =
            [Point { x: near, y: near }, Point { x: far, y: near }, module, Point { x: near, y: far }];
        Lattice::new(modules, [self.top_left, self.top_right, place, self.bottom_left], side)
    }

    /// Where a fourth square's middle would be on a flat paper tilted as the three squares' sizes say.
    pub(super) fn tilted_fourth(&self) -> Point {
        let (p, q, s) = (self.top_left, self.top_right, self.bottom_left);
        let [right, below] = self.depth;
        let weight = right + below - 1.0;
        Point { x: (q.x * right + s.x * below - p.x) / weight, y: (q.y * right + s.y * below - p.y) / weight }
    }
}

fn distance(a: Point, b: Point) -> f32 {
    (a.x - b.x).hypot(a.y - b.y)
}

fn unit(from: Point, to: Point) -> Point {
    let length = distance(from, to).max(1e-3);
    Point { x: (to.x - from.x) / length, y: (to.y - from.y) / length }
}

/// How well the timing patterns alternate, from -1 to 1.
fn timing(lattice: &Lattice, pixels: Pixels<'_>) -> f32 {
    let (mut sum, mut all) = (0.0, 1e-3);
    let line = TIMING as f32 + 0.5;
    let along = |at: usize| lattice.luma(pixels, at as f32 + 0.5, line);
    let down = |at: usize| lattice.luma(pixels, line, at as f32 + 0.5);
    for is_row in [true, false] {
        let luma = |at: usize| if is_row { along(at) } else { down(at) };
        let mut before = luma(TIMING);
        for at in TIMING + 1..lattice.side - TIMING {
            let here = luma(at);
            let step = if at.is_multiple_of(2) { before - here } else { here - before };
            sum += step;
            all += step.abs();
            before = here;
        }
    }
    sum / all
}

/// Follows a line through a square's middle both ways over its three edges: how far the middle is from
/// `center` along `way`, and the module.
fn measure(
    pixels: Pixels<'_>,
    thresholds: &Thresholds,
    center: Point,
    way: Point,
    most: f32,
) -> Option<(f32, f32)> {
    let back = Point { x: -way.x, y: -way.y };
    let (mut shifts, mut modules, mut lines) = (0.0, 0.0, 0.0);
    // Three lines through the core, so that noise on one counts for less.
    for aside in [-1.0, 0.0, 1.0] {
        let off = aside * most / 7.0;
        let from = Point { x: center.x - way.y * off, y: center.y + way.x * off };
        let ahead = edges(pixels, thresholds, from, way, most);
        let Some((ahead, behind)) = ahead.zip(edges(pixels, thresholds, from, back, most)) else { continue };
        shifts += (0..3).map(|edge| ahead[edge] - behind[edge]).sum::<f32>() / 6.0;
        modules += (ahead[2] + behind[2]) / 7.0;
        lines += 1.0;
    }
    let (shift, module) = (shifts / lines, modules / lines);
    // No line gives no number, which no comparison holds for.
    (shift.abs() < 1.5 * module).then_some((shift, module))
}

/// Distances at which the luma crosses the threshold three times, between two pixels.
fn edges(
    pixels: Pixels<'_>,
    thresholds: &Thresholds,
    from: Point,
    way: Point,
    most: f32,
) -> Option<[f32; 3]> {
    let over = |distance: f32| {
        let (x, y) = (from.x + way.x * distance, from.y + way.y * distance);
        let (column, line) = (x.max(0.0) as usize, y.max(0.0) as usize);
        let level = thresholds.at(column.min(pixels.width - 1), line.min(pixels.height - 1));
        pixels.at(x, y) - f32::from(level)
    };
    let mut edges = [0.0; 3];
    let mut count = 0;
    let mut before = over(0.0);
    for step in 1..=(most as usize).min(pixels.width.max(pixels.height)) {
        let here = over(step as f32);
        if (before < 0.0) != (here < 0.0) {
            edges[count] = step as f32 - here / (here - before);
            count += 1;
            if count == edges.len() {
                return Some(edges);
            }
        }
        before = here;
    }
    None
}
