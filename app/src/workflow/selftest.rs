//! 自己点検: camera, light, storage, clock, network, key store and speaker, each with a plain verdict, and the twelve
//! characters that tell the support desk all of it.
//!
//! Must not: hold anything of a person.

use record::{
    Moment,
    support::{Part, PartState, SendTrouble, SupportCode, SupportReport, scale},
};
use scanner::Guidance;
use sync::{exchange::NetworkError, status::SendProblem};

use crate::{
    camera::CameraState,
    display::Sounds,
    messages::KeepProblem,
    sound::Signal,
    workflow::{
        Effect, Event,
        open::{Open, Page},
    },
};

/// So long the camera is looked through, in milliseconds.
const LOOKS_MS: u64 = 4_000;
/// Less free space than this is said; below [`crate::keeper::STAYS_FREE_BYTES`] nothing is recorded any more.
const LITTLE_BYTES: u64 = 512 << 20;
/// A clock that is further off puts entries on wrong days, in milliseconds.
const CLOCK_OFF_MS: i64 = 5 * 60 * 1000;

/// A self-test under way, or its result.
#[derive(Debug, Clone)]
pub struct SelfTest {
    /// When it began, on the monotonic clock.
    began_ms: u64,
    /// What the keeper found; none before it has said so.
    inspection: Option<Inspection>,
    /// The result, once everything was looked at.
    pub result: Option<Tested>,
}

/// What a self-test came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// Each of [`Part::ALL`].
    pub parts: [PartState; 7],
    /// What the support desk is told.
    pub code: SupportCode,
}

/// What only the keeper can look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Free bytes under the tablet's folder; none where the system does not say.
    pub free_bytes: Option<u64>,
    /// Whether something could be written into the database.
    pub written: Result<(), KeepProblem>,
    /// Whether the device has a secret of its own.
    pub has_device_secret: bool,
    /// Databases before this one that were set aside.
    pub set_aside: usize,
}

/// Begins: the camera is switched on, the speaker tried, the central asked, the database written to.
pub(crate) fn begin(open: &mut Open, sounds: Sounds, now: Moment) -> Vec<Effect> {
    open.page = Page::SelfTest(SelfTest { began_ms: now.monotonic_ms, inspection: None, result: None });
    let sound = (sounds == Sounds::On).then_some(Effect::Sound(Signal::Read));
    let staff_id = open.staff_id.clone();
    let mut effects =
        vec![Effect::Inspect(staff_id), Effect::Watch(Default::default()), Effect::SendNow, Effect::Count];
    effects.extend(sound);
    effects
}

/// Takes in what was found, and ends once there was time to look.
pub(crate) fn step(open: &mut Open, sounds: Sounds, event: &Event, now: Moment) -> Vec<Effect> {
    let Page::SelfTest(test) = &mut open.page else { return Vec::new() };
    if test.result.is_some() {
        return Vec::new();
    }
    if let Event::Inspected(inspection) = event {
        test.inspection = Some((**inspection).clone());
    }
    let has_looked = now.monotonic_ms.saturating_sub(test.began_ms) >= LOOKS_MS;
    let Some(inspection) = test.inspection.clone().filter(|_| has_looked) else { return Vec::new() };
    let result = tested(open, sounds, &inspection);
    if let Page::SelfTest(test) = &mut open.page {
        test.result = Some(result);
    }
    vec![Effect::StopWatching]
}

fn tested(open: &Open, sounds: Sounds, inspection: &Inspection) -> Tested {
    let parts = Part::ALL.map(|part| match part {
        Part::Camera => camera(open.camera),
        Part::Light => light(open),
        Part::Storage => storage(inspection),
        Part::Clock => clock(open),
        Part::Network => network(open),
        Part::KeyStore if inspection.has_device_secret => PartState::Good,
        Part::KeyStore => PartState::Attention,
        Part::Sound if sounds == Sounds::Off => PartState::Unknown,
        Part::Sound if open.speaker.is_ok() => PartState::Good,
        Part::Sound => PartState::Attention,
    });
    let code = report(open, parts, inspection).code();
    Tested { parts, code }
}

