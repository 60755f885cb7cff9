//! The database of this room, tested from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod elsewhere;
mod keeping;
mod opening;
mod published;
mod reference;
mod support;
