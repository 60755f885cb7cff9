//! Times of the things people wait for, as lines of JSON in a file, for benchmarks and for support.
//!
//! A line is a name, a number of milliseconds, when it was written (milliseconds since the program's start) and, where
//! a paper's frame is meant, the count of its capture. The first line is `wall`: what the wall clock said then, so that
//! the times can be laid beside those of others.
//!
//! Must not: hold anything of an entry or a person.

use std::{
    fs::File,
    io::Write,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use scanner::CaptureId;

use crate::platform::{monotonic_ms, now};

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
        let mut inside = Inside { file: File::create(file)?, taken: Vec::new() };
        inside.line("wall", now().wall.unix_ms() as f64, None);
        Ok(Self(Some(Arc::new(Mutex::new(inside)))))
    }

    fn with(&self, act: impl FnOnce(&mut Inside)) {
        if let Some(inside) = &self.0 {
            act(&mut inside.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Something took that long.
    pub fn took(&self, what: &str, ms: f64) {
        self.with(|inside| inside.line(what, ms, None));
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
            inside.line("frame_to_verdict", monotonic_ms() - taken_ms, Some(capture));
        });
    }

    /// The entry of that frame is on disk.
    pub fn kept(&self, capture: CaptureId) {
        self.with(|inside| {
            let taken = inside.taken.iter().find(|(known, _)| *known == capture).map(|(_, taken)| *taken);
            if let Some(taken) = taken {
                inside.line("frame_to_kept", monotonic_ms() - taken, Some(capture));
            }
        });
    }
}

impl Inside {
    fn line(&mut self, what: &str, ms: f64, capture: Option<CaptureId>) {
        let capture = capture.map_or_else(String::new, |CaptureId(count)| format!(",\"capture\":{count}"));
        let at = monotonic_ms();
        // A line that cannot be written is a time not measured; nothing else depends on it.
        let _ = writeln!(self.file, "{{\"what\":\"{what}\",\"ms\":{ms:.3},\"at\":{at:.3}{capture}}}");
    }
}
