//! Which digits of a strip a pen's stroke, a seal or a rule runs over.
//!
//! Such ink seldom ends where the digit ends: it goes on into the blank above or below.
//! Must not: say what a digit is.

use super::strip::{COLUMNS, DIGITS, ROWS, Strip};

/// Rows above the digits, and as many below, that are blank beside lone print.
const BLANK_ROWS: usize = 3;
/// Columns each way from a digit's middle.
const HALF_CELL: f32 = 10.0;
/// So much ink in one pixel is no noise …
const INKED: f32 = 0.5;
/// … where so many pixels of a cell's blanks have it.
const LEAST_PIXELS: usize = 4;

/// For each digit, given the columns of their middles, whether other ink touches it.
pub(super) fn touched(strip: &Strip, columns: &[f32; DIGITS]) -> [bool; DIGITS] {
    let blanks = (0..BLANK_ROWS).chain(ROWS - BLANK_ROWS..ROWS);
    columns.map(|middle| {
        let from = (middle - HALF_CELL).max(0.0) as usize;
        let to = ((middle + HALF_CELL).max(0.0) as usize).min(COLUMNS);
        let inked = |row: usize| {
            let cell = strip.ink().get(row * COLUMNS..).and_then(|line| line.get(from..to));
            cell.map_or(0, |cell| cell.iter().filter(|ink| **ink > INKED).count())
        };
        blanks.clone().map(inked).sum::<usize>() >= LEAST_PIXELS
    })
}