fn camera(camera: CameraState) -> PartState {
    match camera {
        CameraState::Running => PartState::Good,
        CameraState::Off | CameraState::Starting | CameraState::NotAnswering => PartState::Attention,
        CameraState::Missing | CameraState::Busy | CameraState::Unusable => PartState::Failed,
    }
}

fn light(open: &Open) -> PartState {
    match (open.camera, open.guidance) {
        (CameraState::Running, Some(Guidance::TooDark | Guidance::Glare)) => PartState::Attention,
        (CameraState::Running, _) => PartState::Good,
        _ => PartState::Unknown,
    }
}

fn storage(inspection: &Inspection) -> PartState {
    match (&inspection.written, inspection.free_bytes) {
        (Err(_), _) => PartState::Failed,
        (Ok(()), None) => PartState::Unknown,
        (Ok(()), Some(free)) if free <= crate::keeper::STAYS_FREE_BYTES => PartState::Failed,
        (Ok(()), Some(free)) if free <= LITTLE_BYTES => PartState::Attention,
        (Ok(()), Some(_)) => PartState::Good,
    }
}

fn clock(open: &Open) -> PartState {
    match open.sending.and_then(|status| status.clock_offset_ms) {
        None => PartState::Unknown,
        Some(offset) if offset.abs() > CLOCK_OFF_MS => PartState::Attention,
        Some(_) => PartState::Good,
    }
}

fn network(open: &Open) -> PartState {
    let Some(status) = open.sending else { return PartState::Unknown };
    match status.problem {
        None if status.last_contact_at.is_none() => PartState::Unknown,
        None => PartState::Good,
        // Work goes on without a network, and a busy central takes it later.
        Some(SendProblem::Network(NetworkError::Unreachable | NetworkError::Broken) | SendProblem::Busy) => {
            PartState::Attention
        }
        Some(_) => PartState::Failed,
    }
}

fn trouble(open: &Open) -> SendTrouble {
    match open.sending.and_then(|status| status.problem) {
        None => SendTrouble::None,
        Some(SendProblem::Network(problem)) => match problem {
            NetworkError::Unreachable => SendTrouble::Unreachable,
            NetworkError::Broken => SendTrouble::Broken,
            NetworkError::Untrusted => SendTrouble::Untrusted,
            NetworkError::TooLarge => SendTrouble::Nonsense,
            NetworkError::Address => SendTrouble::Address,
        },
        Some(SendProblem::Nonsense) => SendTrouble::Nonsense,
        Some(SendProblem::Receipt) => SendTrouble::Receipt,
        Some(SendProblem::NotEnrolled) => SendTrouble::NotEnrolled,
        Some(SendProblem::TokenRefused) => SendTrouble::TokenRefused,
        Some(SendProblem::Busy) => SendTrouble::Busy,
        Some(SendProblem::SignatureRefused) => SendTrouble::SignatureRefused,
        Some(SendProblem::Refused) => SendTrouble::Refused,
        Some(SendProblem::Store) => SendTrouble::Store,
    }
}

fn report(open: &Open, parts: [PartState; 7], inspection: &Inspection) -> SupportReport {
    let mut numbers = env!("CARGO_PKG_VERSION").split('.').map(|number| number.parse::<u8>().unwrap_or(15));
    let program = std::array::from_fn(|_| numbers.next().unwrap_or(0));
    SupportReport {
        program,
        parts,
        trouble: trouble(open),
        pending_scale: scale(open.counts.pending, 15),
        needs_review_scale: scale(open.counts.needs_review, 15),
        entries_scale: scale(open.counts.entries, 15),
        free_mib_scale: scale(inspection.free_bytes.unwrap_or(0) >> 20, 31),
        set_aside: u8::try_from(inspection.set_aside.min(3)).unwrap_or(3),
    }
}
