//! A strip: what could be one line of digits, cut from the frame, laid straight and made independent of light.
//!
//! Its size and the formula below are what the network is trained on: a change here means training anew.
//! Must not: know where in the frame the strip comes from, or what it says.

/// Rows of a strip.
pub(crate) const ROWS: usize = 32;
/// Columns of a strip.
pub(crate) const COLUMNS: usize = 448;
/// Digits of a line.
pub(crate) const DIGITS: usize = 18;
/// Columns from one digit to the next, as far as the search could tell.
pub(crate) const PITCH: f32 = 20.0;
/// Where the first digit's cell begins: the cells stand in the middle of the strip, and a blank margin of a
/// little more than two digits is left at either end.
pub(crate) const FIRST_CELL: f32 = 44.0;
/// Rows from the top of a digit to its foot.
pub(crate) const DIGIT_ROWS: f32 = 23.0;
/// Where the digits' middle lies, in rows from the strip's top edge.
pub(crate) const MIDDLE: f32 = 16.0;

/// A column's brightest pixels, which are paper whatever the digit: a line leaves nine rows blank.
const PAPER_ROWS: usize = 8;
/// Columns each way that paper is looked for in, so that a pen's stroke is not taken for paper …
const PAPER_REACH: usize = 12;
/// … and each way that the found paper is smoothed over.
const PAPER_SMOOTH: usize = 6;
/// Rows of a cell that its ink is measured in.
const INK_ROWS: std::ops::Range<usize> = 4..28;
/// Of a cell's pixels, sorted from the darkest, the one whose ink stands for the cell: a tenth are darker.
/// A blurred `1` still has as many.
const INK_RANK: usize = 48;
/// Least share of the light that ink takes away: below it, what is there is noise, and is left faint.
const LEAST_CONTRAST: f32 = 0.08;

/// A strip of [`ROWS`] × [`COLUMNS`]: 0 is paper, 1 is ink.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Strip {
    ink: Vec<f32>,
    contrast: f32,
}

impl Strip {
    /// Makes a strip of sampled luma (0 to 255, row after row, exactly [`ROWS`] × [`COLUMNS`]; what is missing
    /// counts as 0), independent of exposure, of shadows across it and of how black the ink is:
    ///
    /// 1. `paper[c]` = mean of the 8 brightest of column `c`;
    ///    closed: the maximum over `c ± 12`, of that the minimum over `c ± 12`, of that the mean over `c ± 6`
    ///    (windows are cut at the ends);
    /// 2. `absorbed[r][c]` = 1 − luma / max(`paper[c]`, 1), the share of light taken away (may be negative);
    /// 3. `contrast` = of the 18 nominal cells (columns 44 + 20k to 63 + 20k, rows 4 to 27; 480 pixels) each
    ///    cell's 49th greatest `absorbed`; of those 18, sorted, the 10th smallest; at least 0.08;
    /// 4. `ink[r][c]` = `absorbed` / `contrast`, clamped to 0 … 1.
    pub(crate) fn normalised(luma: &[f32]) -> Self {
        let mut ink = vec![0.0; ROWS * COLUMNS];
        ink.iter_mut().zip(luma).for_each(|(ink, luma)| *ink = *luma);
        let paper = paper(&ink);
        for row in ink.chunks_exact_mut(COLUMNS) {
            row.iter_mut().zip(&paper).for_each(|(luma, paper)| *luma = 1.0 - *luma / paper.max(1.0));
        }
        let contrast = contrast(&ink);
        ink.iter_mut().for_each(|ink| *ink = (*ink / contrast).clamp(0.0, 1.0));
        Self { ink, contrast }
    }
    /// The share of light that the ink of the digits takes away.
    pub(crate) fn contrast(&self) -> f32 {
        self.contrast
    }
    /// The ink, row after row.
    pub(crate) fn ink(&self) -> &[f32] {
        &self.ink
    }
}

