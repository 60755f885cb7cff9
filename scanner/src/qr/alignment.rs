//! Finds the alignment patterns of a symbol of version 2 and more, and fits the lattice to them.
//!
//! Must not: decode.

use super::{
    grid::Corners,
    lattice::{Bend, Lattice},
    pattern::{TIMING, alignment_stops, alignments},
};
use crate::{frame::Pixels, reading::Point};

/// Modules each way that an alignment pattern is looked for at first …
const NEAR: f32 = 1.5;
/// … and the last one of a symbol where it is not found so near.
const FAR: f32 = 5.0;
/// Modules between two places, at first, then around the best so far, and in the end.
const STEPS: [f32; 3] = [0.5, 0.25, 0.125];
/// How alike a place must be to an alignment pattern, from -1 to 1.
const LEAST_LIKENESS: f32 = 0.55;
/// Likeness that a module of distance from the expected place costs: the print holds similar shapes.
const DISTANCE_COST: f32 = 0.03;
/// Versions from which there are several patterns, so that a lattice can bend.
const BENDING_SIDE: usize = 45;

/// The lattice through the three corner squares and the last alignment pattern, bent by the others; none
/// where it has none, or none is found.
pub(super) fn aligned(pixels: Pixels<'_>, corners: &Corners, side: usize) -> Option<Lattice> {
    let last = *alignment_stops(side).last()? as f32 + 0.5;
    let guess = corners.lattice(corners.tilted_fourth(), side)?;
    let last = Point { x: last, y: last };
    let place = nearest(pixels, &guess, last, NEAR).or_else(|| nearest(pixels, &guess, last, FAR))?;
    let lattice = corners.lattice_through(place, last, side)?;
    if side < BENDING_SIDE { Some(lattice) } else { Some(bent(pixels, lattice)) }
}

/// Bends a lattice so that each alignment pattern lies where it is found.
pub(super) fn bent(pixels: Pixels<'_>, lattice: Lattice) -> Lattice {
    let side = lattice.side;
    let stops = alignment_stops(side);
    let count = stops.len();
    let places = alignments(side);
    let mut shifts: Vec<Option<Point>> = vec![None; count * count];
    for (at, shift) in shifts.iter_mut().enumerate() {
        let (column, row) = (stops[at % count], stops[at / count]);
        let middle = Point { x: column as f32 + 0.5, y: row as f32 + 0.5 };
        if !places.contains(&(column, row)) {
            // The corner squares lie where they lie.
            *shift = Some(Point { x: 0.0, y: 0.0 });
        } else if let Some(place) = nearest(pixels, &lattice, middle, NEAR) {
            let flat = lattice.place(middle.x, middle.y);
            *shift = Some(Point { x: place.x - flat.x, y: place.y - flat.y });
        }
    }
    let filled = (0..count * count).map(|at| {
        shifts[at].unwrap_or_else(|| {
            let (column, row) = (at % count, at / count);
            let around = [
                (column > 0).then(|| at - 1),
                (column + 1 < count).then(|| at + 1),
                (row > 0).then(|| at - count),
                (row + 1 < count).then(|| at + count),
            ];
            let known: Vec<Point> = around.into_iter().flatten().filter_map(|at| shifts[at]).collect();
            let share = 1.0 / known.len().max(1) as f32;
            let sum = |of: fn(&Point) -> f32| known.iter().map(of).sum::<f32>() * share;
            Point { x: sum(|point| point.x), y: sum(|point| point.y) }
        })
    });
    let shifts = filled.collect();
    let stops = stops.iter().map(|stop| *stop as f32 + 0.5).collect();
    lattice.bent(Bend { stops, shifts })
}

/// The place likest to an alignment pattern within `reach` modules of where the lattice has `middle`.
fn nearest(pixels: Pixels<'_>, lattice: &Lattice, middle: Point, reach: f32) -> Option<Point> {
    debug_assert!(middle.x > TIMING as f32);
    let at = lattice.place(middle.x, middle.y);
    let (right, below) = (lattice.place(middle.x + 1.0, middle.y), lattice.place(middle.x, middle.y + 1.0));
    let (u, v) =
        (Point { x: right.x - at.x, y: right.y - at.y }, Point { x: below.x - at.x, y: below.y - at.y });
    let place = |x: f32, y: f32| Point { x: at.x + u.x * x + v.x * y, y: at.y + u.y * x + v.y * y };
    let mut best = (0.0, 0.0, f32::MIN);
    let mut reach = reach;
    for step in STEPS {
        let (from_x, from_y) = (best.0, best.1);
        let count = (reach / step).ceil() as i32;
        for across in -count..=count {
            for down in -count..=count {
                let (x, y) = (from_x + across as f32 * step, from_y + down as f32 * step);
                let score = likeness(pixels, place(x, y), u, v) - DISTANCE_COST * x.hypot(y);
                if score > best.2 {
                    best = (x, y, score);
                }
            }
        }
        reach = step / 2.0;
    }
    (best.2 >= LEAST_LIKENESS).then(|| place(best.0, best.1))
}

/// How alike the place is to an alignment pattern: the correlation with its 5 by 5 modules.
fn likeness(pixels: Pixels<'_>, middle: Point, u: Point, v: Point) -> f32 {
    let (mut sum, mut squares, mut light, mut dark) = (0.0, 0.0, 0.0, 0.0);
    let (last_x, last_y) = ((pixels.width - 1) as i32, (pixels.height - 1) as i32);
    for y in -2_i32..=2 {
        for x in -2_i32..=2 {
            let (across, down) = (x as f32, y as f32);
            let (left, top) = (middle.x + u.x * across + v.x * down, middle.y + u.y * across + v.y * down);
            let (column, line) = ((left as i32).clamp(0, last_x), (top as i32).clamp(0, last_y));
            let luma = f32::from(pixels.luma[line as usize * pixels.width + column as usize]);
            sum += luma;
            squares += luma * luma;
            if x.abs().max(y.abs()) == 1 { light += luma } else { dark += luma }
        }
    }
    const LIGHT: f32 = 8.0;
    const DARK: f32 = 17.0;
    const ALL: f32 = LIGHT + DARK;
    let spread = (squares - sum * sum / ALL).max(1.0).sqrt();
    // The pattern with a mean of none and a length of one.
    (light / LIGHT - dark / DARK) * (LIGHT * DARK / ALL).sqrt() / spread
}
