//! What a camera's JPEG leaves of a picture: each block of 8 × 8 pixels in 64 frequencies, rounded to the steps of
//! the standard's luma table (ITU-T T.81, annex K.1) at a quality of 1 to 100.
//!
//! Must not: write a file; only the loss is wanted.

use std::sync::OnceLock;

use crate::lens::FrameSize;

const SIDE: usize = 8;
type Block = [[f32; SIDE]; SIDE];

const STEPS: [u16; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17,
    22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78,
    87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/// Rounds the picture as JPEG does. Blocks that a side does not fill are left alone.
pub(super) fn compress(image: &mut [u8], size: FrameSize, quality: u8) {
    let steps = turned(&steps(quality));
    let parts = steps.map(|line| line.map(|step| 1.0 / step));
    let basis = basis();
    let width = size.width;
    for band in image.chunks_exact_mut(width * SIDE) {
        for column in (0..width - width % SIDE).step_by(SIDE) {
            let mut block: Block = [[0.0; SIDE]; SIDE];
            for (y, line) in block.iter_mut().enumerate() {
                for (value, pixel) in line.iter_mut().zip(&band[y * width + column..][..SIDE]) {
                    *value = f32::from(*pixel) - 128.0;
                }
            }
            // Down, then across: what is rounded lies on its side.
            let mut frequencies = waves(&turned(&waves(&block, basis)), basis);
            for ((line, steps), parts) in frequencies.iter_mut().zip(&steps).zip(&parts) {
                for ((value, step), part) in line.iter_mut().zip(steps).zip(parts) {
                    // Adding and taking away 1.5 · 2²³ rounds to a whole number.
                    const ROUNDS: f32 = 12_582_912.0;
                    *value = ((*value * part + ROUNDS) - ROUNDS) * step;
                }
            }
            let back = heights(&turned(&heights(&frequencies, basis)), basis);
            for (y, line) in back.iter().enumerate() {
                for (pixel, value) in band[y * width + column..][..SIDE].iter_mut().zip(line) {
                    *pixel = (*value + 128.5) as u8;
                }
            }
        }
    }
}

/// The steps at a quality, frequency by frequency.
fn steps(quality: u8) -> Block {
    let quality = u32::from(quality.clamp(1, 100));
    let scale = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
    let step = |at: usize| ((u32::from(STEPS[at]) * scale + 50) / 100).clamp(1, 255) as f32;
    std::array::from_fn(|row| std::array::from_fn(|column| step(row * SIDE + column)))
}

/// The eight waves of the cosine transform, one a row.
fn basis() -> &'static Block {
    static BASIS: OnceLock<Block> = OnceLock::new();
    BASIS.get_or_init(|| {
        std::array::from_fn(|wave| {
            let height = if wave == 0 { 0.125_f32.sqrt() } else { 0.5 };
            std::array::from_fn(|at| {
                height * ((2 * at + 1) as f32 * wave as f32 * std::f32::consts::PI / 16.0).cos()
            })
        })
    })
}

/// Half of the lines of a block.
const HALF: usize = SIDE / 2;

/// The block with rows and columns exchanged.
fn turned(block: &Block) -> Block {
    std::array::from_fn(|row| std::array::from_fn(|column| block[column][row]))
}

/// The eight waves down each column. Even waves are the same from both ends, odd ones opposite.
fn waves(block: &Block, basis: &Block) -> Block {
    let mut out: Block = [[0.0; SIDE]; SIDE];
    for near in 0..HALF {
        let far = SIDE - 1 - near;
        let (mut same, mut opposite) = ([0.0_f32; SIDE], [0.0_f32; SIDE]);
        for lane in 0..SIDE {
            same[lane] = block[near][lane] + block[far][lane];
            opposite[lane] = block[near][lane] - block[far][lane];
        }
        for pair in 0..HALF {
            let (even, odd) = (basis[2 * pair][near], basis[2 * pair + 1][near]);
            for lane in 0..SIDE {
                out[2 * pair][lane] += even * same[lane];
                out[2 * pair + 1][lane] += odd * opposite[lane];
            }
        }
    }
    out
}

/// The other way round.
fn heights(waves: &Block, basis: &Block) -> Block {
    let mut out: Block = [[0.0; SIDE]; SIDE];
    for near in 0..HALF {
        let (mut same, mut opposite) = ([0.0_f32; SIDE], [0.0_f32; SIDE]);
        for pair in 0..HALF {
            let (even, odd) = (basis[2 * pair][near], basis[2 * pair + 1][near]);
            for lane in 0..SIDE {
                same[lane] += even * waves[2 * pair][lane];
                opposite[lane] += odd * waves[2 * pair + 1][lane];
            }
        }
        for lane in 0..SIDE {
            out[near][lane] = same[lane] + opposite[lane];
            out[SIDE - 1 - near][lane] = same[lane] - opposite[lane];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: FrameSize = FrameSize { width: 32, height: 16 };

    fn loss(quality: u8) -> f64 {
        let picture: Vec<u8> =
            (0..SIZE.width * SIZE.height).map(|at| ((at * 37) % 200 + (at / 32) * 3) as u8).collect();
        let mut after = picture.clone();
        compress(&mut after, SIZE, quality);
        let squares = picture.iter().zip(&after).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2));
        (squares.sum::<f64>() / picture.len() as f64).sqrt()
    }

    #[test]
    fn the_best_quality_keeps_the_picture_and_a_bad_one_does_not() {
        assert!(loss(100) < 1.0, "{}", loss(100));
        assert!(loss(50) > 2.0 * loss(90), "{} {}", loss(50), loss(90));
    }

    #[test]
    fn even_paper_stays_even() {
        let mut paper = vec![200; SIZE.width * SIZE.height];
        compress(&mut paper, SIZE, 45);
        assert!(paper.iter().all(|pixel| *pixel == paper[0] && pixel.abs_diff(200) < 6));
    }
}
