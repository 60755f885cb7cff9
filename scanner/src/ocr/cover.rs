//! Whether a pen's stroke, a seal or a rule runs over a line's digits.
//!
//! Such ink does not end where a digit ends: it goes on through the blank above or below. It is told from a shadow's or a
//! reflection's edge by paper on both its sides.
//! Must not: say what a digit is.

use super::{
    place::Place,
    strip::{COLUMNS, DIGITS, ROWS},
};
use crate::frame::Pixels;

/// Rows that are blank above and below lone print, half of them in the strip and half beyond: further than the blur of a
/// digit reaches, and nearer than the bars above the line.
const BLANK_ROWS: usize = 6;
/// Columns each way from a digit's middle.
const HALF_CELL: f32 = 10.0;
/// From a stroke's pixel to the paper beside it, and on from there, in columns.
const PAPER: std::ops::RangeInclusive<usize> = 7..=14;
/// So much of the digits' ink, over three columns, is no noise: a seal is much fainter than print …
const INKED: f32 = 0.2;
/// … where so many pixels of each of the rows have it.
const LEAST_PIXELS: usize = 2;

/// The luma of one row.
type Row = [f32; COLUMNS];

/// Whether ink runs over any of the digits, whose middles lie in these columns of the place's strip and whose own ink
/// takes `contrast` of the light away: it fills each of the blank rows above a digit, or below one.
pub(super) fn is_crossed(place: &Place, pixels: Pixels<'_>, columns: &[f32; DIGITS], contrast: f32) -> bool {
    let half = BLANK_ROWS as f32 / 2.0;
    [-half, ROWS as f32 - half].into_iter().any(|first| {
        let rows: [Row; BLANK_ROWS] = place.rows(first, pixels);
        runs_through(&rows.map(|row| is_stroke(&row, contrast)), columns)
    })
}

/// Which pixels of a row are darker than the paper left and right of them.
fn is_stroke(row: &Row, contrast: f32) -> [bool; COLUMNS] {
    let mean = |beside: &mut dyn Iterator<Item = usize>| {
        let (sum, count) = beside.fold((0.0, 0.0), |(sum, count), at| (sum + row[at], count + 1.0));
        sum / count
    };
    let (near, far) = (*PAPER.start(), *PAPER.end());
    std::array::from_fn(|at| {
        if at < far || at + far >= COLUMNS {
            return false;
        }
        let left = mean(&mut (at - far..=at - near));
        let right = mean(&mut (at + near..=at + far));
        let own = (row[at - 1] + row[at] + row[at + 1]) / 3.0;
        1.0 - own / left.min(right).max(1.0) > INKED * contrast
    })
}

/// Whether every one of the rows has ink in one cell.
fn runs_through(rows: &[[bool; COLUMNS]], columns: &[f32; DIGITS]) -> bool {
    columns.iter().any(|middle| {
        let from = ((middle - HALF_CELL).max(0.0) as usize).min(COLUMNS);
        let to = ((middle + HALF_CELL).max(0.0) as usize).min(COLUMNS);
        let inked = |row: &[bool; COLUMNS]| row[from..to].iter().filter(|inked| **inked).count();
        rows.iter().all(|row| inked(row) >= LEAST_PIXELS)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of paper with some ink in these columns of some of them.
    fn is_run_through(inked: std::ops::Range<usize>, columns: std::ops::Range<usize>) -> bool {
        is_run_through_by(80.0, inked, columns)
    }

    fn is_run_through_by(luma: f32, inked: std::ops::Range<usize>, columns: std::ops::Range<usize>) -> bool {
        let middles: [f32; DIGITS] = std::array::from_fn(|place| 54.0 + 20.0 * place as f32);
        let mut rows = [[200.0; COLUMNS]; BLANK_ROWS];
        rows[inked].iter_mut().for_each(|row| row[columns.clone()].fill(luma));
        runs_through(&rows.map(|row| is_stroke(&row, 0.7)), &middles)
    }

    #[test]
    fn ink_through_all_the_blank_crosses_and_what_ends_or_lies_aside_does_not() {
        assert!(is_run_through(0..6, 112..116));
        assert!(is_run_through(0..6, 112..122), "a broad stroke");
        assert!(is_run_through_by(165.0, 0..6, 112..117), "a seal");
        assert!(!is_run_through_by(185.0, 0..6, 112..117), "noise");
        assert!(!is_run_through(3..6, 110..116), "a blurred digit ends before the bars begin");
        assert!(!is_run_through(0..3, 110..116), "the bars end before the digit");
        assert!(!is_run_through(0..6, 30..36), "what stands before the line");
    }

    #[test]
    fn a_shadow_and_its_edge_are_no_stroke() {
        assert!(!is_run_through(0..6, 112..COLUMNS));
        assert!(!is_run_through(0..6, 0..200));
        assert!(!is_run_through(0..6, 112..160));
    }
}
