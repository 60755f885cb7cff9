//! First start, and every later bundle: choose a file, see what it will do, apply.
//!
//! Must not: believe a bundle; what is shown was verified before it came here.

use std::{path::PathBuf, sync::Arc};

use record::{Moment, TabletId, bytes::PublicKey};
use seal::bundle::VerifiedBundle;

use crate::{
    messages::{Notice, SetupProblem},
    workflow::{Effect, Event, Phase, Press, State, about, event::FoundBundle, open::Open, unlock::Locked},
};

/// 端末の設定.
#[derive(Debug)]
pub struct Setup {
    /// Files that were found.
    pub files: Vec<FoundBundle>,
    /// The one that was chosen and opened.
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
        Self { files: Vec::new(), chosen: None, applying: false, held: None }
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

/// A bundle was opened: may this tablet use it now?
fn fits(bundle: &VerifiedBundle, held: Option<&Held>, now: Moment) -> Result<(), SetupProblem> {
    if now.wall > bundle.bundle.expires_at {
        return Err(SetupProblem::Expired);
    }
    match held {
        Some(held) if held.signer != bundle.signer => Err(SetupProblem::OtherSigner),
        Some(held) if held.tablet_id != bundle.bundle.tablet_id => Err(SetupProblem::OtherTablet),
        _ => Ok(()),
    }
}

pub(crate) fn step(state: &mut State, event: Event, now: Moment) -> Vec<Effect> {
    let Phase::Setup(setup) = &mut state.phase else { return Vec::new() };
    match event {
        Event::BundlesFound(files) => setup.files = files,
        Event::Press(Press::LookAgain) => return vec![Effect::LookForBundles],
        Event::Press(Press::ChooseBundle(index)) if !setup.applying => {
            state.notice = None;
            let path: Option<PathBuf> = setup.files.get(index).map(|file| file.path.clone());
            return path.map(Effect::OpenBundle).into_iter().collect();
        }
        Event::BundleOpened(opened) => {
            let opened = opened.and_then(|bundle| fits(&bundle, setup.held.as_ref(), now).map(|()| bundle));
            match opened {
                Ok(bundle) => {
                    setup.chosen = Some(bundle);
                    state.notice = None;
                }
                Err(problem) => {
                    setup.chosen = None;
                    state.notice = Some(Notice::Setup(problem));
                }
            }
        }
        Event::Press(Press::ApplyBundle) if !setup.applying => {
            if let Some(bundle) = &setup.chosen {
                setup.applying = true;
                return vec![Effect::ApplyBundle(bundle.clone())];
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
        Event::Press(Press::Back) if !setup.applying => {
            state.notice = None;
            if setup.chosen.take().is_none()
                && let Some(held) = setup.held.take()
            {
                let mut open = held.open;
                let effects = about::enter(&mut open);
                state.phase = Phase::Open(open);
                return effects;
            }
        }
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
        _ => {}
    }
    Vec::new()
}
