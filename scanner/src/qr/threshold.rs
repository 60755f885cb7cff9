//! What counts as dark: a threshold for every block of the frame, after the light around it.
//!
//! Must not: look for a symbol.

use crate::frame::Pixels;

/// Side of a block. A threshold rests on five blocks each way.
const BLOCK_PX: usize = 8;
/// Blocks each way around one that its threshold rests on.
const REACH: usize = 2;

/// A luma for every block of 8 × 8 pixels: below it a pixel is dark.
pub(super) struct Thresholds {
    across: usize,
    levels: Vec<u8>,
}

#[derive(Clone, Copy)]
struct Block {
    least: u8,
    greatest: u8,
    sum: u32,
    pixels: u32,
}

impl Thresholds {
    /// Side of a block.
    pub(super) const BLOCK_PX: usize = BLOCK_PX;
    /// Blocks whose luma varies by no more than `flat` are paper or table, not print.
    pub(super) fn of(pixels: Pixels<'_>, flat: u8) -> Self {
        let across = pixels.width.div_ceil(BLOCK_PX);
        let down = pixels.height.div_ceil(BLOCK_PX);
        let mut means = vec![0_u8; across * down];
        for line in 0..down {
            let blocks = measure(pixels, line * BLOCK_PX, across);
            for (column, block) in blocks.into_iter().enumerate() {
                let mean = (block.sum / block.pixels.max(1)) as u8;
                means[line * across + column] = if block.greatest.saturating_sub(block.least) > flat {
                    mean
                } else {
                    flat_level(&means, across, line, column, block.least)
                };
            }
        }
        Self { across, levels: spread(&means, across, down) }
    }
    /// The thresholds of a row of pixels: one for each block along it.
    pub(super) fn row(&self, y: usize) -> &[u8] {
        let start = y / BLOCK_PX * self.across;
        &self.levels[start..start + self.across]
    }
    /// The threshold at a pixel.
    pub(super) fn at(&self, x: usize, y: usize) -> u8 {
        self.levels[y / BLOCK_PX * self.across + x / BLOCK_PX]
    }
}

/// The blocks of one line of them. Columns are gathered first and blocks after, which the compiler turns into
/// vector code.
fn measure(pixels: Pixels<'_>, top: usize, across: usize) -> Vec<Block> {
    let mut least = vec![255_u8; pixels.width];
    let mut greatest = vec![0_u8; pixels.width];
    let mut sums = vec![0_u16; pixels.width];
    let rows = top..(top + BLOCK_PX).min(pixels.height);
    let count = rows.len() as u32;
    for y in rows {
        let row = pixels.row(y);
        least.iter_mut().zip(row).for_each(|(least, pixel)| *least = (*least).min(*pixel));
        greatest.iter_mut().zip(row).for_each(|(greatest, pixel)| *greatest = (*greatest).max(*pixel));
        sums.iter_mut().zip(row).for_each(|(sum, pixel)| *sum += u16::from(*pixel));
    }
    let lights = least.chunks(BLOCK_PX).zip(greatest.chunks(BLOCK_PX)).zip(sums.chunks(BLOCK_PX));
    let blocks = lights.map(|((least, greatest), sums)| Block {
        least: least.iter().copied().fold(255, u8::min),
        greatest: greatest.iter().copied().fold(0, u8::max),
        sum: sums.iter().map(|sum| u32::from(*sum)).sum(),
        pixels: count * sums.len() as u32,
    });
    blocks.take(across).collect()
}

/// A flat block is taken for paper, unless its neighbours above and left show that it lies inside ink.
fn flat_level(means: &[u8], across: usize, line: usize, column: usize, least: u8) -> u8 {
    let paper = least / 2;
    if line == 0 || column == 0 {
        return paper;
    }
    let above = u16::from(means[(line - 1) * across + column]);
    let left = u16::from(means[line * across + column - 1]);
    let corner = u16::from(means[(line - 1) * across + column - 1]);
    let around = ((above + 2 * left + corner) / 4) as u8;
    if least < around { around } else { paper }
}

/// The mean over the blocks around each, by running sums.
fn spread(means: &[u8], across: usize, down: usize) -> Vec<u8> {
    let mut sums = vec![0_u32; (across + 1) * (down + 1)];
    for line in 0..down {
        let mut row = 0;
        for column in 0..across {
            row += u32::from(means[line * across + column]);
            sums[(line + 1) * (across + 1) + column + 1] = sums[line * (across + 1) + column + 1] + row;
        }
    }
    let mut levels = Vec::with_capacity(across * down);
    for line in 0..down {
        let (top, bottom) = (line.saturating_sub(REACH), (line + REACH + 1).min(down));
        for column in 0..across {
            let (left, right) = (column.saturating_sub(REACH), (column + REACH + 1).min(across));
            let at = |line: usize, column: usize| sums[line * (across + 1) + column];
            let sum = at(bottom, right) + at(top, left) - at(top, right) - at(bottom, left);
            levels.push((sum / ((bottom - top) * (right - left)) as u32) as u8);
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn print_is_told_from_paper_under_uneven_light() {
        // Stripes of half the paper's luma under a light that falls to a quarter across the frame.
        let (width, height) = (320, 64);
        let paper = |x: usize| 240 - x * 180 / width;
        let is_ink = |x: usize| (x / 5).is_multiple_of(2);
        let luma: Vec<u8> = (0..width * height)
            .map(|place| place % width)
            .map(|x| (if is_ink(x) { paper(x) / 2 } else { paper(x) }) as u8)
            .collect();
        let thresholds = Thresholds::of(Pixels { width, height, luma: &luma }, 24);
        let wrong =
            (0..width).filter(|x| (luma[32 * width + x] < thresholds.at(*x, 32)) != is_ink(*x)).count();
        assert!(wrong < width / 50, "{wrong} of {width} pixels");
    }

    #[test]
    fn bare_paper_is_not_dark() {
        let luma = vec![200_u8; 40 * 40];
        let thresholds = Thresholds::of(Pixels { width: 40, height: 40, luma: &luma }, 24);
        assert!((0..40).all(|x| thresholds.at(x, x) < 200));
    }
}
