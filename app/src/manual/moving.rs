//! A moving picture (APNG) as the pictures it shows one after the other.
//!
//! Must not: keep the pace; the page does.

use std::io::Cursor;

use png::{BlendOp, ColorType, Decoder, DecodingError, Transformations};
use slint::{Rgb8Pixel, SharedPixelBuffer};

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
pub enum MovingError {
    /// No such picture.
    #[error("not a picture: {0}")]
    Png(#[from] DecodingError),
    /// A picture of a kind that the manual has none of.
    #[error("a picture with colours or parts that the manual does not use")]
    Kind,
}

/// Every picture, whole: a later one that holds only what changed is laid over the one before.
///
/// # Errors
/// [`MovingError`].
pub fn frames(file: &[u8]) -> Result<Vec<SharedPixelBuffer<Rgb8Pixel>>, MovingError> {
    let mut decoder = Decoder::new(Cursor::new(file));
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info()?;
    let (width, height) = reader.info().size();
    let count = reader.info().animation_control().map_or(1, |control| control.num_frames);
    let mut part = vec![0; reader.output_buffer_size().ok_or(MovingError::Kind)?];
    let mut whole = SharedPixelBuffer::<Rgb8Pixel>::new(width, height);
    let mut frames = Vec::new();
    for _ in 0..count {
        let shown = reader.next_frame(&mut part)?;
        let (x, y) = match reader.info().frame_control() {
            Some(control) if control.blend_op != BlendOp::Source => return Err(MovingError::Kind),
            Some(control) => (control.x_offset as usize, control.y_offset as usize),
            None => (0, 0),
        };
        if shown.color_type != ColorType::Rgb {
            return Err(MovingError::Kind);
        }
        let pixels = whole.make_mut_slice();
        for (row, bytes) in part.chunks_exact(shown.line_size).take(shown.height as usize).enumerate() {
            let begin = (y + row) * width as usize + x;
            let target = pixels.get_mut(begin..begin + shown.width as usize).ok_or(MovingError::Kind)?;
            for (pixel, rgb) in target.iter_mut().zip(bytes.chunks_exact(3)) {
                *pixel = Rgb8Pixel { r: rgb[0], g: rgb[1], b: rgb[2] };
            }
        }
        frames.push(whole.clone());
    }
    Ok(frames)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(frames(b"").is_err());
        assert!(frames(&[0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0]).is_err());
    }
}
