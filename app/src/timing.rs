//! Times of the things people wait for, as lines of JSON in a file, for benchmarks and for support.
//!
//! Must not: hold anything of an entry or a person; a line is a name, a number of milliseconds and a capture's count.

use std::{
    fs::File,
    io::Write,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use scanner::CaptureId;

use crate::platform::monotonic_ms;

/// Where times are written; nowhere unless asked for.
#[derive(Debug, Clone, Default)]
pub struct Timing(Option<Arc<Mutex<Inside>>>);

#[derive(Debug)]
struct Inside {
    file: File,
    /// When the frames of the last accepted papers were taken.
    taken: Vec<(CaptureId, f64)>,
}

/// Frames remembered until their entry is kept; more than are ever under way.
const REMEMBERED: usize = 16;

impl Timing {
    /// Times go into that file, which begins empty.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn to_file(file: &Path) -> std::io::Result<Self> {
        let inside = Inside { file: File::create(file)?, taken: Vec::new() };
        Ok(Self(Some(Arc::new(Mutex::new(inside)))))
    }

    fn with(&self, act: impl FnOnce(&mut Inside)) {
        if let Some(inside) = &self.0 {
            act(&mut inside.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Something took that long.
    pub fn took(&self, what: &str, ms: f64) {
        self.with(|inside| inside.line(what, ms));
    }

    /// Something happened now, so long after the program's start.
    pub fn reached(&self, what: &str) {
        self.took(what, monotonic_ms());
    }

    /// A paper was accepted in a frame taken then.
    pub fn accepted(&self, capture: CaptureId, taken_ms: f64) {
        self.with(|inside| {
            inside.taken.push((capture, taken_ms));
            if inside.taken.len() > REMEMBERED {
                inside.taken.remove(0);
            }
            inside.line("frame_to_verdict", monotonic_ms() - taken_ms);
        });
    }

    /// The entry of that frame is on disk.
    pub fn kept(&self, capture: CaptureId) {
        self.with(|inside| {
            let taken = inside.taken.iter().find(|(known, _)| *known == capture).map(|(_, taken)| *taken);
            if let Some(taken) = taken {
                inside.line("frame_to_kept", monotonic_ms() - taken);
            }
        });
    }
}

impl Inside {
    fn line(&mut self, what: &str, ms: f64) {
        // A line that cannot be written is a time not measured; nothing else depends on it.
        let _ = writeln!(self.file, "{{\"what\":\"{what}\",\"ms\":{ms:.3},\"at\":{:.3}}}", monotonic_ms());
    }
}
