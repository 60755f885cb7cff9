//! Where each module of a symbol lies in the frame: a projective map, bent where alignment patterns say so.
//!
//! Must not: decide where the symbol is; `grid` and `alignment` do.

use crate::{frame::Pixels, reading::Point};

/// From modules to pixels.
#[derive(Debug, Clone)]
pub(super) struct Lattice {
    cells: [f32; 9],
    pub(super) side: usize,
    bend: Option<Bend>,
}

/// How far the print lies from where the projective map has it, at a grid of places.
#[derive(Debug, Clone)]
pub(super) struct Bend {
    /// The columns, and the same rows, of the grid in modules, ascending; at least two.
    pub(super) stops: Vec<f32>,
    /// Pixels, row after row.
    pub(super) shifts: Vec<Point>,
}

impl Lattice {
    /// The map that takes each of four places in modules to its place in the frame; the four go around.
    pub(super) fn new(modules: [Point; 4], places: [Point; 4], side: usize) -> Option<Self> {
        let cells = product(from_unit_square(places)?, adjugate(from_unit_square(modules)?));
        cells.iter().all(|cell| cell.is_finite()).then_some(Self { cells, side, bend: None })
    }
    /// The same, bent.
    pub(super) fn bent(mut self, bend: Bend) -> Self {
        self.bend = Some(bend);
        self
    }
    /// Where a place of the symbol, in modules from its top left corner, lies in the frame.
    pub(super) fn place(&self, column: f32, row: f32) -> Point {
        let [a, b, c, d, e, f, g, h, i] = self.cells;
        let w = g * column + h * row + i;
        let flat = Point { x: (a * column + b * row + c) / w, y: (d * column + e * row + f) / w };
        let Some(bend) = &self.bend else { return flat };
        let shift = bend.at(column, row);
        Point { x: flat.x + shift.x, y: flat.y + shift.y }
    }
    /// The luma in the middle of a module.
    pub(super) fn luma(&self, pixels: Pixels<'_>, column: f32, row: f32) -> f32 {
        let point = self.place(column, row);
        pixels.at(point.x, point.y)
    }
    /// The luma in the middle of every module, row after row.
    pub(super) fn sample(&self, pixels: Pixels<'_>) -> Vec<f32> {
        let middle = |at: usize| at as f32 + 0.5;
        (0..self.side)
            .flat_map(|row| (0..self.side).map(move |column| (middle(column), middle(row))))
            .map(|(column, row)| self.luma(pixels, column, row))
            .collect()
    }
    /// As [`Self::sample`], each the mean of five places in the module: for noise and worn print.
    pub(super) fn sample_wide(&self, pixels: Pixels<'_>) -> Vec<f32> {
        const OFF: f32 = 0.22;
        let mut modules = Vec::with_capacity(self.side * self.side);
        for row in 0..self.side {
            for column in 0..self.side {
                let (x, y) = (column as f32 + 0.5, row as f32 + 0.5);
                let around = [(0.0, 0.0), (OFF, OFF), (-OFF, OFF), (OFF, -OFF), (-OFF, -OFF)];
                let sum: f32 = around.iter().map(|(dx, dy)| self.luma(pixels, x + dx, y + dy)).sum();
                modules.push(sum / around.len() as f32);
            }
        }
        modules
    }
    /// Whether a place in the frame lies on the symbol.
    pub(super) fn covers(&self, place: Point) -> bool {
        let corners = self.corners();
        (0..4).all(|at| {
            let (from, to) = (corners[at], corners[(at + 1) % 4]);
            (to.x - from.x) * (place.y - from.y) >= (to.y - from.y) * (place.x - from.x)
        })
    }
    /// The symbol's own corners in the frame.
    pub(super) fn corners(&self) -> [Point; 4] {
        let side = self.side as f32;
        [self.place(0.0, 0.0), self.place(side, 0.0), self.place(side, side), self.place(0.0, side)]
    }
}

