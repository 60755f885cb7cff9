//! 使い方: the manual over whatever page is shown. What is half done stays under it as it is, and nothing is kept meanwhile:
//! what the camera sees and what the database answers waits, the newest of each, until help is closed. Then it counts
//! as if it came just now, so that the paper that lies there then is the one that is looked at.
//!
//! Must not: change the page below.

use std::{mem::discriminant, ops::ControlFlow};

use record::Moment;
use scanner::Verdict;

use crate::{
    manual::{self, HelpFor},
    workflow::{
        Effect, Event, Phase, Press, State,
        open::{Mode, Open, Page},
        scan::Card,
        step as step_of_all,
    },
};

/// Help, while it is open.
#[derive(Debug)]
pub struct Help {
    /// Which task, by its place in [`manual::tasks`].
    pub task: usize,
    /// Whether all tasks are listed.
    pub listing: bool,
    /// What waits until help is closed, the newest of each kind.
    held: Vec<Event>,
}

/// Takes what belongs to help; gives back what goes on to the page.
pub(crate) fn step(state: &mut State, event: Event, now: Moment) -> ControlFlow<Vec<Effect>, Event> {
    let nothing = ControlFlow::Break(Vec::new());
    let Some(help) = &mut state.help else {
        return match event {
            Event::Press(Press::Help) => {
                let task = manual::task_for(shown(state));
                state.help = Some(Help { task, listing: false, held: Vec::new() });
                nothing
            }
            event => ControlFlow::Continue(event),
        };
    };
    match event {
        Event::Press(Press::CloseHelp) => ControlFlow::Break(close(state, now)),
        Event::Press(Press::ListHelp) => {
            help.listing = !help.listing;
            nothing
        }
        Event::Press(Press::HelpWith(task)) => {
            if task < manual::tasks().len() {
                (help.task, help.listing) = (task, false);
            }
            nothing
        }
        Event::Press(Press::SwitchLanguage | Press::SetDisplay(_) | Press::CloseNotice) => {
            ControlFlow::Continue(event)
        }
        // A finger, a key or a scanner meant for the page below, where nobody sees it.
        Event::Press(_) | Event::Typed(_) | Event::Tick => nothing,
        Event::Seen(seen) if matches!(seen.verdict, Verdict::AlreadyReported { .. }) => nothing,
        Event::Seen(_) | Event::LookedUp { .. } | Event::PackageSeen(_) | Event::LotsSeen(_) => {
            help.held.retain(|held| discriminant(held) != discriminant(&event));
            help.held.push(event);
            nothing
        }
        event => ControlFlow::Continue(event),
    }
}

/// What is in view comes first: an answer about a paper that has left meanwhile is about none.
fn close(state: &mut State, now: Moment) -> Vec<Effect> {
    let Some(help) = state.help.take() else { return Vec::new() };
    let (seen, answers): (Vec<Event>, Vec<Event>) =
        help.held.into_iter().partition(|event| matches!(event, Event::Seen(_)));
    seen.into_iter().chain(answers).flat_map(|event| step_of_all(state, event, now)).collect()
}

/// What help is asked for where this is shown.
fn shown(state: &State) -> HelpFor {
    match &state.phase {
        Phase::Setup(_) => HelpFor::Setup,
        Phase::Locked(_) => HelpFor::Unlock,
        Phase::Open(open) => page(open),
    }
}

fn page(open: &Open) -> HelpFor {
    match &open.page {
        Page::Day(_) => HelpFor::Day,
        Page::Scan if matches!(open.scan.card, Card::ForPerson(_)) => HelpFor::ScanPerson,
        Page::Scan if open.mode == Mode::Continuous => HelpFor::ScanAutomatic,
        Page::Scan => HelpFor::Scan,
        Page::Confirm(_) => HelpFor::Confirm,
        Page::Keypad(_) => HelpFor::Keypad,
        Page::Records(_) => HelpFor::Records,
        Page::Entry(_) => HelpFor::Entry,
        Page::Change(_) => HelpFor::Change,
        Page::Closing => HelpFor::Closing,
        Page::Stock(_) => HelpFor::Stock,
        Page::Sending => HelpFor::Sending,
        Page::About(_) if open.profile.is_training() => HelpFor::Training,
        Page::About(_) => HelpFor::Settings,
        Page::SelfTest(_) => HelpFor::SelfTest,
    }
}
