//! Somebody works: the pages of work, and what all of them share.
//!
//! Must not: hold what belongs to one page.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use record::{CalendarDate, DaySettings, EntryContent, LotNumber, Moment, StaffId, rules::CheckName};
use scanner::{Expectation, Guidance, Verdict};
use store::{Counts, ListFilter};
use sync::status::SendStatus;

use crate::{
    camera::CameraState,
    display::Sounds,
    messages::Notice,
    profile::Profile,
    sound::{NoSpeaker, Signal},
    workflow::{
        Effect, Event, Phase, Press, State,
        about::{self, About},
        change::{self, Change},
        closing::{self, ClosingEdit},
        confirm::{self, Confirm},
        day::{self, DayEdit},
        entry::{self, EntryPage},
        event::{Kept, Place, Recorded},
        keypad::{self, Keypad},
        records::{self, Records},
        scan::{self, Scan},
        selftest::{self, SelfTest},
        setup::Setup,
        unlock::{Locked, Purpose},
    },
};

/// Somebody works.
#[derive(Debug)]
pub struct Open {
    /// The tablet's profile.
    pub profile: Arc<Profile>,
    /// Who works.
    pub staff_id: StaffId,
    /// What is shown.
    pub page: Page,
    /// 本日の設定; none until they are complete.
    pub day: Option<DaySettings>,
    /// The calendar's day on which they were set or taken over, where the clock said one.
    pub day_set_on: Option<CalendarDate>,
    /// Rules that a person set aside when the day was set.
    pub day_despite: BTreeSet<CheckName>,
    /// Doses that stand on this tablet, by lot.
    pub doses_by_lot: BTreeMap<LotNumber, u32>,
    /// Whether each person is confirmed.
    pub mode: Mode,
    /// 本日の締め, as far as it was typed.
    pub closing: Option<ClosingEdit>,
    /// The paper in view.
    pub scan: Scan,
    /// The camera.
    pub camera: CameraState,
    /// What would help the reader.
    pub guidance: Option<Guidance>,
    /// How many entries there are.
    pub counts: Counts,
    /// How sending stands, once known.
    pub sending: Option<SendStatus>,
    /// The entry recorded last in this session.
    pub last: Option<Recorded>,
    /// Whether the last sound was heard.
    pub speaker: Result<(), NoSpeaker>,
    /// When somebody last did something here, on the monotonic clock.
    pub used_ms: u64,
}

/// So long nobody does anything before the tablet locks itself, in milliseconds.
pub const LOCKS_AFTER_MS: u64 = 5 * 60 * 1000;
/// So long before that it says so.
const SAYS_SO_MS: u64 = 30 * 1000;

/// What is still there for whoever unlocks next: how papers are recorded, what was typed of the closing, and what the
/// same person has set aside of the same day.
#[derive(Debug, Default)]
pub struct Left {
    mode: Mode,
    closing: Option<ClosingEdit>,
    despite: Option<DayDespite>,
}

/// Rules that a person set aside when they set the day.
#[derive(Debug)]
struct DayDespite {
    staff_id: StaffId,
    day: DaySettings,
    names: BTreeSet<CheckName>,
}

impl Left {
    /// What that person need not be asked again of that day. Another person has not said it.
    pub(crate) fn set_aside(&mut self, staff_id: &StaffId, day: &DaySettings) -> BTreeSet<CheckName> {
        let is_same = |left: &DayDespite| left.staff_id == *staff_id && left.day == *day;
        self.despite.take().filter(is_same).map(|left| left.names).unwrap_or_default()
    }
}

/// The pages of work.
#[derive(Debug)]
pub enum Page {
    /// 本日の設定.
    Day(DayEdit),
    /// 読取.
    Scan,
    /// 紙と比べる.
    Confirm(Box<Confirm>),
    /// 手入力.
    Keypad(Box<Keypad>),
    /// 記録.
    Records(Records),
    /// One record.
    Entry(EntryPage),
    /// 訂正・取消.
    Change(Box<Change>),
    /// 締め.
    Closing,
    /// 送信.
    Sending,
    /// 設定.
    About(About),
    /// 自己点検.
    SelfTest(SelfTest),
}

/// Whether each person is confirmed by a tap, or accepted papers are kept at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// 記録方法: 1件ずつ.
    #[default]
    EachPerson,
    /// 記録方法: 自動.
    Continuous,
}

