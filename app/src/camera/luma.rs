//! Luma out of what cameras send. What the reader sees is what the screen shows.
//!
//! Must not: go through RGB; a camera's luma is already there (measured: 0.1 to 2 ms instead of 9 to 16).

use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

/// A form of picture whose luma can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PixelForm {
    /// Two bytes a pixel, luma first.
    Yuyv,
    /// All luma first, then the colours.
    Nv12,
    /// One byte a pixel.
    Grey,
    /// A JPEG for each frame.
    Mjpeg,
}

/// Bytes are not a frame of that form and size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("bytes are not a frame of that form")]
pub struct NotAFrame;

/// `width` × `height` bytes of luma, row after row.
///
/// # Errors
/// [`NotAFrame`] if there are too few bytes, or a JPEG is damaged or of another size.
pub fn luma(form: PixelForm, bytes: &[u8], width: u32, height: u32) -> Result<Vec<u8>, NotAFrame> {
    let pixels = width as usize * height as usize;
    match form {
        PixelForm::Yuyv => {
            let bytes = bytes.get(..pixels.checked_mul(2).ok_or(NotAFrame)?).ok_or(NotAFrame)?;
            Ok(bytes.as_chunks::<2>().0.iter().map(|pair| pair[0]).collect())
        }
        PixelForm::Nv12 | PixelForm::Grey => bytes.get(..pixels).map(<[u8]>::to_vec).ok_or(NotAFrame),
        PixelForm::Mjpeg => {
            let limits = DecoderOptions::default()
                .jpeg_set_out_colorspace(ColorSpace::Luma)
                .set_max_width(width as usize)
                .set_max_height(height as usize);
            // The buffer keeps the tail of an earlier, longer frame; the decoder ends at the end marker.
            let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), limits);
            decoder.decode_headers().map_err(|_| NotAFrame)?;
            if decoder.dimensions() != Some((width as usize, height as usize)) {
                return Err(NotAFrame);
            }
            let luma = decoder.decode().map_err(|_| NotAFrame)?;
            if luma.len() == pixels { Ok(luma) } else { Err(NotAFrame) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let picture = image::GrayImage::from_fn(width, height, |x, _| image::Luma([(x * 8) as u8]));
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 95).encode_image(&picture).unwrap();
        bytes
    }

    #[test]
    fn each_form_gives_the_same_luma() {
        assert_eq!(luma(PixelForm::Yuyv, &[1, 9, 2, 9, 3, 9, 4, 9, 77], 2, 2), Ok(vec![1, 2, 3, 4]));
        assert_eq!(luma(PixelForm::Nv12, &[1, 2, 3, 4, 9, 9], 2, 2), Ok(vec![1, 2, 3, 4]));
        assert_eq!(luma(PixelForm::Grey, &[1, 2, 3, 4], 2, 2), Ok(vec![1, 2, 3, 4]));
        let decoded = luma(PixelForm::Mjpeg, &jpeg(16, 16), 16, 16).unwrap();
        assert!(
            decoded
                .iter()
                .zip((0..256).map(|place| (place % 16) * 8))
                .all(|(is, was)| is.abs_diff(was as u8) < 6)
        );
    }

    #[test]
    fn a_stale_tail_changes_nothing_and_a_short_frame_is_none() {
        let mut bytes = jpeg(16, 16);
        let clean = luma(PixelForm::Mjpeg, &bytes, 16, 16).unwrap();
        bytes.extend_from_slice(&jpeg(32, 32));
        assert_eq!(luma(PixelForm::Mjpeg, &bytes, 16, 16).unwrap(), clean);
        assert_eq!(luma(PixelForm::Mjpeg, &bytes, 32, 16), Err(NotAFrame));
        assert_eq!(luma(PixelForm::Mjpeg, b"no picture", 16, 16), Err(NotAFrame));
        for form in [PixelForm::Yuyv, PixelForm::Nv12, PixelForm::Grey] {
            assert_eq!(luma(form, &[1, 2, 3], 2, 2), Err(NotAFrame));
        }
    }
}