/// The luma of blank paper along the strip.
fn paper(luma: &[f32]) -> Vec<f32> {
    let mut brightest = Vec::with_capacity(COLUMNS);
    let mut column = [0.0; ROWS];
    for at in 0..COLUMNS {
        column.iter_mut().zip(luma.chunks_exact(COLUMNS)).for_each(|(pixel, row)| *pixel = row[at]);
        let (_, _, rest) = column.select_nth_unstable_by(ROWS - PAPER_ROWS - 1, f32::total_cmp);
        brightest.push(rest.iter().sum::<f32>() / PAPER_ROWS as f32);
    }
    let greatest = |window: &[f32]| window.iter().copied().fold(f32::MIN, f32::max);
    let least = |window: &[f32]| window.iter().copied().fold(f32::MAX, f32::min);
    let mean = |window: &[f32]| window.iter().sum::<f32>() / window.len() as f32;
    let closed = windowed(&windowed(&brightest, PAPER_REACH, greatest), PAPER_REACH, least);
    windowed(&closed, PAPER_SMOOTH, mean)
}

/// `merge` of what lies within `reach` of each value.
fn windowed(values: &[f32], reach: usize, merge: impl Fn(&[f32]) -> f32) -> Vec<f32> {
    (0..values.len())
        .map(|at| merge(&values[at.saturating_sub(reach)..(at + reach + 1).min(values.len())]))
        .collect()
}

/// How dark the ink of most digits is.
fn contrast(absorbed: &[f32]) -> f32 {
    let mut cell = Vec::with_capacity(INK_ROWS.len() * PITCH as usize);
    let mut inks = [0.0; DIGITS];
    for (place, ink) in inks.iter_mut().enumerate() {
        let from = FIRST_CELL as usize + place * PITCH as usize;
        cell.clear();
        for row in INK_ROWS {
            cell.extend_from_slice(&absorbed[row * COLUMNS + from..][..PITCH as usize]);
        }
        let (_, darkest, _) = cell.select_nth_unstable_by(INK_RANK, |a, b| b.total_cmp(a));
        *ink = *darkest;
    }
    inks.sort_unstable_by(f32::total_cmp);
    inks[DIGITS / 2].max(LEAST_CONTRAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bars of three columns in the middle of each cell, under a light that falls along the strip.
    fn barred(paper: f32, ink: f32, falls: f32) -> Vec<f32> {
        let mut luma = Vec::new();
        for row in 0..ROWS {
            for column in 0..COLUMNS {
                let light = 1.0 - falls * column as f32 / COLUMNS as f32;
                let place = column.wrapping_sub(44);
                let is_bar = (4..28).contains(&row) && place < 360 && (8..12).contains(&(place % 20));
                luma.push(paper * light * if is_bar { ink } else { 1.0 });
            }
        }
        luma
    }

    #[test]
    fn light_exposure_and_ink_drop_out() {
        let plain = Strip::normalised(&barred(230.0, 0.2, 0.0));
        assert_eq!(plain.ink().iter().filter(|ink| **ink > 0.99).count(), 18 * 4 * 24);
        for (paper, ink, falls) in [(60.0, 0.2, 0.0), (230.0, 0.5, 0.0), (200.0, 0.3, 0.6), (90.0, 0.4, 0.5)]
        {
            let other = Strip::normalised(&barred(paper, ink, falls));
            for (a, b) in plain.ink().iter().zip(other.ink()) {
                assert!((a - b).abs() < 0.08, "{a} {b} at {paper} {ink} {falls}");
            }
        }
    }

    #[test]
    fn a_broad_stroke_over_the_line_is_ink_and_changes_nothing_beside_it() {
        let plain = Strip::normalised(&barred(230.0, 0.3, 0.0));
        let mut luma = barred(230.0, 0.3, 0.0);
        luma.chunks_exact_mut(COLUMNS).for_each(|row| row[200..220].fill(30.0));
        let stroked = Strip::normalised(&luma);
        let is_near = |place: usize| (190..230).contains(&(place % COLUMNS));
        for (place, (a, b)) in plain.ink().iter().zip(stroked.ink()).enumerate() {
            assert!(is_near(place) || (a - b).abs() < 0.05, "{a} {b} in column {}", place % COLUMNS);
        }
        assert!(stroked.ink()[16 * COLUMNS + 210] > 0.99);
    }

    #[test]
    fn bare_paper_and_blackness_have_no_ink() {
        for luma in [0.0, 1.0, 128.0, 255.0] {
            let strip = Strip::normalised(&vec![luma; ROWS * COLUMNS]);
            assert!(strip.ink().iter().all(|ink| *ink < 1.0 || luma == 0.0), "{luma}");
        }
        assert_eq!(Strip::normalised(&[]).ink().len(), ROWS * COLUMNS);
    }
}