impl Open {
    /// Somebody has just unlocked.
    #[must_use]
    pub fn new(
        profile: Arc<Profile>,
        staff_id: StaffId,
        counts: Counts,
        sending: Option<SendStatus>,
        left: Left,
        now: Moment,
    ) -> Self {
        Self {
            profile,
            staff_id,
            page: Page::Scan,
            day: None,
            day_set_on: None,
            day_despite: BTreeSet::new(),
            doses_by_lot: BTreeMap::new(),
            mode: left.mode,
            closing: left.closing,
            scan: Scan::default(),
            camera: CameraState::Starting,
            guidance: None,
            counts,
            sending,
            last: None,
            speaker: Ok(()),
            used_ms: now.monotonic_ms,
        }
    }
    /// The calendar's day; see [`super::unlock::today`].
    #[must_use]
    pub fn today(&self, now: Moment) -> Option<CalendarDate> {
        super::unlock::today(now, self.sending.as_ref())
    }
}

/// What the reader needs to begin.
#[must_use]
pub(crate) fn watch(profile: &Profile, day: &DaySettings) -> Vec<Effect> {
    let known = |digit: u8| {
        digit.to_string().parse().ok().filter(|kind| profile.coupon_kinds.meaning(*kind).is_some())
    };
    let kinds: BTreeSet<_> = (0..=9).filter_map(known).collect();
    let municipalities = profile.expected_municipalities.iter().copied().collect();
    let (kinds, dose, municipalities) = (Some(kinds), Some(day.dose), Some(municipalities));
    vec![Effect::Watch(Expectation { kinds, dose, municipalities })]
}

pub(crate) fn step(state: &mut State, event: Event, now: Moment) -> Vec<Effect> {
    let before = signal(state);
    let mut effects = happened(state, event, now);
    if let Some(signal) = signal(state).filter(|signal| Some(*signal) != before)
        && state.display.sounds == Sounds::On
    {
        effects.push(Effect::Sound(signal));
    }
    effects
}

/// What a sound says of what is shown.
fn signal(state: &State) -> Option<Signal> {
    match &state.phase {
        Phase::Open(open) if matches!(open.page, Page::Scan) => scan::signal(&open.scan, open.mode),
        _ => None,
    }
}

fn happened(state: &mut State, event: Event, now: Moment) -> Vec<Effect> {
    let sounds = state.display.sounds;
    match event {
        Event::Press(Press::Lock) => return lock(state),
        Event::Press(Press::Train) => return train(state),
        Event::TrainingFailed => state.notice = Some(Notice::NoTraining),
        Event::Press(Press::Configure) => return configure(state),
        event => {
            let Phase::Open(open) = &mut state.phase else { return Vec::new() };
            if matches!(open.page, Page::SelfTest(_)) {
                let effects = selftest::step(open, sounds, &event, now);
                if !effects.is_empty() {
                    return effects;
                }
            }
            match event {
                Event::Press(Press::SelfTest)
                    if matches!(open.page, Page::About(_) | Page::SelfTest(_))
                        && !open.profile.is_training() =>
                {
                    return selftest::begin(open, sounds, now);
                }
                Event::Camera(camera) => open.camera = camera,
                Event::Guided(guidance) => open.guidance = guidance,
                Event::Counted(counts) => open.counts = counts,
                Event::LotsCounted(doses) => open.doses_by_lot = doses,
                Event::Sending(status) => open.sending = Some(status),
                Event::Press(Press::Go(place)) => {
                    // What went well was seen; what went wrong stays until it is closed.
                    if matches!(
                        state.notice,
                        Some(Notice::Kept | Notice::Corrected | Notice::Cancelled | Notice::Closed)
                    ) {
                        state.notice = None;
                    }
                    return go(open, place, now);
                }
                Event::Played(played) => open.speaker = played,
                Event::Press(Press::TrySound(signal)) => return vec![Effect::Sound(signal)],
                Event::Press(Press::SendNow) => return vec![Effect::SendNow],
                Event::Kept(Ok(kept)) => return kept_well(open, &mut state.notice, *kept, now),
                Event::Kept(Err(problem)) | Event::LookUpFailed(problem) => {
                    not_kept(open);
                    state.notice = Some(Notice::Keep(problem));
                }
                event => return on_page(open, &mut state.notice, event, now),
            }
        }
    }
    Vec::new()
}

