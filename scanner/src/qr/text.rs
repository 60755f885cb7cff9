//! Modules to text: `rqrr` reads format, codewords and segments, and this its bytes.
//!
//! Must not: look at a picture.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the modules say; none where the decoder has no answer, or panics.
pub(super) fn decode(dark: &[bool], side: usize) -> Option<(String, rqrr::MetaData)> {
    let attempt = || {
        let grid = rqrr::SimpleGrid::from_func(side, |column, row| dark[row * side + column]);
        let mut bytes = Vec::new();
        let meta = rqrr::Grid::new(grid).decode_to(&mut bytes).ok()?;
        Some((text_of(bytes), meta))
    };
    catch_unwind(AssertUnwindSafe(attempt)).ok().flatten()
}

/// A symbol does not say how its bytes are to be read: UTF-8 where they are, Shift_JIS where they can be, as
/// Japanese codes mostly are, and Latin-1 otherwise.
fn text_of(bytes: Vec<u8>) -> String {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return text,
        Err(error) => error.into_bytes(),
    };
    let (text, _, is_broken) = encoding_rs::SHIFT_JIS.decode(&bytes);
    if is_broken { bytes.iter().map(|byte| char::from(*byte)).collect() } else { text.into_owned() }
}
