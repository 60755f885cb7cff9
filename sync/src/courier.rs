//! 配達: decides what to send next and what an answer means. A round asks the time, enrols if need be, goes through
//! the waiting entries in order, batch after batch, tells how the tablet stands, and takes in what the central sends
//! down; then it rests.
//!
//! What is "being sent" lives here and only in memory: if the program ends, the entries simply still wait.
//!
//! Must not: touch a network, a clock or randomness; all come as arguments.

mod heartbeats;
mod reference;
mod requests;

use std::sync::Arc;

use record::{
    Epoch, Moment, Outcome, Position, TabletId, WallTime,
    bundle::CentralAddress,
    bytes::{Nonce, PublicKey},
    wire::{
        batch::MOST_ENTRIES,
        clock::ClockAnswer,
        enrolment::EnrolmentAnswer,
        problem::{Problem, ProblemCode},
        receipt::{ReceiptAnswer, ReceiptList},
    },
};
use seal::{device::SigningKey, random::Random};
use store::{Enrolment, Store};

use heartbeats::HeartbeatTime;

use crate::{
    backoff,
    clock::CentralClock,
    exchange::{NetworkError, Request, Response},
    status::{Activity, SendProblem, SendStatus},
};

/// The central's time is asked again after this long; so, with nothing to send, the way to it is tried this often.
const CLOCK_GOOD_FOR_MS: u64 = 15 * 60 * 1000;
const RESTING_MS: u64 = CLOCK_GOOD_FOR_MS;
/// What the central asked for again later is tried this often.
const LATER_MS: u64 = 10 * 60 * 1000;

/// Who this tablet is and where it sends.
#[derive(Debug, Clone)]
pub struct Route {
    /// The tablet.
    pub tablet_id: TabletId,
    /// Its key.
    pub device_key: Arc<SigningKey>,
    /// The central of the bundle.
    pub central: CentralAddress,
    /// Version of this program.
    pub program: &'static str,
}

/// What to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Carry this and bring the answer to [`Courier::answered`].
    Send(Request),
    /// Nothing to carry; ask again, and let others have the database in between.
    Again,
    /// Nothing until this time on the monotonic clock, or until somebody wakes it.
    Rest {
        /// Monotonic milliseconds.
        until_monotonic_ms: u64,
    },
}

/// What the courier is waiting for an answer to.
#[derive(Debug)]
enum InFlight {
    Clock { nonce: Nonce, asked: Moment },
    Enrolment,
    Batch { sent: ReceiptList, last: (Epoch, Position) },
    Heartbeat,
    Reference(reference::Asked),
}

/// What woke it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// There is a new entry. Does not shorten a wait after a failure.
    NewEntry,
    /// A person asked, or the network came back: tries at once.
    Now,
}

/// The decider.
#[derive(Debug)]
pub struct Courier {
    route: Route,
    clock: Option<CentralClock>,
    in_flight: Option<InFlight>,
    /// How far this round has come.
    cursor: Option<(Epoch, Position)>,
    /// How many entries the next batch may hold; halved when the central refuses a batch as a whole.
    most: usize,
    failures: u32,
    rest_until_ms: Option<u64>,
    after_failure: bool,
    later: u64,
    /// When those put off until later are tried again; until then the cursor stays past them.
    later_until_ms: Option<u64>,
    problem: Option<SendProblem>,
    last_contact_at: Option<WallTime>,
    heartbeat: HeartbeatTime,
    /// What was free under the tablet's folder when it was last looked at.
    free_bytes: Option<u64>,
    reference: reference::Reference,
}

impl Courier {
    /// A courier that has not been anywhere yet.
    #[must_use]
    pub fn new(route: Route) -> Self {
        Self {
            route,
            clock: None,
            in_flight: None,
            cursor: None,
            most: MOST_ENTRIES,
            failures: 0,
            rest_until_ms: None,
            after_failure: false,
            later: 0,
            later_until_ms: None,
            problem: None,
            last_contact_at: None,
            heartbeat: HeartbeatTime::default(),
            free_bytes: None,
            reference: reference::Reference::default(),
        }
    }

    /// Somebody looked at how many bytes are free under the tablet's folder; none where the system does not say.
    pub fn saw_free_bytes(&mut self, free_bytes: Option<u64>) {
        self.free_bytes = free_bytes;
    }

