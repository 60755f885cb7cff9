//! The OCR line of a frame: 18 digits without a code around them.
//!
//! Must not: weigh what it read against anything else.

pub(crate) mod decode;
pub(crate) mod net;
pub(crate) mod row;
pub(crate) mod strip;
