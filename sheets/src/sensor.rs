//! The sensor: defocus, motion, uneven light, exposure and noise over what the lens shows.
//!
//! Must not: know what is in the picture.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::lens::FrameSize;

/// Longest blur in pixels a side; a longer one is cut to it.
const WIDEST_BLUR_PX: f32 = 32.0;
/// Light is computed at every 16th pixel and interpolated between.
const CELL_PX: usize = 16;
/// Standard deviation of the stored grain.
pub(crate) const GRAIN_SD: f32 = 24.0;
const GRAIN_LENGTH: usize = 1 << 16;

/// A soft-edged shadow of a hand or the stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shadow {
    /// Direction from light to dark.
    pub angle_deg: f32,
    /// Where its edge lies: 0 is the frame's middle, ±0.5 its rim.
    pub at: f32,
    /// Share of the light that it takes, 0 to 1.
    pub depth: f32,
    /// Softness of its edge as a share of the frame.
    pub softness: f32,
}

/// The lamp mirrored in shiny paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glare {
    /// Its middle: 0 is the frame's middle, ±0.5 its rim.
    pub at: (f32, f32),
    /// Radius as a share of the frame.
    pub radius: f32,
    /// Luma added in its middle.
    pub luma: f32,
}

/// How one frame is exposed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conditions {
    /// Side of the blur of a lens out of focus.
    pub defocus_px: f32,
    /// Way of the paper while the shutter is open, across and down.
    pub motion_px: (f32, f32),
    /// Luma of white paper as a share of 255.
    pub exposure: f32,
    /// Change of the light across and down the frame, as a share of it.
    pub slope: (f32, f32),
    /// Light lost at the corners, 0 to 1.
    pub vignette: f32,
    /// A shadow, if one falls.
    pub shadow: Option<Shadow>,
    /// A glare, if the paper mirrors.
    pub glare: Option<Glare>,
    /// Standard deviation of the noise on white paper, in luma.
    pub noise: f32,
}

impl Default for Conditions {
    /// A still, sharp, evenly lit frame without noise.
    fn default() -> Self {
        Self {
            defocus_px: 0.0,
            motion_px: (0.0, 0.0),
            exposure: 0.9,
            slope: (0.0, 0.0),
            vignette: 0.0,
            shadow: None,
            glare: None,
            noise: 0.0,
        }
    }
}

impl Conditions {
    /// Gain and added luma at a place of the frame (−0.5 to 0.5 both ways).
    fn light_at(&self, x: f32, y: f32) -> (f32, f32) {
        let mut gain = 1.0 + self.slope.0 * x + self.slope.1 * y - self.vignette * 2.0 * (x * x + y * y);
        if let Some(shadow) = self.shadow {
            let (sin, cos) = shadow.angle_deg.to_radians().sin_cos();
            let inside = (cos * x + sin * y - shadow.at) / shadow.softness.max(1e-3);
            gain *= 1.0 - shadow.depth / (1.0 + (-inside.clamp(-40.0, 40.0)).exp());
        }
        let added = self.glare.map_or(0.0, |glare| {
            let (dx, dy) = ((x - glare.at.0) / glare.radius, (y - glare.at.1) / glare.radius);
            glare.luma * (-dx * dx - dy * dy).exp()
        });
        (gain.max(0.0) * self.exposure, added)
    }
}

/// Sensor noise, drawn once: a frame takes another stretch of it for each row.
#[derive(Clone)]
pub struct Grain(Vec<i8>);

impl Grain {
    /// The grain of a seed, for frames up to `width` pixels wide.
    #[must_use]
    pub fn new(seed: u64, width: usize) -> Self {
        let mut bytes = vec![0_u8; (GRAIN_LENGTH + width) * 4];
        ChaCha8Rng::seed_from_u64(seed).fill_bytes(&mut bytes);
        // The sum of four even draws is close to a normal one; its standard deviation is 147.8.
        let normal = |four: &[u8]| {
            let sum: i32 = four.iter().map(|byte| i32::from(*byte)).sum();
            ((sum - 510) as f32 * GRAIN_SD / 147.8) as i8
        };
        Self(bytes.chunks_exact(4).map(normal).collect())
    }
    pub(crate) fn row(&self, frame: u64, row: usize, width: usize) -> &[i8] {
        // SplitMix64: neighbouring rows and frames take unrelated stretches.
        let mut mixed = frame.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(row as u64 + 1);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let start = (mixed >> 32) as usize % GRAIN_LENGTH;
        &self.0[start..start + width]
    }
}

