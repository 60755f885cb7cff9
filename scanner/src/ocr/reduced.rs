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
/// Ink is at least half as dark as the darkest around it; fainter ink two fifths. In 256ths.
const USUAL_SHARE: u16 = 128;
const FAINT_SHARE: u16 = 102;
/// … but no more than this: in a frame full of print no block is calm.
const MOST_NOISE: u8 = 140;
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
    /// The share of the paper's light that is missing, in 255ths, of each pixel, and the most of it around each
    /// block, 0 where there is no print.
    dark: Vec<u8>,
    darkest: Vec<u8>,
    ink: Vec<bool>,
}

impl Reduced {
    pub(super) fn of(pixels: Pixels<'_>) -> Self {
        let long = pixels.width.max(pixels.height);
        let factor = ((long + LONG_SIDE / 2) / LONG_SIDE).max(1);
        let (width, height) = (pixels.width / factor, pixels.height / factor);
        let luma = means(pixels, factor, width, height);
        let paper = paper::under(&luma, width);
        let dark = pulp::Arch::new().dispatch(|| all_darkness(&luma, &paper));
        let darkest = darkest(&dark, width, height);
        let mut picture = Self { factor, width, height, dark, darkest, ink: Vec::new() };
        picture.take_for_ink(USUAL_SHARE);
        picture
    }
    /// Takes for ink what is at least this share, in 256ths, as dark as the darkest around it.
    fn take_for_ink(&mut self, share: u16) {
        let across = self.width.div_ceil(BLOCK);
        self.ink.clear();
        for (y, row) in self.dark.chunks_exact(self.width.max(1)).enumerate() {
            let blocks = &self.darkest[y / BLOCK * across..][..across];
            for (block, darkest) in row.chunks(BLOCK).zip(blocks) {
                let level = if *darkest == 0 { u8::MAX } else { (u16::from(*darkest) * share / 256) as u8 };
                self.ink.extend(block.iter().map(|dark| *dark > level));
            }
        }
    }
    /// Takes fainter print for ink too: thin digits beside bold bars, or smeared ones.
    pub(super) fn take_faint_ink_too(&mut self) {
        self.take_for_ink(FAINT_SHARE);
    }
    /// Takes ink away.
    pub(super) fn clear_ink(&mut self, x: u16, rows: std::ops::Range<u16>) {
        for y in rows {
            if let Some(ink) = self.ink.get_mut(usize::from(y) * self.width + usize::from(x)) {
                *ink = false;
            }
        }
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

/// Of each block, how dark the darkest is in it and around it; 0 where that is no print.
fn darkest(dark: &[u8], width: usize, height: usize) -> Vec<u8> {
    let (across, down) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
    let mut own = vec![0_u8; across * down];
    for (y, row) in dark.chunks_exact(width.max(1)).enumerate() {
        let blocks = &mut own[y / BLOCK * across..][..across];
        for (darkest, block) in blocks.iter_mut().zip(row.chunks(BLOCK)) {
            *darkest = block.iter().copied().fold(*darkest, u8::max);
        }
    }
    let mut sorted = own.clone();
    let calm = sorted.len() / CALM_SHARE;
    let noise = if sorted.is_empty() { 0 } else { *sorted.select_nth_unstable(calm).1 };
    let least = ((f32::from(noise) * NOISE) as u8).clamp(LEAST_DARK, MOST_NOISE);
    let mut around = Vec::with_capacity(own.len());
    for line in 0..down {
        for column in 0..across {
            let lines = line.saturating_sub(REACH)..(line + REACH + 1).min(down);
            let columns = column.saturating_sub(REACH)..(column + REACH + 1).min(across);
            let near = lines.flat_map(|near| &own[near * across..][columns.clone()]);
            let greatest = near.copied().fold(0, u8::max);
            around.push(if greatest >= least { greatest } else { 0 });
        }
    }
    around
}

#[inline(always)]
fn all_darkness(luma: &[u8], paper: &[u8]) -> Vec<u8> {
    luma.iter().zip(paper).map(|(luma, paper)| darkness(*luma, *paper)).collect()
}

/// The share of the paper's light that is missing, in 255ths.
#[inline(always)]
fn darkness(luma: u8, paper: u8) -> u8 {
    let missing = paper.saturating_sub(luma);
    (f32::from(missing) * 255.0 / f32::from(paper.max(1))) as u8
}
