//! The thread that keeps: it alone opens the vault and writes entries. It does one thing after the other, and says
//! what came of each.
//!
//! Must not: make the interface wait, or decide what is recorded.

mod practising;
mod unlocking;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
};

use record::{CalendarDate, Entry, EntryContent, EntryId, Moment, OcrLine, StaffId, TabletId, draft::Stamp};
use scanner::CaptureId;
use seal::{
    bundle::VerifiedBundle,
    bundle_box::BundleBox,
    pin::Pin,
    random::{SystemRandom, entry_id},
    set_up_code::SetUpCode,
    vault::{DeviceSecret, TabletSecrets},
};
use store::{Action, AuditRow, Counts, ListFilter, Store};
use sync::{courier::Wake, thread::Running};

use crate::{
    attempts::Attempts,
    boxes::{self, Codes},
    messages::{KeepProblem, SetupProblem},
    platform,
    profile::Profile,
    provision, published,
    timing::Timing,
    workflow::{Event, effect::LIST_ROWS, event::Kept, selftest::Inspection},
};

/// What entries leave of the disk: a day of receipts and audit is some ten of these MiB.
pub const STAYS_FREE_BYTES: u64 = 64 << 20;

/// What reference data leaves: as much again, so that it never takes the room in which entries are still kept.
const REFERENCE_LEAVES_BYTES: u64 = 2 * STAYS_FREE_BYTES;

/// What the keeper is to do.
#[derive(Debug)]
pub enum Job {
    /// Look for bundle files; the first is the one named at start, if any.
    LookForBundles(Option<PathBuf>),
    /// Look at one.
    LookAtBox(PathBuf),
    /// Open one tablet's bundle.
    OpenSlot(Arc<BundleBox>, TabletId, SetUpCode),
    /// Apply it, and mark it in the box it came in.
    ApplyBundle(Box<VerifiedBundle>, PathBuf),
    /// Try a PIN.
    Unlock(StaffId, Pin),
    /// Try the PIN of a person in charge.
    Permit(StaffId, Pin),
    /// Somebody locked the screen.
    NoteLocked(StaffId),
    /// Keep the day's settings.
    KeepDay(Box<record::DaySettings>, StaffId),
    /// What is there of a coupon?
    LookUp(OcrLine),
    /// Keep an entry.
    Keep(Box<EntryContent>, StaffId, Option<CaptureId>),
    /// A page of the list.
    List(ListFilter, usize),
    /// One entry's history.
    LoadHistory(EntryId),
    /// Count.
    Count,
    /// Count what there is of a day.
    CountDay(CalendarDate),
    /// Count the doses of each lot.
    CountLots,
    /// Look at space, database and key store, for that person.
    Inspect(StaffId),
    /// Read what the central published.
    ReadPublished,
    /// Send at once.
    SendNow,
    /// Close everything and end.
    Stop,
}

/// What the keeper needs to begin.
pub struct Start {
    /// The tablet's own folder.
    pub folder: PathBuf,
    /// Reads the tablet's clocks.
    pub clock: fn() -> Moment,
    /// Reads how many bytes are free on the disk under the folder.
    pub free_bytes: fn(&Path) -> std::io::Result<u64>,
    /// The device's own secret, where it has a key store.
    pub device: Option<DeviceSecret>,
    /// The profile, where a bundle was applied before.
    pub profile: Option<Arc<Profile>>,
    /// Where times are written.
    pub timing: Timing,
}

/// The running keeper.
#[derive(Debug)]
pub struct Keeper {
    jobs: Sender<Job>,
    handle: Option<std::thread::JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread. `tell` hears what came of each job and must not block.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn start(start: Start, tell: impl Fn(Event) + Send + Sync + 'static) -> std::io::Result<Self> {
        Self::spawn(start, tell, Working::run)
    }

    /// Starts a thread that keeps what is practised, in the start's folder, until it ends; see [`crate::training`].
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn start_training(
        start: Start,
        tell: impl Fn(Event) + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        Self::spawn(start, tell, Working::run_training)
    }