    /// How sending stands.
    #[must_use]
    pub fn status(&self, now: Moment) -> SendStatus {
        let activity = match (&self.in_flight, self.rest_until_ms) {
            // Nobody waits for what comes down: the screens speak of sending.
            (Some(InFlight::Reference(_)), _) => Activity::Resting,
            (Some(_), _) => Activity::Sending,
            (None, Some(monotonic_ms)) if self.after_failure => Activity::WaitingUntil { monotonic_ms },
            _ => Activity::Resting,
        };
        SendStatus {
            activity,
            problem: self.problem,
            last_contact_at: self.last_contact_at,
            clock_offset_ms: self.clock.map(|clock| clock.offset_ms(now)),
            later: self.later,
            reference: self.reference.status(),
        }
    }

    /// Somebody woke it.
    pub fn wake(&mut self, wake: Wake) {
        if wake == Wake::Now || !self.after_failure {
            self.rest_until_ms = None;
        }
        if wake == Wake::Now {
            self.heartbeat = HeartbeatTime::default();
            self.reference.wake_now();
        }
    }

    /// What to do now. While a request is under way its answer must come first.
    pub fn next(&mut self, store: &mut Store, now: Moment, random: &mut dyn Random) -> Next {
        if let Some(until_monotonic_ms) = self.rest_until_ms {
            if now.monotonic_ms < until_monotonic_ms {
                return Next::Rest { until_monotonic_ms };
            }
            self.rest_until_ms = None;
        }
        if self.later_until_ms.is_some_and(|until| until <= now.monotonic_ms) {
            self.begin_again();
        }
        match self.request(store, now, random) {
            Ok(Some((request, in_flight))) => {
                self.in_flight = Some(in_flight);
                Next::Send(request)
            }
            Ok(None) => self.take_in(store, now, random),
            Err(problem) => self.failed(problem, 0, now, random),
        }
    }

    /// The answer to the request that [`Courier::next`] gave.
    pub fn answered(
        &mut self,
        answer: Result<Response, NetworkError>,
        store: &mut Store,
        now: Moment,
        random: &mut dyn Random,
    ) {
        let Some(in_flight) = self.in_flight.take() else { return };
        if matches!(in_flight, InFlight::Heartbeat) {
            self.heartbeat_answered(answer, now);
            return;
        }
        if let InFlight::Reference(asked) = in_flight {
            self.reference.answered(&asked, answer, &self.route, store, now, random);
            return;
        }
        let response = match answer {
            Ok(response) => response,
            Err(error) => {
                self.failed(error.into(), 0, now, random);
                return;
            }
        };
        let ask_ms = response.retry_after_s.unwrap_or(0).saturating_mul(1000);
        let done = match response.status {
            200 => self.taken(in_flight, &response.body, store, now),
            status => self.refused(in_flight, status, &response.body),
        };
        match done {
            Ok(()) => self.went_well(now),
            Err(problem) => {
                self.failed(problem, ask_ms, now, random);
            }
        }
    }

    /// An answer of success.
    fn taken(
        &mut self,
        in_flight: InFlight,
        body: &[u8],
        store: &mut Store,
        now: Moment,
    ) -> Result<(), SendProblem> {
        match in_flight {
            InFlight::Clock { nonce, asked } => {
                let answer: ClockAnswer = serde_json::from_slice(body).map_err(|_| SendProblem::Nonsense)?;
                let keys: Vec<PublicKey> =
                    self.route.central.receipt_keys.iter().map(|known| known.key).collect();
                let central =
                    seal::clock::verify(&answer, &nonce, &keys).map_err(|_| SendProblem::Nonsense)?;
                let took_ms = now.monotonic_ms.saturating_sub(asked.monotonic_ms);
                self.clock = Some(CentralClock::learnt(central, took_ms, now));
            }
            InFlight::Enrolment => {
                let answer: EnrolmentAnswer =
                    serde_json::from_slice(body).map_err(|_| SendProblem::Nonsense)?;
                store.keep_enrolment(&Enrolment::Done(answer.enrolled_at)).map_err(|_| SendProblem::Store)?;
            }
            InFlight::Batch { sent, last } => {
                let answer: ReceiptAnswer =
                    serde_json::from_slice(body).map_err(|_| SendProblem::Nonsense)?;
                let receipt = seal::receipt::verify(sent, &answer, &self.route.central.receipt_keys)
                    .map_err(|_| SendProblem::Receipt)?;
                store.keep_receipt(&receipt, now).map_err(|_| SendProblem::Store)?;
                let later =
                    receipt.items().iter().filter(|item| matches!(item.outcome, Outcome::Later(_))).count();
                self.later += later as u64;
                self.cursor = Some(last);
                self.most = (self.most * 2).min(MOST_ENTRIES);
                self.heartbeat.has_news();
            }
            InFlight::Heartbeat => {} // has its own way: `heartbeat_answered`
            // Has an answer of its own.
            InFlight::Reference(_) => {}
        }
        Ok(())
    }

