//! The frame at about a third of its size, and which of its pixels are ink.
//!
//! Must not: look for digits.

use super::paper;
use crate::frame::Pixels;

/// The longer side that a frame is reduced to, about: a line that fills a third of it has digits of 12 pixels.
const LONG_SIDE: usize = 640;
/// Side of a block that the darkest is taken of.
const BLOCK: usize = 8;
/// Blocks each way whose darkest a pixel is held against.
const REACH: usize = 2;
/// Around print, the darkest takes away at least this much of the paper's light, in 255ths …
const LEAST_DARK: u8 = 28;
/// … and this many times what it takes away in the frame's calm blocks, which is noise.
const NOISE: f32 = 1.8;
/// One of so many blocks is calm in any frame.
const CALM_SHARE: usize = 5;

/// A smaller picture of the frame.
pub(super) struct Reduced {
    /// Pixels of the frame that became one, each way.
    pub(super) factor: usize,
    /// Pixels a row.
    pub(super) width: usize,
    /// Rows.
    pub(super) height: usize,
    ink: Vec<bool>,
}

impl Reduced {
    pub(super) fn of(pixels: Pixels<'_>) -> Self {
        let long = pixels.width.max(pixels.height);
        let factor = ((long + LONG_SIDE / 2) / LONG_SIDE).max(1);
        let (width, height) = (pixels.width / factor, pixels.height / factor);
        let luma = means(pixels, factor, width, height);
        let ink = ink(&luma, width, height);
        Self { factor, width, height, ink }
    }
    /// The same picture with other ink.
    pub(super) fn with_ink(&self, ink: Vec<bool>) -> Self {
        Self { ink, ..*self }
    }
    /// All ink, row after row.
    pub(super) fn ink(&self) -> &[bool] {
        &self.ink
    }
    /// One row of the ink.
    pub(super) fn ink_row(&self, y: usize) -> &[bool] {
        &self.ink[y * self.width..(y + 1) * self.width]
    }
    /// Whether there is ink at a place; outside the picture there is none.
    pub(super) fn is_ink(&self, x: f32, y: f32) -> bool {
        let inside = x >= 0.0 && y >= 0.0 && x < self.width as f32 && y < self.height as f32;
        inside && self.ink[y as usize * self.width + x as usize]
    }
}

/// The mean of each `factor` × `factor` pixels.
fn means(pixels: Pixels<'_>, factor: usize, width: usize, height: usize) -> Vec<u8> {
    let mut luma = Vec::with_capacity(width * height);
    let mut sums = vec![0_u16; pixels.width];
    let share = 65536 / (factor * factor) as u32;
    for y in 0..height {
        sums.fill(0);
        for row in y * factor..(y + 1) * factor {
            sums.iter_mut().zip(pixels.row(row)).for_each(|(sum, luma)| *sum += u16::from(*luma));
        }
        let mean = |sums: &[u16]| ((sums.iter().map(|sum| u32::from(*sum)).sum::<u32>() * share) >> 16) as u8;
        luma.extend(match factor {
            2 => sums.chunks_exact(2).map(mean).take(width).collect::<Vec<u8>>(),
            3 => sums.chunks_exact(3).map(mean).take(width).collect(),
            _ => sums.chunks_exact(factor).map(mean).take(width).collect(),
        });
    }
    luma
}

/// Which pixels are more than half as dark as the darkest around them, against the paper under each.
fn ink(luma: &[u8], width: usize, height: usize) -> Vec<bool> {
    let (across, down) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
    if across * down == 0 {
        return Vec::new();
    }
    let paper = paper::under(luma, width);
    let dark: Vec<u8> = luma.iter().zip(&paper).map(|(luma, paper)| darkness(*luma, *paper)).collect();
    let mut darkest = vec![0_u8; across * down];
    for (y, row) in dark.chunks_exact(width).enumerate() {
        let blocks = &mut darkest[y / BLOCK * across..][..across];
        for (darkest, block) in blocks.iter_mut().zip(row.chunks(BLOCK)) {
            *darkest = block.iter().copied().fold(*darkest, u8::max);
        }
    }
    let mut sorted = darkest.clone();
    let calm = sorted.len() / CALM_SHARE;
    let noise = *sorted.select_nth_unstable(calm).1;
    let least = LEAST_DARK.max((f32::from(noise) * NOISE) as u8);
    let mut levels = vec![0_u8; across * down];
    for line in 0..down {
        for column in 0..across {
            let lines = line.saturating_sub(REACH)..(line + REACH + 1).min(down);
            let near = lines.flat_map(|near| {
                &darkest[near * across..][column.saturating_sub(REACH)..(column + REACH + 1).min(across)]
            });
            let greatest = near.copied().fold(0, u8::max);
            levels[line * across + column] = if greatest >= least { greatest / 2 } else { u8::MAX };
        }
    }
    let mut ink = Vec::with_capacity(luma.len());
    for (y, row) in dark.chunks_exact(width).enumerate() {
        let levels = &levels[y / BLOCK * across..][..across];
        for (block, level) in row.chunks(BLOCK).zip(levels) {
            ink.extend(block.iter().map(|dark| dark > level));
        }
    }
    ink
}

/// The share of the paper's light that is missing, in 255ths.
fn darkness(luma: u8, paper: u8) -> u8 {
    let missing = paper.saturating_sub(luma);
    (f32::from(missing) * 255.0 / f32::from(paper.max(1))) as u8
}
