//! Where a line of digits lies in the frame, and the strip that is cut out there.
//!
//! Must not: look for lines.

use super::{
    curve::{self, TERMS},
    extent::Extent,
    strip::{COLUMNS, DIGIT_ROWS, DIGITS, FIRST_CELL, MIDDLE, PITCH, ROWS, Strip},
};
use crate::{frame::Pixels, reading::Point};

/// Of a cell, what a digit leaves blank at its two sides together.
const BEARING: f32 = 0.3;
/// Samples for each pixel of the frame, each way: a sample tells of its neighbours too.
const SAMPLES: f32 = 0.75;
/// Samples each way for one place of the strip at most: a 1080p line across the whole frame needs three.
const MOST_SAMPLES: usize = 3;
/// Ink that is a digit's for certain.
const INKED: f32 = 0.6;
/// Pixels of it that make a row of a cell inked: one alone is noise.
const LEAST_INKED: usize = 2;
/// Half of what is looked at of a cell, in columns.
const HALF_CELL: f32 = 8.0;
/// Heights and middles, in rows, that digits of a strip can have.
const HEIGHTS: std::ops::Range<f32> = 14.0..31.0;
const MIDDLES: std::ops::Range<f32> = 10.0..22.0;
/// Cells from the line's middle to either end.
const HALF: f32 = DIGITS as f32 / 2.0;

/// How a line is laid a little wrongly.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jolt {
    /// Rows of the strip downwards.
    pub(super) down: f32,
    /// Times as high.
    pub(super) taller: f32,
    /// Cells to the right.
    pub(super) along: f32,
}

/// 18 cells along a slightly bent line, in pixels of the frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    /// The middle between the ends of the ink that was found.
    center: Point,
    /// The line's direction, a unit vector to the right of the digits.
    along: (f32, f32),
    /// Half the length of that ink.
    half: f32,
    /// How far the digits' middle lies below, as a curve of the place along in such halves.
    middle: [f32; TERMS],
    /// Height of the digits.
    height: f32,
    /// How far along each cell lies from the center, as a curve of the cell counted from the middle in half
    /// lines: on tilted or curled paper cells differ in width.
    cells: [f32; TERMS],
}

impl Place {
    /// The place of 18 digits whose ink fills an extent of the picture reduced by `factor`.
    pub(super) fn of(extent: &Extent, factor: usize) -> Self {
        let scale = factor as f32;
        Self {
            center: Point { x: scale * extent.axis.x, y: scale * extent.axis.y },
            along: extent.axis.along,
            half: scale * extent.half,
            middle: extent.middle.map(|term| term * scale),
            height: scale * extent.axis.height,
            cells: [0.0, scale * extent.half / (1.0 - BEARING / DIGITS as f32), 0.0, 0.0, 0.0],
        }
    }
    /// The same line, its cells where a reading of its strip found them, and its digits as high and as far
    /// down as the strip shows.
    pub(super) fn refined(&self, columns: &[f32; DIGITS], strip: &Strip) -> Self {
        let cell = |place: usize| (place as f32 + 0.5) / HALF - 1.0;
        let along = |column: f32| curve::at(&self.cells, (column - FIRST_CELL) / PITCH / HALF - 1.0);
        let mut place = Self {
            cells: curve::through((0..DIGITS).map(|place| (cell(place), along(columns[place])))),
            ..*self
        };
        if let Some(Upright { middle, slope, height }) = Upright::of(strip, columns) {
            // Rows of the strip to pixels; a slope per column to one per half of the ink's length.
            let rows = self.height / DIGIT_ROWS;
            let per_half = slope * rows * self.half / self.pitch() * PITCH;
            place.middle[0] += (middle - MIDDLE) * rows;
            place.middle[1] += per_half;
            place.height *= height / DIGIT_ROWS;
        }
        place
    }
    /// The same line, laid a little wrongly.
    pub(super) fn jolted(&self, jolt: Jolt) -> Self {
        let mut place = *self;
        place.middle[0] += jolt.down * self.height / DIGIT_ROWS;
        place.height *= jolt.taller;
        place.cells[0] += jolt.along * self.pitch();
        place
    }
    /// The same place on paper that lies on its head.
    pub(super) fn turned(&self) -> Self {
        let (cos, sin) = self.along;
        let mirrored = |curve: [f32; TERMS]| {
            let mut sign = 1.0;
            curve.map(|term| {
                sign = -sign;
                sign * term
            })
        };
        Self { along: (-cos, -sin), middle: mirrored(self.middle), cells: mirrored(self.cells), ..*self }
    }
    /// From one cell to the next, in the middle of the line.
    fn pitch(&self) -> f32 {
        (curve::at(&self.cells, 0.5) - curve::at(&self.cells, -0.5)) / HALF
    }
    /// Height of the digits in pixels of the frame.
    pub(super) fn height(&self) -> f32 {
        self.height
    }
    /// The corners of the line: top left, top right, bottom right, bottom left as printed.
    pub(super) fn corners(&self) -> [Point; 4] {
        let (top, bottom) = (MIDDLE - DIGIT_ROWS / 2.0, MIDDLE + DIGIT_ROWS / 2.0);
        let (left, right) = (FIRST_CELL, COLUMNS as f32 - FIRST_CELL);
        [(left, top), (right, top), (right, bottom), (left, bottom)].map(|(column, row)| self.at(column, row))
    }
    /// The place in the frame of a column and row of the strip.
    pub(super) fn at(&self, column: f32, row: f32) -> Point {
        let cells = (column - FIRST_CELL) / PITCH - HALF;
        let s = curve::at(&self.cells, cells / HALF);
        let t = curve::at(&self.middle, s / self.half) + (row - MIDDLE) / DIGIT_ROWS * self.height;
        let (cos, sin) = self.along;
        Point { x: self.center.x + s * cos - t * sin, y: self.center.y + s * sin + t * cos }
    }
    /// The luma of rows from `first` on, in the strip or beyond it.
    pub(super) fn rows<const COUNT: usize>(&self, first: f32, pixels: Pixels<'_>) -> [[f32; COLUMNS]; COUNT] {
        let down = self.height / DIGIT_ROWS;
        let step = (-self.along.1 * down, self.along.0 * down);
        let mut rows = [[0.0; COLUMNS]; COUNT];
        for column in 0..COLUMNS {
            let start = self.at(column as f32 + 0.5, first + 0.5);
            let mut lumas = [0.0; COUNT];
            pixels.add_line((start.x, start.y), step, &mut lumas);
            rows.iter_mut().zip(lumas).for_each(|(row, luma)| row[column] = luma);
        }
        rows
    }
    /// Cuts the strip out of the frame.
    pub(super) fn strip(&self, pixels: Pixels<'_>) -> Strip {
        let shrunk = (self.pitch() / PITCH).max(self.height / DIGIT_ROWS);
        let samples = ((shrunk * SAMPLES).round() as usize).clamp(1, MOST_SAMPLES);
        let share = 1.0 / samples as f32;
        let mut luma = vec![0.0; ROWS * COLUMNS];
        let mut sums = [0.0; ROWS * MOST_SAMPLES];
        let sums = &mut sums[..ROWS * samples];
        // From one sample of a column to the next below.
        let down = share * self.height / DIGIT_ROWS;
        let step = (-self.along.1 * down, self.along.0 * down);
        for column in 0..COLUMNS {
            sums.fill(0.0);
            for part in 0..samples {
                let start = self.at(column as f32 + (part as f32 + 0.5) * share, 0.5 * share);
                pixels.add_line((start.x, start.y), step, sums);
            }
            for (row, parts) in sums.chunks_exact(samples).enumerate() {
                luma[row * COLUMNS + column] = parts.iter().sum::<f32>() * share * share;
            }
        }
        Strip::normalised(&luma)
    }
}

