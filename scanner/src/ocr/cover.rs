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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_is_touched_where_ink_goes_on_beyond_it() {
        let columns: [f32; DIGITS] = std::array::from_fn(|place| 54.0 + 20.0 * place as f32);
        let mut luma = vec![220.0; ROWS * COLUMNS];
        let mut ink = |columns: std::ops::Range<usize>, rows: std::ops::Range<usize>| {
            for row in rows {
                luma[row * COLUMNS..][columns.clone()].fill(40.0);
            }
        };
        for middle in columns {
            ink(middle as usize - 3..middle as usize + 3, 5..28);
        }
        // A stroke through the fourth digit and out below it.
        ink(112..116, 10..32);
        let touched = touched(&Strip::normalised(&luma), &columns);
        assert_eq!((0..DIGITS).filter(|place| touched[*place]).collect::<Vec<_>>(), [3]);
    }
}
