//! Where a line of digits lies in the frame, and the strip that is cut out there.
//!
//! Must not: look for lines.

use super::{
    extent::Extent,
    strip::{COLUMNS, DIGIT_ROWS, FIRST_CELL, MIDDLE, PITCH, ROWS, Strip},
};
use crate::{frame::Pixels, reading::Point};

/// Of a cell, what a digit leaves blank at its two sides together.
const BEARING: f32 = 0.3;
/// Samples each way for one place of the strip at most: a 1080p line across the whole frame needs three.
const MOST_SAMPLES: usize = 3;

/// 18 cells along a slightly bent line, in pixels of the frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    /// What the distances along and across the line count from.
    pub(crate) origin: Point,
    /// The line's direction, a unit vector to the right of the digits.
    pub(crate) along: (f32, f32),
    /// Where the first cell begins, along.
    pub(crate) start: f32,
    /// From one cell to the next.
    pub(crate) pitch: f32,
    /// How far the digits' middle lies across, as a polynomial of the place along.
    pub(crate) middle: [f32; 3],
    /// Height of the digits.
    pub(crate) height: f32,
}

impl Place {
    /// The place of 18 digits whose ink fills an extent of the picture reduced by `factor`.
    pub(super) fn of(extent: &Extent, factor: usize) -> Self {
        let scale = factor as f32;
        let pitch = scale * (extent.to - extent.from) / (18.0 - BEARING);
        let [constant, linear, quadratic] = extent.middle;
        Self {
            origin: Point { x: scale * extent.axis.x, y: scale * extent.axis.y },
            along: extent.axis.along,
            start: scale * extent.from - pitch * BEARING / 2.0,
            pitch,
            middle: [scale * constant, linear, quadratic / scale],
            height: scale * extent.axis.height,
        }
    }
    /// The place in the frame of a column and row of the strip.
    pub(crate) fn at(&self, column: f32, row: f32) -> Point {
        let s = self.start + (column - FIRST_CELL) / PITCH * self.pitch;
        let [constant, linear, quadratic] = self.middle;
        let t = constant + (linear + quadratic * s) * s + (row - MIDDLE) / DIGIT_ROWS * self.height;
        let (cos, sin) = self.along;
        Point { x: self.origin.x + s * cos - t * sin, y: self.origin.y + s * sin + t * cos }
    }
    /// The column and row of the strip for a place in the frame.
    pub(crate) fn column_and_row(&self, place: Point) -> (f32, f32) {
        let (dx, dy) = (place.x - self.origin.x, place.y - self.origin.y);
        let (cos, sin) = self.along;
        let (s, t) = (dx * cos + dy * sin, dy * cos - dx * sin);
        let [constant, linear, quadratic] = self.middle;
        let off = t - constant - (linear + quadratic * s) * s;
        ((s - self.start) / self.pitch * PITCH + FIRST_CELL, off / self.height * DIGIT_ROWS + MIDDLE)
    }
    /// Cuts the strip out of the frame.
    pub(crate) fn strip(&self, pixels: Pixels<'_>) -> Strip {
        let shrunk = (self.pitch / PITCH).max(self.height / DIGIT_ROWS);
        let samples = (shrunk.round() as usize).clamp(1, MOST_SAMPLES);
        let share = 1.0 / samples as f32;
        let mut luma = vec![0.0; ROWS * COLUMNS];
        for (row, line) in luma.chunks_exact_mut(COLUMNS).enumerate() {
            for (column, luma) in line.iter_mut().enumerate() {
                let mut sum = 0.0;
                for part in 0..samples * samples {
                    let off = |part: usize| (part as f32 + 0.5) * share;
                    let place = self.at(column as f32 + off(part % samples), row as f32 + off(part / samples));
                    sum += pixels.at(place.x, place.y);
                }
                *luma = sum * share * share;
            }
        }
        Strip::normalised(&luma)
    }
}
