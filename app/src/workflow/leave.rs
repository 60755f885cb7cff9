//! Leaving work: the lock by hand and by itself, training, and the question that only a person in charge may answer; and
//! what stays for whoever unlocks next.
//!
//! Must not: leave a way back into a person's work without their PIN.

use std::{collections::BTreeSet, sync::Arc};

use record::{DaySettings, Moment, StaffId, rules::CheckName};
use scanner::Verdict;

use crate::{
    messages::Notice,
    workflow::{
        Effect, Event, Phase, State,
        closing::ClosingEdit,
        open::{Mode, Open, Page},
        setup::Setup,
        unlock::{Locked, Purpose},
    },
};

/// So long nobody does anything before the tablet locks itself, in milliseconds.
pub const LOCKS_AFTER_MS: u64 = 5 * 60 * 1000;
/// So long before that it says so.
const SAYS_SO_MS: u64 = 30 * 1000;

/// What is still there for whoever unlocks next: how papers are recorded, what was typed of the closing, and what the
/// same person has set aside of the same day.
#[derive(Debug, Default)]
pub struct Left {
    pub(super) mode: Mode,
    pub(super) closing: Option<ClosingEdit>,
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
pub(super) fn train(state: &mut State) -> Vec<Effect> {
    match &state.phase {
        Phase::Open(open) if !open.profile.is_training() => {
            let mut effects = lock(state);
            effects.push(Effect::Train);
            effects
        }
        _ => Vec::new(),
    }
}

pub(super) fn lock(state: &mut State) -> Vec<Effect> {
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
pub(super) fn configure(state: &mut State) -> Vec<Effect> {
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
