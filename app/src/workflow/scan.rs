//! 読取: the card always belongs to the paper now in view. When the paper leaves, the number leaves.
//!
//! Must not: show or keep a number with any picture but its own.

use std::{collections::BTreeSet, sync::Arc};

use record::{
    Draft, EntryContent, EntryId, Moment, OcrLine,
    draft::CouponMeaning,
    entry::{Cancellation, ChangeReason},
    rules::{self, EarlierDose},
};
use scanner::{
    Acceptance, CaptureId, Cause, Crop, Dispute, Verdict,
    wedge::{self, Typed},
};

use crate::{
    camera::CameraState,
    messages::{Notice, TypedProblem},
    sound::Signal,
    workflow::{
        Effect, Event, Press,
        checks::{self, Checks},
        confirm::{Confirm, Purpose},
        day::{self, DayEdit},
        entry::EntryPage,
        event::Seen,
        keypad::Keypad,
        open::{Mode, Open, Page, watch},
        typed::Codes,
    },
};

/// A part of a frame, shared with the screen.
pub type CropOf = Arc<Crop>;

/// The paper in view.
#[derive(Debug, Default)]
pub struct Scan {
    /// What the card shows.
    pub card: Card,
    /// What the reader said while an entry was being kept.
    meanwhile: Option<Seen>,
}

/// What the card shows.
#[derive(Debug, Default)]
pub enum Card {
    /// No paper.
    #[default]
    Empty,
    /// A paper, not read yet; after a while the keypad is offered.
    InView {
        /// Whether it has been there long enough to offer the keypad.
        long: bool,
    },
    /// Read; the database is being asked about the coupon.
    Checking(Box<Found>),
    /// Read, and nothing speaks against keeping it.
    Ready(Box<Found>),
    /// Being kept.
    Keeping(Box<Found>),
    /// A person must settle it.
    ForPerson(Box<Disputed>),
    /// It cannot be recorded from here.
    Stopped(Stop),
    /// On disk.
    Done(Box<Done>),
    /// On disk, and being taken back: a cancellation is being kept.
    TakingBack(Box<Done>),
    /// Taken back.
    TakenBack(Box<Done>),
}

/// What is on disk of the paper in view.
#[derive(Debug, Clone)]
pub struct Done {
    /// What was read of it.
    pub found: Box<Found>,
    /// Its entry.
    pub entry_id: EntryId,
}

/// An accepted number with the crop of its own frame and the day it will be recorded under.
#[derive(Debug, Clone)]
pub struct Found {
    /// Number, witnesses and day.
    pub draft: Draft,
    /// What its 券種 means.
    pub meaning: CouponMeaning,
    /// The frame it was read in.
    pub capture: CaptureId,
    /// What that frame shows of it.
    pub crop: Option<CropOf>,
    /// What the rules found; nothing before the database was asked.
    pub checks: Checks,
}

/// What a person must settle, with the crop of its own frame.
#[derive(Debug, Clone)]
pub struct Disputed {
    /// What the readings say.
    pub dispute: Dispute,
    /// What that frame shows of it.
    pub crop: Option<CropOf>,
}

/// Why a paper in view is not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// A rule stops it.
    Rule(rules::Found),
    /// Nobody knows what its 券種 means.
    UnknownKind,
    /// A QR code that is no coupon's.
    ForeignQr,
    /// More than one paper.
    SeveralPapers,
}

impl Scan {
    /// Nothing is in view.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
    /// Whether an entry of the paper in view is on its way to the disk.
    fn is_keeping(&self) -> bool {
        matches!(self.card, Card::Keeping(_) | Card::TakingBack(_))
    }
    /// What was being kept is ready to be tried again. What the database could not be asked about stays to be asked:
    /// without its answer no rule was held against it.
    pub(crate) fn not_kept(&mut self) {
        self.meanwhile = None;
        self.card = match std::mem::take(&mut self.card) {
            Card::Keeping(found) => Card::Ready(found),
            Card::TakingBack(done) => Card::Done(done),
            other => other,
        };
    }
}

/// The crop, if it was cut from that very frame; a crop of any other is never shown with it.
fn own(crop: Option<CropOf>, capture: CaptureId) -> Option<CropOf> {
    crop.filter(|crop| crop.capture() == capture)
}

pub(crate) fn step(open: &mut Open, notice: &mut Option<Notice>, event: Event, now: Moment) -> Vec<Effect> {
    match event {
        Event::Seen(seen) => return show(open, notice, seen),
        Event::Typed(text) => return typed(open, notice, &text, now),
        Event::LookedUp { line, earlier } => return looked_up(open, line, &earlier, now),
        Event::Press(press) => return pressed(open, notice, press, now),
        Event::Tick if matches!(open.scan.card, Card::Empty) && day::is_over(open, now) => {
            *notice = Some(Notice::NewDay);
            return day::ask_new(open, now);
        }
        _ => {}
    }
    Vec::new()
}

