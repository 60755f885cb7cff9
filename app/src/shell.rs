//! Holds the window and what works behind it together: events in, `workflow::step`, effects out, and the page shown.
//! What is pressed goes to the side that is before the screen: the tablet's own work, or training. Everything here runs
//! on the interface thread and waits for nothing, but for the end of training and of the program: then for the threads to
//! finish what was ordered.
//!
//! Must not: decide anything.

use std::{
    cell::RefCell,
    path::{Path, PathBuf},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
};

use record::Moment;
use seal::vault::DeviceSecret;
use slint::{ComponentHandle, Image};
use ui::TabletWindow;

pub use crate::side::picture;
use crate::{
    camera::{SheetsUnderCamera, Source},
    command_line::demo_sheets,
    display::Display,
    messages::Notice,
    pages,
    side::Side,
    sound::Speaker,
    timing::Timing,
    workflow::{Effect, Event, Phase, Press, State, open::Page},
};

/// What the program is started with.
#[derive(Clone)]
pub struct Config {
    /// The tablet's own folder.
    pub folder: PathBuf,
    /// A bundle file named at start.
    pub bundle: Option<PathBuf>,
    /// Where frames come from.
    pub source: Source,
    /// Reads the clocks.
    pub clock: fn() -> Moment,
    /// Reads how many bytes are free on the disk under the folder.
    pub free_bytes: fn(&Path) -> std::io::Result<u64>,
    /// The device's own secret, where it has a key store.
    pub device: Option<DeviceSecret>,
    /// Where times are written.
    pub timing: Timing,
}

