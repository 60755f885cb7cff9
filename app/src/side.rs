//! One work behind the window: its state, and the threads that serve it. The tablet has its own; while somebody
//! practises there is a second one, and the two share nothing.
//!
//! Must not: know the window, or the other side.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
    mpsc::{Receiver, channel},
};

use slint::{Rgb8Pixel, SharedPixelBuffer};

use crate::{
    camera::{self, Camera, FoundCamera, Hands, Slot, Source},
    display::Display,
    keeper::{self, Job, Keeper},
    profile::Profile,
    reader::Reader,
    shell::{Config, Post},
    training,
    workflow::{self, Effect, Event, Phase, State},
};

/// The newest picture for the screen; one that was not shown is replaced.
type Preview = Arc<Mutex<Option<SharedPixelBuffer<Rgb8Pixel>>>>;

/// State and threads.
pub(crate) struct Side {
    pub(crate) state: State,
    config: Config,
    post: Post,
    inbox: Receiver<Event>,
    preview: Preview,
    wants_preview: Arc<AtomicBool>,
    saw_preview: bool,
    hands: Option<Arc<Hands>>,
    // Dropped in this order: nothing reads or films any more when what was ordered is kept.
    reader: Reader,
    camera: Camera,
    keeper: Keeper,
}

/// The threads, before there is a state.
struct Threads {
    post: Post,
    inbox: Receiver<Event>,
    preview: Preview,
    wants_preview: Arc<AtomicBool>,
    reader: Reader,
    camera: Camera,
    keeper: Keeper,
}

impl Side {
    /// The tablet's own work, and what it asks for first.
    pub(crate) fn own(config: Config, post: &Post) -> std::io::Result<(Self, Vec<Effect>)> {
        // Left by a program that was killed while somebody practised; its key is gone.
        let _ = training::clear(&config.folder);
        let profile = Profile::read(&config.folder)?.map(Arc::new);
        let source = chosen_or(&config, camera::choice::read(&config.folder));
        let threads = Threads::start(&config, source, profile.clone(), post, Keeper::start)?;
        let start = profile.map_or(workflow::Start::Fresh, workflow::Start::Known);
        let (state, effects) = State::begin(Display::read(&config.folder), start);
        Ok((Self::of(config, threads, state), effects))
    }

    /// Training: sample sheets under a simulated camera, and a keeper that sends nothing. `tablet` is how the tablet's
    /// own work was started.
    pub(crate) fn training(
        tablet: &Config,
        sheets: camera::SheetsUnderCamera,
        display: Display,
        post: &Post,
    ) -> std::io::Result<(Self, Vec<Effect>)> {
        let config = Config {
            folder: training::folder(&tablet.folder),
            bundle: None,
            source: Source::Sheets(sheets),
            clock: tablet.clock,
            free_bytes: tablet.free_bytes,
            device: None,
            timing: crate::timing::Timing::default(),
        };
        let profile = Arc::new(training::profile()?);
        let staff_id = training::staff_id(&profile).ok_or(std::io::ErrorKind::InvalidData)?;
        let known = Some(Arc::clone(&profile));
        let source = config.source.clone();
        let threads = Threads::start(&config, source, known, post, Keeper::start_training)?;
        let (state, effects) = State::train(display, profile, staff_id, (config.clock)());
        Ok((Self::of(config, threads, state), effects))
    }