fn on_page(open: &mut Open, notice: &mut Option<Notice>, event: Event, now: Moment) -> Vec<Effect> {
    match (&mut open.page, event) {
        (Page::Day(_), event) => day::step(open, notice, event, now),
        (Page::Scan, event) => scan::step(open, notice, event, now),
        (Page::Confirm(_), event) => confirm::step(open, notice, event, now),
        (Page::Keypad(_), event) => keypad::step(open, notice, event, now),
        (Page::Records(_), event) => records::step(open, notice, event, now),
        (Page::Entry(_), event) => entry::step(open, event, now),
        (Page::Change(_), Event::Press(press)) => {
            let today = open.today(now);
            change::step(open, press, today)
        }
        (Page::Closing, event) => closing::step(open, notice, event),
        (Page::About(_), Event::Press(Press::Back)) => go(open, Place::Scan, now),
        (Page::About(_), event) => about::step(open, event),
        (Page::SelfTest(_), Event::Press(Press::Back)) => go(open, Place::About, now),
        _ => Vec::new(),
    }
}

/// The rail leads anywhere; what was half done on a page is left, and nothing of it was kept.
pub(crate) fn go(open: &mut Open, place: Place, now: Moment) -> Vec<Effect> {
    open.scan.clear();
    let (page, effects) = match (place, &open.day) {
        (Place::Scan, Some(day)) => (Page::Scan, watch(&open.profile, day)),
        (Place::Closing, Some(_)) => return closing::enter(open),
        (Place::Scan | Place::Closing, None) => {
            if matches!(open.page, Page::Day(_)) {
                return Vec::new();
            }
            (
                Page::Day(DayEdit::from_earlier(None, open.today(now), &open.profile)),
                vec![Effect::StopWatching, Effect::CountLots],
            )
        }
        (Place::Records, _) => {
            let list = Effect::List { filter: ListFilter::All, offset: 0 };
            (Page::Records(Records::new(ListFilter::All)), vec![Effect::StopWatching, Effect::Count, list])
        }
        (Place::Sending, _) => (Page::Sending, vec![Effect::StopWatching, Effect::Count]),
        (Place::About, _) => return about::enter(open),
    };
    open.page = page;
    effects
}

/// An entry is on disk: where to go from here.
fn kept_well(open: &mut Open, notice: &mut Option<Notice>, kept: Kept, now: Moment) -> Vec<Effect> {
    let content = &kept.entry.content;
    open.counts = kept.counts;
    open.last = Some(Recorded {
        entry_id: kept.entry.entry_id,
        last_four: content.coupon().map(|coupon| coupon.number().last_four().to_owned()),
        at: kept.entry.recorded_at,
    });
    *notice = None;
    if let EntryContent::Vaccination(vaccination) = content {
        *open.doses_by_lot.entry(vaccination.day.lot.clone()).or_default() += 1;
    }
    match &open.page {
        Page::Scan | Page::Confirm(_) if content.vaccination().is_some() && day::asks_again(open, now) => {
            *notice = Some(Notice::Kept);
            day::ask_again(open, now)
        }
        Page::Scan => scan::kept(open, kept.entry.entry_id),
        Page::Confirm(confirm) if confirm.keeping => {
            open.scan.clear();
            *notice = Some(Notice::Kept);
            let mut effects = vec![Effect::NextPaper];
            effects.extend(go(open, Place::Scan, now));
            effects
        }
        Page::Closing => {
            let Some(closing) = open.closing.as_mut().filter(|closing| closing.keeping) else {
                return Vec::new();
            };
            (closing.keeping, closing.kept) = (false, true);
            *notice = Some(Notice::Closed);
            Vec::new()
        }
        Page::Change(change) if change.keeping => {
            let cancelled = matches!(content, EntryContent::Cancellation(_));
            *notice = Some(if cancelled { Notice::Cancelled } else { Notice::Corrected });
            open.page = Page::Entry(EntryPage::new(kept.entry.entry_id));
            vec![Effect::LoadHistory(kept.entry.entry_id), Effect::CountLots]
        }
        _ => Vec::new(),
    }
}