/// Why the program could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The screen.
    #[error("screen: {0}")]
    Screen(#[from] slint::PlatformError),
    /// The tablet's folder or a thread.
    #[error("tablet folder: {0}")]
    Folder(#[from] std::io::Error),
}

/// Puts events into the shell's inbox and wakes the interface thread; can be held by any thread.
#[derive(Clone)]
pub struct Post {
    events: Sender<Event>,
    pending: Arc<AtomicBool>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Post {
    /// The same waking, for another inbox.
    pub(crate) fn to(&self, events: Sender<Event>) -> Self {
        Self { events, ..self.clone() }
    }
    /// One more event.
    pub fn event(&self, event: Event) {
        // With the shell gone there is nobody to tell.
        let _ = self.events.send(event);
        self.wake();
    }
    /// A person pressed something.
    pub fn press(&self, press: Press) {
        self.event(Event::Press(press));
    }
    pub(crate) fn wake(&self) {
        if !self.pending.swap(true, Ordering::AcqRel) {
            (self.wake)();
        }
    }
}

/// The program.
pub struct Shell {
    /// The window.
    pub window: TabletWindow,
    inbox: Receiver<Event>,
    post: Post,
    speaker: Speaker,
    /// Somebody practises.
    training: Option<Training>,
    /// The tablet's own work.
    own: Side,
}

struct Training {
    side: Side,
    sheets: SheetsUnderCamera,
}

/// Which side an event is for, and effects are of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Own,
    Training,
}

/// The stack of sample sheets that is practised with.
const TRAINING_SHEETS: u64 = 1;

impl Shell {
    /// Makes the window, starts the threads and shows the first page. `wake` must see to it that [`Shell::drain`]
    /// is called on this thread soon.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start(
        config: Config,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Result<Rc<RefCell<Self>>, StartError> {
        std::fs::create_dir_all(&config.folder)?;
        let (events, inbox) = channel();
        let post = Post { events, pending: Arc::default(), wake: Arc::new(wake) };
        let (own, effects) = Side::own(config, &post)?;
        let speaker = {
            let post = post.clone();
            Speaker::start(move |played| post.event(Event::Played(played)))?
        };
        let window = TabletWindow::new()?;
        let mut shell = Self { window, inbox, post, speaker, training: None, own };
        shell.carry_out(Which::Own, effects);
        pages::connect(&shell.window, &shell.post);
        shell.show();
        Ok(Rc::new(RefCell::new(shell)))
    }

    /// What is, on the side that is before the screen.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.side(self.front()).state
    }

    /// The sheets that are practised with; none while nobody practises.
    #[must_use]
    pub fn training_sheets(&self) -> Option<&SheetsUnderCamera> {
        self.training.as_ref().map(|training| &training.sheets)
    }

    /// One more event, for whoever stands in for a camera or a scanner.
    pub fn tell(&self, event: Event) {
        self.post.event(event);
    }

    fn front(&self) -> Which {
        if self.training.is_some() { Which::Training } else { Which::Own }
    }

    fn side(&self, which: Which) -> &Side {
        match (&self.training, which) {
            (Some(training), Which::Training) => &training.side,
            _ => &self.own,
        }
    }

    fn side_mut(&mut self, which: Which) -> &mut Side {
        match (&mut self.training, which) {
            (Some(training), Which::Training) => &mut training.side,
            _ => &mut self.own,
        }
    }

    /// Takes in everything that happened since, and shows what is now.
    pub fn drain(&mut self) {
        self.post.pending.store(false, Ordering::Release);
        let mut changed = false;
        while let Some((which, event)) = self.next() {
            let shown = which == self.front();
            let (effects, may_differ) = self.side_mut(which).step(event);
            changed |= shown && may_differ;
            changed |= self.carry_out(which, effects);
        }
        if changed {
            self.show();
        }
        self.show_preview();
    }

    /// What was pressed comes first: it was meant for what was seen.
    fn next(&self) -> Option<(Which, Event)> {
        if let Ok(event) = self.inbox.try_recv() {
            return Some((self.front(), event));
        }
        if let Some(event) = self.training.as_ref().and_then(|training| training.side.next()) {
            return Some((Which::Training, event));
        }
        self.own.next().map(|event| (Which::Own, event))
    }

    /// The same page in another language, size or colours, as the settings would have it.
    pub fn show_as(&mut self, display: Display) {
        self.post.press(Press::SetDisplay(display));
        self.drain();
    }

    /// A second went by.
    pub fn tick(&mut self) {
        self.post.event(Event::Tick);
        self.drain();
    }

    fn show(&mut self) {
        let side = self.side(self.front());
        pages::show(&self.window, &side.state, (side.config().clock)());
    }

    fn show_preview(&mut self) {
        let which = self.front();
        let side = self.side(which);
        let Some(picture) = side.picture() else { return };
        let Phase::Open(open) = &side.state.phase else { return };
        match open.page {
            Page::Scan => {
                pages::scan::show_preview(&self.window, Image::from_rgb8(picture));
                self.side_mut(which).picture_shown();
            }
            Page::About(_) => pages::about::show_preview(&self.window, Image::from_rgb8(picture)),
            Page::Day(_) => pages::day::show_preview(&self.window, Image::from_rgb8(picture)),
            _ => {}
        }
    }

    /// Whether another side is before the screen now.
    fn carry_out(&mut self, which: Which, effects: Vec<Effect>) -> bool {
        let before = self.front();
        for effect in effects {
            match self.side_mut(which).carry_out(effect) {
                Some(Effect::KeepDisplay(display)) => display.write(&self.own.config().folder),
                Some(Effect::Sound(signal)) => self.speaker.play(signal),
                Some(Effect::Train) => self.train(),
                Some(Effect::EndTraining) => self.end_training(),
                _ => {}
            }
        }
        before != self.front()
    }

    fn train(&mut self) {
        let display = self.own.state.display;
        let begun = demo_sheets(TRAINING_SHEETS).map_err(std::io::Error::other).and_then(|sheets| {
            let side = Side::training(self.own.config(), sheets.clone(), display, &self.post)?;
            Ok((side, sheets))
        });
        match begun {
            Ok(((side, effects), sheets)) => {
                self.training = Some(Training { side, sheets });
                self.carry_out(Which::Training, effects);
            }
            Err(_) => self.own.state.notice = Some(Notice::NoTraining),
        }
    }

    fn end_training(&mut self) {
        let Some(Training { side, .. }) = self.training.take() else { return };
        // How the screen speaks belongs to the tablet.
        self.own.state.display = side.state.display;
    }
}

thread_local! {
    static SHELL: RefCell<Option<Rc<RefCell<Shell>>>> = const { RefCell::new(None) };
}

/// Lets the interface thread take in what happened, as soon as it is free.
fn wake_event_loop() {
    // Without an event loop (before it runs, after it ended) nobody looks.
    let _ = slint::invoke_from_event_loop(drain_here);
}

fn drain_here() {
    let shell = SHELL.with(|shell| shell.borrow().clone());
    if let Some(shell) = shell {
        match shell.try_borrow_mut() {
            Ok(mut shell) => shell.drain(),
            Err(_) => wake_event_loop(),
        }
    }
}

/// Runs the program until its window is closed.
///
/// # Errors
/// [`StartError`].
pub fn run(config: Config) -> Result<(), StartError> {
    let timing = config.timing.clone();
    let shell = Shell::start(config, wake_event_loop)?;
    let window = shell.borrow().window.clone_strong();
    SHELL.with(|here| *here.borrow_mut() = Some(Rc::clone(&shell)));
    let timer = slint::Timer::default();
    let post = shell.borrow().post.clone();
    timer.start(slint::TimerMode::Repeated, std::time::Duration::from_secs(1), move || {
        post.event(Event::Tick)
    });
    drop(shell);
    timing.reached("window");
    window.run()?;
    drop(timer);
    SHELL.with(|here| here.borrow_mut().take());
    Ok(())
}
