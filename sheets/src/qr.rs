//! The QR code on a coupon as a square of modules.
//!
//! Must not: draw; `coupon` does.

use qrcode::{Color, EcLevel, QrCode};

/// How much of the symbol may be damaged; the coupon's own level is unpublished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// About 7 %.
    Low,
    /// About 15 %.
    Medium,
    /// About 25 %.
    Quartile,
    /// About 30 %: 18 digits then need version 2 (25 modules a side).
    High,
}

/// The modules of one symbol without its quiet zone.
#[derive(Clone, PartialEq, Eq)]
pub struct Modules {
    side: usize,
    dark: Vec<bool>,
}

impl Modules {
    /// The smallest Model 2 symbol that holds the text; none where no symbol does.
    #[must_use]
    pub fn of(text: &str, correction: Correction) -> Option<Self> {
        let level = match correction {
            Correction::Low => EcLevel::L,
            Correction::Medium => EcLevel::M,
            Correction::Quartile => EcLevel::Q,
            Correction::High => EcLevel::H,
        };
        let code = QrCode::with_error_correction_level(text, level).ok()?;
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Some(Self { side: code.width(), dark })
    }
    /// Modules a side.
    #[must_use]
    pub fn side(&self) -> usize {
        self.side
    }
    /// Whether the module in that row and column is dark; outside the symbol none is.
    #[must_use]
    pub fn is_dark(&self, row: usize, column: usize) -> bool {
        row < self.side && column < self.side && self.dark[row * self.side + column]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighteen_digits_fit_the_published_versions() {
        // facts: version 1 (21 modules) at L, M and Q, version 2 (25) at H.
        for (correction, side) in [
            (Correction::Low, 21),
            (Correction::Medium, 21),
            (Correction::Quartile, 21),
            (Correction::High, 25),
        ] {
            let modules = Modules::of("231310160000123456", correction).unwrap();
            assert_eq!(modules.side(), side, "{correction:?}");
            assert!(modules.is_dark(0, 0) && modules.is_dark(6, side - 1) && !modules.is_dark(7, 7));
        }
    }
}
