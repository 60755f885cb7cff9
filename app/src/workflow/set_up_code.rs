//! 設定コード: sixteen digits typed from a paper, for the tablet that was chosen in a box.
//!
//! Must not: try a code or count wrong ones; the keeper does, and says how long to wait.

use std::{fmt, sync::Arc};

use record::{Moment, TabletId, bundle::TabletName, bundle_box::Slot};
use seal::set_up_code::{DIGITS, SetUpCode};

use crate::{
    messages::{Notice, SetupProblem},
    workflow::{Effect, Event, Phase, Press, State},
};

/// What is typed for one tablet of the box.
pub struct TypedCode {
    /// The tablet.
    pub tablet_id: TabletId,
    /// What people call it.
    pub tablet_name: TabletName,
    /// What was typed so far; secret, and shown while it is typed, as it stands on the paper beside.
    typed: String,
    /// Whether it is being tried.
    pub opening: bool,
    /// No code is taken before this time on the monotonic clock.
    pub wait_until_ms: u64,
}

impl fmt::Debug for TypedCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TypedCode({} digits)", self.typed.len())
    }
}

impl TypedCode {
    /// Nothing typed yet.
    #[must_use]
    pub fn of(slot: Slot) -> Self {
        Self {
            tablet_id: slot.tablet_id,
            tablet_name: slot.tablet_name,
            typed: String::new(),
            opening: false,
            wait_until_ms: 0,
        }
    }
    /// The digits so far; secret.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }
    /// Whether there are as many digits as a code has.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.typed.len() == DIGITS
    }
    /// How long to wait yet, in seconds; 0 when a code is taken.
    #[must_use]
    pub fn wait_s(&self, now: Moment) -> u64 {
        self.wait_until_ms.saturating_sub(now.monotonic_ms).div_ceil(1000)
    }
}

pub(crate) fn step(state: &mut State, event: Event, now: Moment) -> Vec<Effect> {
    let Phase::Setup(setup) = &mut state.phase else { return Vec::new() };
    let (Some(typing), Some(offered)) = (&mut setup.typing, &setup.offered) else { return Vec::new() };
    if setup.chosen.is_some() {
        return Vec::new();
    }
    match event {
        Event::Press(Press::Digit(digit))
            if !typing.opening && digit.is_ascii_digit() && typing.typed.len() < DIGITS =>
        {
            typing.typed.push(digit);
        }
        Event::Press(Press::TakeBack) if !typing.opening => {
            typing.typed.pop();
        }
        Event::Press(Press::Done) if !typing.opening && typing.is_complete() && typing.wait_s(now) == 0 => {
            match typing.typed.parse::<SetUpCode>() {
                Ok(code) => {
                    typing.opening = true;
                    state.notice = None;
                    let (bundles, tablet_id) = (Arc::clone(&offered.bundles), typing.tablet_id);
                    return vec![Effect::OpenSlot { bundles, tablet_id, code }];
                }
                // One digit is off: what was typed stays, to be compared and mended.
                Err(_) => state.notice = Some(Notice::Setup(SetupProblem::MistypedCode)),
            }
        }
        Event::BundleOpened(opened) => {
            typing.opening = false;
            match opened {
                Ok(bundle) => {
                    setup.chosen = Some(bundle);
                    state.notice = None;
                }
                Err(problem) => {
                    typing.typed.clear();
                    if let SetupProblem::WrongCode { wait_ms } | SetupProblem::CodeTooSoon { wait_ms } =
                        problem
                    {
                        typing.wait_until_ms = now.monotonic_ms.saturating_add(wait_ms);
                    }
                    state.notice = Some(Notice::Setup(problem));
                }
            }
        }
        _ => {}
    }
    Vec::new()
}
