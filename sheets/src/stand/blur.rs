//! A lens out of focus and a shutter open too long: a disk and a line laid over each point.
//!
//! Must not: light or sharpen.

use crate::lens::FrameSize;

/// Parts of a pixel at which a kernel is measured.
const PARTS: usize = 8;
/// A disk smaller than this leaves the picture as it is, as does a way shorter than the second.
const LEAST_DISK_PX: f32 = 0.3;
const LEAST_WAY_PX: f32 = 0.7;
/// From this radius on the picture is blurred at half its size: what is finer is gone anyway.
const HALVED_FROM_PX: f32 = 3.0;
/// Halving blurs by itself, as a disk whose radius has this square.
const HALVING_BLURS: f32 = 1.0;
/// A larger disk is cut to this.
const LARGEST_DISK_PX: f32 = 16.0;

/// Blurs by a disk of `radius_px`, then along a way of `way_px` at `angle`.
pub(super) fn blur(image: &mut Vec<u8>, size: FrameSize, radius_px: f32, way_px: f32, angle: f32) {
    let radius_px = radius_px.min(LARGEST_DISK_PX);
    let halved = radius_px >= HALVED_FROM_PX && size.width.is_multiple_of(2) && size.height.is_multiple_of(2);
    let shrink = if halved { 2.0 } else { 1.0 };
    let mut kernels = Vec::new();
    if halved {
        kernels.push(disk((radius_px * radius_px - HALVING_BLURS).sqrt() / shrink));
    } else if radius_px > LEAST_DISK_PX {
        kernels.push(disk(radius_px));
    }
    if way_px > LEAST_WAY_PX {
        kernels.push(way(way_px / shrink, angle));
    }
    kernels.retain(|kernel| kernel.taps.len() > 1);
    if kernels.is_empty() {
        return;
    }
    if halved {
        let mut small = halve(image, size);
        let half = FrameSize { width: size.width / 2, height: size.height / 2 };
        for kernel in &kernels {
            small = kernel.over(&small, half);
        }
        *image = double(&small, half);
    } else {
        for kernel in &kernels {
            *image = kernel.over(image, size);
        }
    }
}

/// Weights at whole pixels around a point; they sum up to 65536.
struct Kernel {
    reach: usize,
    taps: Vec<Tap>,
}

struct Tap {
    /// From the top left corner of the kernel.
    right: usize,
    down: usize,
    weight: u32,
}

/// A point's disk.
fn disk(radius: f32) -> Kernel {
    Kernel::of(radius.ceil() as usize + 1, |x, y| x * x + y * y <= radius * radius)
}

/// A point's way, one pixel wide and round at its ends.
fn way(length: f32, angle: f32) -> Kernel {
    let (sin, cos) = angle.sin_cos();
    Kernel::of((length / 2.0).ceil() as usize + 1, |x, y| {
        let along = (x * cos + y * sin).clamp(-length / 2.0, length / 2.0);
        (x - along * cos).hypot(y - along * sin) <= 0.5
    })
}

impl Kernel {
    fn of(reach: usize, is_inside: impl Fn(f32, f32) -> bool) -> Self {
        let side = 2 * reach + 1;
        let place = |part: usize| (part as f32 + 0.5) / PARTS as f32 - side as f32 / 2.0;
        let mut counts = vec![0_u32; side * side];
        for y in 0..side * PARTS {
            for x in 0..side * PARTS {
                counts[y / PARTS * side + x / PARTS] += u32::from(is_inside(place(x), place(y)));
            }
        }
        let sum = counts.iter().sum::<u32>().max(1);
        let taps = counts
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
            .map(|(at, count)| Tap { right: at % side, down: at / side, weight: count * 65535 / sum })
            .collect();
        Self { reach, taps }
    }

    /// The picture with the kernel laid over every pixel; its rim is continued outwards.
    fn over(&self, image: &[u8], size: FrameSize) -> Vec<u8> {
        let (reach, width) = (self.reach, size.width);
        // Seven bits of fraction, so that rounding at each tap does not add up.
        let padded_width = width + 2 * reach;
        let mut padded = vec![0_u16; padded_width * size.height];
        for (line, row) in padded.chunks_exact_mut(padded_width).zip(image.chunks_exact(width)) {
            line[..reach].fill(u16::from(row[0]) << 7);
            for (wide, pixel) in line[reach..].iter_mut().zip(row) {
                *wide = u16::from(*pixel) << 7;
            }
            line[reach + width..].fill(u16::from(row[width - 1]) << 7);
        }
        let mut out = vec![0_u8; image.len()];
        let mut sums = vec![0_u16; width];
        let half = 64 + self.taps.len() as u16 / 2;
        for (y, row) in out.chunks_exact_mut(width).enumerate() {
            sums.fill(half);
            for tap in &self.taps {
                let from = (y + tap.down).saturating_sub(reach).min(size.height - 1);
                let line = &padded[from * padded_width + tap.right..][..width];
                for (sum, wide) in sums.iter_mut().zip(line) {
                    *sum += ((u32::from(*wide) * tap.weight) >> 16) as u16;
                }
            }
            for (pixel, sum) in row.iter_mut().zip(&sums) {
                *pixel = (sum >> 7) as u8;
            }
        }
        out
    }
}

