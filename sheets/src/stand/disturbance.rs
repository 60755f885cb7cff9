//! What went wrong with a paper or with its camera, beyond what its level allows.
//!
//! Must not: draw it; `print`, `pose`, `light` and `take` do.

/// One disturbance of a paper or its camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disturbance {
    /// None.
    None,
    /// The stand is dark, a torch lights a part of the paper.
    Torch,
    /// 印鑑: one or two seals pressed over line and codes.
    Seal,
    /// Strokes of a pen over line and codes.
    Pen,
    /// The sticker is pasted askew, and the form around it is straight or the other way round.
    Askew,
    /// The camera sharpens until edges have seams.
    Sharpened,
    /// The paper or the camera moves while the shutter is open.
    Smeared,
    /// The digits are wider or narrower, taller or lower than their font has them.
    Stretched,
}

impl Disturbance {
    /// All, none first.
    pub const ALL: [Self; 8] = [
        Self::None,
        Self::Torch,
        Self::Seal,
        Self::Pen,
        Self::Askew,
        Self::Sharpened,
        Self::Smeared,
        Self::Stretched,
    ];

    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Torch => "torch",
            Self::Seal => "seal",
            Self::Pen => "pen",
            Self::Askew => "askew",
            Self::Sharpened => "sharpened",
            Self::Smeared => "smeared",
            Self::Stretched => "stretched",
        }
    }
}
