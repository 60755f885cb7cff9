//! `vrs-envelope` as people run it: as a process, with what they type on its standard input.
//!
//! Must not: reach into the program; what it says, writes and ends with is all there is.

#![expect(clippy::unwrap_used, reason = "what cannot be fails the test")]

mod carried;
mod desk;
mod forged;
mod memory;
mod refused;