fn halve(image: &[u8], size: FrameSize) -> Vec<u8> {
    let mut small = Vec::with_capacity(image.len() / 4);
    for rows in image.chunks_exact(2 * size.width) {
        let (above, below) = rows.split_at(size.width);
        small.extend(above.chunks_exact(2).zip(below.chunks_exact(2)).map(|(a, b)| {
            ((u16::from(a[0]) + u16::from(a[1]) + u16::from(b[0]) + u16::from(b[1]) + 2) >> 2) as u8
        }));
    }
    small
}

/// A cubic through four neighbours, a quarter of the way from the second to the third, of 128; it blurs nothing that
/// the small picture has.
const QUARTER: [i16; 4] = [-9, 111, 29, -3];

/// Twice as large.
fn double(small: &[u8], half: FrameSize) -> Vec<u8> {
    let (width, height) = (half.width, half.height);
    let mut image = vec![0_u8; small.len() * 4];
    // Two more on each side continue the rim.
    let mut line = vec![0_i16; width + 4];
    for (y, row) in image.chunks_exact_mut(2 * width).enumerate() {
        let away: isize = if y % 2 == 0 { -1 } else { 1 };
        let at = |step: isize| {
            let from = (y / 2).saturating_add_signed(step * away).min(height - 1);
            &small[from * width..][..width]
        };
        let lines = [at(-1), at(0), at(1), at(2)];
        for (x, wide) in line[2..width + 2].iter_mut().enumerate() {
            let four = [lines[0][x], lines[1][x], lines[2][x], lines[3][x]].map(i16::from);
            *wide = (quarter(four) + 2) >> 2;
        }
        let (first, last) = (line[2], line[width + 1]);
        line[..2].fill(first);
        line[width + 2..].fill(last);
        for (pair, five) in row.chunks_exact_mut(2).zip(line.windows(5)) {
            // 128 · 32 stands for one.
            let full = |four: [i16; 4]| {
                let sum: i32 =
                    four.iter().zip(QUARTER).map(|(value, tap)| i32::from(*value) * i32::from(tap)).sum();
                ((sum + 2048) >> 12).clamp(0, 255) as u8
            };
            pair[0] = full([five[3], five[2], five[1], five[0]]);
            pair[1] = full([five[1], five[2], five[3], five[4]]);
        }
    }
    image
}

fn quarter(four: [i16; 4]) -> i16 {
    // 128 · 255 fits, and so do the tops that the negative taps add only where the middle ones are low.
    four.iter().zip(QUARTER).fold(0_i16, |sum, (value, tap)| sum.saturating_add(value * tap))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: FrameSize = FrameSize { width: 64, height: 48 };

    fn point() -> Vec<u8> {
        let mut image = vec![0; SIZE.width * SIZE.height];
        image[24 * SIZE.width + 32] = 255;
        image
    }

    #[test]
    fn bare_paper_stays_as_it_is() {
        for radius in [0.0, 0.8, 2.4, 5.0] {
            let mut image = vec![200; SIZE.width * SIZE.height];
            blur(&mut image, SIZE, radius, 4.0, 0.7);
            assert!(image.iter().all(|pixel| pixel.abs_diff(200) <= 1), "radius {radius}");
        }
    }

    #[test]
    fn a_point_becomes_a_disk_of_its_radius() {
        let mut image = point();
        blur(&mut image, SIZE, 2.0, 0.0, 0.0);
        let at = |x: usize, y: usize| image[y * SIZE.width + x];
        assert!(at(32, 24) > 10 && at(33, 24) > 10 && at(32, 25) > 10);
        assert_eq!((at(35, 24), at(32, 27), at(33, 25)), (0, 0, at(31, 23)));
    }

    #[test]
    fn blurring_at_half_the_size_is_the_same_blur() {
        for (radius, bar) in [(HALVED_FROM_PX, 6), (4.0, 8), (6.0, 10)] {
            let bars: Vec<u8> =
                (0..SIZE.width * SIZE.height)
                    .map(|at| {
                        if ((at % SIZE.width + at / SIZE.width / 4) / bar).is_multiple_of(2) {
                            40
                        } else {
                            220
                        }
                    })
                    .collect();
            let whole = disk(radius).over(&bars, SIZE);
            let mut halved = bars.clone();
            blur(&mut halved, SIZE, radius, 0.0, 0.0);
            let inside = |at: &usize| (8..SIZE.width - 8).contains(&(at % SIZE.width));
            let squares = (8 * SIZE.width..40 * SIZE.width)
                .filter(inside)
                .map(|at| f64::from(whole[at].abs_diff(halved[at])).powi(2));
            let error = (squares.clone().sum::<f64>() / squares.count() as f64).sqrt();
            assert!(error < 5.0, "radius {radius}: {error} of 180");
        }
    }

    #[test]
    fn a_way_smears_along_itself_only() {
        let mut image = point();
        blur(&mut image, SIZE, 0.0, 6.0, 0.0);
        let at = |x: usize, y: usize| image[y * SIZE.width + x];
        assert!(at(29, 24) > 10 && at(35, 24) > 10);
        assert_eq!((at(32, 26), at(27, 24)), (0, 0));
    }
}