    fn spawn(
        start: Start,
        tell: impl Fn(Event) + Send + Sync + 'static,
        run: fn(Working, &Receiver<Job>),
    ) -> std::io::Result<Self> {
        let (jobs, inbox) = channel();
        let attempts = Attempts::read(&start.folder);
        let refused_until_ms = (start.clock)().monotonic_ms.saturating_add(attempts.wait_at_start_ms());
        let working = Working {
            start,
            attempts,
            codes: Codes::default(),
            opened: None,
            jobs: jobs.clone(),
            tell: Arc::new(tell),
            told: None,
            refused_until_ms,
        };
        let handle =
            std::thread::Builder::new().name("keeper".to_owned()).spawn(move || run(working, &inbox))?;
        Ok(Self { jobs, handle: Some(handle) })
    }

    /// One more thing to do.
    pub fn order(&self, job: Job) {
        let _ = self.jobs.send(job);
    }
}

impl Drop for Keeper {
    /// What was ordered is done first: an entry on its way is kept before the program ends.
    fn drop(&mut self) {
        let _ = self.jobs.send(Job::Stop);
        if let Some(handle) = self.handle.take() {
            let _ = handle.join();
        }
    }
}

/// The database and what works beside it, once somebody has unlocked. Locking the screen leaves it at work.
struct Opened {
    store: Arc<Mutex<Store>>,
    secrets: TabletSecrets,
    /// None where there is nothing to send to.
    sync: Option<Running>,
}

impl Opened {
    fn wake(&self, why: Wake) {
        if let Some(sync) = &self.sync {
            sync.wake(why);
        }
    }
    fn store(&self) -> MutexGuard<'_, Store> {
        // A panic while the database was held rolled its transaction back; the database itself is sound.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Everything the thread holds.
struct Working {
    start: Start,
    attempts: Attempts,
    codes: Codes,
    opened: Option<Opened>,
    jobs: Sender<Job>,
    tell: Arc<dyn Fn(Event) + Send + Sync>,
    /// The profile that the screens have beside the bundle's.
    told: Option<Arc<Profile>>,
    /// No PIN is tried before this time on the monotonic clock.
    refused_until_ms: u64,
}

impl Working {
    fn run(mut self, inbox: &Receiver<Job>) {
        while let Ok(job) = inbox.recv() {
            match job {
                Job::Stop => break,
                job => self.work(job),
            }
        }
        if let Some(sync) = self.opened.take().and_then(|opened| opened.sync) {
            sync.stop();
        }
    }

    fn now(&self) -> Moment {
        (self.start.clock)()
    }

    fn say(&self, event: Event) {
        (self.tell)(event);
    }

