//! 参照データ: after the batches, one step a time, what the central sends down is fetched and put in its place.
//!
//! A way of its own to fail: whatever goes wrong here waits by itself, so that entries are never sent later for it.
//!
//! Must not: ask for anything while an entry waits to be sent, or believe a manifest before its signature.

use record::{
    Moment,
    wire::{
        path,
        problem::{Problem, ProblemCode},
        reference::{ManifestAnswer, ReferenceVersion},
    },
};
use seal::{
    random::Random,
    reference::{VerifiedManifest, open},
};
use store::{Advance, ReferenceError, Store, Wanted};

use super::Route;
use crate::{
    backoff,
    exchange::{NetworkError, Response},
    status::{ReferenceProblem, ReferenceStatus},
};

/// While entries are sent all the time, the central is asked this often whether something new holds.
pub(super) const ASKED_EVERY_MS: u64 = 5 * 60 * 1000;

/// What was asked of the central.
#[derive(Debug)]
pub(super) enum Asked {
    Manifest,
    Piece(Wanted),
}

impl Asked {
    /// Path of the request.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Manifest => path::REFERENCE.to_owned(),
            Self::Piece(wanted) => format!("{}/{}", path::REFERENCE, wanted.part.digest),
        }
    }
    /// The bytes that are asked for; none for all.
    pub(super) fn range(&self) -> Option<String> {
        let Self::Piece(Wanted { first, length, .. }) = self else { return None };
        Some(format!("bytes={first}-{}", first + length - 1))
    }
}

/// What is to be done.
pub(super) enum Step {
    /// Ask this.
    Ask(Asked),
    /// Something was put in its place; there may be more.
    Again,
    /// Nothing before that time.
    Rest,
}

/// Where fetching stands. In memory only: what was fetched lies in the database.
#[derive(Debug, Default)]
pub(super) struct Reference {
    /// What the central named last, until it holds.
    manifest: Option<VerifiedManifest>,
    /// Nothing is done before this time on the monotonic clock.
    not_before_ms: u64,
    /// Without a way in a row, and with something that cannot be taken in.
    network_failures: u32,
    failures: u32,
    version: Option<ReferenceVersion>,
    problem: Option<ReferenceProblem>,
    has_looked: bool,
}

impl Reference {
    /// For the screens.
    pub(super) fn status(&self) -> ReferenceStatus {
        ReferenceStatus { version: self.version, problem: self.problem }
    }

    /// A person asked, or the network came back.
    pub(super) fn wake_now(&mut self) {
        self.not_before_ms = 0;
    }

    /// When something is to be done again.
    pub(super) fn not_before_ms(&self) -> u64 {
        self.not_before_ms
    }

    pub(super) fn step(&mut self, store: &mut Store, now: Moment, random: &mut dyn Random) -> Step {
        if !self.has_looked {
            self.has_looked = true;
            self.version = store.reference_version().unwrap_or(None);
        }
        if now.monotonic_ms < self.not_before_ms {
            return Step::Rest;
        }
        let Some(manifest) = &self.manifest else { return Step::Ask(Asked::Manifest) };
        match store.advance(manifest, now) {
            Ok(Advance::Fetch(wanted)) => Step::Ask(Asked::Piece(wanted)),
            Ok(Advance::Again) => Step::Again,
            Ok(Advance::Holds) => {
                self.version = Some(manifest.manifest().version);
                self.manifest = None;
                (self.failures, self.problem) = (0, None);
                self.not_before_ms = now.monotonic_ms.saturating_add(ASKED_EVERY_MS);
                Step::Rest
            }
            Err(error) => {
                self.failed(error.into(), 0, now, random);
                Step::Rest
            }
        }
    }

    pub(super) fn answered(
        &mut self,
        asked: &Asked,
        answer: Result<Response, NetworkError>,
        route: &Route,
        store: &mut Store,
        now: Moment,
        random: &mut dyn Random,
    ) {
        let (done, ask_ms) = match answer {
            Ok(response) => {
                let ask_ms = response.retry_after_s.unwrap_or(0).saturating_mul(1000);
                (self.taken(asked, &response, route, store), ask_ms)
            }
            Err(error) => (Err(error.into()), 0),
        };
        match done {
            Ok(()) => self.network_failures = 0,
            Err(problem) => self.failed(problem, ask_ms, now, random),
        }
    }

    fn taken(
        &mut self,
        asked: &Asked,
        response: &Response,
        route: &Route,
        store: &mut Store,
    ) -> Result<(), ReferenceProblem> {
        match (asked, response.status) {
            (Asked::Manifest, 200) => {
                let answer: ManifestAnswer =
                    serde_json::from_slice(&response.body).map_err(|_| ReferenceProblem::Nonsense)?;
                let manifest = open(&answer, route.tablet_id, &route.central.receipt_keys);
                self.manifest = Some(manifest.map_err(|error| match error {
                    seal::Error::Manifest(_) => ReferenceProblem::Unreadable,
                    _ => ReferenceProblem::Nonsense,
                })?);
                Ok(())
            }
            (Asked::Piece(wanted), 200 | 206) => Ok(store.keep_piece(*wanted, &response.body)?),
            (_, _) => match serde_json::from_slice(&response.body) {
                Ok(Problem { code: ProblemCode::UnknownPart }) => {
                    // Something newer was published meanwhile.
                    self.manifest = None;
                    Err(ReferenceProblem::Refused)
                }
                Ok(Problem { code: ProblemCode::Unavailable }) => Err(ReferenceProblem::Busy),
                _ => Err(ReferenceProblem::Refused),
            },
        }
    }

    /// What was named stays where only the way was cut; what cannot be taken in is asked for anew: by then it may be
    /// another.
    fn failed(&mut self, problem: ReferenceProblem, ask_ms: u64, now: Moment, random: &mut dyn Random) {
        let failures = if matches!(problem, ReferenceProblem::Network(_) | ReferenceProblem::Busy) {
            &mut self.network_failures
        } else {
            self.manifest = None;
            &mut self.failures
        };
        *failures = failures.saturating_add(1);
        let wait_ms = backoff::wait_ms(*failures, ask_ms, random);
        self.problem = Some(problem);
        self.not_before_ms = now.monotonic_ms.saturating_add(wait_ms);
    }
}

impl From<ReferenceError> for ReferenceProblem {
    fn from(error: ReferenceError) -> Self {
        match error {
            ReferenceError::Older => Self::Older,
            ReferenceError::Digest => Self::Nonsense,
            ReferenceError::Part => Self::Unreadable,
            ReferenceError::NoRoom => Self::NoRoom,
            ReferenceError::Store(_) => Self::Store,
        }
    }
}
