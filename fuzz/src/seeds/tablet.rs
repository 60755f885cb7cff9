//! Samples of what the tablet program parses: a camera's bytes in each form, and the files it keeps.
//!
//! Must not: open a file.

#![expect(clippy::unwrap_used, reason = "samples that do not hold fail the test that makes them")]

use app::{attempts::Attempts, display::Display, profile::Profile};
use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};

use super::{Seed, messages, seed};
use crate::keys;

const WIDTH: u8 = 24;
const HEIGHT: u8 = 16;

pub(super) fn all() -> Vec<Seed> {
    let profile = Profile::of(&messages::bundle(), keys::signing().public());
    let mut attempts = Attempts::default();
    for _ in 0..5 {
        attempts.failed(&keys::staff());
    }
    let json = |value: serde_json::Result<Vec<u8>>| value.unwrap();
    let mut all = vec![
        seed("tablet_files", "profile", json(serde_json::to_vec(&profile))),
        seed("tablet_files", "display", json(serde_json::to_vec(&Display::default()))),
        seed("tablet_files", "attempts", json(serde_json::to_vec(&attempts))),
        seed("tablet_files", "not-counts", r#"{"staff-01":-1}"#),
    ];
    let pixels = usize::from(WIDTH) * usize::from(HEIGHT);
    let luma: Vec<u8> = (0..pixels).map(|place| (place * 7 % 251) as u8).collect();
    let jpeg = |colours: ExtendedColorType, bytes: &[u8]| {
        let mut file = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut file, 60);
        encoder.write_image(bytes, WIDTH.into(), HEIGHT.into(), colours).unwrap();
        file
    };
    let sent = |form: u8, bytes: &[u8]| [&[form, WIDTH, HEIGHT], bytes].concat();
    let colours: Vec<u8> = luma.iter().flat_map(|luma| [*luma, 255 - luma, 90]).collect();
    let stale = [jpeg(ExtendedColorType::L8, &luma), vec![0xFF; 60]].concat();
    all.extend([
        seed("frame", "yuyv", sent(0, &luma.iter().flat_map(|luma| [*luma, 128]).collect::<Vec<_>>())),
        seed("frame", "nv12", sent(1, &[luma.as_slice(), &[128; 192]].concat())),
        seed("frame", "grey", sent(2, &luma)),
        seed("frame", "jpeg-with-a-stale-tail", sent(3, &stale)),
        seed("frame", "jpeg-in-colour", sent(3, &jpeg(ExtendedColorType::Rgb8, &colours))),
        seed("frame", "not-long-enough", sent(0, &luma)),
        seed("frame", "not-a-jpeg", sent(3, &luma)),
    ]);
    all
}
