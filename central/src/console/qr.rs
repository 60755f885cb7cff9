//! A QR code as a path of an SVG picture, drawn by the page itself: no file of it is ever asked for.
//!
//! Must not: know what it says.

use qrcode::{Color, EcLevel, QrCode};

/// Modules of white around the symbol, as the standard asks for.
const QUIET: usize = 4;

/// A symbol with its quiet zone.
pub(crate) struct QrPicture {
    /// Modules a side.
    pub(crate) side: usize,
    /// `d` of a path: a square for each dark module.
    pub(crate) path: String,
}

/// The symbol of a text; none where it is too long for one.
pub(crate) fn picture(text: &str) -> Option<QrPicture> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (index, _) in code.to_colors().iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        let (x, y) = (index % width + QUIET, index / width + QUIET);
        path.push_str(&format!("M{x} {y}h1v1h-1z"));
    }
    Some(QrPicture { side: width + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_has_its_three_corners_and_a_quiet_zone() {
        let picture = picture("otpauth://totp/VRS:support-1?secret=GEZDGNBVGY3TQOJQ").unwrap();
        let is_dark = |x: usize, y: usize| picture.path.contains(&format!("M{x} {y}h1"));
        let last = picture.side - 1 - QUIET;
        for (x, y) in [(QUIET, QUIET), (last, QUIET), (QUIET, last)] {
            assert!(is_dark(x, y));
        }
        assert!((0..picture.side).all(|at| !is_dark(at, QUIET - 1) && !is_dark(last + 1, at)));
        assert!(super::picture(&"x".repeat(5_000)).is_none());
    }
}
