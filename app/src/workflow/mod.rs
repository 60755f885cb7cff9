//! The tablet's whole behaviour: `step` takes what is, what happened and when, and gives what is now and what is to
//! be done. Pure: tested without a window, a camera, a disk or a network.
//!
//! Must not: do anything itself, or wait. One module for each page; a page's state lives in the page.

pub mod about;
pub mod change;
pub mod checks;
pub mod closing;
pub mod confirm;
pub mod day;
pub mod effect;
pub mod entry;
pub mod event;
pub mod help;
pub mod keypad;
pub mod leave;
pub mod open;
pub mod records;
pub mod scan;
pub mod selftest;
pub mod set_up_code;
pub mod setup;
pub mod stock;
pub mod typed;
pub mod unlock;

use std::{ops::ControlFlow, sync::Arc};

use record::{Moment, StaffId};
use store::Counts;

use crate::{display::Display, profile::Profile};
pub use effect::Effect;
pub use event::{Event, Press};
use help::Help;
use open::Open;
use setup::Setup;
use unlock::Locked;

/// Everything that is shown, and everything that what is shown next depends on.
#[derive(Debug)]
pub struct State {
    /// How the screen speaks.
    pub display: Display,
    /// What this tablet is at.
    pub phase: Phase,
    /// One thing to tell, above whatever page is shown.
    pub notice: Option<crate::messages::Notice>,
    /// 使い方, while it is open over the page.
    pub help: Option<Help>,
}

/// What this tablet is at.
#[derive(Debug)]
pub enum Phase {
    /// It waits for a bundle.
    Setup(Setup),
    /// It waits for a person.
    Locked(Locked),
    /// Somebody works.
    Open(Box<Open>),
}

impl State {
    /// The state of a tablet that has just been started.
    #[must_use]
    pub fn begin(display: Display, start: Start) -> (Self, Vec<Effect>) {
        let (phase, effects) = match start {
            Start::Fresh => (Phase::Setup(Setup::first()), vec![Effect::LookForBundles]),
            Start::Known(profile) => (Phase::Locked(Locked::new(profile, None)), Vec::new()),
        };
        (Self { display, phase, notice: None, help: None }, effects)
    }

    /// The state of training: somebody works already, and the day is to be set.
    #[must_use]
    pub fn train(
        display: Display,
        profile: Arc<Profile>,
        staff_id: StaffId,
        now: Moment,
    ) -> (Self, Vec<Effect>) {
        let mut open = Open::new(profile, staff_id, Counts::default(), None, leave::Left::default(), now);
        let effects = open::go(&mut open, event::Place::Scan, now);
        (Self { display, phase: Phase::Open(Box::new(open)), notice: None, help: None }, effects)
    }
}

/// What the program finds when it starts.
#[derive(Debug)]
pub enum Start {
    /// No bundle was ever applied.
    Fresh,
    /// One was.
    Known(Arc<Profile>),
}

/// One step. Never fails and never waits; an event that does not belong to what is shown changes nothing.
pub fn step(state: &mut State, event: Event, now: Moment) -> Vec<Effect> {
    if let Some(effects) = leave::idle(state, &event, now) {
        return effects;
    }
    let event = match help::step(state, event, now) {
        ControlFlow::Break(effects) => return effects,
        ControlFlow::Continue(event) => event,
    };
    match event {
        Event::Press(Press::SwitchLanguage) => {
            state.display.language = state.display.language.other();
            vec![Effect::KeepDisplay(state.display)]
        }
        Event::Press(Press::SetDisplay(display)) => {
            state.display = display;
            vec![Effect::KeepDisplay(display)]
        }
        Event::Press(Press::CloseNotice) => {
            state.notice = None;
            Vec::new()
        }
        Event::NotMarked(tablet_id) => {
            state.notice = Some(crate::messages::Notice::NotMarked(tablet_id));
            Vec::new()
        }
        event => match &mut state.phase {
            Phase::Setup(_) => setup::step(state, event, now),
            Phase::Locked(_) => unlock::step(state, event, now),
            Phase::Open(_) => open::step(state, event, now),
        },
    }
}
