//! Locked: names, a PIN, and what stays visible meanwhile; and the same page where a person in charge permits what only
//! they may do.
//!
//! Must not: check a PIN or count attempts; the keeper does, and says how long to wait.

use std::{fmt, sync::Arc};

use record::{
    CalendarDate, Moment, StaffId,
    bundle::{Staff, StaffRole},
};
use seal::pin::Pin;
use store::Counts;
use sync::status::SendStatus;

use crate::{
    messages::{Notice, UnlockProblem},
    profile::Profile,
    workflow::{
        Effect, Event, Phase, Press, State, about, day,
        event::Unlocked,
        leave::Left,
        open::{Open, Page, watch},
        setup,
    },
};

/// The longest PIN.
const MOST_DIGITS: usize = 12;

/// What a PIN is asked for.
#[derive(Debug)]
pub enum Purpose {
    /// To work.
    Unlock,
    /// 責任者の確認: a new configuration may be used. Whoever works waits meanwhile.
    Configure(Box<Open>),
}

/// The locked screen.
pub struct Locked {
    /// The tablet's profile.
    pub profile: Arc<Profile>,
    /// What the PIN is for.
    pub purpose: Purpose,
    /// Who is about to unlock.
    pub chosen: Option<StaffId>,
    /// What was typed so far; secret.
    typed: String,
    /// Whether a PIN is being tried.
    pub opening: bool,
    /// No PIN is taken before this time on the monotonic clock.
    pub wait_until_ms: Option<u64>,
    /// What is unsent, once known.
    pub counts: Option<Counts>,
    /// How sending stands, once known.
    pub sending: Option<SendStatus>,
    /// What whoever locked it left.
    pub left: Box<Left>,
}

impl fmt::Debug for Locked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Locked({} digits typed)", self.typed.len())
    }
}

impl Locked {
    /// Locked, with nobody chosen unless there is only one person.
    #[must_use]
    pub fn new(profile: Arc<Profile>, counts: Option<Counts>) -> Self {
        let chosen = match &profile.staff[..] {
            [only] => Some(only.staff_id.clone()),
            _ => None,
        };
        Self {
            profile,
            purpose: Purpose::Unlock,
            chosen,
            typed: String::new(),
            opening: false,
            wait_until_ms: None,
            counts,
            sending: None,
            left: Box::default(),
        }
    }
    /// Asks a person in charge while `open` waits.
    #[must_use]
    pub fn for_configuring(open: Box<Open>) -> Self {
        let mut locked = Self::new(Arc::clone(&open.profile), Some(open.counts));
        locked.sending = open.sending;
        locked.purpose = Purpose::Configure(open);
        locked.chosen = match &locked.people()[..] {
            [only] => Some(only.staff_id.clone()),
            _ => None,
        };
        locked
    }
    /// Whose PIN is taken.
    #[must_use]
    pub fn people(&self) -> Vec<&Staff> {
        let all_may = matches!(self.purpose, Purpose::Unlock);
        let may = |staff: &&Staff| all_may || staff.role == StaffRole::Administrator;
        self.profile.staff.iter().filter(may).collect()
    }
    /// How many digits were typed.
    #[must_use]
    pub fn typed(&self) -> usize {
        self.typed.len()
    }
    /// How long to wait yet, in seconds; 0 when a PIN is taken.
    #[must_use]
    pub fn wait_s(&self, now: Moment) -> u64 {
        self.wait_until_ms.map_or(0, |until| until.saturating_sub(now.monotonic_ms).div_ceil(1000))
    }
    fn takes_digits(&self, now: Moment) -> bool {
        !self.opening && self.chosen.is_some() && self.wait_s(now) == 0
    }
}