/// A USB scanner's line: a coupon's digits are one more reading; anything else is told.
fn typed(open: &Open, notice: &mut Option<Notice>, text: &str, now: Moment) -> Vec<Effect> {
    // Without a clock the day's own date decides the century of a package's expiry.
    let today = open.today(now).or(open.day.as_ref().map(|day| day.vaccinated_on));
    let problem = match today.map_or(Typed::Nothing, |today| wedge::parse(text, today)) {
        Typed::Coupon(code) if open.camera == CameraState::Running => return vec![Effect::Hear(code)],
        Typed::Coupon(_) => TypedProblem::NoCamera,
        Typed::Package(_) => TypedProblem::Package,
        Typed::Nothing => TypedProblem::NoCoupon,
    };
    *notice = Some(Notice::Typed(problem));
    Vec::new()
}

fn show(open: &mut Open, notice: &mut Option<Notice>, seen: Seen) -> Vec<Effect> {
    if open.scan.is_keeping() {
        open.scan.meanwhile = Some(seen);
        return Vec::new();
    }
    let Some(day) = &open.day else { return Vec::new() };
    if matches!(seen.verdict, Verdict::Accepted(_) | Verdict::ForPerson(_))
        && matches!(notice, Some(Notice::Kept))
    {
        *notice = None;
    }
    open.scan.card = match seen.verdict {
        Verdict::Nothing => Card::Empty,
        Verdict::Something { frames, .. } => Card::InView { long: frames >= OFFER_KEYPAD_AFTER },
        Verdict::ForeignQr { .. } => Card::Stopped(Stop::ForeignQr),
        Verdict::SeveralPapers { .. } => Card::Stopped(Stop::SeveralPapers),
        Verdict::AlreadyReported { .. } => return Vec::new(),
        Verdict::ForPerson(dispute) if dispute.cause == Cause::UnexpectedKind => {
            Card::Stopped(Stop::UnknownKind)
        }
        Verdict::ForPerson(dispute) => {
            let crop = own(seen.crop, dispute.capture);
            Card::ForPerson(Box::new(Disputed { dispute: *dispute, crop }))
        }
        Verdict::Accepted(Acceptance { capture, line, witnessed, .. }) => {
            match open.profile.coupon_kinds.meaning(line.kind()) {
                None => Card::Stopped(Stop::UnknownKind),
                Some(meaning) => {
                    let draft = Draft { coupon: line, witnessed, day: day.clone(), despite: BTreeSet::new() };
                    let (crop, checks) = (own(seen.crop, capture), Checks::default());
                    open.scan.card =
                        Card::Checking(Box::new(Found { draft, meaning, capture, crop, checks }));
                    return vec![Effect::LookUp(line)];
                }
            }
        }
    };
    Vec::new()
}

/// Frames without a result after which the keypad is offered: about two seconds at 30 frames a second.
const OFFER_KEYPAD_AFTER: u32 = 60;

fn looked_up(open: &mut Open, line: OcrLine, earlier: &[EarlierDose], now: Moment) -> Vec<Effect> {
    // An answer may come when its paper has been followed by another one: it says nothing about that.
    if !matches!(&open.scan.card, Card::Checking(found) if found.draft.coupon == line) {
        return Vec::new();
    }
    let Card::Checking(mut found) = std::mem::take(&mut open.scan.card) else { return Vec::new() };
    found.checks = Checks::of(checks::of_person(open, &found.draft.day, line, found.meaning, earlier, now));
    if let Some(stop) = found.checks.stop() {
        open.scan.card = Card::Stopped(Stop::Rule(stop.clone()));
        return Vec::new();
    }
    match open.mode {
        Mode::Continuous if found.checks.lets_through() => keep(open, found),
        _ => {
            open.scan.card = Card::Ready(found);
            Vec::new()
        }
    }
}

fn keep(open: &mut Open, mut found: Box<Found>) -> Vec<Effect> {
    found.draft.despite = checks::despite(open, &found.checks);
    let content: EntryContent = found.draft.content(found.meaning);
    let capture = Some(found.capture);
    open.scan.card = Card::Keeping(found);
    vec![Effect::Keep { content: Box::new(content), staff_id: open.staff_id.clone(), capture }]
}

/// 取り消し of what was recorded a moment ago: the entry stays, and one that takes it back follows.
fn take_back(open: &mut Open, done: Box<Done>) -> Vec<Effect> {
    let cancellation = Cancellation { cancels: done.entry_id, reason: ChangeReason::TakenBackAtOnce };
    open.scan.card = Card::TakingBack(done);
    let (content, staff_id) = (Box::new(EntryContent::Cancellation(cancellation)), open.staff_id.clone());
    vec![Effect::Keep { content, staff_id, capture: None }]
}

