//! The sensor and the camera's own processing: light into luma, noise, sharpening.
//!
//! Must not: know what is in the picture.

use std::sync::OnceLock;

use crate::{
    lens::FrameSize,
    sensor::{GRAIN_SD, Grain},
    stand::light::{GAIN_UNIT, Light},
};

/// The widest frame that grain is drawn for.
const WIDEST_PX: usize = 4096;

/// What the sensor makes of the light on it; `frame` numbers it, so that its noise is its own.
pub(super) fn expose(image: &mut [u8], size: FrameSize, light: &Light, noise: f32, frame: u64) {
    static GRAIN: OnceLock<Grain> = OnceLock::new();
    let grain = GRAIN.get_or_init(|| Grain::new(0x57A9_D001, WIDEST_PX));
    let no_glare = vec![0_u8; size.width];
    let noise = noise / GRAIN_SD;
    for (y, row) in image.chunks_exact_mut(size.width).enumerate() {
        let gains = &light.gain[y * size.width..][..size.width];
        let glare =
            if light.glare.is_empty() { &no_glare } else { &light.glare[y * size.width..][..size.width] };
        let grain = grain.row(frame, y, size.width);
        for (((pixel, gain), glare), grain) in row.iter_mut().zip(gains).zip(glare).zip(grain) {
            let lit = f32::from(*pixel) * f32::from(*gain) * (1.0 / GAIN_UNIT) + f32::from(*glare);
            let lit = lit.min(255.0);
            // Photon noise grows with the root of the light.
            let spread = noise * (0.3 + lit * (0.7 / 255.0)).sqrt();
            *pixel = (lit + f32::from(*grain) * spread + 0.5) as u8;
        }
    }
}

/// Adds `amount` of what differs from the picture softened by 1.3 pixels.
pub(super) fn sharpen(image: &mut [u8], size: FrameSize, amount: f32) {
    // exp(-d²/(2·1.3²)), of 256.
    const TAPS: [u16; 4] = [78, 58, 24, 7];
    let width = size.width;
    let amount = (amount * 128.0) as i16;
    let rows: Vec<&[u8]> = image.chunks_exact(width).collect();
    let mut out = vec![0_u8; rows.len() * width];
    let mut column = vec![0_u16; width + 6];
    for (y, sharp) in out.chunks_exact_mut(width).enumerate() {
        let at = |d: isize| rows[y.saturating_add_signed(d).min(rows.len() - 1)];
        let lines = [at(0), at(-1), at(1), at(-2), at(2), at(-3), at(3)];
        for x in 0..width {
            let sum = TAPS[0] * u16::from(lines[0][x])
                + TAPS[1] * (u16::from(lines[1][x]) + u16::from(lines[2][x]))
                + TAPS[2] * (u16::from(lines[3][x]) + u16::from(lines[4][x]))
                + TAPS[3] * (u16::from(lines[5][x]) + u16::from(lines[6][x]));
            column[x + 3] = (sum + 128) >> 8;
        }
        let (first, last) = (column[3], column[width + 2]);
        column[..3].fill(first);
        column[width + 3..].fill(last);
        for x in 0..width {
            let c = &column[x..x + 7];
            let soft =
                TAPS[0] * c[3] + TAPS[1] * (c[2] + c[4]) + TAPS[2] * (c[1] + c[5]) + TAPS[3] * (c[0] + c[6]);
            let soft = ((soft + 128) >> 8) as i16;
            let here = i16::from(lines[0][x]);
            let more = (i32::from(amount) * i32::from(here - soft)) >> 7;
            sharp[x] = (i32::from(here) + more).clamp(0, 255) as u8;
        }
    }
    image.copy_from_slice(&out);
}
