//! The drawing as a camera's pixels see it: sampled along the places where a pose puts them.
//!
//! Must not: blur, light or draw.

use crate::{
    lens::FrameSize,
    page::Page,
    stand::pose::{CELL_PX, CELL_ROWS, Cells},
};

/// Bits below the point of a place on the drawing.
const FRACTION_BITS: u32 = 16;
/// Farther than any drawing reaches, in its pixels; places are cut to it so that they fit 32 bits.
const FAR_PX: f32 = 30_000.0;

/// The drawing as the pixels see it, straight between its own; paper beyond it is bare.
pub(super) fn project(page: &Page, cells: &Cells, size: FrameSize) -> Vec<u8> {
    let mut image = vec![255_u8; size.width * size.height];
    let px = |(x, y): (f32, f32)| {
        let (x, y) = page.to_px(x, y);
        // A pixel's value stands for its middle.
        (x - 0.5, y - 0.5)
    };
    let line = |row: usize| -> Vec<(f32, f32)> { cells.row(row).iter().map(|place| px(*place)).collect() };
    let mut above = line(0);
    for (band, rows) in image.chunks_mut(size.width * CELL_ROWS).enumerate() {
        let below = line(band + 1);
        for (y, row) in rows.chunks_exact_mut(size.width).enumerate() {
            let down = y as f32 / CELL_ROWS as f32;
            let place = |column: usize| {
                let ((ax, ay), (bx, by)) = (above[column], below[column]);
                let fixed = |along: f32| (along.clamp(-FAR_PX, FAR_PX) * (1 << FRACTION_BITS) as f32) as i32;
                (fixed(ax + (bx - ax) * down), fixed(ay + (by - ay) * down))
            };
            let mut from = place(0);
            for (column, pixels) in row.chunks_mut(CELL_PX).enumerate() {
                let to = place(column + 1);
                sample(pixels, page, from, to);
                from = to;
            }
        }
        above = below;
    }
    image
}

fn sample(pixels: &mut [u8], page: &Page, from: (i32, i32), to: (i32, i32)) {
    let (luma, width) = (page.luma(), page.width());
    let step = (to.0.saturating_sub(from.0) / CELL_PX as i32, to.1.saturating_sub(from.1) / CELL_PX as i32);
    let along = |from: i32, step: i32, at: usize| from.wrapping_add(step.wrapping_mul(at as i32));
    let place = |at: usize| (along(from.0, step.0, at), along(from.1, step.1, at));
    let is_on = |(x, y): (i32, i32)| {
        // A negative place becomes a huge one.
        ((x >> FRACTION_BITS) as usize) < page.width() - 1
            && ((y >> FRACTION_BITS) as usize) < page.height() - 1
    };
    // The way is straight: where both its ends are on the drawing, all of it is.
    let is_whole = is_on(from) && is_on(place(CELL_PX - 1));
    // Looked up one by one, then mixed all at once.
    let mut around = [[255_u16; 4]; CELL_PX];
    for (at, four) in around.iter_mut().enumerate() {
        let (x, y) = place(at);
        if is_whole || is_on((x, y)) {
            let corner = (y >> FRACTION_BITS) as usize * width + (x >> FRACTION_BITS) as usize;
            let window = &luma[corner..corner + width + 2];
            *four = [window[0], window[1], window[width], window[width + 1]].map(u16::from);
        }
    }
    let mut mixed = [0_u8; CELL_PX];
    for (at, (pixel, four)) in mixed.iter_mut().zip(&around).enumerate() {
        let (x, y) = place(at);
        let part = |along: i32| (along >> (FRACTION_BITS - 8) & 255) as u16;
        let (right, down) = (part(x), part(y));
        let above = four[0] * (256 - right) + four[1] * right;
        let below = four[2] * (256 - right) + four[3] * right;
        let sum = u32::from(above) * u32::from(256 - down) + u32::from(below) * u32::from(down);
        *pixel = ((sum + (1 << 15)) >> 16) as u8;
    }
    let length = pixels.len();
    pixels.copy_from_slice(&mixed[..length]);
}
