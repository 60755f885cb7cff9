//! The targets, by the room whose parser they call.
//!
//! Must not: know who calls them.

pub(crate) mod central;
pub(crate) mod envelope;
pub(crate) mod packages;
pub(crate) mod record;
pub(crate) mod scanner;
pub(crate) mod seal;
pub(crate) mod symbols;
#[cfg(feature = "tablet")]
pub(crate) mod tablet;
