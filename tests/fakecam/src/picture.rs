//! Pictures, and how each form of pixels carries them.
//!
//! Must not: choose a form or a size; the program that opens the camera does.

use image::{ExtendedColorType, codecs::jpeg::JpegEncoder};

/// Width and height in pixels, both even.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Size {
    /// How many pixels that are.
    #[must_use]
    pub fn pixels(self) -> usize {
        self.width as usize * self.height as usize
    }
}

/// A picture of paper: luma, row after row, as many bytes as the size has pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its size.
    pub size: Size,
    /// Its luma.
    pub luma: Vec<u8>,
}

/// A form of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PixelFormat {
    /// A JPEG for each frame, as cameras on USB send it: no Huffman tables, and whatever the buffer held before
    /// behind its end.
    Mjpg,
    /// Two bytes a pixel, luma first.
    Yuyv,
    /// All luma first, then the colours of every second pixel of every second row.
    Nv12,
    /// Luma only. nokhwa does not know the name it has in V4L2.
    Grey,
}

/// Light of a lamp: a little warm.
const BLUENESS: f32 = -6.0;
const REDNESS: f32 = 4.0;
const QUALITY: u8 = 85;

impl PixelFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Mjpg, Self::Yuyv, Self::Nv12, Self::Grey];

    /// Its four letters.
    #[must_use]
    pub fn letters(self) -> &'static str {
        match self {
            Self::Mjpg => "MJPG",
            Self::Yuyv => "YUYV",
            Self::Nv12 => "NV12",
            Self::Grey => "GREY",
        }
    }
    /// The form with those four letters.
    #[must_use]
    pub fn from_letters(letters: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.letters() == letters)
    }
    /// Its four letters as V4L2 has them in numbers.
    pub(crate) fn code(self) -> u32 {
        self.letters().bytes().rev().fold(0, |code, letter| code << 8 | u32::from(letter))
    }
    /// The size of a buffer for one frame.
    pub(crate) fn buffer_bytes(self, size: Size) -> usize {
        match self {
            Self::Yuyv | Self::Mjpg => size.pixels() * 2,
            Self::Nv12 => size.pixels() * 3 / 2,
            Self::Grey => size.pixels(),
        }
    }
    /// Bytes from one row to the next; 0 where there are no rows.
    pub(crate) fn bytes_per_line(self, size: Size) -> u32 {
        match self {
            Self::Yuyv => size.width * 2,
            Self::Nv12 | Self::Grey => size.width,
            Self::Mjpg => 0,
        }
    }

    /// The picture as a camera sends it.
    ///
    /// # Panics
    /// If the luma is not as long as the size says.
    #[must_use]
    pub fn encode(self, picture: &Picture) -> Vec<u8> {
        assert_eq!(picture.luma.len(), picture.size.pixels(), "a picture has a byte for each pixel");
        let (blue, red) = ((128.0 + BLUENESS) as u8, (128.0 + REDNESS) as u8);
        match self {
            Self::Mjpg => jpeg(picture),
            Self::Yuyv => picture
                .luma
                .as_chunks()
                .0
                .iter()
                .flat_map(|[left, right]| [*left, blue, *right, red])
                .collect(),
            Self::Nv12 => {
                let colours = [blue, red].into_iter().cycle().take(picture.size.pixels() / 2);
                picture.luma.iter().copied().chain(colours).collect()
            }
            Self::Grey => picture.luma.clone(),
        }
    }

    /// What a fresh buffer holds: for a JPEG the remains of other, longer ones, each with its own end marker.
    pub(crate) fn stale(self, buffer: &mut [u8]) {
        if self == Self::Mjpg {
            let size = Size { width: 64, height: 64 };
            let luma = (0..64 * 64).map(|place| (place * 37 % 251) as u8).collect();
            let remains = jpeg(&Picture { size, luma });
            for (byte, stale) in buffer.iter_mut().zip(remains.iter().cycle()) {
                *byte = *stale;
            }
        }
    }
}

fn jpeg(picture: &Picture) -> Vec<u8> {
    // The luma of these colours is the picture's own.
    let rgb: Vec<u8> = picture
        .luma
        .iter()
        .flat_map(|luma| {
            let luma = f32::from(*luma);
            let green = luma - 0.344_14 * BLUENESS - 0.714_14 * REDNESS;
            [luma + 1.402 * REDNESS, green, luma + 1.772 * BLUENESS].map(|colour| colour.round() as u8)
        })
        .collect();
    let mut bytes = Vec::new();
    let Size { width, height } = picture.size;
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .encode(&rgb, width, height, ExtendedColorType::Rgb8)
        .unwrap_or_else(|error| unreachable!("a JPEG in memory cannot fail: {error}"));
    as_a_camera_sends_it(&bytes)
}

/// Without the Huffman tables, which are the standard's, and with the header that says so.
fn as_a_camera_sends_it(jpeg: &[u8]) -> Vec<u8> {
    const START: [u8; 2] = [0xff, 0xd8];
    const AVI1: [u8; 18] = *b"\xff\xe0\x00\x10AVI1\0\0\0\0\0\0\0\0\0\0";
    const TABLES: u8 = 0xc4;
    const HEADER: u8 = 0xe0;
    const SCAN: u8 = 0xda;
    let mut sent = [START.as_slice(), &AVI1].concat();
    let mut at = START.len();
    while let [0xff, marker, high, low] = jpeg[at..at + 4] {
        if marker == SCAN {
            break;
        }
        let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
        if marker != TABLES && marker != HEADER {
            sent.extend_from_slice(&jpeg[at..end]);
        }
        at = end;
    }
    sent.extend_from_slice(&jpeg[at..]);
    sent
}

#[cfg(test)]
mod tests {
    use super::*;
    use zune_jpeg::{
        JpegDecoder,
        zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
    };

    fn slope() -> Picture {
        let size = Size { width: 64, height: 48 };
        let luma = (0..size.pixels()).map(|place| (40 + place % 64 * 2 + place / 64) as u8).collect();
        Picture { size, luma }
    }

    #[test]
    fn a_form_has_its_letters_and_its_size() {
        for form in PixelFormat::ALL {
            assert_eq!(PixelFormat::from_letters(form.letters()), Some(form));
            let bytes = form.encode(&slope()).len();
            let room = form.buffer_bytes(slope().size);
            assert!(
                bytes == room || (form == PixelFormat::Mjpg && bytes < room),
                "{form:?}: {bytes} of {room}"
            );
        }
        assert_eq!(PixelFormat::Yuyv.code(), 0x5659_5559);
        assert_eq!(PixelFormat::from_letters("H264"), None);
    }

    #[test]
    fn a_jpeg_of_a_camera_has_no_tables_and_the_picture_s_luma() {
        let sent = PixelFormat::Mjpg.encode(&slope());
        assert!(!sent.windows(2).any(|pair| pair == [0xff, 0xc4]), "no Huffman tables");
        let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::Luma);
        let luma = JpegDecoder::new_with_options(ZCursor::new(sent), options).decode().unwrap();
        let off = luma.iter().zip(slope().luma).map(|(is, was)| is.abs_diff(was)).max();
        assert!(off <= Some(6), "{off:?}");
    }
}
