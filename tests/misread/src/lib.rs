//! The long run: papers in large numbers pass before the reader, and each verdict is held against the truth.
//!
//! A seed stands for one paper: what is printed on it, how it lies, what the day expects. Seeds are counted once;
//! what they gave is added up in a small table that later runs go on from.
//!
//! Must not: let the reader see anything but pixels and the day's settings.

pub mod compare;
pub mod plan;
pub mod report;
pub mod run;
pub mod sums;
pub mod tally;
pub mod trial;
