//! 定期連絡: when it is due, what it says, and what its answer means.
//!
//! Must not: hold up an entry. A heartbeat that brings nothing is no failure of sending; it is due again later.

use record::{
    Moment,
    wire::{
        content_type,
        heartbeat::{ChainHead, ClockOffset, Count, FreeSpace, Heartbeat, HeartbeatAnswer, Release, VERSION},
        path,
        problem::{Problem, ProblemCode},
    },
};
use store::Store;

use super::{Courier, InFlight};
use crate::{
    clock::CentralClock,
    exchange::{NetworkError, Request, Response},
    status::SendProblem,
};

/// The central hears of a tablet at least this often while it can be reached.
const EVERY_MS: u64 = 15 * 60 * 1000;
/// A busy site records every few seconds, each time in a round of its own: not each of them is news.
const NOT_SOONER_THAN_MS: u64 = 60 * 1000;

/// When the next heartbeat is due, in monotonic milliseconds; the first one at once.
#[derive(Debug, Default)]
pub(super) struct HeartbeatTime {
    due_ms: u64,
    not_before_ms: u64,
}

impl HeartbeatTime {
    /// How long until then.
    pub(super) fn due_in_ms(&self, now: Moment) -> u64 {
        self.due_ms.saturating_sub(now.monotonic_ms)
    }
    /// How the tablet stands has changed.
    pub(super) fn has_news(&mut self) {
        self.due_ms = self.due_ms.min(self.not_before_ms);
    }
    fn told(&mut self, now: Moment) {
        self.due_ms = now.monotonic_ms.saturating_add(EVERY_MS);
        self.not_before_ms = now.monotonic_ms.saturating_add(NOT_SOONER_THAN_MS);
    }
    fn put_off(&mut self, now: Moment) {
        self.due_ms = now.monotonic_ms.saturating_add(EVERY_MS);
        self.not_before_ms = self.due_ms;
    }
}

impl Courier {
    /// The heartbeat, if one is due.
    pub(super) fn heartbeat(
        &self,
        store: &Store,
        clock: CentralClock,
        now: Moment,
    ) -> Result<Option<(Request, InFlight)>, SendProblem> {
        if self.heartbeat.due_in_ms(now) > 0 {
            return Ok(None);
        }
        let standing = store.standing().map_err(|_| SendProblem::Store)?;
        let heartbeat = Heartbeat {
            version: VERSION,
            tablet_id: self.route.tablet_id,
            epoch: standing.epoch,
            head: standing
                .head
                .map(|(position, link)| ChainHead { position: Count::of(position.number()), link }),
            pending: Count::of(standing.pending),
            delivered: Count::of(standing.delivered),
            needs_review: Count::of(standing.needs_review),
            set_aside: Count::of(standing.set_aside as u64),
            clock_offset_s: ClockOffset::of_ms(clock.offset_ms(now)),
            release: Release::of_version(self.route.program),
            free_mib: self.free_bytes.map(FreeSpace::of_bytes),
        };
        let body = serde_json::to_vec(&heartbeat).map_err(|_| SendProblem::Store)?;
        let request = self.signed(path::HEARTBEATS, content_type::JSON, body, clock, now);
        Ok(Some((request, InFlight::Heartbeat)))
    }

    /// What came of it. A central that does not know the path, or anybody's nonsense, puts it off and changes nothing else.
    pub(super) fn heartbeat_answered(&mut self, answer: Result<Response, NetworkError>, now: Moment) {
        let told = answer.as_ref().is_ok_and(|response| {
            response.status == 200 && serde_json::from_slice::<HeartbeatAnswer>(&response.body).is_ok()
        });
        if told {
            self.heartbeat.told(now);
            self.went_well(now);
            return;
        }
        self.heartbeat.put_off(now);
        let problem = answer.ok().and_then(|response| serde_json::from_slice(&response.body).ok());
        if let Some(Problem { code: ProblemCode::ClockOutsideWindow }) = problem {
            self.clock = None;
        }
    }
}
