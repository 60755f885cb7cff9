//! The courier against a small central of the test's own, in simulated time: no network, no clock.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod behaviour;
mod heartbeats;
mod reference;
mod shelf;
mod simulated;