/// The frame that the sensor delivers of `scene`; `frame` numbers it, so that its noise is its own.
#[must_use]
pub fn expose(
    mut scene: Vec<u8>,
    size: FrameSize,
    conditions: &Conditions,
    grain: &Grain,
    frame: u64,
) -> Vec<u8> {
    let defocus = conditions.defocus_px;
    blur_rows(&mut scene, size, &kernel(defocus, conditions.motion_px.0));
    blur_columns(&mut scene, size, &kernel(defocus, conditions.motion_px.1));
    light(&mut scene, size, conditions, grain, frame);
    scene
}

/// Taps (sum 256) of two boxes laid over each other: the lens's and the motion's.
fn kernel(defocus_px: f32, motion_px: f32) -> Vec<u16> {
    let boxed = |side: f32| -> Vec<f32> {
        let side = side.abs().clamp(1.0, WIDEST_BLUR_PX);
        let whole = ((side - 1.0) / 2.0).ceil() as usize;
        let edge = (side - (2.0 * whole as f32 - 1.0)) / 2.0;
        (0..=2 * whole)
            .map(|tap| if whole > 0 && (tap == 0 || tap == 2 * whole) { edge } else { 1.0 })
            .collect()
    };
    let (lens, motion) = (boxed(defocus_px), boxed(motion_px));
    let mut taps = vec![0.0_f32; lens.len() + motion.len() - 1];
    for (i, a) in lens.iter().enumerate() {
        for (j, b) in motion.iter().enumerate() {
            taps[i + j] += a * b;
        }
    }
    let sum: f32 = taps.iter().sum();
    let mut rounded: Vec<u16> = taps.iter().map(|tap| (tap * 256.0 / sum).round() as u16).collect();
    // Rounding must not darken or brighten the picture.
    let middle = rounded.len() / 2;
    let others: u16 = rounded.iter().sum::<u16>() - rounded[middle];
    rounded[middle] = 256 - others.min(256);
    rounded
}

fn blur_rows(scene: &mut [u8], size: FrameSize, taps: &[u16]) {
    if taps.len() < 2 {
        return;
    }
    let reach = taps.len() / 2;
    let mut padded = vec![0_u8; size.width + 2 * reach];
    let mut sums = vec![0_u16; size.width];
    for row in scene.chunks_exact_mut(size.width) {
        padded[..reach].fill(row[0]);
        padded[reach..reach + size.width].copy_from_slice(row);
        padded[reach + size.width..].fill(row[size.width - 1]);
        sums.fill(128);
        for (tap, from) in taps.iter().zip(0..) {
            for (sum, pixel) in sums.iter_mut().zip(&padded[from..from + size.width]) {
                *sum = sum.wrapping_add(tap.wrapping_mul(u16::from(*pixel)));
            }
        }
        settle(row, &sums);
    }
}

fn blur_columns(scene: &mut [u8], size: FrameSize, taps: &[u16]) {
    if taps.len() < 2 {
        return;
    }
    let reach = taps.len() / 2;
    let before = scene.to_vec();
    let mut sums = vec![0_u16; size.width];
    for (y, row) in scene.chunks_exact_mut(size.width).enumerate() {
        sums.fill(128);
        for (tap, from) in taps.iter().zip(0..) {
            let source = (y + from).saturating_sub(reach).min(size.height - 1) * size.width;
            for (sum, pixel) in sums.iter_mut().zip(&before[source..source + size.width]) {
                *sum = sum.wrapping_add(tap.wrapping_mul(u16::from(*pixel)));
            }
        }
        settle(row, &sums);
    }
}

/// Sums of at most 256 × 255 + 128 fit 16 bits.
fn settle(row: &mut [u8], sums: &[u16]) {
    for (pixel, sum) in row.iter_mut().zip(sums) {
        *pixel = (sum >> 8) as u8;
    }
}

