//! The thread that reads: takes the newest frame, reads it, weighs it, and says what is new.
//!
//! Must not: say the same thing for every frame, or look at frames when nobody wants to know.

mod coupons;
mod packages;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use record::{CalendarDate, LotNumber};
use scanner::{Expectation, TypedCode};

use crate::{camera::Slot, timing::Timing, workflow::Event};
use coupons::Coupons;
use packages::Packages;

const WAIT: Duration = Duration::from_millis(200);

/// What the reader is to look for.
#[derive(Debug, Clone, Default)]
enum Looking {
    /// Nobody wants to know.
    #[default]
    Nowhere,
    /// Coupons, and what the day expects of them.
    Coupon(Expectation),
    /// A vaccine's package, or a sticker with one of the lots; the day decides the century of an expiry.
    Package(CalendarDate, Vec<LotNumber>),
}

/// What the reader is to do.
#[derive(Debug, Default)]
struct Task {
    looking: Looking,
    /// What a USB scanner typed since the last frame.
    typed: Option<TypedCode>,
    /// Grows with every new task: what was seen for an earlier one counts no more.
    round: u64,
}

/// The running reader.
#[derive(Debug)]
pub struct Reader {
    task: Arc<Mutex<Task>>,
    quit: Arc<AtomicBool>,
    handle: Option<JoinHandle<()>>,
}

impl Reader {
    /// Starts the thread, idle.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn start(
        slot: Arc<Slot>,
        timing: Timing,
        tell: impl Fn(Event) + Send + 'static,
    ) -> std::io::Result<Self> {
        let task = Arc::new(Mutex::new(Task::default()));
        let quit = Arc::new(AtomicBool::new(false));
        let (its_task, its_quit) = (Arc::clone(&task), Arc::clone(&quit));
        let handle = std::thread::Builder::new()
            .name("reader".to_owned())
            .spawn(move || run(&slot, &timing, &tell, &its_task, &its_quit))?;
        Ok(Self { task, quit, handle: Some(handle) })
    }

    fn set(&self, looking: Looking) {
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        *task = Task { looking, typed: None, round: task.round + 1 };
    }

    /// Reads coupons from now on, beginning with nothing.
    pub fn watch(&self, expectation: Expectation) {
        self.set(Looking::Coupon(expectation));
    }

    /// Looks for a vaccine's package from now on, and for stickers with one of the lots.
    pub fn watch_for_package(&self, today: CalendarDate, lots: Vec<LotNumber>) {
        self.set(Looking::Package(today, lots));
    }

    /// Takes in what a USB scanner typed, while it reads.
    pub fn hear(&self, code: TypedCode) {
        self.task.lock().unwrap_or_else(PoisonError::into_inner).typed = Some(code);
    }

    /// Reads no more.
    pub fn stop_watching(&self) {
        self.set(Looking::Nowhere);
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.quit.store(true, Ordering::Relaxed);
        if let Some(handle) = self.handle.take() {
            let _ = handle.join();
        }
    }
}

fn run(slot: &Slot, timing: &Timing, tell: &impl Fn(Event), task: &Mutex<Task>, quit: &AtomicBool) {
    let locked = || task.lock().unwrap_or_else(PoisonError::into_inner);
    let mut round = 0;
    let mut coupons = Coupons::default();
    let mut packages = Packages::default();
    while !quit.load(Ordering::Relaxed) {
        let (looking, now_round) = {
            let task = locked();
            (task.looking.clone(), task.round)
        };
        if let Looking::Nowhere = looking {
            std::thread::sleep(Duration::from_millis(20));
            continue;
        }
        if round != now_round {
            (coupons, packages, round) = (Coupons::default(), Packages::default(), now_round);
            slot.clear();
        }
        let Some(shot) = slot.take(WAIT) else { continue };
        let news = match looking {
            Looking::Nowhere => Vec::new(),
            Looking::Coupon(expectation) => {
                if let Some(code) = locked().typed.take() {
                    coupons.agreement.hear(code);
                }
                coupons.look(&shot, &expectation, timing)
            }
            Looking::Package(today, lots) => packages.look(&shot, today, &lots),
        };
        // Whoever asked may have gone on while this frame was read.
        if locked().round == round {
            news.into_iter().for_each(tell);
        }
    }
}
