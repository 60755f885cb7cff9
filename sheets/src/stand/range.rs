//! What each level allows: 1 a good stand, 2 a usual day, 3 very bad.
//!
//! Blur is told in strokes of the line's digits (0.16 of their pitch), so that it means the same at any distance.
//!
//! Must not: draw lots; those who use a range do.

use crate::level::Level;

/// From and to.
pub(super) type Range = (f32, f32);

/// Share of the frame's width that the line of 18 digits takes, so that the whole coupon is in view.
pub(super) const LINE_SHARE: Range = (0.35, 0.55);
/// Focal length in widths of the frame.
pub(super) const FOCAL: Range = (0.85, 1.2);
/// Luma of bare paper in full light.
pub(super) const PAPER: Range = (0.78, 0.97);
/// A digit's stroke as a share of its pitch.
pub(super) const STROKE: f32 = 0.16;

/// The bounds of one level.
pub(super) struct Bounds {
    pub(super) turn_deg: f32,
    pub(super) tilt_deg: f32,
    /// Radius of the disk that a point becomes, in strokes.
    pub(super) defocus: Range,
    /// Way while the shutter is open, in strokes.
    pub(super) motion: Range,
    /// Standard deviation on white.
    pub(super) noise: Range,
    pub(super) curl_chance: f64,
    /// Height of the waves in millimetres.
    pub(super) curl_mm: Range,
    pub(super) shadow_chance: f64,
    pub(super) shadow_depth: Range,
    pub(super) glare_chance: f64,
    pub(super) moire_chance: f64,
    pub(super) moire_depth: Range,
    /// Slope of the light over the frame.
    pub(super) slope: Range,
    pub(super) exposure: Range,
    pub(super) ink: Range,
    /// Uneven toner, in luma.
    pub(super) grain: Range,
    /// Chance of a print with bare specks.
    pub(super) speck_chance: f64,
    pub(super) jpeg_quality: (u8, u8),
}

impl Bounds {
    pub(super) const fn of(level: Level) -> Self {
        match level {
            Level::Good => Self {
                turn_deg: 3.0,
                tilt_deg: 5.0,
                defocus: (0.0, 0.25),
                motion: (0.0, 0.2),
                noise: (1.0, 3.0),
                curl_chance: 0.0,
                curl_mm: (0.3, 2.0),
                shadow_chance: 0.2,
                shadow_depth: (0.15, 0.37),
                glare_chance: 0.0,
                moire_chance: 0.1,
                moire_depth: (0.01, 0.035),
                slope: (0.0, 0.37),
                exposure: (0.75, 1.05),
                ink: (0.75, 0.95),
                grain: (5.0, 15.0),
                speck_chance: 0.15,
                jpeg_quality: (85, 96),
            },
            Level::Usual => Self {
                turn_deg: 8.0,
                tilt_deg: 14.0,
                defocus: (0.1, 0.6),
                motion: (0.0, 0.6),
                noise: (2.0, 7.0),
                curl_chance: 0.5,
                curl_mm: (0.3, 2.0),
                shadow_chance: 0.5,
                shadow_depth: (0.15, 0.49),
                glare_chance: 0.2,
                moire_chance: 0.3,
                moire_depth: (0.01, 0.05),
                slope: (0.0, 0.49),
                exposure: (0.75, 1.05),
                ink: (0.6, 0.95),
                grain: (5.0, 30.0),
                speck_chance: 0.3,
                jpeg_quality: (65, 92),
            },
            Level::Bad => Self {
                turn_deg: 15.0,
                tilt_deg: 24.0,
                defocus: (0.3, 1.05),
                motion: (0.0, 1.1),
                noise: (4.0, 13.0),
                curl_chance: 0.8,
                curl_mm: (0.3, 3.5),
                shadow_chance: 0.7,
                shadow_depth: (0.15, 0.61),
                glare_chance: 0.4,
                moire_chance: 0.5,
                moire_depth: (0.01, 0.065),
                slope: (0.0, 0.61),
                exposure: (0.45, 1.1),
                ink: (0.45, 0.9),
                grain: (5.0, 30.0),
                speck_chance: 0.45,
                jpeg_quality: (45, 85),
            },
        }
    }
}
