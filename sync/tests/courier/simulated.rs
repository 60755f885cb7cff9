//! A tablet with a real database and a central that checks signatures and signs receipts, driven by hand.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use record::{
    Entry, EntryContent, EntryId, Epoch, Moment, Outcome, Position, WallTime,
    bundle::{CentralAddress, ReceiptKey},
    draft::Stamp,
    entry::Vaccination,
    wire::{
        batch::decode,
        enrolment::EnrolmentAnswer,
        heartbeat::{Heartbeat, HeartbeatAnswer},
        problem::{Problem, ProblemCode},
        receipt::{ReceiptItem, ReceiptList},
    },
};
use seal::{
    chain::entry_hash,
    device::SigningKey,
    random::Random,
    request::{SignatureHeaders, Target, claim, verify},
    vault::StoreKey,
};
use store::{Enrolment, Owner, Store};
use sync::{
    courier::{Courier, Next, Route},
    exchange::{Method, NetworkError, Request, Response},
};

use crate::shelf::Shelf;

pub(crate) struct Seeded(pub(crate) u64);

impl Random for Seeded {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), seal::Error> {
        for byte in buffer {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 56) as u8;
        }
        Ok(())
    }
}

/// What the central has, and how it answers.
pub(crate) struct Central {
    key: SigningKey,
    pub(crate) device: Option<record::bytes::PublicKey>,
    pub(crate) kept: BTreeMap<(Epoch, Position), Vec<u8>>,
    pub(crate) now: WallTime,
    /// Entries to be answered with something else than delivered, by position.
    pub(crate) outcomes: BTreeMap<u64, Outcome>,
    /// Positions whose presence makes the central refuse the whole batch.
    pub(crate) indigestible: BTreeSet<u64>,
    pub(crate) requests: u32,
    pub(crate) largest_batch: (usize, usize),
    pub(crate) offset_ms: i64,
    pub(crate) heartbeats: Vec<Heartbeat>,
    pub(crate) shelf: Shelf,
}

impl Central {
    fn problem(status: u16, code: ProblemCode) -> Response {
        Response { status, retry_after_s: None, body: serde_json::to_vec(&Problem { code }).unwrap() }
    }

    fn ok(body: &impl serde::Serialize) -> Response {
        Response { status: 200, retry_after_s: None, body: serde_json::to_vec(body).unwrap() }
    }

    pub(crate) fn answer(&mut self, request: &Request) -> Response {
        self.requests += 1;
        if request.path.starts_with("/v1/clock") {
            let nonce = request.path.split("nonce=").nth(1).unwrap().parse().unwrap();
            return Self::ok(&seal::clock::answer(&self.key, nonce, self.now));
        }
        let header = |name: &str| request.headers.iter().find(|(key, _)| *key == name).unwrap().1.clone();
        let headers = SignatureHeaders {
            content_digest: header("content-digest"),
            signature_input: header("signature-input"),
            signature: header("signature"),
        };
        let target =
            Target { method: request.method.name(), authority: "central.example:8443", path: &request.path };
        if request.path.ends_with("enrolment") {
            let asked: record::wire::enrolment::EnrolmentRequest =
                serde_json::from_slice(&request.body).unwrap();
            self.device = Some(asked.device_key);
        }
        let Some(device) = self.device else { return Self::problem(401, ProblemCode::UnknownTablet) };
        match verify(&claim(&headers).unwrap(), &headers, target, &request.body, &device, self.now) {
            Ok(()) => {}
            Err(seal::Error::RequestTime) => return Self::problem(401, ProblemCode::ClockOutsideWindow),
            Err(_) => return Self::problem(401, ProblemCode::BadSignature),
        }
        if request.path.ends_with("enrolment") {
            return Self::ok(&EnrolmentAnswer { enrolled_at: self.now });
        }
        if request.path.ends_with("heartbeats") {
            self.heartbeats.push(serde_json::from_slice(&request.body).unwrap());
            return Self::ok(&HeartbeatAnswer { received_at: self.now });
        }
        if request.path == "/v1/reference" {
            let manifest = self.shelf.manifest("131130-0017".parse().unwrap());
            return Self::ok(&seal::reference::sign(&self.key, "receipt-1", &manifest));
        }
        if let Some(digest) = request.path.strip_prefix("/v1/reference/") {
            let range =
                request.headers.iter().find(|(key, _)| *key == "range").map(|(_, range)| range.clone());
            return match self.shelf.piece(digest.parse().unwrap(), &range.unwrap()) {
                Some(body) => Response { status: 206, retry_after_s: None, body },
                None => Self::problem(404, ProblemCode::UnknownPart),
            };
        }
        assert_eq!(request.method, Method::Post);
        self.batch(&request.body)
    }

    fn batch(&mut self, body: &[u8]) -> Response {
        let plain = zstd::bulk::decompress(body, record::wire::batch::MOST_BYTES).unwrap();
        let batch = decode(&plain).unwrap();
        self.offset_ms = batch.header.clock_offset_ms;
        if batch.entries.len() > self.largest_batch.0 {
            self.largest_batch = (batch.entries.len(), body.len());
        }
        if batch.header.positions().any(|position| self.indigestible.contains(&position.number())) {
            return Self::problem(400, ProblemCode::Malformed);
        }
        let mut items = Vec::new();
        for (position, bytes) in batch.header.positions().zip(&batch.entries) {
            let outcome = self.outcomes.get(&position.number()).cloned().unwrap_or(Outcome::Delivered);
            if !matches!(outcome, Outcome::Later(_)) {
                let before = self.kept.insert((batch.header.epoch, position), bytes.to_vec());
                assert!(
                    before.is_none_or(|before| before == *bytes),
                    "an entry came twice with other content"
                );
            }
            items.push(ReceiptItem { position, hash: entry_hash(bytes), outcome });
        }
        let list = ReceiptList {
            tablet_id: batch.header.tablet_id,
            epoch: batch.header.epoch,
            received_at: self.now,
            key_id: "receipt-1".to_owned(),
            items,
        };
        Self::ok(&seal::receipt::sign(&self.key, &list))
    }
}

