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
/// Samples each way for one place of the strip at most: a 1080p line across the whole frame needs three.
const MOST_SAMPLES: usize = 3;
/// Cells from the line's middle to either end.
const HALF: f32 = DIGITS as f32 / 2.0;

/// 18 cells along a slightly bent line, in pixels of the frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    /// The middle between the ends of the first cell and the last.
    pub(crate) center: Point,
    /// The line's direction, a unit vector to the right of the digits.
    pub(crate) along: (f32, f32),
    /// From one cell to the next.
    pub(crate) pitch: f32,
    /// How far the digits' middle lies below, as a curve of the place along in half lines.
    pub(crate) middle: [f32; TERMS],
    /// Height of the digits.
    pub(crate) height: f32,
}

impl Place {
    /// The place of 18 digits whose ink fills an extent of the picture reduced by `factor`.
    pub(super) fn of(extent: &Extent, factor: usize) -> Self {
        let scale = factor as f32;
        Self {
            center: Point { x: scale * extent.axis.x, y: scale * extent.axis.y },
            along: extent.axis.along,
            pitch: scale * 2.0 * extent.half / (DIGITS as f32 - BEARING),
            middle: extent.middle.map(|term| term * scale),
            height: scale * extent.axis.height,
        }
    }
    /// The place in the frame of a column and row of the strip.
    pub(crate) fn at(&self, column: f32, row: f32) -> Point {
        let cells = (column - FIRST_CELL) / PITCH - HALF;
        self.point(cells, curve::at(&self.middle, cells / HALF), row)
    }
    fn point(&self, cells: f32, middle: f32, row: f32) -> Point {
        let (s, t) = (cells * self.pitch, middle + (row - MIDDLE) / DIGIT_ROWS * self.height);
        let (cos, sin) = self.along;
        Point { x: self.center.x + s * cos - t * sin, y: self.center.y + s * sin + t * cos }
    }
    /// The column and row of the strip for a place in the frame.
    pub(crate) fn column_and_row(&self, place: Point) -> (f32, f32) {
        let (dx, dy) = (place.x - self.center.x, place.y - self.center.y);
        let (cos, sin) = self.along;
        let (s, t) = (dx * cos + dy * sin, dy * cos - dx * sin);
        let cells = s / self.pitch;
        let off = t - curve::at(&self.middle, cells / HALF);
        ((cells + HALF) * PITCH + FIRST_CELL, off / self.height * DIGIT_ROWS + MIDDLE)
    }
    /// Cuts the strip out of the frame.
    pub(crate) fn strip(&self, pixels: Pixels<'_>) -> Strip {
        let shrunk = (self.pitch / PITCH).max(self.height / DIGIT_ROWS);
        let samples = (shrunk.round() as usize).clamp(1, MOST_SAMPLES);
        let share = 1.0 / samples as f32;
        let off = |part: usize| (part as f32 + 0.5) * share;
        let mut luma = vec![0.0; ROWS * COLUMNS];
        for column in 0..COLUMNS {
            for part in 0..samples {
                let cells = (column as f32 + off(part) - FIRST_CELL) / PITCH - HALF;
                let middle = curve::at(&self.middle, cells / HALF);
                for row in 0..ROWS {
                    for part in 0..samples {
                        let place = self.point(cells, middle, row as f32 + off(part));
                        luma[row * COLUMNS + column] += pixels.at(place.x, place.y) * share * share;
                    }
                }
            }
        }
        Strip::normalised(&luma)
    }
}
