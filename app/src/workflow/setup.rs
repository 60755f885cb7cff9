//! First start, and every later bundle: choose a file, choose the tablet in it, type its code (`set_up_code`), see what it
//! will do, apply.
//!
//! Must not: believe a bundle; what is shown was verified before it came here.

use std::{path::PathBuf, sync::Arc};

use record::{Moment, TabletId, bundle_box::Slot, bytes::PublicKey};
use seal::bundle::VerifiedBundle;

use crate::{
    messages::{Notice, SetupProblem},
    workflow::{
        Effect, Event, Phase, Press, State, about,
        event::{FoundBundle, OfferedBox},
        open::Open,
        set_up_code::{self, TypedCode},
        unlock::Locked,
    },
};

/// 端末の設定.
#[derive(Debug)]
pub struct Setup {
    /// Files that were found.
    pub files: Vec<FoundBundle>,
    /// The one that was chosen, whole and as it was signed.
    pub offered: Option<OfferedBox>,
    /// The tablet that was chosen in it, and what was typed of its code.
    pub typing: Option<TypedCode>,
    /// The bundle that the code opened.
    pub chosen: Option<Box<VerifiedBundle>>,
    /// Whether it is being applied.
    pub applying: bool,
    /// What this tablet already holds to, and who was at work.
    pub held: Option<Held>,
}

/// A tablet that is set up already.
#[derive(Debug)]
pub struct Held {
    /// Whose bundles it takes.
    pub signer: PublicKey,
    /// Which tablet it is.
    pub tablet_id: TabletId,
    /// Whoever was at work, to go back to.
    pub open: Box<Open>,
}

impl Setup {
    /// On a tablet that nothing was ever applied to.
    #[must_use]
    pub fn first() -> Self {
        Self { files: Vec::new(), offered: None, typing: None, chosen: None, applying: false, held: None }
    }
    /// Whether the chosen bundle's signer is the one this tablet holds to.
    #[must_use]
    pub fn signer_is_known(&self) -> bool {
        matches!((&self.held, &self.chosen), (Some(held), Some(chosen)) if held.signer == chosen.signer)
    }
}

/// A new bundle for a tablet that is set up already; `open` waits.
pub(crate) fn again(state: &mut State, open: Box<Open>) -> Vec<Effect> {
    let (signer, tablet_id) = (open.profile.signer, open.profile.tablet_id);
    let held = Some(Held { signer, tablet_id, open });
    state.phase = Phase::Setup(Setup { held, ..Setup::first() });
    vec![Effect::StopWatching, Effect::LookForBundles]
}

/// A box was looked at: may this tablet be set up from it now? The slot that is meant without asking, where there is one.
fn fits(offered: &OfferedBox, held: Option<&Held>, now: Moment) -> Result<Option<Slot>, SetupProblem> {
    let head = &offered.bundles.head;
    if now.wall > head.expires_at {
        return Err(SetupProblem::Expired);
    }
    match held {
        Some(held) if held.signer != offered.bundles.signer => Err(SetupProblem::OtherSigner),
        Some(held) => {
            let own = head.slots.iter().find(|slot| slot.tablet_id == held.tablet_id);
            own.cloned().map(Some).ok_or(SetupProblem::OtherTablet)
        }
        None => match &head.slots[..] {
            [only] => may_take(offered, only).map(|()| Some(only.clone())),
            _ => Ok(None),
        },
    }
}

/// May a new tablet take that one's place in the box?
fn may_take(offered: &OfferedBox, slot: &Slot) -> Result<(), SetupProblem> {
    if slot.renews {
        return Err(SetupProblem::OnlyRenews(slot.tablet_id));
    }
    if offered.used.contains(&slot.tablet_id) {
        return Err(SetupProblem::AlreadyUsed(slot.tablet_id));
    }
    Ok(())
}

pub(crate) fn step(state: &mut State, event: Event, now: Moment) -> Vec<Effect> {
    let Phase::Setup(setup) = &mut state.phase else { return Vec::new() };
    match event {
        Event::BundlesFound(files) => setup.files = files,
        Event::Press(Press::LookAgain) => return vec![Effect::LookForBundles],
        Event::Press(Press::ChooseBundle(index)) if setup.offered.is_none() => {
            state.notice = None;
            let path: Option<PathBuf> = setup.files.get(index).map(|file| file.path.clone());
            return path.map(Effect::LookAtBox).into_iter().collect();
        }
        Event::BoxOffered(Ok(offered)) if setup.offered.is_none() => {
            match fits(&offered, setup.held.as_ref(), now) {
                Ok(slot) => {
                    setup.typing = slot.map(TypedCode::of);
                    setup.offered = Some(offered);
                    state.notice = None;
                }
                Err(problem) => state.notice = Some(Notice::Setup(problem)),
            }
        }
        Event::BoxOffered(Err(problem)) => state.notice = Some(Notice::Setup(problem)),
        Event::Press(Press::ChooseSlot(index)) if setup.typing.is_none() => {
            let Some(offered) = &setup.offered else { return Vec::new() };
            let Some(slot) = offered.bundles.head.slots.get(index) else { return Vec::new() };
            match may_take(offered, slot) {
                Ok(()) => {
                    setup.typing = Some(TypedCode::of(slot.clone()));
                    state.notice = None;
                }
                Err(problem) => state.notice = Some(Notice::Setup(problem)),
            }
        }
        Event::Press(Press::ApplyBundle) if !setup.applying => {
            if let (Some(bundle), Some(offered)) = (&setup.chosen, &setup.offered) {
                setup.applying = true;
                return vec![Effect::ApplyBundle { bundle: bundle.clone(), from: offered.path.clone() }];
            }
        }
        Event::BundleApplied(Ok(profile)) => {
            state.notice = None;
            let counts = setup.held.as_ref().map(|held| held.open.counts);
            state.phase = Phase::Locked(Locked::new(Arc::clone(&profile), counts));
        }
        Event::BundleApplied(Err(problem)) => {
            setup.applying = false;
            state.notice = Some(Notice::Setup(problem));
        }
        Event::Press(Press::Back) if !setup.applying => return go_back(state),
        Event::Counted(counts) => {
            if let Some(held) = &mut setup.held {
                held.open.counts = counts;
            }
        }
        Event::Sending(status) => {
            if let Some(held) = &mut setup.held {
                held.open.sending = Some(status);
            }
        }
        Event::ProfileChanged(profile) => {
            if let Some(held) = &mut setup.held {
                held.open.profile = profile;
            }
        }
        event => return set_up_code::step(state, event, now),
    }
    Vec::new()
}

/// One step back: from the facts or the code to where the tablet is chosen, from there to the files, from those to
/// whoever was at work.
fn go_back(state: &mut State) -> Vec<Effect> {
    let Phase::Setup(setup) = &mut state.phase else { return Vec::new() };
    if setup.typing.as_ref().is_some_and(|typing| typing.opening) {
        return Vec::new();
    }
    state.notice = None;
    let chose_slot = setup.held.is_none()
        && setup.offered.as_ref().is_some_and(|offered| offered.bundles.head.slots.len() > 1);
    setup.chosen = None;
    if setup.typing.take().is_some() && chose_slot {
        return Vec::new();
    }
    if setup.offered.take().is_none()
        && let Some(held) = setup.held.take()
    {
        let mut open = held.open;
        let effects = about::enter(&mut open);
        state.phase = Phase::Open(open);
        return effects;
    }
    Vec::new()
}