    fn work(&mut self, job: Job) {
        match job {
            Job::LookForBundles(named) => self.say(Event::BundlesFound(provision::look_for_bundles(named))),
            Job::LookAtBox(file) => {
                let held_to = self.start.profile.as_ref().map(|profile| profile.signer);
                self.say(Event::BoxOffered(boxes::look_at(&file, held_to.as_ref())));
            }
            Job::OpenSlot(bundles, tablet_id, code) => {
                let began = platform::monotonic_ms();
                let now_ms = self.now().monotonic_ms;
                let opened = self.codes.open(&bundles, tablet_id, &code, now_ms).map(Box::new);
                self.start.timing.took("open_bundle", platform::monotonic_ms() - began);
                self.say(Event::BundleOpened(opened));
            }
            Job::ApplyBundle(bundle, from) => {
                let began = platform::monotonic_ms();
                let applied = self.apply(&bundle);
                self.start.timing.took("set_up", platform::monotonic_ms() - began);
                let is_applied = applied.is_ok();
                self.say(Event::BundleApplied(applied));
                let tablet_id = bundle.bundle.tablet_id;
                if is_applied && boxes::mark_used(&from, bundle.bundle.issued_at, tablet_id).is_err() {
                    self.say(Event::NotMarked(tablet_id));
                }
                self.told = None;
                self.read_published();
            }
            Job::Unlock(staff_id, pin) => {
                let began = platform::monotonic_ms();
                let unlocked = self.unlock(&staff_id, &pin);
                self.start.timing.took("unlock", platform::monotonic_ms() - began);
                self.say(Event::Unlocked(unlocked.map(Box::new)));
            }
            Job::Permit(staff_id, pin) => {
                let permitted = self.permit(&staff_id, &pin);
                self.say(Event::Permitted(permitted));
            }
            Job::NoteLocked(staff_id) => self.note(Action::Locked, staff_id, None),
            Job::KeepDay(day, staff_id) => {
                let kept = self.opened.as_ref().map(|opened| opened.store().keep_day(&day));
                match kept {
                    Some(Ok(())) => self.note(Action::DaySet, staff_id, None),
                    Some(Err(error)) => self.say(Event::Kept(Err(KeepProblem::Store(error)))),
                    None => {}
                }
            }
            Job::LookUp(line) => self.look_up(line),
            Job::Keep(content, staff_id, capture) => {
                let kept = self.keep(*content, staff_id, capture);
                self.say(Event::Kept(kept.map(Box::new)));
            }
            Job::List(filter, offset) => {
                self.read(
                    |store| store.list(filter, offset, LIST_ROWS),
                    |rows| Event::Listed { filter, offset, rows },
                );
            }
            Job::LoadHistory(entry_id) => self.read(|store| store.history(entry_id), Event::History),
            Job::Count => {
                let day = self.day();
                self.read(|store| store.counts(&day), Event::Counted);
            }
            Job::CountDay(day) => {
                self.read(|store| store.entries_of(day), |entries| Event::DayCounted { day, entries });
            }
            Job::CountLots => self.read(Store::doses_by_lot, Event::LotsCounted),
            Job::Inspect(staff_id) => {
                let inspection = self.inspect(staff_id);
                self.say(Event::Inspected(Box::new(inspection)));
            }
            Job::ReadPublished => self.read_published(),
            Job::SendNow => {
                if let Some(opened) = &self.opened {
                    opened.wake(Wake::Now);
                }
            }
            Job::Stop => {}
        }
    }

    /// Reads something and says it; a failure is said as one.
    fn read<T>(
        &self,
        ask: impl FnOnce(&Store) -> Result<T, store::StoreError>,
        as_event: impl FnOnce(T) -> Event,
    ) {
        let Some(opened) = &self.opened else { return };
        let answer = ask(&opened.store());
        match answer {
            Ok(value) => self.say(as_event(value)),
            Err(error) => self.say(Event::LookUpFailed(KeepProblem::Store(error))),
        }
    }

    fn look_up(&self, line: OcrLine) {
        let ask = |store: &Store| store.earlier_doses(line.municipality(), line.number());
        self.read(ask, |earlier| Event::LookedUp { line, earlier });
    }

    /// Today in Japan by the tablet's clock, as entries are found by it.
    fn day(&self) -> String {
        CalendarDate::in_japan(self.now().wall).map_or_else(|_| String::new(), |day| day.to_string())
    }

    fn keep(
        &self,
        content: EntryContent,
        staff_id: StaffId,
        capture: Option<CaptureId>,
    ) -> Result<Kept, KeepProblem> {
        let opened = self.opened.as_ref().ok_or(KeepProblem::Locked)?;
        let profile = self.start.profile.as_ref().ok_or(KeepProblem::Locked)?;
        let began = platform::monotonic_ms();
        let now = self.now();
        let entry_id = entry_id(&mut SystemRandom::default()).map_err(|_| KeepProblem::Randomness)?;
        let stamp = Stamp { entry_id, municipality: profile.tablet_id.municipality(), staff_id, moment: now };
        let entry = stamp.entry(content);
        let day = self.day();
        let mut store = opened.store();
        self.append(&mut store, &entry, now).map_err(KeepProblem::Store)?;
        self.start.timing.took("commit", platform::monotonic_ms() - began);
        if let Some(capture) = capture {
            self.start.timing.kept(capture);
        }
        // The entry is on disk: a count that fails now must not make it look unrecorded.
        let counts = store.counts(&day).unwrap_or_default();
        drop(store);
        opened.wake(Wake::NewEntry);
        Ok(Kept { entry, counts })
    }

