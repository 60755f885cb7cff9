//! Other pictures of the same frame to look for symbols in: inverted, halved, sharpened, doubled.
//!
//! Must not: look for anything.

use crate::frame::Pixels;

/// Pixels each way around one that sharpening compares it with: about a module at half a frame's size.
const SHARPEN_REACH: usize = 4;

/// A picture made from another.
pub(super) struct Picture {
    width: usize,
    height: usize,
    luma: Vec<u8>,
}

impl Picture {
    pub(super) fn pixels(&self) -> Pixels<'_> {
        Pixels { width: self.width, height: self.height, luma: &self.luma }
    }
    /// Light for dark.
    pub(super) fn inverted(pixels: Pixels<'_>) -> Self {
        let luma = pixels.luma.iter().map(|luma| 255 - luma).collect();
        Self { width: pixels.width, height: pixels.height, luma }
    }
    /// Each two by two pixels as one.
    pub(super) fn halved(pixels: Pixels<'_>) -> Self {
        let (width, height) = (pixels.width / 2, pixels.height / 2);
        let mut luma = Vec::with_capacity(width * height);
        for y in 0..height {
            let pairs = pixels.row(2 * y).chunks_exact(2).zip(pixels.row(2 * y + 1).chunks_exact(2));
            let mean = |(above, below): (&[u8], &[u8])| {
                let sum =
                    u16::from(above[0]) + u16::from(above[1]) + u16::from(below[0]) + u16::from(below[1]);
                ((sum + 2) / 4) as u8
            };
            luma.extend(pairs.map(mean));
        }
        Self { width, height, luma }
    }
    /// Each pixel as two by two, between its neighbours.
    pub(super) fn doubled(pixels: Pixels<'_>) -> Self {
        let (width, height) = (pixels.width * 2, pixels.height * 2);
        let mut luma = Vec::with_capacity(width * height);
        // A new pixel lies a quarter of an old one from the middle of the nearest.
        let mixed = |near: &[u8], far: &[u8], luma: &mut Vec<u8>| {
            let at = |x: usize| 3 * u16::from(near[x]) + u16::from(far[x]);
            let last = near.len() - 1;
            for x in 0..near.len() {
                for other in [x.saturating_sub(1), (x + 1).min(last)] {
                    luma.push(((3 * at(x) + at(other) + 8) / 16) as u8);
                }
            }
        };
        for y in 0..pixels.height {
            for other in [y.saturating_sub(1), (y + 1).min(pixels.height - 1)] {
                mixed(pixels.row(y), pixels.row(other), &mut luma);
            }
        }
        Self { width, height, luma }
    }
    /// Every pixel moved away from the mean around it: what a lens out of focus flattened comes back.
    pub(super) fn sharpened(&self) -> Self {
        let pixels = self.pixels();
        let side = 2 * SHARPEN_REACH + 1;
        let area = (side * side) as i32;
        let reach = SHARPEN_REACH as isize;
        let row = |y: isize| pixels.row(y.clamp(0, self.height as isize - 1) as usize);
        // Sums down the columns, with the rim's going on to both sides.
        let mut columns: Vec<i32> = vec![0; self.width + side];
        let inner = SHARPEN_REACH..SHARPEN_REACH + self.width;
        for y in -reach..=reach {
            columns[inner.clone()].iter_mut().zip(row(y)).for_each(|(sum, luma)| *sum += i32::from(*luma));
        }
        let mut luma = Vec::with_capacity(self.luma.len());
        for y in 0..self.height as isize {
            let (first, last) = (columns[inner.start], columns[inner.end - 1]);
            columns[..inner.start].fill(first);
            columns[inner.end..].fill(last);
            let mut sum: i32 = columns[..side].iter().sum();
            let ends = columns.iter().zip(&columns[side..]);
            luma.extend(row(y).iter().zip(ends).map(|(own, (leaves, enters))| {
                let own = i32::from(*own);
                let sharp = (own + 3 * (own - sum / area) / 2).clamp(0, 255);
                sum += enters - leaves;
                sharp as u8
            }));
            let changes = row(y - reach).iter().zip(row(y + reach + 1));
            for (sum, (leaves, enters)) in columns[inner.clone()].iter_mut().zip(changes) {
                *sum += i32::from(*enters) - i32::from(*leaves);
            }
        }
        Self { width: self.width, height: self.height, luma }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_paper_stays_bare() {
        let bare = Picture { width: 40, height: 30, luma: vec![90; 1200] };
        for (picture, luma) in [
            (Picture::inverted(bare.pixels()), 165),
            (Picture::halved(bare.pixels()), 90),
            (Picture::doubled(bare.pixels()), 90),
            (bare.sharpened(), 90),
        ] {
            let pixels = picture.pixels();
            assert_eq!(pixels.luma.len(), pixels.width * pixels.height);
            assert!(pixels.luma.iter().all(|found| *found == luma), "{} px wide", pixels.width);
        }
    }

    #[test]
    fn sharpening_brings_a_faint_line_out() {
        let luma: Vec<u8> = (0..1200).map(|at| if at % 40 == 20 { 80 } else { 100 }).collect();
        let sharp = Picture { width: 40, height: 30, luma }.sharpened();
        assert!(sharp.luma[15 * 40 + 20] < 60 && sharp.luma[15 * 40 + 22] >= 100);
    }
}
