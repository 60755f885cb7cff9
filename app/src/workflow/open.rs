//! Somebody works: the pages of work, and what all of them share.
//!
//! Must not: hold what belongs to one page.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use record::{CalendarDate, DaySettings, EntryContent, LotNumber, Moment, StaffId, rules::CheckName};
use scanner::{Expectation, Guidance};
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
        leave::{self, Left},
        records::{self, Records},
        scan::{self, Scan},
        selftest::{self, SelfTest},
        stock::{self, StockEdit},
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
    /// 在庫.
    Stock(Box<StockEdit>),
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
    let (sounds, is_helped) = (state.display.sounds, state.help.is_some());
    match event {
        Event::Press(Press::Lock) => return leave::lock(state),
        Event::Press(Press::Train) => return leave::train(state),
        Event::TrainingFailed => state.notice = Some(Notice::NoTraining),
        Event::Press(Press::Configure) => return leave::configure(state),
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
                Event::ProfileChanged(profile) => {
                    open.profile = profile;
                    // A page does not change under help; there nothing is kept, and the next paper is held against it.
                    return if is_helped {
                        Vec::new()
                    } else {
                        scan::judge_again(open, &mut state.notice, now)
                    };
                }
                Event::Press(Press::Go(place)) => {
                    // What went well was seen; what went wrong stays until it is closed.
                    if matches!(
                        state.notice,
                        Some(
                            Notice::Kept
                                | Notice::Corrected
                                | Notice::Cancelled
                                | Notice::Closed
                                | Notice::StockKept
                        )
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
        (Page::Stock(_), event) => stock::step(open, notice, event),
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
        (Place::Stock, _) if !open.profile.keeps_stock => return Vec::new(),
        (Place::Stock, Some(_)) => return stock::enter(open),
        (Place::Scan | Place::Closing | Place::Stock, None) => {
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
        Page::Stock(edit) if edit.keeping => {
            *notice = Some(Notice::StockKept);
            stock::enter(open)
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
        Page::Stock(edit) => edit.keeping = false,
        Page::Closing => {
            if let Some(closing) = &mut open.closing {
                closing.keeping = false;
            }
        }
        _ => {}
    }
}
