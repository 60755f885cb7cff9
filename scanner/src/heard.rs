//! What a USB barcode scanner typed, as one more reading of a printed symbol, for as long as it may belong to the paper
//! in view.
//!
//! Must not: parse what was typed; be a second witness of a symbol that the camera read too.

use record::Witness;

use crate::reading::{Digits, Sighting, Symbol};

/// Frames for which a typed number waits for its paper: five seconds at 15 frames a second. Longer, and it would meet
/// the next one.
pub const HEARD_FRAMES: u32 = 75;

/// A coupon's digits as a USB scanner typed them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypedCode {
    /// What it says.
    pub digits: Digits,
    /// Which symbol it read; `None` where it did not say.
    pub symbol: Option<Symbol>,
}

impl TypedCode {
    /// Whose witness it is beside what the camera read in one frame. A scanner that does not name its symbol may have
    /// read either code: it is taken for the one that the camera read too, so that one print never counts twice.
    pub(crate) fn witness(&self, sightings: &[Sighting]) -> Witness {
        let reads = |symbol| sightings.iter().any(|sighting| sighting.symbol == symbol);
        self.symbol.unwrap_or(if reads(Symbol::Qr) { Symbol::Qr } else { Symbol::Nw7 }).witness()
    }
}

/// The last typed number that no report has used up.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Heard {
    code: Option<TypedCode>,
    frames_left: u32,
}

impl Heard {
    /// Takes a number in; the one before is forgotten.
    pub(crate) fn take_in(&mut self, code: TypedCode) {
        *self = Self { code: Some(code), frames_left: HEARD_FRAMES };
    }
    /// The number for the next frame.
    pub(crate) fn next_frame(&mut self) -> Option<TypedCode> {
        if self.frames_left == 0 {
            self.code = None;
        }
        self.frames_left = self.frames_left.saturating_sub(1);
        self.code
    }
    /// Whether that was its last frame.
    pub(crate) fn is_over(&self) -> bool {
        self.frames_left == 0
    }
    /// Forgets it.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}
