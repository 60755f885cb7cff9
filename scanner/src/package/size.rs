//! A picture no larger than the search for packages is meant for.
//!
//! Must not: make a picture larger.

use std::borrow::Cow;

use crate::frame::Pixels;

/// Pixels of a picture that is searched as it is: those of a camera's 1920 × 1080.
const MOST_PIXELS: usize = 1920 * 1080;

/// A picture, perhaps made smaller.
pub(super) struct Bounded<'a> {
    width: usize,
    height: usize,
    luma: Cow<'a, [u8]>,
}

impl Bounded<'_> {
    pub(super) fn pixels(&self) -> Pixels<'_> {
        Pixels { width: self.width, height: self.height, luma: &self.luma }
    }
}

/// The picture as it is, or squares of its pixels as one each.
pub(super) fn bounded(pixels: Pixels<'_>) -> Bounded<'_> {
    let mut side = 1;
    while (pixels.width / side) * (pixels.height / side) > MOST_PIXELS {
        side += 1;
    }
    if side == 1 {
        return Bounded { width: pixels.width, height: pixels.height, luma: Cow::Borrowed(pixels.luma) };
    }
    let (width, height) = (pixels.width / side, pixels.height / side);
    let mean = |column: usize, row: usize| {
        let rows = (row * side..(row + 1) * side).map(|y| &pixels.row(y)[column * side..(column + 1) * side]);
        let sum: usize = rows.flatten().map(|luma| usize::from(*luma)).sum();
        (sum / (side * side)) as u8
    };
    let luma = (0..height).flat_map(|row| (0..width).map(move |column| (column, row)));
    Bounded { width, height, luma: luma.map(|(column, row)| mean(column, row)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_picture_is_made_smaller_and_a_small_one_left_alone() {
        for (width, height, expected) in [
            (1920, 1080, (1920, 1080)),
            (2560, 1440, (1280, 720)),
            (4096, 4096, (1365, 1365)),
            (4096, 16, (4096, 16)),
        ] {
            let luma: Vec<u8> =
                (0..width * height).map(|at| if at % width < width / 2 { 40 } else { 200 }).collect();
            let bounded = bounded(Pixels { width, height, luma: &luma });
            let pixels = bounded.pixels();
            assert_eq!((pixels.width, pixels.height), expected);
            assert_eq!((pixels.row(9)[0], pixels.row(9)[pixels.width - 1]), (40, 200));
        }
    }
}
