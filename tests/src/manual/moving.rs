//! A moving picture: an APNG of few colours, in which a later picture holds only the part that changed.
//!
//! Must not: be larger than a page on a telephone can take.

use image::{DynamicImage, RgbImage, RgbaImage, imageops::FilterType};
use png::{BitDepth, BlendOp, ColorType, Compression, DisposeOp, Encoder, Filter};

use super::{Failure, palette::Palette};

/// Size of a picture in the manual.
const WIDTH: u32 = 800;
const HEIGHT: u32 = 500;
/// How long each picture is shown: this many hundredths of a second.
const SHOWN: u16 = 220;

/// A picture in the size of the manual.
pub(super) fn small(frame: &RgbaImage) -> RgbImage {
    let small = image::imageops::resize(frame, WIDTH, HEIGHT, FilterType::CatmullRom);
    DynamicImage::ImageRgba8(small).into_rgb8()
}

/// The file that moves, and the first picture by itself.
pub(super) fn pictures(frames: &[RgbaImage]) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    let frames: Vec<RgbImage> = frames.iter().map(small).collect();
    let palette = Palette::of(&frames);
    let indices: Vec<Vec<u8>> = frames.iter().map(|frame| palette.indices(frame)).collect();
    Ok((packed(&palette, &indices)?, packed(&palette, &indices[..1])?))
}

/// A part of the picture.
struct Part {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

const WHOLE: Part = Part { x: 0, y: 0, width: WIDTH, height: HEIGHT };

fn packed(palette: &Palette, frames: &[Vec<u8>]) -> Result<Vec<u8>, Failure> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, WIDTH, HEIGHT);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette.bytes());
    encoder.set_compression(Compression::High);
    encoder.set_filter(Filter::NoFilter);
    if frames.len() > 1 {
        encoder.set_animated(u32::try_from(frames.len())?, 0)?;
        encoder.set_frame_delay(SHOWN, 100)?;
        encoder.set_blend_op(BlendOp::Source)?;
        encoder.set_dispose_op(DisposeOp::None)?;
    }
    let mut writer = encoder.write_header()?;
    for (index, frame) in frames.iter().enumerate() {
        let part = if index == 0 { WHOLE } else { changed(&frames[index - 1], frame) };
        if index > 0 {
            // Each is held against the other: where the last part lay is forgotten first.
            writer.set_frame_position(0, 0)?;
            writer.set_frame_dimension(part.width, part.height)?;
            writer.set_frame_position(part.x, part.y)?;
        }
        let rows = (part.y..part.y + part.height).flat_map(|y| {
            let begin = (y * WIDTH + part.x) as usize;
            frame[begin..begin + part.width as usize].iter().copied()
        });
        writer.write_image_data(&rows.collect::<Vec<u8>>())?;
    }
    writer.finish()?;
    Ok(file)
}

/// The smallest part that holds every difference; one pixel where there is none.
fn changed(before: &[u8], after: &[u8]) -> Part {
    let (mut left, mut right, mut top, mut bottom) = (WIDTH, 0, HEIGHT, 0);
    for (place, (one, other)) in before.iter().zip(after).enumerate() {
        if one != other {
            let (x, y) = (place as u32 % WIDTH, place as u32 / WIDTH);
            (left, right, top, bottom) = (left.min(x), right.max(x + 1), top.min(y), bottom.max(y + 1));
        }
    }
    if right == 0 {
        return Part { width: 1, height: 1, ..WHOLE };
    }
    Part { x: left, y: top, width: right - left, height: bottom - top }
}

#[cfg(test)]
mod tests {
    use app::manual::moving;

    use super::*;

    #[test]
    fn the_tablet_shows_what_was_packed() {
        let blank = RgbaImage::from_pixel(1280, 800, image::Rgba([242, 242, 242, 255]));
        let mut marked = blank.clone();
        let place = crate::screen::Place { x: 900.0, y: 600.0, width: 200.0, height: 88.0 };
        crate::manual::ring::draw(&mut marked, place, true);
        let frames = [blank.clone(), marked.clone(), blank.clone(), blank];
        let (file, still) = pictures(&frames).unwrap();
        assert_eq!(moving::frames(&still).unwrap().len(), 1);
        let shown = moving::frames(&file).unwrap();
        assert_eq!(shown.len(), 4);
        for (shown, made) in shown.iter().zip(&frames) {
            let made = small(made);
            let off = shown.as_bytes().iter().zip(made.as_raw()).map(|(one, other)| one.abs_diff(*other));
            assert!(off.max() <= Some(8), "{:?}", shown.size());
        }
    }
}
