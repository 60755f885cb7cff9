//! The central's time, asked by a tablet whose own clock may be wrong by years.
//!
//! Must not: be believed without its signature (`seal::clock`).

use serde::{Deserialize, Serialize};

use crate::{
    bytes::{Nonce, Signature},
    moment::WallTime,
};

/// What the central answers to `GET /v1/clock?nonce=…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClockAnswer {
    /// The tablet's question, so that an old answer cannot be played again.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub nonce: Nonce,
    /// The central's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub now: WallTime,
    /// By the central's receipt key.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub signature: Signature,
}
