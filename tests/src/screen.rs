//! The real screens in this process, without a display: what a person would tap, type and see.
//!
//! Must not: reach past the screen to make something happen. What is looked at, and what a person in front of the
//! tablet could know, may be read from anywhere.

mod eyes;
mod hands;

use std::{
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    rc::Rc,
    sync::{
        Mutex, OnceLock, PoisonError,
        mpsc::{Sender, channel},
    },
    time::{Duration, Instant},
};

use app::{
    camera::SheetsUnderCamera,
    display::Display,
    shell::{Config, Shell, picture},
    workflow::{Event, Phase, State, open::Open},
};
use i_slint_backend_testing::{TestingBackend, TestingBackendOptions};
use scanner::Frame;
use slint::{ComponentHandle, Image, LogicalSize};
use ui::TabletWindow;

/// A 10-inch tablet lying on its side.
pub const WIDTH_PX: f32 = 1280.0;
/// Its height.
pub const HEIGHT_PX: f32 = 800.0;
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs work with screens on the one thread of this process that may have any, and gives what came of it. Tests of
/// one process take turns.
///
/// # Panics
/// As the work does.
pub fn on_screen_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    type Work = Box<dyn FnOnce() + Send>;
    static THREAD: OnceLock<Mutex<Sender<Work>>> = OnceLock::new();
    let thread = THREAD.get_or_init(|| {
        let (sender, inbox) = channel::<Work>();
        std::thread::Builder::new()
            .name("screens".to_owned())
            .spawn(move || inbox.into_iter().for_each(|work| work()))
            .unwrap();
        Mutex::new(sender)
    });
    let (done, waiting) = channel();
    let work: Work = Box::new(move || {
        let _ = done.send(catch_unwind(AssertUnwindSafe(work)));
    });
    thread.lock().unwrap_or_else(PoisonError::into_inner).send(work).unwrap();
    waiting.recv().unwrap().unwrap_or_else(|panic| resume_unwind(panic))
}

/// Where something is on the screen, in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// The tablet program with its window.
pub struct Screen {
    shell: Rc<RefCell<Shell>>,
    window: TabletWindow,
    last_tick: RefCell<Instant>,
}

impl Screen {
    /// Starts the program. All screens of one process live on one thread.
    pub fn start(config: Config) -> Self {
        let options = TestingBackendOptions {
            mock_time: true,
            threading: false,
            renderer_name: Some("software".into()),
        };
        // A later screen of this thread finds the platform already there.
        let _ = slint::platform::set_platform(Box::new(TestingBackend::new(options)));
        let _ = rustls::crypto::ring::default_provider().install_default();
        let shell = Shell::start(config, || {}).unwrap();
        let window = shell.borrow().window.clone_strong();
        let screen = Self { shell, window, last_tick: RefCell::new(Instant::now()) };
        screen.resize(WIDTH_PX, HEIGHT_PX);
        screen.window.show().unwrap();
        screen.look();
        screen
    }

    /// Another size of window, in logical pixels.
    pub fn resize(&self, width: f32, height: f32) {
        self.window.window().set_size(LogicalSize::new(width, height));
        self.look();
    }

    /// Lets the screen take in what happened.
    pub fn look(&self) {
        let second = Duration::from_secs(1);
        if self.last_tick.borrow().elapsed() >= second {
            *self.last_tick.borrow_mut() = Instant::now();
            self.shell.borrow_mut().tick();
        }
        self.shell.borrow_mut().drain();
        i_slint_backend_testing::mock_elapsed_time(Duration::from_millis(20));
    }

    /// Tells the program what its camera could have seen.
    pub fn tell(&self, event: Event) {
        self.shell.borrow().tell(event);
        self.look();
    }

    /// Puts a picture where the camera's is shown, for a tablet that has none.
    pub fn show_on_preview(&self, frame: &Frame) {
        let picture = picture(frame.luma(), frame.width(), frame.height());
        self.window.global::<ui::ScanPage>().set_preview(Image::from_rgb8(picture));
    }

    /// The same page in another language, size or colours.
    pub fn show_as(&self, display: Display) {
        self.shell.borrow_mut().show_as(display);
        self.settle();
    }

    /// What is shown, for looking only.
    pub fn state<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(self.shell.borrow().state())
    }

    /// What is shown while somebody works.
    pub fn open<T>(&self, look: impl FnOnce(&Open) -> T) -> Option<T> {
        self.state(|state| match &state.phase {
            Phase::Open(open) => Some(look(open)),
            _ => None,
        })
    }

    /// The sheets that are practised with.
    pub fn training_sheets(&self) -> SheetsUnderCamera {
        self.shell.borrow().training_sheets().unwrap().clone()
    }

    /// Waits until the state is as expected; says what it was instead when patience ends.
    pub fn wait_for(&self, what: &str, mut until: impl FnMut(&State) -> bool) {
        let began = Instant::now();
        loop {
            self.look();
            if self.state(&mut until) {
                return;
            }
            if began.elapsed() > PATIENCE {
                let picture = std::env::temp_dir().join("vrs-waited-in-vain.png");
                self.picture(&picture);
                panic!(
                    "waited in vain for {what}; the screen then: {}; {:?}",
                    picture.display(),
                    self.texts()
                );
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