/// What a sound says of the card. One that stays as it is makes none.
#[must_use]
pub(crate) fn signal(scan: &Scan, mode: Mode) -> Option<Signal> {
    match &scan.card {
        Card::Ready(found) | Card::Keeping(found) if found.checks.asks() => Some(Signal::PersonNeeded),
        // Where nobody is asked, it is read once it is on disk.
        Card::Keeping(_) if mode == Mode::Continuous => None,
        Card::Ready(_) | Card::Keeping(_) | Card::Done(_) => Some(Signal::Read),
        Card::ForPerson(_) => Some(Signal::PersonNeeded),
        Card::Stopped(_) => Some(Signal::Refused),
        Card::Empty | Card::InView { .. } | Card::Checking(_) | Card::TakingBack(_) | Card::TakenBack(_) => {
            None
        }
    }
}

/// The rules or what is known of lots have changed: what is in view is held against them as they are now, and with nothing
/// in view the day is asked about where it could not begin like that.
pub(crate) fn judge_again(open: &mut Open, notice: &mut Option<Notice>, now: Moment) -> Vec<Effect> {
    if !matches!(open.page, Page::Scan) {
        // Every other page is held against them when it is done.
        return Vec::new();
    }
    match std::mem::take(&mut open.scan.card) {
        Card::Ready(found) => {
            let line = found.draft.coupon;
            open.scan.card = Card::Checking(found);
            vec![Effect::LookUp(line)]
        }
        Card::Empty if day::asks_again(open, now) => {
            *notice = None;
            day::ask_again(open, now)
        }
        card => {
            open.scan.card = card;
            Vec::new()
        }
    }
}

/// The entry is on disk; what the reader said meanwhile is shown now.
pub(crate) fn kept(open: &mut Open, entry_id: EntryId) -> Vec<Effect> {
    let mut effects = Vec::new();
    open.scan.card = match std::mem::take(&mut open.scan.card) {
        Card::Keeping(found) => {
            effects.push(Effect::NextPaper);
            Card::Done(Box::new(Done { found, entry_id }))
        }
        Card::TakingBack(done) => {
            effects.push(Effect::CountLots);
            Card::TakenBack(done)
        }
        other => other,
    };
    if let Some(seen) = open.scan.meanwhile.take() {
        effects.extend(show(open, &mut None, seen));
    }
    effects
}

fn pressed(open: &mut Open, notice: &mut Option<Notice>, press: Press, now: Moment) -> Vec<Effect> {
    match press {
        Press::SetAside => {
            if let Card::Ready(found) = &mut open.scan.card {
                found.checks.turn();
            }
        }
        Press::Record => {
            if let Card::Checking(found) = &open.scan.card {
                return vec![Effect::LookUp(found.draft.coupon)];
            }
            if matches!(&open.scan.card, Card::Ready(found) if found.checks.lets_through())
                && let Card::Ready(found) = std::mem::take(&mut open.scan.card)
            {
                return keep(open, found);
            }
        }
        Press::TakeBackRecord => {
            if matches!(open.scan.card, Card::Done(_))
                && let Card::Done(done) = std::mem::take(&mut open.scan.card)
            {
                return take_back(open, done);
            }
        }
        Press::Discard if !open.scan.is_keeping() => {
            // The reader has reported this paper: it stays silent until the paper is lifted and laid down again.
            open.scan.clear();
            return vec![Effect::NextPaper];
        }
        Press::Settle => {
            if let Card::ForPerson(disputed) = &open.scan.card {
                *notice = None;
                open.page = Page::Confirm(Box::new(Confirm::of_dispute(disputed)));
                return vec![Effect::StopWatching];
            }
        }
        Press::Keypad => {
            let (crop, codes) = match &open.scan.card {
                Card::ForPerson(disputed) => (disputed.crop.clone(), Codes::of_dispute(&disputed.dispute)),
                _ => (None, Codes::default()),
            };
            *notice = None;
            open.scan.clear();
            open.page = Page::Keypad(Box::new(Keypad::new(crop, codes, Purpose::NewRecord)));
            return vec![Effect::StopWatching];
        }
        Press::ChangeDay => {
            let edit = match &open.day {
                Some(day) => DayEdit::of(day),
                None => DayEdit::from_earlier(None, open.today(now), &open.profile),
            };
            open.scan.clear();
            open.page = Page::Day(edit);
            return vec![Effect::StopWatching];
        }
        Press::OpenLast => {
            if let Some(last) = &open.last {
                let entry_id = last.entry_id;
                open.scan.clear();
                open.page = Page::Entry(EntryPage::new(entry_id));
                return vec![Effect::StopWatching, Effect::LoadHistory(entry_id)];
            }
        }
        Press::SwitchMode => {
            open.mode = match open.mode {
                Mode::EachPerson => Mode::Continuous,
                Mode::Continuous => Mode::EachPerson,
            };
        }
        _ => {}
    }
    Vec::new()
}

/// Back to the scan with nothing in view.
pub(crate) fn enter(open: &mut Open) -> Vec<Effect> {
    open.scan.clear();
    open.page = Page::Scan;
    open.day.as_ref().map_or_else(Vec::new, |day| watch(&open.profile, day))
}
