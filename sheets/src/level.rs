//! How hard the pictures are: what each level allows of turn, tilt, blur, light and noise.
//!
//! Must not: draw from a seed; `film` does, within these ranges.

use std::fmt;

/// How hard the pictures are to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// 1: straight, sharp, well lit.
    Good,
    /// 2: a little turned, softened, shaded, as on a usual day.
    Usual,
    /// 3: turned, tilted, dark, out of focus.
    Bad,
}

/// A number that is no level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchLevel;

impl fmt::Display for NoSuchLevel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("levels are 1 to 3")
    }
}
impl std::error::Error for NoSuchLevel {}

impl TryFrom<u8> for Level {
    type Error = NoSuchLevel;
    fn try_from(number: u8) -> Result<Self, Self::Error> {
        match number {
            1 => Ok(Self::Good),
            2 => Ok(Self::Usual),
            3 => Ok(Self::Bad),
            _ => Err(NoSuchLevel),
        }
    }
}

/// What a level allows.
pub(crate) struct Ranges {
    pub(crate) turn_deg: f32,
    pub(crate) tilt_deg: f32,
    pub(crate) off_center_mm: f32,
    pub(crate) defocus_px: (f32, f32),
    pub(crate) noise: (f32, f32),
    pub(crate) exposure: (f32, f32),
    pub(crate) slope: f32,
    pub(crate) shadow_chance: f64,
    pub(crate) shadow_depth: f32,
    pub(crate) glare_chance: f64,
}

impl Level {
    pub(crate) const fn ranges(self) -> Ranges {
        match self {
            Self::Good => Ranges {
                turn_deg: 3.0,
                tilt_deg: 4.0,
                off_center_mm: 4.0,
                defocus_px: (0.0, 1.4),
                noise: (1.0, 3.0),
                exposure: (0.75, 0.95),
                slope: 0.15,
                shadow_chance: 0.2,
                shadow_depth: 0.2,
                glare_chance: 0.0,
            },
            Self::Usual => Ranges {
                turn_deg: 8.0,
                tilt_deg: 10.0,
                off_center_mm: 7.0,
                defocus_px: (0.5, 2.6),
                noise: (2.0, 6.0),
                exposure: (0.6, 0.95),
                slope: 0.35,
                shadow_chance: 0.5,
                shadow_depth: 0.4,
                glare_chance: 0.15,
            },
            Self::Bad => Ranges {
                turn_deg: 14.0,
                tilt_deg: 18.0,
                off_center_mm: 9.0,
                defocus_px: (1.5, 4.4),
                noise: (4.0, 11.0),
                exposure: (0.35, 0.95),
                slope: 0.6,
                shadow_chance: 0.7,
                shadow_depth: 0.6,
                glare_chance: 0.4,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_numbered_one_to_three() {
        assert_eq!([1, 2, 3].map(Level::try_from), [Ok(Level::Good), Ok(Level::Usual), Ok(Level::Bad)]);
        assert_eq!([0, 4].map(Level::try_from), [Err(NoSuchLevel); 2]);
    }
}
