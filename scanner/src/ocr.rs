//! The OCR line of a frame: 18 digits without a code around them.
//!
//! Must not: weigh what it read against anything else.

pub(crate) mod axes;
pub(crate) mod blobs;
pub(crate) mod candidates;
pub(crate) mod curve;
pub(crate) mod extent;
pub(crate) mod paper;
pub(crate) mod place;
pub(crate) mod reduced;
pub(crate) mod strip;
pub(crate) mod strokes;
