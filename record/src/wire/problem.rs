//! Why the central refused a request as a whole. Single entries are never refused: see [`crate::Outcome`].
//!
//! Must not: say anything about a person or an entry.

use serde::{Deserialize, Serialize};

/// The body of every answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// What is wrong.
    pub code: ProblemCode,
}

/// What is wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// No tablet of that number is enrolled.
    UnknownTablet,
    /// The signature does not fit the key or the request.
    BadSignature,
    /// The signature's time is outside the window: ask for the clock and sign again.
    ClockOutsideWindow,
    /// The token is not good, or was used with another key.
    TokenRefused,
    /// The body is not what it should be.
    Malformed,
    /// The body is too large.
    TooLarge,
    /// No part of that name is for this tablet (any more): ask for the manifest again.
    UnknownPart,
    /// The central cannot keep anything now; try again after a while.
    Unavailable,
    /// A code of tomorrow.
    #[serde(other)]
    Unknown,
}
