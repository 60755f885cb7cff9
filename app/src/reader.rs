//! The thread that reads: takes the newest frame, reads it, weighs it, and says what is new.
//!
//! Must not: say the same thing for every frame, or look at frames when nobody wants to know.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use record::CalendarDate;
use scanner::{
    Agreement, Expectation, Frame, Guidance, TypedCode, Verdict, crop_area,
    package::{self, PackageLabel},
};

use crate::{
    camera::{Shot, Slot},
    platform::monotonic_ms,
    timing::Timing,
    workflow::{Event, event::Seen, scan::CropOf},
};

const WAIT: Duration = Duration::from_millis(200);
/// A paper that lies unread is mentioned again after this many frames, so that the screen can offer the keypad.
const MENTION_EVERY: u32 = 30;
/// A third of a second at 15 frames a second.
const STEADY_FRAMES: u32 = 5;

/// What the reader is to look for.
#[derive(Debug, Clone, Default)]
enum Looking {
    /// Nobody wants to know.
    #[default]
    Nowhere,
    /// Coupons, and what the day expects of them.
    Coupon(Expectation),
    /// A vaccine's package; the day decides the century of its expiry.
    Package(CalendarDate),
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

    /// Looks for a vaccine's package from now on.
    pub fn watch_for_package(&self, today: CalendarDate) {
        self.set(Looking::Package(today));
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
            Looking::Package(today) => {
                packages.look(&shot, today).map(Event::PackageSeen).into_iter().collect()
            }
        };
        // Whoever asked may have gone on while this frame was read.
        if locked().round == round {
            news.into_iter().for_each(tell);
        }
    }
}

/// The packages of one task.
#[derive(Default)]
struct Packages {
    last: Option<PackageLabel>,
    told: Option<PackageLabel>,
}

impl Packages {
    /// Looks at a frame. A label is told once two frames in a row show it: the readers of packages have no second
    /// witness in one frame.
    fn look(&mut self, shot: &Shot, today: CalendarDate) -> Option<PackageLabel> {
        self.news_of(package::find(&shot.frame, today).label())
    }

    fn news_of(&mut self, seen: Option<PackageLabel>) -> Option<PackageLabel> {
        let agreed = seen.clone().filter(|label| self.last.as_ref() == Some(label));
        self.last = seen;
        let news = agreed.filter(|label| self.told.as_ref() != Some(label))?;
        self.told = Some(news.clone());
        Some(news)
    }
}

/// The coupons of one task: what was said of them.
#[derive(Default)]
struct Coupons {
    agreement: Agreement,
    said: Said,
    guided: Steady,
}

impl Coupons {
    /// Reads a frame; what is new in it.
    fn look(&mut self, shot: &Shot, expectation: &Expectation, timing: &Timing) -> Vec<Event> {
        let began = monotonic_ms();
        let reading = scanner::read(&shot.frame);
        timing.took("read", monotonic_ms() - began);
        let verdict = self.agreement.observe(&reading, expectation);
        if let Verdict::Accepted(acceptance) = &verdict {
            timing.accepted(acceptance.capture, shot.taken_ms);
        }
        let mut news: Vec<Event> =
            self.guided.changed(reading.guidance).map(Event::Guided).into_iter().collect();
        let now_said = Said::of(&verdict);
        if now_said.is_news_after(self.said) {
            let crop = crop(&shot.frame, &verdict);
            news.push(Event::Seen(Seen { verdict, crop }));
        }
        self.said = now_said;
        news
    }
}

/// The part of this very frame that belongs to the verdict.
fn crop(frame: &Frame, verdict: &Verdict) -> Option<CropOf> {
    let (capture, sightings) = match verdict {
        Verdict::Accepted(acceptance) => (acceptance.capture, &acceptance.sightings),
        Verdict::ForPerson(dispute) => (dispute.capture, &dispute.sightings),
        _ => return None,
    };
    (frame.capture() == capture)
        .then(|| Arc::new(frame.crop(crop_area(sightings, frame.width(), frame.height()))))
}

/// What is said to help, once the same holds for [`STEADY_FRAMES`] in a row: a hint that flickers helps nobody.
#[derive(Debug, Default)]
struct Steady {
    said: Option<Guidance>,
    next: Option<Guidance>,
    frames: u32,
}

impl Steady {
    /// What is to be said from now on, where that is something else than before.
    fn changed(&mut self, now: Option<Guidance>) -> Option<Option<Guidance>> {
        self.frames = if now == self.next { self.frames.saturating_add(1) } else { 1 };
        self.next = now;
        if now == self.said || self.frames < STEADY_FRAMES {
            return None;
        }
        self.said = now;
        Some(now)
    }
}

/// The kind of the last verdict, to tell what is new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Said {
    #[default]
    Fresh,
    Nothing,
    Something {
        frames: u32,
    },
    ForeignQr,
    SeveralPapers,
    Reported,
    StillThere,
}

impl Said {
    fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Nothing => Self::Nothing,
            Verdict::Something { frames, .. } => Self::Something { frames: *frames },
            Verdict::ForeignQr { .. } => Self::ForeignQr,
            Verdict::SeveralPapers { .. } => Self::SeveralPapers,
            Verdict::Accepted(_) | Verdict::ForPerson(_) => Self::Reported,
            Verdict::AlreadyReported { .. } => Self::StillThere,
        }
    }

    fn is_news_after(self, before: Self) -> bool {
        match (self, before) {
            (Self::Something { frames }, Self::Something { .. }) => frames % MENTION_EVERY == 0,
            // A new paper may follow the one before without a gap: both are reported.
            (Self::Reported, _) => true,
            (Self::StillThere, Self::Reported) => false,
            (now, before) => now != before,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_told_once_two_frames_in_a_row_show_it() {
        let label = |lot: &str| {
            let text = format!("(01)04912345678904(10){lot}");
            let today = "2021-11-22".parse().unwrap();
            package::gs1::parse(&text, package::gs1::Separators::Kept, today).unwrap()
        };
        let mut packages = Packages::default();
        let (one, other) = (Some(label("SAMPLE01")), Some(label("SAMPLE02")));
        let frames = [&one, &other, &one, &None, &one, &one, &one, &other, &other];
        let told: Vec<_> = frames.iter().map(|seen| packages.news_of((*seen).clone())).collect();
        let nothing = || None;
        assert_eq!(told[..5], [nothing(), nothing(), nothing(), nothing(), nothing()], "no two in a row");
        assert_eq!(told[5..], [one, nothing(), nothing(), other]);
    }

    #[test]
    fn a_hint_is_said_once_it_lasts() {
        let mut steady = Steady::default();
        let dark = Some(Guidance::TooDark);
        for _ in 0..3 {
            assert_eq!((steady.changed(dark), steady.changed(None)), (None, None), "it flickers");
        }
        let said: Vec<_> = (0..10).filter_map(|_| steady.changed(dark)).collect();
        assert_eq!(said, [dark], "once");
        let said: Vec<_> = (0..10).filter_map(|_| steady.changed(None)).collect();
        assert_eq!(said, [None], "and taken back once");
    }
}
