//! What readings lead to: two witnesses for each digit in one frame, or a person, and each paper once.

#![expect(clippy::unwrap_used, reason = "what cannot be fails the test")]

mod any_frames;
mod desk;
mod papers;
mod typed;
mod witnesses;
