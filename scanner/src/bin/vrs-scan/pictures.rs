//! Picture files: which ones a path stands for, and their luma.
//!
//! Must not: read what they show.

use std::{
    ffi::OsStr,
    io::{self, Cursor},
    path::{Path, PathBuf},
};

use image::{
    DynamicImage, ImageDecoder as _, ImageReader,
    imageops::{self, FilterType},
};
use scanner::{CaptureId, Frame, frame::LONGEST_SIDE_PX};

const ENDINGS: [&str; 6] = ["jpeg", "jpg", "pgm", "png", "pnm", "ppm"];

/// The pictures that a path stands for: itself, or those in a folder in the order of their names.
pub(crate) fn of(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in path.read_dir()? {
        let path = entry?.path();
        let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
        if ENDINGS.contains(&ending.as_str()) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The picture as it was seen: telephones store it as the sensor lies and say how it was held.
fn decoded(bytes: &[u8]) -> image::ImageResult<DynamicImage> {
    let mut decoder = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// A picture as the reader takes it; one that is larger than a frame may be is made smaller.
pub(crate) fn open(path: &Path, capture: CaptureId) -> Result<Frame, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let mut luma = decoded(&bytes).map_err(|error| error.to_string())?.into_luma8();
    let longest = luma.width().max(luma.height());
    if longest > LONGEST_SIDE_PX {
        let share = f64::from(LONGEST_SIDE_PX) / f64::from(longest);
        let side = |px: u32| ((f64::from(px) * share) as u32).max(1);
        luma = imageops::resize(&luma, side(luma.width()), side(luma.height()), FilterType::Triangle);
    }
    let (width, height) = luma.dimensions();
    Frame::new(capture, width, height, luma.into_raw().into()).map_err(|error| error.to_string())
}
