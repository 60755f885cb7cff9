//! From three corner squares to the modules of a QR code.
//!
//! The fourth corner has no square. It is looked for around where a flat paper would have it, at the place
//! from which the modules come out most clearly dark or light.
//!
//! Must not: decode.

use super::finders::Finder;
use crate::{frame::Pixels, reading::Point};

/// Modules from a symbol's rim to the middle of a corner square.
const FINDER_MIDDLE: f32 = 3.5;
/// Largest symbol that is tried: version 10. A coupon's is 1 or 2.
const MOST_MODULES: usize = 57;

/// Three corner squares that could belong to one symbol.
#[derive(Debug, Clone, Copy)]
pub(super) struct Corners {
    pub(super) top_left: Point,
    pub(super) top_right: Point,
    pub(super) bottom_left: Point,
    pub(super) module_px: f32,
    /// How far from a square; the least is the likeliest.
    pub(super) strain: f32,
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
    if greatest > least * 1.7 {
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
    let count = (length_u + length_v) / 2.0 / module_px + 2.0 * FINDER_MIDDLE;
    if ratio > 1.5 || slant > 0.4 || !(17.0..=MOST_MODULES as f32 + 4.0).contains(&count) {
        return None;
    }
    // In a frame y grows downwards: the top right square lies clockwise before the bottom left one.
    let is_clockwise = u.x * v.y - u.y * v.x > 0.0;
    let (top_right, bottom_left) = if is_clockwise { (one, other) } else { (other, one) };
    let strain = (ratio - 1.0) + slant + (greatest / least - 1.0) * 0.5;
    Some(Corners { top_left: corner, top_right, bottom_left, module_px, strain })
}

fn vector(from: Point, to: Point) -> Point {
    Point { x: to.x - from.x, y: to.y - from.y }
}

impl Corners {
    /// The same in a picture of twice the size.
    pub(super) fn doubled(self) -> Self {
        let twice = |point: Point| Point { x: 2.0 * point.x, y: 2.0 * point.y };
        Self {
            top_left: twice(self.top_left),
            top_right: twice(self.top_right),
            bottom_left: twice(self.bottom_left),
            module_px: 2.0 * self.module_px,
            strain: self.strain,
        }
    }
    /// The two symbol sizes (modules a side) nearest to what the squares' distances say, likeliest first.
    pub(super) fn sizes(&self) -> [usize; 2] {
        let (u, v) = (vector(self.top_left, self.top_right), vector(self.top_left, self.bottom_left));
        let count = (u.x.hypot(u.y) + v.x.hypot(v.y)) / 2.0 / self.module_px + 2.0 * FINDER_MIDDLE;
        let version = ((count - 17.0) / 4.0).clamp(1.0, 10.0);
        let nearest = version.round() as usize;
        let next = if version > nearest as f32 { nearest + 1 } else { nearest.saturating_sub(1).max(1) };
        [nearest, next.min(10)].map(|version| 17 + 4 * version)
    }
}

/// A projective map from a symbol's modules to the frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lattice {
    cells: [f32; 9],
    pub(super) side: usize,
}

impl Lattice {
    /// Through the middles of the three squares, and through `fourth`, the place where the middle of a
    /// square in the bottom right corner would be.
    pub(super) fn new(corners: &Corners, fourth: Point, side: usize) -> Option<Self> {
        let (p, q, r, s) = (corners.top_left, corners.top_right, fourth, corners.bottom_left);
        // Unit square to quadrilateral (Heckbert 1989), then scaled to modules.
        let (dx, dy) = (p.x - q.x + r.x - s.x, p.y - q.y + r.y - s.y);
        let (ax, ay, bx, by) = (q.x - r.x, q.y - r.y, s.x - r.x, s.y - r.y);
        let area = ax * by - bx * ay;
        if area.abs() < 1e-3 {
            return None;
        }
        let (g, h) = ((dx * by - bx * dy) / area, (ax * dy - dx * ay) / area);
        let unit = [
            q.x - p.x + g * q.x,
            s.x - p.x + h * s.x,
            p.x,
            q.y - p.y + g * q.y,
            s.y - p.y + h * s.y,
            p.y,
            g,
            h,
            1.0,
        ];
        let span = side as f32 - 2.0 * FINDER_MIDDLE;
        let mut cells = [0.0; 9];
        for row in 0..3 {
            let [a, b, c] = [unit[row * 3], unit[row * 3 + 1], unit[row * 3 + 2]];
            cells[row * 3] = a / span;
            cells[row * 3 + 1] = b / span;
            cells[row * 3 + 2] = c - (a + b) * FINDER_MIDDLE / span;
        }
        Some(Self { cells, side })
    }
    /// Where a place of the symbol, in modules from its top left corner, lies in the frame.
    pub(super) fn place(&self, column: f32, row: f32) -> Point {
        let [a, b, c, d, e, f, g, h, i] = self.cells;
        let w = g * column + h * row + i;
        Point { x: (a * column + b * row + c) / w, y: (d * column + e * row + f) / w }
    }
    /// The luma in the middle of every module, row after row.
    pub(super) fn sample(&self, pixels: Pixels<'_>) -> Vec<f32> {
        let middle = |at: usize| at as f32 + 0.5;
        (0..self.side * self.side)
            .map(|at| self.place(middle(at % self.side), middle(at / self.side)))
            .map(|point| pixels.at(point.x, point.y))
            .collect()
    }
    /// The symbol's own corners in the frame.
    pub(super) fn corners(&self) -> [Point; 4] {
        let side = self.side as f32;
        [self.place(0.0, 0.0), self.place(side, 0.0), self.place(side, side), self.place(0.0, side)]
    }
}

/// Where the fourth square's middle would be if the paper were flat to the camera.
pub(super) fn flat_fourth(corners: &Corners) -> Point {
    let (p, q, s) = (corners.top_left, corners.top_right, corners.bottom_left);
    Point { x: q.x + s.x - p.x, y: q.y + s.y - p.y }
}
