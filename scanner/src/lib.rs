//! 読み取り: a frame becomes a [`Reading`], readings become a [`Verdict`].
//!
//! Pure: the same frames give the same verdicts. Must not: do I/O, read a clock, draw randomness, or panic,
//! whatever the bytes are; unreadable is a value.

pub mod agreement;
pub mod crop;
pub mod frame;
mod judgement;
mod nw7;
mod ocr;
mod qr;
pub mod reading;
pub mod verdict;

pub use agreement::Agreement;
pub use crop::crop_area;
pub use frame::{CaptureId, Crop, Frame, FrameError, Rect};
pub use judgement::Expectation;
pub use reading::{Digits, InView, Point, Reading, Sighting, Symbol};
pub use verdict::{Acceptance, Candidate, Cause, DigitState, Dispute, SettleError, Verdict};

/// Reads everything that a frame shows. Bounded in work by the frame's size; one frame of 1280 × 720 takes a
/// few milliseconds.
#[must_use]
pub fn read(frame: &Frame) -> Reading {
    let pixels = frame.pixels();
    let qr = qr::find(pixels);
    let nw7 = nw7::find(pixels);
    let seen = qr.looks_like_one || nw7.looks_like_one;
    Reading {
        capture: frame.capture(),
        sightings: qr.sightings.into_iter().chain(nw7.sightings).collect(),
        foreign_qr: qr.foreign,
        in_view: if seen { InView::SymbolLike } else { InView::NothingSeen },
    }
}
