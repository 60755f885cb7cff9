//! What to ask next, and how it is signed.
//!
//! Must not: change where the courier stands; it only builds requests from it.

use record::{
    Epoch, Moment, Outcome, Position,
    wire::{
        batch::BatchHeader,
        content_type,
        enrolment::EnrolmentRequest,
        path,
        receipt::{ReceiptItem, ReceiptList},
    },
};
use seal::{
    chain::entry_hash,
    random::Random,
    request::{Target, sign},
    tls::Dates,
};
use store::{Enrolment, PendingEntry, Store};

use super::{CLOCK_GOOD_FOR_MS, Courier, InFlight, reference::Asked};
use crate::{
    clock::CentralClock,
    exchange::{Method, Request},
    parcel,
    status::SendProblem,
};

impl Courier {
    /// The next request of this round; none when the round is over.
    pub(super) fn request(
        &mut self,
        store: &mut Store,
        now: Moment,
        random: &mut dyn Random,
    ) -> Result<Option<(Request, InFlight)>, SendProblem> {
        let Some(clock) = self.clock.filter(|clock| clock.age_ms(now) < CLOCK_GOOD_FOR_MS) else {
            return self.ask_clock(now, random).map(Some);
        };
        match store.enrolment().map_err(|_| SendProblem::Store)? {
            Some(Enrolment::Done(_)) => {}
            Some(Enrolment::Waiting(token)) => {
                let body = EnrolmentRequest {
                    tablet_id: self.route.tablet_id,
                    token,
                    device_key: self.route.device_key.public(),
                    program: self.route.program.to_owned(),
                };
                let body = serde_json::to_vec(&body).map_err(|_| SendProblem::Store)?;
                let request = self.signed(path::ENROLMENT, content_type::JSON, body, clock, now);
                return Ok(Some((request, InFlight::Enrolment)));
            }
            None => return Err(SendProblem::NotEnrolled),
        }
        let entries = store.pending(self.cursor, self.most).map_err(|_| SendProblem::Store)?;
        let Some(last) = entries.last().map(|entry| (entry.epoch, entry.position)) else {
            return self.heartbeat(store, clock, now);
        };
        self.batch(store, &entries, last, clock, now).map(Some)
    }

    fn ask_clock(&self, now: Moment, random: &mut dyn Random) -> Result<(Request, InFlight), SendProblem> {
        let nonce = seal::random::nonce(random).map_err(|_| SendProblem::Store)?;
        let request = Request {
            dates: Dates::Unchecked,
            method: Method::Get,
            path: format!("{}?nonce={nonce}", path::CLOCK),
            headers: Vec::new(),
            body: Vec::new(),
        };
        Ok((request, InFlight::Clock { nonce, asked: now }))
    }

    fn batch(
        &self,
        store: &Store,
        entries: &[PendingEntry],
        last: (Epoch, Position),
        clock: CentralClock,
        now: Moment,
    ) -> Result<(Request, InFlight), SendProblem> {
        let epoch = last.0;
        let last_position =
            store.last_position(epoch).map_err(|_| SendProblem::Store)?.ok_or(SendProblem::Store)?;
        let header = BatchHeader {
            version: record::wire::batch::VERSION,
            tablet_id: self.route.tablet_id,
            epoch,
            last_position,
            clock_offset_ms: clock.offset_ms(now),
            program: self.route.program.to_owned(),
            set_aside: parcel::set_aside(store.set_aside(), epoch),
            segments: parcel::segments(entries),
            head: entries.last().map(|entry| entry.link).ok_or(SendProblem::Store)?,
        };
        let body = parcel::pack(&header, entries).map_err(|_| SendProblem::Store)?;
        let mut request = self.signed(path::BATCHES, content_type::BATCH, body, clock, now);
        request.headers.push(("content-encoding", "zstd".to_owned()));
        let items = entries.iter().map(|entry| ReceiptItem {
            position: entry.position,
            hash: entry_hash(&entry.bytes),
            outcome: Outcome::Delivered,
        });
        // Outcomes, time and key id are what the answer says; see `seal::receipt::verify`.
        let sent = ReceiptList {
            tablet_id: self.route.tablet_id,
            epoch,
            received_at: now.wall,
            key_id: String::new(),
            items: items.collect(),
        };
        Ok((request, InFlight::Batch { sent, last }))
    }

    pub(super) fn reference_request(&self, asked: &Asked, clock: CentralClock, now: Moment) -> Request {
        let mut request = self.signed_as(Method::Get, &asked.path(), Vec::new(), clock, now);
        request.headers.extend(asked.range().map(|range| ("range", range)));
        request
    }

    pub(super) fn signed(
        &self,
        path: &'static str,
        content_type: &str,
        body: Vec<u8>,
        clock: CentralClock,
        now: Moment,
    ) -> Request {
        let mut request = self.signed_as(Method::Post, path, body, clock, now);
        request.headers.push(("content-type", content_type.to_owned()));
        request
    }

    fn signed_as(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
        clock: CentralClock,
        now: Moment,
    ) -> Request {
        let target = Target { method: method.name(), authority: authority(&self.route.central.url), path };
        let headers = sign(&self.route.device_key, self.route.tablet_id, target, &body, clock.at(now));
        Request {
            dates: Dates::At(now.wall.plus_ms(clock.offset_ms(now))),
            method,
            path: path.to_owned(),
            headers: vec![
                ("content-digest", headers.content_digest),
                ("signature-input", headers.signature_input),
                ("signature", headers.signature),
            ],
            body,
        }
    }
}

/// Host and port of an `https://` address, as they stand in the Host header.
fn authority(url: &str) -> &str {
    let rest = url.strip_prefix("https://").unwrap_or(url);
    rest.split('/').next().unwrap_or(rest)
}
