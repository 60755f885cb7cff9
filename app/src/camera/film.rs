//! Sample sheets passing under a simulated camera, at the pace of a real one. A sheet lies still until somebody is
//! done with it, as on a table.
//!
//! Must not: know what the sheets say; the reader finds out.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use record::{CouponKind, DoseNumber, MunicipalityCode};
use sheets::{DemoDay, Film, FilmStyle, Level, Phase, SheetSet, lens::FrameSize};

use super::Exposure;
use crate::platform::monotonic_ms;

const FRAME: Duration = Duration::from_millis(33);
/// The size a device would give.
const SIZE: FrameSize = FrameSize { width: 1280, height: 720 };
/// Frames in which a sheet passes if nobody holds it: two seconds.
const FRAMES_PER_SHEET: usize = 60;

/// 見本の束 under a simulated camera.
#[derive(Debug, Clone)]
pub struct SheetsUnderCamera {
    /// Which sheets, and how they pass.
    pub seed: u64,
    /// How well they are seen.
    pub level: Level,
    /// How many there are.
    pub count: usize,
    /// What the day expects of most of them.
    pub municipality: MunicipalityCode,
    /// 回数 of the day.
    pub dose: DoseNumber,
    /// 券種 of a vaccination.
    pub kind: CouponKind,
    /// Whose hands lay the sheets down and take them away.
    pub hands: Arc<Hands>,
}

/// Lay sheets down and take them away.
#[derive(Debug, Default)]
pub struct Hands {
    take_away: AtomicBool,
    /// One more than the sheet that lies there; 0 while none does.
    lying: AtomicUsize,
}

impl Hands {
    /// The sheet that lies there is done with.
    pub fn next_sheet(&self) {
        self.take_away.store(true, Ordering::Release);
    }
    /// That sheet of the stack lies still under the camera now, or none does. Said by whoever moves the sheets.
    pub fn lay(&self, sheet: Option<usize>) {
        self.lying.store(sheet.map_or(0, |sheet| sheet + 1), Ordering::Release);
    }
    /// Which sheet of the stack lies still under the camera; none while one is being taken away.
    #[must_use]
    pub fn lying(&self) -> Option<usize> {
        if self.take_away.load(Ordering::Acquire) {
            return None;
        }
        self.lying.load(Ordering::Acquire).checked_sub(1)
    }
}

impl SheetsUnderCamera {
    /// The stack.
    #[must_use]
    pub fn sheets(&self) -> SheetSet {
        let day = DemoDay { municipality: self.municipality, dose: self.dose, kind: self.kind };
        SheetSet::demo(self.seed, day, self.count)
    }
}

/// The film and where it is.
pub(crate) struct Projector {
    film: Film,
    hands: Arc<Hands>,
    sheet: usize,
    at: usize,
    due: Instant,
}

impl Projector {
    pub(crate) fn new(sheets: &SheetsUnderCamera, now: Instant) -> Self {
        let style = FilmStyle {
            size: SIZE,
            level: sheets.level,
            seed: sheets.seed,
            frames_per_sheet: FRAMES_PER_SHEET,
        };
        let film = Film::new(sheets.sheets().sheets().to_vec(), style);
        sheets.hands.take_away.store(false, Ordering::Relaxed);
        Self { film, hands: Arc::clone(&sheets.hands), sheet: 0, at: 0, due: now }
    }

    /// The next frame, when its time has come.
    pub(super) fn look(&mut self, now: Instant) -> Exposure {
        std::thread::sleep(self.due.saturating_duration_since(now));
        self.due = self.due.max(now) + FRAME;
        let luma = self.film.frame(self.sheet * FRAMES_PER_SHEET + self.at);
        self.advance();
        // A real camera does not draw: the picture is taken when it is there.
        Exposure { width: SIZE.width as u32, height: SIZE.height as u32, luma, taken_ms: monotonic_ms() }
    }

    fn phase(&self, at: usize) -> Phase {
        self.film.phase_at(self.sheet * FRAMES_PER_SHEET + at)
    }

    /// A lying sheet stays, going back and forth over its last frames, until it is taken away; after the last
    /// sheet the first one comes again.
    fn advance(&mut self) {
        const TREMBLE: usize = 8;
        let next = self.at + 1;
        let lies = self.phase(self.at) == Phase::Lying;
        let would_leave = next >= FRAMES_PER_SHEET || (lies && self.phase(next) != Phase::Lying);
        if lies && self.hands.take_away.load(Ordering::Acquire) {
            // First gone, then no longer being taken away: nobody sees the old sheet lying in between.
            self.hands.lay(None);
            self.hands.take_away.store(false, Ordering::Release);
            self.at = (next..FRAMES_PER_SHEET)
                .find(|at| self.phase(*at) != Phase::Lying)
                .unwrap_or(FRAMES_PER_SHEET);
        } else {
            self.hands.lay(lies.then_some(self.sheet));
            self.at = if lies && would_leave { self.at.saturating_sub(TREMBLE) } else { next };
        }
        if self.at >= FRAMES_PER_SHEET {
            self.at = 0;
            self.sheet = (self.sheet + 1) % self.film.sheets().len().max(1);
        }
    }
}
