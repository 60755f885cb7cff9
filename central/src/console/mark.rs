//! Colour and shape of a state; the word stands beside it.
//!
//! Must not: say anything by itself.

use crate::fleet::needs::Need;

/// A colour with its shape.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Stop,
    Person,
    Quiet,
    Attention,
    Awaited,
    Safe,
    Plain,
}

impl Mark {
    /// Class of the element, and id of the shape.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Person => "person",
            Self::Quiet => "quiet",
            Self::Attention => "attention",
            Self::Awaited => "awaited",
            Self::Safe => "safe",
            Self::Plain => "plain",
        }
    }
    /// Of a need.
    pub(super) fn of(need: Need) -> Self {
        match need {
            Need::ChainDiffers | Need::MissingEntries => Self::Stop,
            Need::Review => Self::Person,
            Need::Silent => Self::Quiet,
            Need::LowStorage | Need::ClockOff | Need::OldVersion => Self::Attention,
            Need::Invited => Self::Awaited,
            Need::Nothing => Self::Safe,
        }
    }
}
