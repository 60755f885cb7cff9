//! Takes pen strokes and rules away that run through many digits and make one blob of them.
//!
//! Where such a stroke passes between digits, or through the hollow of one, it is lower than a digit's stem is
//! high: what is low in a broad blob is taken away, as staff lines are from printed music. Digits lose their
//! level parts, which does not matter for finding them.
//!
//! Must not: be used for reading.

use super::{
    blobs::{self, Run},
    reduced::Reduced,
};

/// A blob this broad, in pixels of the reduced picture, is no single digit.
const BROAD: u16 = 56;
/// Broad blobs that are looked at; a form's own rules are among them.
const MOST_BROAD: usize = 24;
/// A stroke is as high as this share of the blob's columns of ink are at most …
const STROKE_SHARE: (usize, usize) = (2, 5);
/// … and half as much again where it runs aslant or is unevenly inked.
const SLACK: f32 = 1.5;
/// No stroke is higher.
const HIGHEST: u16 = 12;

/// A connected piece of one column of ink.
struct Piece {
    x: u16,
    top: u16,
    bottom: u16,
}

/// Takes a picture's long strokes away.
pub(super) fn remove(picture: &mut Reduced) {
    for runs in blobs::label(picture).broad(BROAD, MOST_BROAD) {
        let pieces = pieces(&runs, picture.width);
        let mut heights: Vec<u16> = pieces.iter().map(|piece| piece.bottom - piece.top).collect();
        let middle = heights.len() * STROKE_SHARE.0 / STROKE_SHARE.1;
        if middle >= heights.len() {
            continue;
        }
        let (_, stroke, _) = heights.select_nth_unstable(middle);
        let low = ((f32::from(*stroke) * SLACK) as u16 + 1).min(HIGHEST);
        for piece in pieces.iter().filter(|piece| piece.bottom - piece.top <= low) {
            picture.clear_ink(piece.x, piece.top..piece.bottom);
        }
    }
}

/// The columns of a blob's runs, each in its connected pieces.
fn pieces(runs: &[Run], width: usize) -> Vec<Piece> {
    let mut open: Vec<Option<(u16, u16)>> = vec![None; width];
    let mut pieces = Vec::new();
    for run in runs {
        for x in run.from..run.to {
            let column = &mut open[usize::from(x)];
            match column {
                Some((_, bottom)) if *bottom == run.y => *bottom += 1,
                _ => {
                    let done = column.replace((run.y, run.y + 1));
                    pieces.extend(done.map(|(top, bottom)| Piece { x, top, bottom }));
                }
            }
        }
    }
    let last = open.into_iter().enumerate().filter_map(|(x, column)| column.map(|ends| (x as u16, ends)));
    pieces.extend(last.map(|(x, (top, bottom))| Piece { x, top, bottom }));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Pixels;

    #[test]
    fn a_rule_through_digits_goes_and_their_stems_stay() {
        let (width, height) = (300, 60);
        let is_stem = |x: usize, y: usize| (60..240).contains(&x) && x % 12 < 3 && (20..40).contains(&y);
        let is_rule = |x: usize, y: usize| (20..280).contains(&x) && (28..31).contains(&y);
        let luma: Vec<u8> = (0..width * height)
            .map(|at| (at % width, at / width))
            .map(|(x, y)| if is_stem(x, y) || is_rule(x, y) { 40 } else { 210 })
            .collect();
        let mut picture = Reduced::of(Pixels { width, height, luma: &luma });
        assert_eq!(blobs::label(&picture).digit_like().len(), 1);
        remove(&mut picture);
        let stems = blobs::label(&picture).digit_like();
        assert_eq!(stems.len(), 15);
        assert!(stems.iter().all(|stem| stem.width() < 5.0 && stem.height() == 20.0));
    }
}