fn light(scene: &mut [u8], size: FrameSize, conditions: &Conditions, grain: &Grain, frame: u64) {
    let columns = size.width / CELL_PX + 2;
    let place = |pixel: usize, side: usize| pixel as f32 / side as f32 - 0.5;
    let line_of_cells = |y: usize| -> Vec<(f32, f32)> {
        (0..columns)
            .map(|column| conditions.light_at(place(column * CELL_PX, size.width), place(y, size.height)))
            .collect()
    };
    let mut above = line_of_cells(0);
    let mut below = line_of_cells(CELL_PX);
    let mut gains = vec![0.0_f32; columns * CELL_PX];
    let mut added = gains.clone();
    let noise = conditions.noise / GRAIN_SD;
    for (y, row) in scene.chunks_exact_mut(size.width).enumerate() {
        if y > 0 && y % CELL_PX == 0 {
            above = below;
            below = line_of_cells(y + CELL_PX);
        }
        let down = (y % CELL_PX) as f32 / CELL_PX as f32;
        spread(&mut gains, &above, &below, down, |cell| cell.0);
        spread(&mut added, &above, &below, down, |cell| cell.1);
        let grain = grain.row(frame, y, size.width);
        for (((pixel, gain), more), grain) in row.iter_mut().zip(&gains).zip(&added).zip(grain) {
            let lit = f32::from(*pixel) * gain + more;
            // Photon noise grows with the light: about its root, here by its chord.
            let sigma = noise * (0.55 + lit * (0.45 / 255.0));
            *pixel = (lit + f32::from(*grain) * sigma + 0.5) as u8;
        }
    }
}

/// Interpolates one quantity of the cells to every pixel of a row.
fn spread(
    row: &mut [f32],
    above: &[(f32, f32)],
    below: &[(f32, f32)],
    down: f32,
    of: impl Fn(&(f32, f32)) -> f32,
) {
    let at = |cell: usize| of(&above[cell]) * (1.0 - down) + of(&below[cell]) * down;
    for (cell, pixels) in row.chunks_exact_mut(CELL_PX).enumerate().take(above.len() - 1) {
        let (from, to) = (at(cell), at(cell + 1));
        for (step, pixel) in pixels.iter_mut().enumerate() {
            *pixel = from + (to - from) * (step as f32 / CELL_PX as f32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: FrameSize = FrameSize { width: 100, height: 60 };

    fn exposed(scene: &[u8], conditions: &Conditions, frame: u64) -> Vec<u8> {
        expose(scene.to_vec(), SIZE, conditions, &Grain::new(1, SIZE.width), frame)
    }

    #[test]
    fn blur_widens_an_edge_and_keeps_the_light() {
        let scene: Vec<u8> =
            (0..SIZE.height).flat_map(|_| (0..SIZE.width).map(|x| if x < 50 { 40 } else { 200 })).collect();
        let sharp = Conditions { exposure: 1.0, ..Conditions::default() };
        assert_eq!(exposed(&scene, &sharp, 0), scene);
        let soft = exposed(&scene, &Conditions { defocus_px: 6.0, ..sharp }, 0);
        let row = &soft[30 * SIZE.width..31 * SIZE.width];
        assert!(row.windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!((row[44], row[56]), (40, 200));
        assert!(row[48] > 60 && row[51] < 180);
        let sum = |all: &[u8]| all.iter().map(|pixel| u64::from(*pixel)).sum::<u64>();
        assert!(sum(&soft).abs_diff(sum(&scene)) < sum(&scene) / 200);
    }

    #[test]
    fn noise_is_as_strong_as_it_says_and_another_in_each_frame() {
        let scene = vec![255_u8; SIZE.width * SIZE.height];
        let noisy = Conditions { exposure: 0.5, noise: 8.0, ..Conditions::default() };
        let first = exposed(&scene, &noisy, 0);
        let mean = first.iter().map(|pixel| f64::from(*pixel)).sum::<f64>() / first.len() as f64;
        let spread = (first.iter().map(|pixel| (f64::from(*pixel) - mean).powi(2)).sum::<f64>()
            / first.len() as f64)
            .sqrt();
        assert!((mean - 127.5).abs() < 1.0 && (5.0..7.5).contains(&spread), "{mean} ± {spread}");
        assert_eq!(first, exposed(&scene, &noisy, 0));
        assert_ne!(first, exposed(&scene, &noisy, 1));
    }

    #[test]
    fn a_shadow_darkens_its_own_side() {
        let scene = vec![200_u8; SIZE.width * SIZE.height];
        let shadow = Some(Shadow { angle_deg: 0.0, at: 0.0, depth: 0.5, softness: 0.01 });
        let lit = exposed(&scene, &Conditions { exposure: 1.0, shadow, ..Conditions::default() }, 0);
        assert!(lit[30 * SIZE.width + 10] > 195 && lit[30 * SIZE.width + 95] < 105);
    }
}
