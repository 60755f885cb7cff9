//! One picture from the camera and the part of it that a person is shown.
//!
//! Must not: read anything out of it; know a camera.

use std::{fmt, sync::Arc};

/// Which picture of the camera; counted by whoever takes them, never used twice in a session. Whatever was
/// read carries it, so that it is shown and saved with its own picture only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaptureId(pub u64);

/// Shortest side of a frame in pixels.
pub const SHORTEST_SIDE_PX: u32 = 16;
/// Longest side of a frame in pixels.
pub const LONGEST_SIDE_PX: u32 = 4096;

/// One picture: 8-bit luma, row after row, without padding.
#[derive(Clone)]
pub struct Frame {
    capture: CaptureId,
    width: u32,
    height: u32,
    luma: Arc<[u8]>,
}

/// Bytes are not a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameError {
    /// A side is shorter than [`SHORTEST_SIDE_PX`] or longer than [`LONGEST_SIDE_PX`].
    Size {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// There are more or fewer bytes than pixels.
    Length {
        /// Pixels.
        expected: usize,
        /// Bytes.
        found: usize,
    },
}

impl fmt::Display for FrameError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size { width, height } => write!(formatter, "a frame of {width} by {height} pixels"),
            Self::Length { expected, found } => write!(formatter, "{found} bytes for {expected} pixels"),
        }
    }
}
impl std::error::Error for FrameError {}

impl Frame {
    /// Takes a picture in.
    ///
    /// # Errors
    /// [`FrameError`] when a side is out of range or the bytes are not width × height.
    pub fn new(capture: CaptureId, width: u32, height: u32, luma: Arc<[u8]>) -> Result<Self, FrameError> {
        let sides = SHORTEST_SIDE_PX..=LONGEST_SIDE_PX;
        if !sides.contains(&width) || !sides.contains(&height) {
            return Err(FrameError::Size { width, height });
        }
        let expected = width as usize * height as usize;
        if luma.len() != expected {
            return Err(FrameError::Length { expected, found: luma.len() });
        }
        Ok(Self { capture, width, height, luma })
    }
    /// Which picture it is.
    #[must_use]
    pub fn capture(&self) -> CaptureId {
        self.capture
    }
    /// Pixels a row.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }
    /// Rows.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }
    /// The pixels, row after row.
    #[must_use]
    pub fn luma(&self) -> &Arc<[u8]> {
        &self.luma
    }
    /// The part of the picture inside `area`; what lies outside the picture is cut away, and at least one
    /// pixel is left.
    #[must_use]
    pub fn crop(&self, area: Rect) -> Crop {
        let left = area.x.min(self.width - 1);
        let top = area.y.min(self.height - 1);
        let width = area.width.clamp(1, self.width - left);
        let height = area.height.clamp(1, self.height - top);
        let row = |y: u32| {
            let start = y as usize * self.width as usize + left as usize;
            &self.luma[start..start + width as usize]
        };
        let luma = (top..top + height).flat_map(row).copied().collect();
        Crop { capture: self.capture, width, height, luma }
    }
    /// The pixels for the readers of this crate.
    pub(crate) fn pixels(&self) -> Pixels<'_> {
        Pixels { width: self.width as usize, height: self.height as usize, luma: &self.luma }
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Frame({:?}, {} × {})", self.capture, self.width, self.height)
    }
}

/// A rectangle of whole pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rect {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Width, at least 1 where a crop is meant.
    pub width: u32,
    /// Height, at least 1 where a crop is meant.
    pub height: u32,
}

/// 切り抜き: a part of one picture, tied to it. What a person compares a number with.
#[derive(Clone, PartialEq, Eq)]
pub struct Crop {
    capture: CaptureId,
    width: u32,
    height: u32,
    luma: Vec<u8>,
}

impl Crop {
    /// The picture it was cut from.
    #[must_use]
    pub fn capture(&self) -> CaptureId {
        self.capture
    }
    /// Pixels a row.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }
    /// Rows.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }
    /// The pixels, row after row.
    #[must_use]
    pub fn luma(&self) -> &[u8] {
        &self.luma
    }
}

impl fmt::Debug for Crop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Crop({:?}, {} × {})", self.capture, self.width, self.height)
    }
}

/// Pixels as the readers want them.
#[derive(Clone, Copy)]
pub(crate) struct Pixels<'a> {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) luma: &'a [u8],
}

