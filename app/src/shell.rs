//! Holds the window, the state and the threads together: events in, `workflow::step`, effects out, and the page shown.
//! Everything here runs on the interface thread and waits for nothing.
//!
//! Must not: decide anything.

use std::{
    cell::RefCell,
    path::{Path, PathBuf},
    rc::Rc,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
};

use record::Moment;
use seal::vault::DeviceSecret;
use slint::{ComponentHandle, Image, Rgb8Pixel, SharedPixelBuffer};
use ui::TabletWindow;

use crate::{
    camera::{self, Camera, Hands, Slot, Source},
    display::Display,
    keeper::{self, Job, Keeper},
    pages,
    profile::Profile,
    reader::Reader,
    sound::Speaker,
    timing::Timing,
    workflow::{self, Effect, Event, Phase, Press, State, open::Page},
};

/// What the program is started with.
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
    fn wake(&self) {
        if !self.pending.swap(true, Ordering::AcqRel) {
            (self.wake)();
        }
    }
}

/// The newest picture for the screen; one that was not shown is replaced.
type Preview = Arc<Mutex<Option<SharedPixelBuffer<Rgb8Pixel>>>>;

/// The program.
pub struct Shell {
    /// The window.
    pub window: TabletWindow,
    /// What is.
    pub state: State,
    config: Config,
    inbox: Receiver<Event>,
    post: Post,
    preview: Preview,
    wants_preview: Arc<AtomicBool>,
    saw_preview: bool,
    hands: Option<Arc<Hands>>,
    speaker: Speaker,
    // Dropped in this order: nothing reads or films any more when what was ordered is kept.
    reader: Reader,
    camera: Camera,
    keeper: Keeper,
}

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
        let profile = Profile::read(&config.folder)?.map(Arc::new);
        let (events, inbox) = channel();
        let post = Post { events, pending: Arc::default(), wake: Arc::new(wake) };
        let slot = Arc::new(Slot::default());
        let preview = Preview::default();
        let wants_preview = Arc::new(AtomicBool::new(false));
        let keeper = {
            let (post, start) = (post.clone(), keeper_start(&config, profile.clone()));
            Keeper::start(start, move |event| post.event(event))?
        };
        let reader = {
            let post = post.clone();
            Reader::start(Arc::clone(&slot), config.timing.clone(), move |event| post.event(event))?
        };
        let camera = start_camera(&config, slot, &post, &preview, &wants_preview)?;
        let hands = match &config.source {
            Source::Sheets(sheets) | Source::DeviceOrSheets(sheets) => Some(Arc::clone(&sheets.hands)),
            Source::Device(_) => None,
        };
        let speaker = {
            let post = post.clone();
            Speaker::start(move |played| post.event(Event::Played(played)))?
        };
        let window = TabletWindow::new()?;
        let start = profile.map_or(workflow::Start::Fresh, workflow::Start::Known);
        let (state, effects) = State::begin(Display::read(&config.folder), start);
        let mut shell = Self {
            window,
            state,
            config,
            inbox,
            post,
            preview,
            wants_preview,
            saw_preview: false,
            hands,
            speaker,
            reader,
            camera,
            keeper,
        };
        shell.carry_out(effects);
        pages::connect(&shell.window, &shell.post);
        shell.show();
        Ok(Rc::new(RefCell::new(shell)))
    }

    /// One more event, for whoever stands in for a camera or a scanner.
    pub fn tell(&self, event: Event) {
        self.post.event(event);
    }

    /// Takes in everything that happened since, and shows what is now.
    pub fn drain(&mut self) {
        self.post.pending.store(false, Ordering::Release);
        let mut changed = false;
        while let Ok(event) = self.inbox.try_recv() {
            let is_news = !matches!(event, Event::Tick) || self.ticks();
            let before = (std::mem::discriminant(&self.state.phase), self.state.notice.clone());
            let effects = workflow::step(&mut self.state, event, (self.config.clock)());
            let after = (std::mem::discriminant(&self.state.phase), self.state.notice.clone());
            changed |= is_news || before != after;
            self.carry_out(effects);
        }
        if changed {
            self.show();
        }
        self.show_preview();
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

    /// Whether the page shows time going by.
    fn ticks(&self) -> bool {
        match &self.state.phase {
            Phase::Locked(locked) => locked.wait_until_ms.is_some(),
            Phase::Open(open) => matches!(&open.page, Page::SelfTest(test) if test.result.is_none()),
            Phase::Setup(_) => false,
        }
    }

    fn show(&mut self) {
        pages::show(&self.window, &self.state, (self.config.clock)());
    }

    fn show_preview(&mut self) {
        let picture = self.preview.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(picture) = picture else { return };
        let Phase::Open(open) = &self.state.phase else { return };
        match open.page {
            Page::Scan => {
                pages::scan::show_preview(&self.window, Image::from_rgb8(picture));
                self.config.timing.reached(if self.saw_preview { "preview" } else { "first_preview" });
                self.saw_preview = true;
            }
            Page::Day(_) => pages::day::show_preview(&self.window, Image::from_rgb8(picture)),
            _ => {}
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::KeepDisplay(display) => display.write(&self.config.folder),
                Effect::Watch(expectation) => {
                    self.wants_preview.store(true, Ordering::Relaxed);
                    self.camera.on();
                    self.reader.watch(expectation);
                }
                Effect::WatchForPackage { today, lots } => {
                    self.wants_preview.store(true, Ordering::Relaxed);
                    self.camera.on();
                    self.reader.watch_for_package(today, lots);
                }
                Effect::Hear(code) => self.reader.hear(code),
                Effect::StopWatching => {
                    self.wants_preview.store(false, Ordering::Relaxed);
                    self.reader.stop_watching();
                }
                Effect::NextPaper => {
                    if let Some(hands) = &self.hands {
                        hands.next_sheet();
                    }
                }
                Effect::NoteLocked(staff_id) => {
                    self.camera.off();
                    self.keeper.order(Job::NoteLocked(staff_id));
                }
                Effect::LookForBundles => self.keeper.order(Job::LookForBundles(self.config.bundle.clone())),
                Effect::OpenBundle(file) => self.keeper.order(Job::OpenBundle(file)),
                Effect::ApplyBundle(bundle) => self.keeper.order(Job::ApplyBundle(bundle)),
                Effect::Unlock { staff_id, pin } => self.keeper.order(Job::Unlock(staff_id, pin)),
                Effect::KeepDay(day, staff_id) => self.keeper.order(Job::KeepDay(day, staff_id)),
                Effect::LookUp(line) => self.keeper.order(Job::LookUp(line)),
                Effect::Keep { content, staff_id, capture } => {
                    self.keeper.order(Job::Keep(content, staff_id, capture));
                }
                Effect::List { filter, offset } => self.keeper.order(Job::List(filter, offset)),
                Effect::LoadHistory(entry_id) => self.keeper.order(Job::LoadHistory(entry_id)),
                Effect::Count => self.keeper.order(Job::Count),
                Effect::CountDay(day) => self.keeper.order(Job::CountDay(day)),
                Effect::CountLots => self.keeper.order(Job::CountLots),
                Effect::Inspect(staff_id) => self.keeper.order(Job::Inspect(staff_id)),
                Effect::Sound(signal) => self.speaker.play(signal),
                Effect::SendNow => self.keeper.order(Job::SendNow),
            }
        }
    }
}