impl Bend {
    /// The shift at a place in modules, between the four stops around it.
    fn at(&self, column: f32, row: f32) -> Point {
        let count = self.stops.len();
        let cell = |at: f32| {
            let next = self.stops.iter().position(|stop| at < *stop).unwrap_or(count).clamp(1, count - 1);
            let (from, to) = (self.stops[next - 1], self.stops[next]);
            (next - 1, ((at - from) / (to - from)).clamp(-0.5, 1.5))
        };
        let ((left, across), (top, down)) = (cell(column), cell(row));
        let shift = |line: usize, place: usize| self.shifts[line * count + place];
        let mix = |a: Point, b: Point, share: f32| Point {
            x: a.x + (b.x - a.x) * share,
            y: a.y + (b.y - a.y) * share,
        };
        let above = mix(shift(top, left), shift(top, left + 1), across);
        let below = mix(shift(top + 1, left), shift(top + 1, left + 1), across);
        mix(above, below, down)
    }
}

/// Unit square to quadrilateral (Heckbert 1989).
fn from_unit_square([p, q, r, s]: [Point; 4]) -> Option<[f32; 9]> {
    let (dx, dy) = (p.x - q.x + r.x - s.x, p.y - q.y + r.y - s.y);
    let (ax, ay, bx, by) = (q.x - r.x, q.y - r.y, s.x - r.x, s.y - r.y);
    let area = ax * by - bx * ay;
    if area.abs() < 1e-3 {
        return None;
    }
    let (g, h) = ((dx * by - bx * dy) / area, (ax * dy - dx * ay) / area);
    let (a, b) = (q.x - p.x + g * q.x, s.x - p.x + h * s.x);
    let (d, e) = (q.y - p.y + g * q.y, s.y - p.y + h * s.y);
    Some([a, b, p.x, d, e, p.y, g, h, 1.0])
}

/// The inverse up to a factor, which a projective map does not feel.
fn adjugate([a, b, c, d, e, f, g, h, i]: [f32; 9]) -> [f32; 9] {
    [
        e * i - f * h,
        c * h - b * i,
        b * f - c * e,
        f * g - d * i,
        a * i - c * g,
        c * d - a * f,
        d * h - e * g,
        b * g - a * h,
        a * e - b * d,
    ]
}

fn product(left: [f32; 9], right: [f32; 9]) -> [f32; 9] {
    std::array::from_fn(|at| {
        let (row, column) = (at / 3, at % 3);
        (0..3).map(|step| left[row * 3 + step] * right[step * 3 + column]).sum()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point((x, y): (f32, f32)) -> Point {
        Point { x, y }
    }

    #[test]
    fn four_places_lie_where_they_were_given_and_a_bend_moves_what_is_between() {
        let modules = [(3.5, 3.5), (21.5, 3.5), (18.5, 18.5), (3.5, 21.5)].map(point);
        let places = [(100.0, 80.0), (190.0, 95.0), (170.0, 180.0), (90.0, 170.0)].map(point);
        let lattice = Lattice::new(modules, places, 25).unwrap();
        for (module, place) in modules.iter().zip(places) {
            let found = lattice.place(module.x, module.y);
            assert!((found.x - place.x).hypot(found.y - place.y) < 0.01, "{found:?} for {place:?}");
        }
        let still = point((0.0, 0.0));
        let shifts = vec![still, still, still, point((4.0, 2.0))];
        assert!(lattice.covers(point((140.0, 130.0))) && !lattice.covers(point((70.0, 130.0))));
        let bent = lattice.clone().bent(Bend { stops: vec![6.5, 18.5], shifts });
        let (before, after) = (lattice.place(12.5, 12.5), bent.place(12.5, 12.5));
        assert!((after.x - before.x - 1.0).abs() < 0.01 && (after.y - before.y - 0.5).abs() < 0.01);
    }
}
