//! The tablet's camera against one in user space, through the real nokhwa and the real capture thread. A program of
//! its own, because that camera stands in libc's place.
//!
//! Must not: film with any other camera: every test names the number of the one in user space.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]
#![expect(clippy::disallowed_methods, reason = "whoever waits for a camera has a clock")]

mod desk;
mod faults;
mod forms;
mod newest;
mod on_screen;
mod watching;