/// Nothing was kept: whatever was shown can be tried again.
fn not_kept(open: &mut Open) {
    match &mut open.page {
        Page::Scan => open.scan.not_kept(),
        Page::Confirm(confirm) => confirm.keeping = false,
        Page::Change(change) => change.keeping = false,
        Page::Closing => {
            if let Some(closing) = &mut open.closing {
                closing.keeping = false;
            }
        }
        _ => {}
    }
}

/// Notes that somebody is here, or that nobody has been for long: then the tablet says that it is about to lock itself,
/// and at last does.
pub(crate) fn idle(state: &mut State, event: &Event, now: Moment) -> Option<Vec<Effect>> {
    let is_used = match event {
        Event::Press(_) | Event::Typed(_) => true,
        Event::Seen(seen) => !matches!(seen.verdict, Verdict::Nothing),
        _ => false,
    };
    let open = work(state)?;
    if is_used {
        open.used_ms = now.monotonic_ms;
    }
    let used_ms = open.used_ms;
    if is_used && state.notice == Some(Notice::LocksSoon) {
        state.notice = None;
    }
    let unused_ms = now.monotonic_ms.saturating_sub(used_ms);
    if !matches!(event, Event::Tick) || unused_ms + SAYS_SO_MS < LOCKS_AFTER_MS {
        return None;
    }
    if unused_ms < LOCKS_AFTER_MS {
        state.notice.get_or_insert(Notice::LocksSoon);
        return None;
    }
    let effects = lock(state);
    state.notice = Some(Notice::LockedItself);
    Some(effects)
}

/// The tablet's own work is locked while somebody practises.
fn train(state: &mut State) -> Vec<Effect> {
    match &state.phase {
        Phase::Open(open) if !open.profile.is_training() => {
            let mut effects = lock(state);
            effects.push(Effect::Train);
            effects
        }
        _ => Vec::new(),
    }
}

fn lock(state: &mut State) -> Vec<Effect> {
    if matches!(&state.phase, Phase::Open(open) if open.profile.is_training()) {
        return vec![Effect::StopWatching, Effect::EndTraining];
    }
    let Some(mut open) = take_work(state) else { return Vec::new() };
    let mut locked = Locked::new(Arc::clone(&open.profile), Some(open.counts));
    locked.sending = open.sending;
    // What the tablet holds of people is not held while nobody may see it.
    let closing = open.closing.take().map(ClosingEdit::without_entries);
    let names = std::mem::take(&mut open.day_despite);
    let despite = open.day.take().map(|day| DayDespite { staff_id: open.staff_id.clone(), day, names });
    locked.left = Box::new(Left { mode: open.mode, closing, despite });
    let effects = vec![Effect::StopWatching, Effect::NoteLocked(open.staff_id.clone())];
    (state.notice, state.help) = (None, None);
    state.phase = Phase::Locked(locked);
    effects
}

/// A new bundle, once a person in charge permits it; they are asked also where they work here themselves, because a tablet
/// may lie open.
fn configure(state: &mut State) -> Vec<Effect> {
    let may_be = |open: &Open| {
        matches!(open.page, Page::About(_)) && !open.profile.is_training() && open.profile.has_administrator()
    };
    if !matches!(&state.phase, Phase::Open(open) if may_be(open)) {
        return Vec::new();
    }
    let Some(open) = take_work(state) else { return Vec::new() };
    state.notice = None;
    state.phase = Phase::Locked(Locked::for_configuring(open));
    vec![Effect::StopWatching]
}

/// The work that is open, also where a page that belongs to nobody stands before it.
fn work(state: &mut State) -> Option<&mut Open> {
    match &mut state.phase {
        Phase::Open(open) => Some(open),
        Phase::Locked(locked) => match &mut locked.purpose {
            Purpose::Configure(open) if !locked.opening => Some(open),
            _ => None,
        },
        Phase::Setup(setup) if !setup.applying => setup.held.as_mut().map(|held| &mut *held.open),
        Phase::Setup(_) => None,
    }
}

/// The same, out of the state, which must be given another phase at once.
fn take_work(state: &mut State) -> Option<Box<Open>> {
    match std::mem::replace(&mut state.phase, Phase::Setup(Setup::first())) {
        Phase::Open(open) => Some(open),
        Phase::Locked(Locked { purpose: Purpose::Configure(open), .. }) => Some(open),
        Phase::Setup(Setup { held: Some(held), .. }) => Some(held.open),
        other => {
            state.phase = other;
            None
        }
    }
}
