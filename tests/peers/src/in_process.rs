//! The readers that are called in this process: ours, rqrr alone, rxing.
//!
//! Must not: give one of them more or other pixels than the rest.

use std::{
    collections::HashSet,
    panic::{self, AssertUnwindSafe},
    sync::Arc,
};

use rxing::{
    BarcodeFormat, BinaryBitmap, DecodeHints, Luma8LuminanceSource, MultiFormatReader, Reader as _,
    common::HybridBinarizer,
};
use scanner::{CaptureId, ForeignText, Frame, Symbol};

use crate::{cpu, picture::Luma};

/// What one reader found in one picture.
pub(crate) struct Answer {
    pub(crate) texts: Vec<String>,
    pub(crate) ms: f64,
}

/// What our reader found: by symbol, and the time of all three together.
pub(crate) struct Ours {
    pub(crate) by_symbol: [Answer; Symbol::ALL.len()],
    pub(crate) all_ms: f64,
}

/// Reads everything in one pass, as the tablet does.
pub(crate) fn ours(luma: &Luma) -> Ours {
    let mut least = [f64::INFINITY; Symbol::ALL.len()];
    let pixels: Arc<[u8]> = luma.pixels.as_slice().into();
    let Ok(frame) = Frame::new(CaptureId(0), luma.width, luma.height, pixels) else {
        let by_symbol = Symbol::ALL.map(|_| Answer { texts: Vec::new(), ms: 0.0 });
        return Ours { by_symbol, all_ms: 0.0 };
    };
    let (reading, all_ms) = cpu::quickest(|| {
        let mut before = cpu::thread_ms();
        scanner::read_watched(&frame, |symbol| {
            let now = cpu::thread_ms();
            least[symbol as usize] = least[symbol as usize].min(now - before);
            before = now;
        })
    });
    let by_symbol = Symbol::ALL.map(|symbol| {
        let sightings = reading.sightings.iter().filter(|sighting| sighting.symbol == symbol);
        let mut texts: Vec<String> = sightings.map(|it| it.digits.as_str().to_owned()).collect();
        if symbol == Symbol::Qr {
            texts.extend(reading.foreign_qr.iter().map(|text: &ForeignText| text.as_str().to_owned()));
        }
        let ms = least[symbol as usize];
        Answer { texts, ms: if ms.is_finite() { ms } else { 0.0 } }
    });
    Ours { by_symbol, all_ms }
}

/// rqrr as its own documentation uses it. `None` where it panics.
pub(crate) fn rqrr(luma: &Luma) -> Option<Answer> {
    let width = luma.width as usize;
    unless_it_panics(|| {
        cpu::quickest(|| {
            let pixel = |x: usize, y: usize| luma.pixels[y * width + x];
            let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, luma.height as usize, pixel);
            let grids = image.detect_grids();
            grids.iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect::<Vec<_>>()
        })
    })
}

/// rxing for one kind of code. `None` where it panics.
pub(crate) fn rxing(luma: &Luma, symbol: Symbol, tries_harder: bool) -> Option<Answer> {
    let format = if symbol == Symbol::Qr { BarcodeFormat::QR_CODE } else { BarcodeFormat::CODABAR };
    let hints = DecodeHints {
        PossibleFormats: Some(HashSet::from([format])),
        TryHarder: tries_harder.then_some(true),
        ..DecodeHints::default()
    };
    // It takes the pixels over; the copies are not its work.
    let mut copies = vec![luma.pixels.clone(), luma.pixels.clone()];
    unless_it_panics(|| {
        cpu::quickest(|| {
            let pixels = copies.pop().unwrap_or_default();
            let Ok(source) = Luma8LuminanceSource::new(pixels, luma.width, luma.height) else {
                return Vec::new();
            };
            let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
            let found = MultiFormatReader::default().decode_with_hints(&mut bitmap, &hints);
            found.into_iter().map(|found| found.getText().to_owned()).collect::<Vec<_>>()
        })
    })
}

/// The versions of rqrr and rxing that are built in.
pub(crate) fn versions() -> Vec<String> {
    let locked = include_str!("../../../Cargo.lock");
    let version = |name: &str| {
        let (_, after) = locked.split_once(&format!("name = \"{name}\"\nversion = \""))?;
        Some(format!("{name} {}", after.split_once('"')?.0))
    };
    ["rqrr", "rxing"].into_iter().filter_map(version).collect()
}

fn unless_it_panics(read: impl FnOnce() -> (Vec<String>, f64)) -> Option<Answer> {
    let answer = panic::catch_unwind(AssertUnwindSafe(read));
    answer.ok().map(|(texts, ms)| Answer { texts, ms })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_the_lock() {
        let versions = versions();
        assert_eq!(versions.len(), 2);
        assert!(versions.iter().all(|it| it.ends_with(|last: char| last.is_ascii_digit())), "{versions:?}");
    }

    #[test]
    fn a_blank_picture_holds_nothing_for_any_of_them() {
        let blank = Luma { width: 64, height: 48, pixels: vec![255; 64 * 48] };
        assert!(rqrr(&blank).unwrap().texts.is_empty());
        for symbol in [Symbol::Qr, Symbol::Nw7] {
            assert!(rxing(&blank, symbol, true).unwrap().texts.is_empty());
            assert!(ours(&blank).by_symbol[symbol as usize].texts.is_empty());
        }
    }
}
