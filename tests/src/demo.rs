//! The demo: a central of its own on loopback, a bundle for tablet 17, and the tablet – in a window, or driven in
//! process where there is no display.
//!
//! Must not: be a way around anything: the central is the real program, the screens are the real ones.

pub mod headless;
pub mod judge;
pub mod programs;
pub mod windowed;

use std::{error::Error, path::PathBuf};

/// What goes wrong here ends the demo with its sentence.
pub type Failure = Box<dyn Error + Send + Sync>;

/// What the demo is started with.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Where everything of the demo lies; emptied first.
    pub folder: PathBuf,
    /// Which sample sheets, and how they pass.
    pub seed: u64,
    /// How many sheets are worked on without a window.
    pub people: usize,
    /// Where frames come from in the window: `auto`, `device`, `sheets` or a number.
    pub camera: String,
}