fn keeper_start(config: &Config, profile: Option<Arc<Profile>>) -> keeper::Start {
    keeper::Start {
        folder: config.folder.clone(),
        clock: config.clock,
        free_bytes: config.free_bytes,
        device: config.device.clone(),
        profile,
        timing: config.timing.clone(),
    }
}

fn start_camera(
    config: &Config,
    slot: Arc<Slot>,
    post: &Post,
    preview: &Preview,
    wants_preview: &Arc<AtomicBool>,
) -> std::io::Result<Camera> {
    let (preview, wants_preview, waker) = (Arc::clone(preview), Arc::clone(wants_preview), post.clone());
    let look = move |shot: &camera::Shot| {
        if !wants_preview.load(Ordering::Relaxed) {
            return;
        }
        let picture = picture(shot.frame.luma(), shot.frame.width(), shot.frame.height());
        *preview.lock().unwrap_or_else(PoisonError::into_inner) = Some(picture);
        waker.wake();
    };
    let post = post.clone();
    camera::start(config.source.clone(), slot, look, move |state| post.event(Event::Camera(state)))
}

/// Luma as the screen takes it.
#[must_use]
pub fn picture(luma: &[u8], width: u32, height: u32) -> SharedPixelBuffer<Rgb8Pixel> {
    let mut buffer = SharedPixelBuffer::<Rgb8Pixel>::new(width, height);
    for (pixel, luma) in buffer.make_mut_slice().iter_mut().zip(luma) {
        *pixel = Rgb8Pixel { r: *luma, g: *luma, b: *luma };
    }
    buffer
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