    fn of(config: Config, threads: Threads, state: State) -> Self {
        let hands = match &config.source {
            Source::Sheets(sheets) | Source::DeviceOrSheets(sheets) => Some(Arc::clone(&sheets.hands)),
            Source::Device(_) | Source::Chosen(_) => None,
        };
        let Threads { post, inbox, preview, wants_preview, reader, camera, keeper } = threads;
        let saw_preview = false;
        Self {
            state,
            config,
            post,
            inbox,
            preview,
            wants_preview,
            saw_preview,
            hands,
            reader,
            camera,
            keeper,
        }
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// What the threads have said since; none when that was all.
    pub(crate) fn next(&self) -> Option<Event> {
        self.inbox.try_recv().ok()
    }

    /// One step; what is to be done, and whether what is shown may have changed.
    pub(crate) fn step(&mut self, event: Event) -> (Vec<Effect>, bool) {
        let is_news = !matches!(event, Event::Tick) || self.ticks();
        let before = (std::mem::discriminant(&self.state.phase), self.state.notice.clone());
        let effects = workflow::step(&mut self.state, event, (self.config.clock)());
        let after = (std::mem::discriminant(&self.state.phase), self.state.notice.clone());
        (effects, is_news || before != after)
    }

    /// Whether the page shows time going by.
    fn ticks(&self) -> bool {
        match &self.state.phase {
            Phase::Locked(locked) => locked.wait_until_ms.is_some(),
            Phase::Open(open) => {
                matches!(&open.page, workflow::open::Page::SelfTest(test) if test.result.is_none())
            }
            Phase::Setup(_) => false,
        }
    }

    /// The newest picture, where the page shows one.
    pub(crate) fn picture(&self) -> Option<SharedPixelBuffer<Rgb8Pixel>> {
        self.preview.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// A picture of the paper is on the screen.
    pub(crate) fn picture_shown(&mut self) {
        self.config.timing.reached(if self.saw_preview { "preview" } else { "first_preview" });
        self.saw_preview = true;
    }

    /// Asking for the cameras takes a while, and a broken one may never answer: a short thread of its own does it.
    fn look_for_cameras(&self) {
        let (post, folder) = (self.post.clone(), self.config.folder.clone());
        let look = move || {
            let (cameras, chosen) = (camera::choice::cameras(), camera::choice::read(&folder));
            post.event(Event::CamerasFound { cameras, chosen });
        };
        // Without a thread the list stays empty, and the page says that it is being looked for.
        let _ = std::thread::Builder::new().name("camera-list".to_owned()).spawn(look);
    }

    /// Does what one side does for itself; gives back what is the window's.
    pub(crate) fn carry_out(&mut self, effect: Effect) -> Option<Effect> {
        match effect {
            effect @ (Effect::KeepDisplay(_) | Effect::Sound(_) | Effect::Train | Effect::EndTraining) => {
                return Some(effect);
            }
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
            Effect::LookForCameras => self.look_for_cameras(),
            Effect::UseCamera(chosen) => {
                camera::choice::write(&self.config.folder, chosen.as_ref());
                let source = chosen.map_or_else(|| self.config.source.clone(), Source::Chosen);
                self.camera.use_source(source);
            }
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
            Effect::LookAtBox(file) => self.keeper.order(Job::LookAtBox(file)),
            Effect::OpenSlot { bundles, tablet_id, code } => {
                self.keeper.order(Job::OpenSlot(bundles, tablet_id, code));
            }
            Effect::ApplyBundle { bundle, from } => self.keeper.order(Job::ApplyBundle(bundle, from)),
            Effect::Unlock { staff_id, pin } => self.keeper.order(Job::Unlock(staff_id, pin)),
            Effect::Permit { staff_id, pin } => self.keeper.order(Job::Permit(staff_id, pin)),
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
            Effect::SendNow => self.keeper.order(Job::SendNow),
        }
        None
    }
}

impl Threads {
    fn start(
        config: &Config,
        source: Source,
        profile: Option<Arc<Profile>>,
        post: &Post,
        keep: impl FnOnce(keeper::Start, Box<dyn Fn(Event) + Send + Sync>) -> std::io::Result<Keeper>,
    ) -> std::io::Result<Self> {
        let (events, inbox) = channel();
        let post = post.to(events);
        let slot = Arc::new(Slot::default());
        let preview = Preview::default();
        let wants_preview = Arc::new(AtomicBool::new(false));
        let start = keeper::Start {
            folder: config.folder.clone(),
            clock: config.clock,
            free_bytes: config.free_bytes,
            device: config.device.clone(),
            profile,
            timing: config.timing.clone(),
        };
        let tell = post.clone();
        let keeper = keep(start, Box::new(move |event| tell.event(event)))?;
        let tell = post.clone();
        let reader = Reader::start(Arc::clone(&slot), config.timing.clone(), move |event| tell.event(event))?;
        let camera = start_camera(source, slot, &post, &preview, &wants_preview)?;
        Ok(Self { post, inbox, preview, wants_preview, reader, camera, keeper })
    }
}

/// The camera that was chosen on this tablet, unless the program was started with another source.
fn chosen_or(config: &Config, chosen: Option<FoundCamera>) -> Source {
    match (&config.source, chosen) {
        (Source::Device(None), Some(chosen)) => Source::Chosen(chosen),
        (source, _) => source.clone(),
    }
}

fn start_camera(
    source: Source,
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
    camera::start(source, slot, look, move |state| post.event(Event::Camera(state)))
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