    /// Keeps an entry while enough of the disk stays free: a full tablet must still take in receipts, write its
    /// audit and close.
    fn append(&self, store: &mut Store, entry: &Entry, now: Moment) -> Result<(), store::StoreError> {
        // A system that does not say leaves it to the disk itself.
        let free = (self.start.free_bytes)(&self.start.folder).unwrap_or(u64::MAX);
        store.grow_by_at_most(free.saturating_sub(STAYS_FREE_BYTES))?;
        let appended = store.append(entry, now);
        store.grow_by_at_most(u64::MAX)?;
        appended.map(|_| ())
    }

    /// The audit's own row is what is written to see whether anything can be.
    fn inspect(&self, staff_id: StaffId) -> Inspection {
        let row =
            AuditRow { staff_id: Some(staff_id), action: Action::SelfTested, place: None, detail: None };
        let opened = self.opened.as_ref();
        let written = opened.map_or(Err(KeepProblem::Locked), |opened| {
            opened.store().audit(&row, self.now()).map_err(KeepProblem::Store)
        });
        Inspection {
            free_bytes: (self.start.free_bytes)(&self.start.folder).ok(),
            written,
            has_device_secret: self.start.device.is_some(),
            set_aside: opened.map_or(0, |opened| opened.store().set_aside().len()),
        }
    }

    /// Says the profile as it holds with what the central published, where that is news.
    fn read_published(&mut self) {
        let (Some(opened), Some(profile)) = (&self.opened, &self.start.profile) else { return };
        let published = opened.store().published();
        match published {
            Ok(published) => {
                let holds = published::with(profile, &published);
                if self.told.as_deref().unwrap_or(profile) != &holds {
                    let holds = Arc::new(holds);
                    self.told = Some(Arc::clone(&holds));
                    self.say(Event::ProfileChanged(holds));
                }
            }
            Err(error) => self.say(Event::LookUpFailed(KeepProblem::Store(error))),
        }
    }

    fn note(&self, action: Action, staff_id: StaffId, detail: Option<String>) {
        let Some(opened) = &self.opened else { return };
        let row = AuditRow { staff_id: Some(staff_id), action, place: None, detail };
        if let Err(error) = opened.store().audit(&row, self.now()) {
            self.say(Event::LookUpFailed(KeepProblem::Store(error)));
        }
    }

    fn counts(&self) -> Counts {
        let day = self.day();
        self.opened.as_ref().and_then(|opened| opened.store().counts(&day).ok()).unwrap_or_default()
    }

    fn apply(&mut self, bundle: &VerifiedBundle) -> Result<Arc<Profile>, SetupProblem> {
        let (folder, device, now) = (&self.start.folder, self.start.device.as_ref(), self.now());
        let mut random = SystemRandom::default();
        let profile = match &self.opened {
            Some(opened) => {
                let work = (&opened.secrets, &mut *opened.store());
                provision::again(folder, bundle, device, work, &mut random, now)?
            }
            None => provision::first(folder, bundle, device, &mut random, now)?,
        };
        let profile = Arc::new(profile);
        self.start.profile = Some(Arc::clone(&profile));
        if let Some(Opened { store, secrets, sync }) = self.opened.take() {
            // The central or its keys may be others now: sending begins again with them.
            if let Some(sync) = sync {
                sync.stop();
            }
            let sync =
                self.send(&store, &secrets, &profile).map_err(|error| SetupProblem::Folder(error.kind()))?;
            self.opened = Some(Opened { store, secrets, sync });
        }
        Ok(profile)
    }
}