/// How a strip's digits stand in it.
struct Upright {
    /// Row of their middle, in the middle of the line.
    middle: f32,
    /// Rows that it falls for each column.
    slope: f32,
    /// Rows from their tops to their feet.
    height: f32,
}

impl Upright {
    /// From the first and the last row of ink of each cell; none where too few cells have ink.
    fn of(strip: &Strip, columns: &[f32; DIGITS]) -> Option<Self> {
        let mut cells: Vec<(f32, f32, f32)> = Vec::with_capacity(DIGITS);
        for middle in columns {
            let (from, to) = (middle - HALF_CELL, middle + HALF_CELL);
            let columns = (from.max(0.0) as usize)..(to.max(0.0) as usize).min(COLUMNS);
            let is_inked = |row: &usize| {
                let cell = strip.ink().get(row * COLUMNS..).and_then(|line| line.get(columns.clone()));
                cell.is_some_and(|cell| cell.iter().filter(|ink| **ink > INKED).count() >= LEAST_INKED)
            };
            // From the middle outwards: what a blank row parts from the digit is none of it.
            let Some(inside) = (0..ROWS).filter(is_inked).min_by_key(|row| row.abs_diff(ROWS / 2)) else {
                continue;
            };
            let top = (0..=inside).rev().take_while(is_inked).last();
            let bottom = (inside..ROWS).take_while(is_inked).last();
            if let (Some(top), Some(bottom)) = (top, bottom) {
                cells.push((*middle, (top + bottom + 1) as f32 / 2.0, (bottom + 1 - top) as f32));
            }
        }
        if cells.len() < DIGITS / 2 {
            return None;
        }
        let median = |values: &mut Vec<f32>| {
            let at = values.len() / 2;
            *values.select_nth_unstable_by(at, f32::total_cmp).1
        };
        // The slope is the median of the slopes between cells half a line apart: a stroke bends few of them.
        let far = cells.len() / 2;
        let pairs = cells.iter().zip(&cells[far..]);
        let mut slopes: Vec<f32> = pairs.map(|(one, other)| (other.1 - one.1) / (other.0 - one.0)).collect();
        let slope = median(&mut slopes);
        let center = COLUMNS as f32 / 2.0;
        let level = |(column, middle, _): &(f32, f32, f32)| middle - slope * (column - center);
        let middle = median(&mut cells.iter().map(level).collect());
        let height = median(&mut cells.iter().map(|(_, _, height)| *height).collect());
        let is_sound = HEIGHTS.contains(&height) && MIDDLES.contains(&middle);
        is_sound.then_some(Self { middle, slope, height })
    }
}
