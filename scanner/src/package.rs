//! 包装: the codes on a vaccine's package become a [`PackageLabel`]: GTIN, lot and expiry for the day's settings.
//!
//! Read only when staff ask for it, never beside a coupon. Must not: weigh a label against the day's settings, or take
//! one for a person's number.

pub mod gs1;
mod label;

pub use label::{Gtin, NotAGtin, PackageLabel};