pub(crate) fn step(state: &mut State, event: Event, now: Moment) -> Vec<Effect> {
    let Phase::Locked(locked) = &mut state.phase else { return Vec::new() };
    match event {
        Event::Press(Press::ChooseStaff(index)) if !locked.opening => {
            if let Some(staff_id) = locked.people().get(index).map(|staff| staff.staff_id.clone()) {
                locked.chosen = Some(staff_id);
                locked.typed.clear();
                state.notice = None;
            }
        }
        Event::Press(Press::Digit(digit))
            if locked.takes_digits(now) && digit.is_ascii_digit() && locked.typed.len() < MOST_DIGITS =>
        {
            locked.typed.push(digit);
        }
        Event::Press(Press::TakeBack) if !locked.opening => {
            locked.typed.pop();
        }
        Event::Press(Press::Done) if locked.takes_digits(now) => {
            let typed = std::mem::take(&mut locked.typed);
            if let (Some(staff_id), Ok(pin)) = (locked.chosen.clone(), typed.parse::<Pin>()) {
                locked.opening = true;
                return match locked.purpose {
                    Purpose::Unlock => vec![Effect::Unlock { staff_id, pin }],
                    Purpose::Configure(_) => vec![Effect::Permit { staff_id, pin }],
                };
            }
        }
        Event::Press(Press::Back) if !locked.opening => return go_back(state),
        Event::Permitted(Ok(())) => return permitted(state),
        Event::Press(Press::Train) if !locked.opening && matches!(locked.purpose, Purpose::Unlock) => {
            locked.typed.clear();
            return vec![Effect::Train];
        }
        Event::Unlocked(Err(problem)) | Event::Permitted(Err(problem)) => {
            locked.opening = false;
            if let UnlockProblem::WrongPin { wait_ms } | UnlockProblem::TooSoon { wait_ms } = problem
                && wait_ms > 0
            {
                locked.wait_until_ms = Some(now.monotonic_ms.saturating_add(wait_ms));
            }
            state.notice = Some(Notice::Unlock(problem));
        }
        Event::Unlocked(Ok(unlocked)) => return enter(state, *unlocked, now),
        Event::Counted(counts) => {
            locked.counts = Some(counts);
            if let Purpose::Configure(open) = &mut locked.purpose {
                open.counts = counts;
            }
        }
        Event::Sending(status) => {
            locked.sending = Some(status);
            if let Purpose::Configure(open) = &mut locked.purpose {
                open.sending = Some(status);
            }
        }
        Event::ProfileChanged(profile) => {
            if let Purpose::Configure(open) = &mut locked.purpose {
                open.profile = Arc::clone(&profile);
            }
            locked.profile = profile;
        }
        _ => {}
    }
    Vec::new()
}

/// Nobody permits it: whoever waits goes on.
fn go_back(state: &mut State) -> Vec<Effect> {
    let Phase::Locked(locked) = &mut state.phase else { return Vec::new() };
    let Purpose::Configure(mut open) = std::mem::replace(&mut locked.purpose, Purpose::Unlock) else {
        return Vec::new();
    };
    state.notice = None;
    let effects = about::enter(&mut open);
    state.phase = Phase::Open(open);
    effects
}

fn permitted(state: &mut State) -> Vec<Effect> {
    let Phase::Locked(locked) = &mut state.phase else { return Vec::new() };
    let Purpose::Configure(open) = std::mem::replace(&mut locked.purpose, Purpose::Unlock) else {
        return Vec::new();
    };
    state.notice = None;
    setup::again(state, open)
}

/// The day's settings of another day are asked for again; those of today lead straight to the scan.
fn enter(state: &mut State, unlocked: Unlocked, now: Moment) -> Vec<Effect> {
    let Phase::Locked(locked) = &mut state.phase else { return Vec::new() };
    state.notice = match unlocked.set_aside {
        Some(set_aside) => Some(Notice::SetAside(set_aside)),
        None if unlocked.wrong_pins > 0 => Some(Notice::WrongPinsBefore(unlocked.wrong_pins)),
        None => None,
    };
    let (profile, mut left) = (Arc::clone(&locked.profile), *std::mem::take(&mut locked.left));
    let set_aside = unlocked.day.as_ref().map(|day| left.set_aside(&unlocked.staff_id, day));
    let mut open = Open::new(profile, unlocked.staff_id, unlocked.counts, locked.sending, left, now);
    let today = open.today(now);
    let still_holds = unlocked.day.as_ref().is_some_and(|day| Some(day.vaccinated_on) == today);
    let mut effects = match unlocked.day {
        Some(day) if still_holds => {
            let effects = watch(&open.profile, &day);
            open.day = Some(day);
            open.day_set_on = today;
            open.day_despite = set_aside.unwrap_or_default();
            open.page = Page::Scan;
            if day::asks_again(&open, now) { day::ask_again(&mut open, now) } else { effects }
        }
        earlier => {
            open.page = Page::Day(day::DayEdit::from_earlier(earlier.as_ref(), today, &open.profile));
            Vec::new()
        }
    };
    state.phase = Phase::Open(Box::new(open));
    effects.push(Effect::CountLots);
    effects
}

/// The calendar's day in Japan by the tablet's clock, moved by what is known of the central's when the two differ
/// by more than an hour.
pub(crate) fn today(now: Moment, sending: Option<&SendStatus>) -> Option<CalendarDate> {
    const HOUR_MS: i64 = 3_600_000;
    let offset = sending.and_then(|status| status.clock_offset_ms).filter(|offset| offset.abs() > HOUR_MS);
    CalendarDate::in_japan(now.wall.plus_ms(offset.unwrap_or(0))).ok()
}
