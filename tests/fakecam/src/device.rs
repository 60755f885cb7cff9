//! What can be said of a camera before it is plugged in, and what can go wrong with it afterwards.
//!
//! Must not: do anything; `camera` does.

use std::{
    fmt, fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use crate::{
    picture::{Picture, PixelFormat, Size},
    reel::Reel,
};

/// One way in which a camera gives pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// The form of its pixels.
    pub form: PixelFormat,
    /// The size of its frames.
    pub size: Size,
    /// Frames a second.
    pub fps: u32,
}

/// What lies in front of the camera.
#[derive(Clone)]
pub enum Scene {
    /// Drawn when it is needed: the frame's number, counted from 0 for each stream, and the size it must have.
    Drawn(Arc<dyn Fn(u64, Size) -> Picture + Send + Sync>),
    /// Played from a file.
    Reel(Arc<Reel>),
}

impl fmt::Debug for Scene {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Drawn(_) => "Drawn(..)",
            Self::Reel(_) => "Reel(..)",
        })
    }
}

/// A camera, to be plugged in.
#[derive(Debug, Clone)]
pub struct Device {
    /// How it gives pictures, at least one way; the first is what it is set to when it is plugged in.
    pub offers: Vec<Offer>,
    /// What it sees.
    pub scene: Scene,
}

impl Device {
    /// A camera that shows what `draw` draws, in one form only.
    pub fn drawn(offer: Offer, draw: impl Fn(u64, Size) -> Picture + Send + Sync + 'static) -> Self {
        Self { offers: vec![offer], scene: Scene::Drawn(Arc::new(draw)) }
    }
}

/// What the camera, its plug and its other users do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Frames come.
    Run,
    /// It is there and gives nothing.
    Stall,
    /// It is not there.
    Unplugged,
    /// Another program films with it: it can be opened and looked at, not set up.
    Taken,
    /// Another program has opened it, and its driver lets in one at a time.
    Locked,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Run, Self::Stall, Self::Unplugged, Self::Taken, Self::Locked];

    /// The word for it in a control file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Stall => "stall",
            Self::Unplugged => "unplug",
            Self::Taken => "taken",
            Self::Locked => "locked",
        }
    }
}

/// Who says what the camera does.
pub(crate) enum Control {
    /// The test, in this process.
    Switch(AtomicU8),
    /// Whoever writes this file.
    File(PathBuf),
    /// Nobody: it runs.
    Nobody,
}

impl Control {
    pub(crate) fn switch(mode: Mode) -> Self {
        Self::Switch(AtomicU8::new(mode as u8))
    }

    pub(crate) fn set(&self, mode: Mode) {
        if let Self::Switch(switch) = self {
            switch.store(mode as u8, Ordering::SeqCst);
        }
    }

    /// What holds now. A control file that cannot be read, or says no such word, is a mistake of the one who
    /// wrote it, and ends the program that looks at it.
    pub(crate) fn mode(&self) -> Mode {
        match self {
            Self::Nobody => Mode::Run,
            Self::Switch(switch) => {
                let now = switch.load(Ordering::SeqCst);
                Mode::ALL.into_iter().find(|mode| *mode as u8 == now).unwrap_or(Mode::Run)
            }
            Self::File(file) => {
                let text = fs::read_to_string(file)
                    .unwrap_or_else(|error| panic!("fakecam: {}: {error}", file.display()));
                let word = text.trim();
                Mode::ALL
                    .into_iter()
                    .find(|mode| mode.word() == word)
                    .unwrap_or_else(|| panic!("fakecam: no such word in the control file: {word}"))
            }
        }
    }
}
