//! Sample sheets under the camera in user space, laid down and taken away by the test.
//!
//! Must not: tell anybody what they say but the person in front of them.

use std::sync::{Arc, Mutex, PoisonError};

use app::camera::SheetsUnderCamera;
use fakecam::{Device, Offer, Picture, PixelFormat, Plugged, Size, plug};
use sheets::{Film, FilmStyle, Level, Phase, lens::FrameSize};

const SIZE: Size = Size { width: 1280, height: 720 };
const FRAMES_PER_SHEET: usize = 40;
/// Pictures of one sheet that lies; they come over and over.
const PICTURES: usize = 4;

type View = Arc<Mutex<Arc<Vec<Picture>>>>;

/// A desk with a camera over it.
pub(crate) struct Desk {
    stack: SheetsUnderCamera,
    film: Film,
    view: View,
    _plugged: Plugged,
}

impl Desk {
    /// An empty desk, the stack beside it.
    pub(crate) fn new(stack: &SheetsUnderCamera, form: PixelFormat) -> Self {
        let style = FilmStyle {
            size: FrameSize { width: SIZE.width as usize, height: SIZE.height as usize },
            level: Level::Good,
            seed: stack.seed,
            frames_per_sheet: FRAMES_PER_SHEET,
        };
        let film = Film::new(stack.sheets().sheets().to_vec(), style);
        let view = View::default();
        let seen = Arc::clone(&view);
        let camera = Device::drawn(Offer { form, size: SIZE, fps: 15 }, move |number, _| {
            let pictures = Arc::clone(&seen.lock().unwrap_or_else(PoisonError::into_inner));
            pictures[number as usize % pictures.len()].clone()
        });
        let desk = Self { stack: stack.clone(), film, view, _plugged: plug(camera) };
        desk.clear();
        desk
    }

    fn show(&self, sheet: usize, phase: Phase) {
        let first = sheet * FRAMES_PER_SHEET;
        // The last ones: the lens has found its focus.
        let frames =
            (first..first + FRAMES_PER_SHEET).rev().filter(|frame| self.film.phase_at(*frame) == phase);
        let picture = |frame| Picture { size: SIZE, luma: self.film.frame(frame) };
        let pictures = Arc::new(frames.take(PICTURES).map(picture).collect());
        *self.view.lock().unwrap_or_else(PoisonError::into_inner) = pictures;
    }

    /// Takes away what lies there.
    pub(crate) fn clear(&self) {
        self.stack.hands.lay(None);
        self.show(0, Phase::Away);
    }

    /// Lays that sheet of the stack down.
    pub(crate) fn lay(&self, sheet: usize) {
        self.show(sheet, Phase::Lying);
        self.stack.hands.lay(Some(sheet));
    }
}
