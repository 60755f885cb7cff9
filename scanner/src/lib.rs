//! 読み取り: a frame becomes a [`Reading`], readings become a [`Verdict`].
//!
//! Pure: the same frames give the same verdicts. Must not: do I/O, read a clock, draw randomness, or panic,
//! whatever the bytes are; unreadable is a value.

pub mod agreement;
pub mod crop;
pub mod frame;
pub mod guidance;
pub mod heard;
mod judgement;
mod nw7;
mod ocr;
pub mod package;
mod qr;
pub mod reading;
pub mod verdict;
pub mod wedge;

pub use agreement::Agreement;
pub use crop::crop_area;
pub use frame::{CaptureId, Crop, Frame, FrameError, Rect};
pub use guidance::Guidance;
pub use heard::TypedCode;
pub use judgement::Expectation;
pub use reading::{Confidence, Digits, ForeignText, InView, Point, Reading, Sighting, Symbol};
pub use verdict::{Acceptance, Candidate, Cause, DigitState, Dispute, SettleError, Verdict};

/// Reads everything that a frame shows. Bounded in work by the frame's size; one frame of 1280 × 720 takes some
/// ten milliseconds.
#[must_use]
pub fn read(frame: &Frame) -> Reading {
    read_watched(frame, |_| ())
}

/// As [`read`]; tells after each kind of symbol that its search has ended, so that a caller with a clock can say how
/// long it took.
pub fn read_watched(frame: &Frame, mut ended: impl FnMut(Symbol)) -> Reading {
    let pixels = frame.pixels();
    let qr = qr::find(pixels);
    ended(Symbol::Qr);
    let nw7 = nw7::find(pixels);
    ended(Symbol::Nw7);
    let mut sightings: Vec<Sighting> = qr.sightings.into_iter().chain(nw7.sightings).collect();
    let ocr = ocr::find(pixels, &sightings);
    ended(Symbol::OcrLine);
    sightings.extend(ocr.sightings);
    let seen = qr.looks_like_one || nw7.looks_like_one || ocr.looks_like_one;
    let in_view = if seen { InView::SymbolLike } else { InView::NothingSeen };
    let guidance = guidance::guide(pixels, &sightings, in_view);
    Reading { capture: frame.capture(), sightings, foreign_qr: qr.foreign, in_view, guidance }
}