pub(crate) struct Day {
    pub(crate) store: Store,
    pub(crate) courier: Courier,
    pub(crate) central: Central,
    pub(crate) random: Seeded,
    pub(crate) now: Moment,
    made: u64,
    route: Route,
    folder: tempfile::TempDir,
}

pub(crate) const START: i64 = 1_637_545_200_000;

impl Day {
    pub(crate) fn begin(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let device = Arc::new(SigningKey::from_seed([1; 32]).unwrap());
        let owner = Owner { tablet_id: "131130-0017".parse().unwrap(), device_key: device.public() };
        let now = Moment { wall: WallTime::from_unix_ms(START), monotonic_ms: 1_000 };
        let mut store =
            Store::open(folder.path(), &StoreKey::from_bytes([42; 32]), owner, now).unwrap().store;
        store.keep_enrolment(&Enrolment::Waiting("A".repeat(43).parse().unwrap())).unwrap();
        let key = SigningKey::from_seed([2; 32]).unwrap();
        let central = CentralAddress {
            url: "https://central.example:8443".to_owned(),
            authority_pem: String::new(),
            receipt_keys: vec![ReceiptKey { key_id: "receipt-1".to_owned(), key: key.public() }],
        };
        let route = Route { tablet_id: owner.tablet_id, device_key: device, central, program: "0.1.0" };
        let central = Central {
            key,
            device: None,
            kept: BTreeMap::new(),
            now: now.wall,
            outcomes: BTreeMap::new(),
            indigestible: BTreeSet::new(),
            requests: 0,
            largest_batch: (0, 0),
            offset_ms: 0,
            heartbeats: Vec::new(),
            shelf: Shelf::default(),
        };
        Self {
            store,
            courier: Courier::new(route.clone()),
            central,
            random: Seeded(seed),
            now,
            made: 0,
            route,
            folder,
        }
    }

    /// The program ends and begins: nothing of it is in memory any more.
    pub(crate) fn begin_program_again(&mut self) {
        let device_key = self.route.device_key.public();
        let owner = Owner { tablet_id: self.route.tablet_id, device_key };
        let key = StoreKey::from_bytes([42; 32]);
        self.store = Store::open(self.folder.path(), &key, owner, self.now).unwrap().store;
        self.courier = Courier::new(self.route.clone());
    }

    /// Time goes by on every clock.
    pub(crate) fn pass_ms(&mut self, ms: u64) {
        self.now.monotonic_ms += ms;
        self.now.wall = self.now.wall.plus_ms(ms as i64);
        self.central.now = self.central.now.plus_ms(ms as i64);
    }

    /// An entry such as a mass site makes: every number and time different, everything else alike.
    pub(crate) fn record(&mut self) {
        self.made += 1;
        self.pass_ms(20_000 + self.made * 7919 % 9_000);
        let mut id = [0; 16];
        self.random.fill(&mut id).unwrap();
        let number = 1_000_000_000 + (self.made * 7_368_787) % 8_999_999_999;
        let day = serde_json::json!({
            "vaccinated_on": "2021-11-22",
            "site": {"facility_code": "1311399999", "name": "見本市民体育館"},
            "physician": "見本 太郎",
            "vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"},
            "lot": "FF3620", "dose": "3",
        });
        let content = EntryContent::Vaccination(Vaccination {
            coupon: format!("23131130{number:010}").parse().unwrap(),
            witnessed: "8EQ,10NQ".parse().unwrap(),
            day: serde_json::from_value(day).unwrap(),
            despite: Default::default(),
        });
        let stamp = Stamp {
            entry_id: EntryId::from_bytes(id),
            municipality: "131130".parse().unwrap(),
            staff_id: "staff-01".parse().unwrap(),
            moment: self.now,
        };
        let entry: Entry = stamp.entry(content);
        self.store.append(&entry, self.now).unwrap();
    }

    /// Lets the courier work until it rests; `network` may lose a request or its reply.
    pub(crate) fn round(
        &mut self,
        mut network: impl FnMut(&mut Central, &Request) -> Result<Response, NetworkError>,
    ) -> u64 {
        for _ in 0..10_000 {
            match self.courier.next(&mut self.store, self.now, &mut self.random) {
                Next::Rest { until_monotonic_ms } => return until_monotonic_ms,
                Next::Again => {}
                Next::Send(request) => {
                    self.pass_ms(40);
                    let answer = network(&mut self.central, &request);
                    self.courier.answered(answer, &mut self.store, self.now, &mut self.random);
                }
            }
        }
        panic!("the courier never rests");
    }

    pub(crate) fn counts(&self) -> store::Counts {
        self.store.counts("2021-11-22").unwrap()
    }
}

pub(crate) fn online(central: &mut Central, request: &Request) -> Result<Response, NetworkError> {
    Ok(central.answer(request))
}

pub(crate) fn offline(_: &mut Central, _: &Request) -> Result<Response, NetworkError> {
    Err(NetworkError::Unreachable)
}