    /// An answer of refusal: of the request as a whole, never of one entry.
    fn refused(&mut self, in_flight: InFlight, status: u16, body: &[u8]) -> Result<(), SendProblem> {
        let Ok(Problem { code }) = serde_json::from_slice(body) else {
            return Err(if status >= 500 { SendProblem::Busy } else { SendProblem::Nonsense });
        };
        match code {
            ProblemCode::ClockOutsideWindow => {
                self.clock = None;
                Err(SendProblem::SignatureRefused)
            }
            ProblemCode::UnknownTablet => Err(SendProblem::NotEnrolled),
            ProblemCode::TokenRefused => Err(SendProblem::TokenRefused),
            ProblemCode::BadSignature => Err(SendProblem::SignatureRefused),
            ProblemCode::Unavailable => Err(SendProblem::Busy),
            ProblemCode::UnknownPart | ProblemCode::Unknown => Err(SendProblem::Refused),
            ProblemCode::Malformed | ProblemCode::TooLarge => {
                // Something in this batch is beyond the central: halve it until the one entry is found, pass
                // that one by for this round, and leave it waiting.
                if let InFlight::Batch { sent, last } = in_flight {
                    if sent.items.len() == 1 {
                        self.cursor = Some(last);
                        self.later += 1;
                        self.most = MOST_ENTRIES;
                        return Ok(());
                    }
                    self.most = (sent.items.len() / 2).max(1);
                    return Ok(());
                }
                Err(SendProblem::Refused)
            }
        }
    }

    fn went_well(&mut self, now: Moment) {
        self.failures = 0;
        self.after_failure = false;
        self.problem = None;
        self.last_contact_at = Some(now.wall);
    }

    fn failed(&mut self, problem: SendProblem, ask_ms: u64, now: Moment, random: &mut dyn Random) -> Next {
        self.failures = self.failures.saturating_add(1);
        self.problem = Some(problem);
        self.after_failure = true;
        self.begin_again();
        let until_monotonic_ms =
            now.monotonic_ms.saturating_add(backoff::wait_ms(self.failures, ask_ms, random));
        self.rest_until_ms = Some(until_monotonic_ms);
        Next::Rest { until_monotonic_ms }
    }

    /// No entry is to be sent now: what the central sends down is taken in, one step.
    fn take_in(&mut self, store: &mut Store, now: Moment, random: &mut dyn Random) -> Next {
        match (self.reference.step(store, now, random), self.clock) {
            (reference::Step::Ask(asked), Some(clock)) => {
                let request = self.reference_request(&asked, clock, now);
                self.in_flight = Some(InFlight::Reference(asked));
                Next::Send(request)
            }
            (reference::Step::Again, _) => Next::Again,
            (reference::Step::Ask(_) | reference::Step::Rest, _) => self.rest(now),
        }
    }

    /// The round is over: everything has a receipt or waits for its time.
    fn rest(&mut self, now: Moment) -> Next {
        self.after_failure = false;
        let pause = if self.later == 0 {
            self.begin_again();
            RESTING_MS
        } else {
            let until = *self.later_until_ms.get_or_insert(now.monotonic_ms.saturating_add(LATER_MS));
            until.saturating_sub(now.monotonic_ms).min(RESTING_MS)
        };
        let pause = pause.min(self.heartbeat.due_in_ms(now));
        let reference_ms = self.reference.not_before_ms().max(now.monotonic_ms.saturating_add(1));
        let until_monotonic_ms = now.monotonic_ms.saturating_add(pause).min(reference_ms);
        self.rest_until_ms = Some(until_monotonic_ms);
        Next::Rest { until_monotonic_ms }
    }

    fn begin_again(&mut self) {
        self.cursor = None;
        self.later = 0;
        self.later_until_ms = None;
    }
}