impl Pixels<'_> {
    /// One row.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        &self.luma[y * self.width..(y + 1) * self.width]
    }
    /// Adds the lumas along a straight line, one step a place, to `sums`.
    pub(crate) fn add_line(&self, start: (f32, f32), step: (f32, f32), sums: &mut [f32]) {
        let place = |index: usize| (start.0 + index as f32 * step.0, start.1 + index as f32 * step.1);
        let is_inside = |index: usize| {
            let (x, y) = place(index);
            (1.0..(self.width - 1) as f32).contains(&x) && (1.0..(self.height - 1) as f32).contains(&y)
        };
        let count = sums.len();
        // What lies inside lies in one piece.
        let first = (0..count).find(|index| is_inside(*index)).unwrap_or(count);
        let behind = (first..count).rev().find(|index| is_inside(*index)).map_or(first, |last| last + 1);
        for (index, sum) in sums.iter_mut().enumerate() {
            if !(first..behind).contains(&index) {
                let (x, y) = place(index);
                *sum += self.at(x, y);
            }
        }
        if first < behind {
            self.add_inner_line(place(first), step, &mut sums[first..behind]);
        }
    }
    /// The same where the whole line lies inside, so that nothing needs clamping.
    fn add_inner_line(&self, start: (f32, f32), step: (f32, f32), sums: &mut [f32]) {
        // Places in 1/65536 pixel.
        let fixed = |place: f32| (place * 65536.0) as i64;
        let (mut x, mut y) = (fixed(start.0 - 0.5), fixed(start.1 - 0.5));
        let (step_x, step_y) = (fixed(step.0), fixed(step.1));
        for sum in sums {
            let at = (y >> 16) as usize * self.width + (x >> 16) as usize;
            let (above, below) = (&self.luma[at..at + 2], &self.luma[at + self.width..at + self.width + 2]);
            let (right, down) = ((x >> 8 & 255) as i32, (y >> 8 & 255) as i32);
            let mix = |pair: &[u8]| i32::from(pair[0]) * (256 - right) + i32::from(pair[1]) * right;
            *sum += (mix(above) * (256 - down) + mix(below) * down) as f32 / 65536.0;
            x += step_x;
            y += step_y;
        }
    }
    /// The luma at a place (0.5 is the first pixel's middle), interpolated; the rim goes on for ever.
    #[inline]
    pub(crate) fn at(&self, x: f32, y: f32) -> f32 {
        // A place that is no number falls on the rim like any other outside the picture.
        let x = (x - 0.5).clamp(0.0, (self.width - 1) as f32 - 1e-3).max(0.0);
        let y = (y - 0.5).clamp(0.0, (self.height - 1) as f32 - 1e-3).max(0.0);
        let (column, line) = (x as usize, y as usize);
        let (right, down) = (x - column as f32, y - line as f32);
        let at = line * self.width + column;
        let mix = |pair: &[u8]| f32::from(pair[0]) * (1.0 - right) + f32::from(pair[1]) * right;
        mix(&self.luma[at..at + 2]) * (1.0 - down)
            + mix(&self.luma[at + self.width..at + self.width + 2]) * down
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(width: u32, height: u32) -> Frame {
        let luma: Vec<u8> = (0..width * height).map(|place| (place % 251) as u8).collect();
        Frame::new(CaptureId(7), width, height, luma.into()).unwrap()
    }

    #[test]
    fn only_whole_pictures_of_a_sane_size_are_taken_in() {
        let make =
            |width, height, bytes| Frame::new(CaptureId(1), width, height, vec![0; bytes].into()).map(|_| ());
        assert_eq!(make(16, 16, 256), Ok(()));
        assert_eq!(make(15, 16, 240), Err(FrameError::Size { width: 15, height: 16 }));
        assert_eq!(make(16, 4097, 65552), Err(FrameError::Size { width: 16, height: 4097 }));
        assert_eq!(make(u32::MAX, u32::MAX, 0), Err(FrameError::Size { width: u32::MAX, height: u32::MAX }));
        assert_eq!(make(16, 16, 255), Err(FrameError::Length { expected: 256, found: 255 }));
    }

    #[test]
    fn a_crop_keeps_its_capture_and_its_pixels() {
        let crop = frame(40, 30).crop(Rect { x: 3, y: 2, width: 5, height: 4 });
        assert_eq!((crop.capture(), crop.width(), crop.height()), (CaptureId(7), 5, 4));
        assert_eq!(crop.luma()[..5], [83, 84, 85, 86, 87]);
        assert_eq!(crop.luma()[5], 123);
    }

    #[test]
    fn between_pixels_the_luma_is_interpolated() {
        let frame = frame(40, 30);
        assert_eq!(frame.pixels().at(3.5, 0.5), 3.0);
        assert_eq!(frame.pixels().at(4.0, 0.5), 3.5);
        assert_eq!(frame.pixels().at(-9.0, f32::NEG_INFINITY), 0.0);
        assert!(frame.pixels().at(f32::NAN, f32::INFINITY).is_finite());
    }

    proptest! {
        #[test]
        fn any_crop_lies_inside_its_picture(x: u32, y: u32, width: u32, height: u32) {
            let crop = frame(40, 30).crop(Rect { x, y, width, height });
            prop_assert!((1..=40).contains(&crop.width()) && (1..=30).contains(&crop.height()));
            prop_assert_eq!(crop.luma().len() as u32, crop.width() * crop.height());
        }
    }
}
