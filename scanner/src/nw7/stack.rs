//! The lines across a patch, laid on one another along the stripes, so that their noise cancels.
//!
//! Must not: know characters.

use super::{profile, stripes::Patch};
use crate::frame::Pixels;

/// Lines are this far apart along the stripes; each averages five pixels.
const LINE_STEP_PX: f32 = 5.0;
/// Lines at most.
const MOST_LINES: usize = 25;
/// Lean of the stripes against the patch's direction: searched as far as this (pixels a pixel).
const MOST_LEAN: f32 = 0.16;
/// Least likeness of a line to the mean of all.
const LEAST_ALIKE: f32 = 0.55;
/// Every how many pixels the search for the lean looks.
const STRIDE: usize = 3;

/// What the lines show together.
pub(super) struct Stack {
    /// The mean of all lines, of the upper half's and of the lower half's.
    pub(super) whole: Vec<f32>,
    pub(super) halves: [Vec<f32>; 2],
    /// The uppermost and the lowest line that count, from the patch's middle.
    pub(super) from_px: f32,
    pub(super) to_px: f32,
    /// Pixels that the stripes lean a pixel down, in the middle; and what is added at the right end.
    pub(super) lean: (f32, f32),
}

struct Lines {
    rows: Vec<Vec<f32>>,
    offsets: Vec<f32>,
}

impl Lines {
    /// The sum of the chosen lines, each `stride` pixels, with the lean taken out.
    fn sum(&self, of: std::ops::Range<usize>, lean: (f32, f32), stride: usize) -> Vec<f32> {
        let length = self.rows.first().map_or(0, Vec::len);
        let half = length as f32 / 2.0;
        let mut sum = vec![0.0; length / stride];
        for (row, offset) in self.rows[of.clone()].iter().zip(&self.offsets[of]) {
            // The shift changes evenly along the line.
            let (first, change) = (offset * (lean.0 - lean.1), offset * lean.1 / half);
            let last = (length - 2) as f32;
            for (place, to) in sum.iter_mut().enumerate() {
                let x = (place * stride) as f32;
                let at = (x + first + change * x).clamp(0.0, last);
                let column = at as usize;
                let part = at - column as f32;
                *to += row[column] + (row[column + 1] - row[column]) * part;
            }
        }
        sum
    }
    /// How far the stripes stand out of the sum.
    fn contrast(&self, of: std::ops::Range<usize>, lean: (f32, f32)) -> f32 {
        self.sum(of, lean, STRIDE).windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum()
    }
}

/// Lays the lines of a patch on one another; none where too few are alike.
pub(super) fn lay(pixels: Pixels<'_>, patch: &Patch, margin_px: f32) -> Option<Stack> {
    let reach = patch.half_height_px;
    let count = ((2.0 * reach / LINE_STEP_PX) as usize + 1).clamp(5, MOST_LINES);
    let step = 2.0 * reach / (count - 1) as f32;
    let offsets: Vec<f32> = (0..count).map(|line| line as f32 * step - reach).collect();
    let rows: Vec<Vec<f32>> = offsets
        .iter()
        .map(|offset| {
            let mut row = Vec::new();
            profile::sample(pixels, patch, *offset, margin_px, &mut row);
            row
        })
        .collect();
    let lines = Lines { rows, offsets };
    if lines.rows[0].len() < 60 {
        return None;
    }
    let mut lean = (0.0, 0.0);
    let middle = count / 5..count - count / 5;
    let mut best = lines.contrast(middle.clone(), lean);
    let mut width = MOST_LEAN;
    // First coarse, then finer around the best: the middle's lean and its change towards the ends in turn.
    for (steps, narrower) in [(8, 0.5), (4, 0.25), (3, 0.4)] {
        for part in [0, 1] {
            let around = lean;
            for place in -steps..=steps {
                let by = width * place as f32 / steps as f32;
                let tried =
                    if part == 0 { (around.0 + by, around.1) } else { (around.0, around.1 + by * 0.7) };
                let contrast = lines.contrast(middle.clone(), tried);
                if contrast > best {
                    (best, lean) = (contrast, tried);
                }
            }
        }
        width *= narrower;
    }
    let kept = alike(&lines, lean, count)?;
    let mean = |of: std::ops::Range<usize>| {
        let lines_in = of.len().max(1) as f32;
        let mut sum = lines.sum(of, lean, 1);
        sum.iter_mut().for_each(|luma| *luma /= lines_in);
        sum
    };
    let half = kept.start + kept.len() / 2;
    Some(Stack {
        whole: mean(kept.clone()),
        halves: [mean(kept.start..half), mean(half..kept.end)],
        from_px: lines.offsets[kept.start],
        to_px: lines.offsets[kept.end - 1],
        lean,
    })
}

/// The lines around the middle that look like the mean of the middle ones.
fn alike(lines: &Lines, lean: (f32, f32), count: usize) -> Option<std::ops::Range<usize>> {
    let mean = centred(lines.sum(count / 3..count - count / 3, lean, 1));
    let likeness = |line: usize| {
        let own = centred(lines.sum(line..line + 1, lean, 1));
        let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        product(&own, &mean) / (product(&own, &own) * product(&mean, &mean)).sqrt().max(1e-3)
    };
    let likenesses: Vec<f32> = (0..count).map(likeness).collect();
    let greatest = likenesses.iter().copied().fold(0.0, f32::max);
    let is_alike = |line: &usize| likenesses[*line] > greatest * 0.8 && likenesses[*line] > LEAST_ALIKE;
    let middle = (0..count).filter(is_alike).min_by_key(|line| line.abs_diff(count / 2))?;
    let start = (0..=middle).rev().take_while(is_alike).last()?;
    let end = (middle..count).take_while(is_alike).last()? + 1;
    (end - start >= 4).then_some(start..end)
}

fn centred(mut row: Vec<f32>) -> Vec<f32> {
    let mean = row.iter().sum::<f32>() / row.len().max(1) as f32;
    row.iter_mut().for_each(|luma| *luma -= mean);
    row
}
