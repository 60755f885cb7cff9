//! A tablet reduced to its protocol: it chains, signs, compresses and sends, and can be made to do each wrongly.
//!
//! Must not: be used where the real tablet (`app`, `store`, `sync`) is what is tested.

use record::{
    Epoch, Outcome, Position, TabletId, WallTime,
    bundle::ReceiptKey,
    bytes::Link,
    wire::{
        batch::{self, BatchHeader, Segment},
        content_type,
        enrolment::{EnrolmentRequest, EnrolmentToken},
        heartbeat::{self, ChainHead, ClockOffset, Count, FreeSpace, Heartbeat, Release},
        path,
        problem::{Problem, ProblemCode},
        receipt::{ReceiptAnswer, ReceiptItem, ReceiptList},
        reference::Manifest,
    },
};
use seal::{
    chain,
    device::SigningKey,
    receipt::VerifiedReceipt,
    request::{SignatureHeaders, Target, sign},
    tls::{Dates, client_config},
};

use super::entries::EntryMaker;

/// The level the tablet compresses with (`sync`).
pub const ZSTD_LEVEL: i32 = 9;

/// One entry in its place.
#[derive(Clone)]
pub struct Placed {
    /// Its place.
    pub position: Position,
    /// The link before it.
    pub previous: Link,
    /// Its own link.
    pub link: Link,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The tablet.
pub struct ProtocolTablet {
    /// Its number.
    pub tablet_id: TabletId,
    /// Its key.
    pub key: SigningKey,
    /// Its one-time token.
    pub token: EnrolmentToken,
    /// Its database.
    pub epoch: Epoch,
    /// All it has recorded, from the first place on.
    pub entries: Vec<Placed>,
    /// Makes its entries.
    pub maker: EntryMaker,
    /// The central's time, as it knows it.
    pub now: WallTime,
    route: Route,
    client: reqwest::Client,
}

/// The way to a central, as a bundle says it.
#[derive(Clone)]
pub struct Route {
    /// Where bytes go: the central, or a proxy before it.
    pub url: String,
    /// Host and port of the central itself, which is what is signed.
    pub authority: String,
    /// The certificate authority to trust, PEM.
    pub authority_pem: String,
    /// The keys that sign receipts.
    pub receipt_keys: Vec<ReceiptKey>,
}

/// A client that trusts that central alone.
pub fn client(authority_pem: &str) -> reqwest::Client {
    let config = client_config(authority_pem, Dates::Unchecked).unwrap();
    reqwest::Client::builder()
        .tls_backend_preconfigured(config)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

impl ProtocolTablet {
    /// A tablet with a token and nothing recorded.
    pub fn new(route: Route, tablet_id: TabletId, token: EnrolmentToken, now: WallTime) -> Self {
        Self {
            tablet_id,
            key: SigningKey::from_seed([tablet_id.number() as u8; 32]).unwrap(),
            token,
            epoch: Epoch::FIRST,
            entries: Vec::new(),
            maker: EntryMaker::new(tablet_id.municipality(), u64::from(tablet_id.number())),
            now,
            client: client(&route.authority_pem),
            route,
        }
    }

    /// Opens fresh connections, from now on to there: to a proxy, say. What is signed stays the central's name.
    pub fn go_through(&mut self, url: String) {
        self.client = client(&self.route.authority_pem);
        self.route.url = url;
    }

    /// Makes its key known.
    pub async fn enrol(&self) -> reqwest::Response {
        self.enrol_with(&self.token).await
    }

    /// The same with another token.
    pub async fn enrol_with(&self, token: &EnrolmentToken) -> reqwest::Response {
        let request = EnrolmentRequest {
            tablet_id: self.tablet_id,
            token: token.clone(),
            device_key: self.key.public(),
            program: "0.1.0".to_owned(),
        };
        let body = serde_json::to_vec(&request).unwrap();
        self.post(path::ENROLMENT, content_type::JSON, body).await.unwrap()
    }

    /// Puts an entry in its next place.
    pub fn record(&mut self, bytes: Vec<u8>) {
        let position = Position::FIRST.plus(self.entries.len() as u64);
        let genesis = || chain::genesis(self.tablet_id, self.epoch, &self.key.public());
        let previous = self.entries.last().map_or_else(genesis, |last| last.link);
        let link = chain::link(&previous, position, &chain::entry_hash(&bytes));
        self.entries.push(Placed { position, previous, link, bytes });
    }

    /// Records a day of `count` entries.
    pub fn record_day(&mut self, count: usize) {
        let day = self.maker.day_of(count);
        day.into_iter().for_each(|bytes| self.record(bytes));
    }

    /// The header for these entries.
    pub fn header(&self, entries: &[Placed]) -> BatchHeader {
        let mut segments: Vec<Segment> = Vec::new();
        for entry in entries {
            match segments.last_mut() {
                Some(run) if run.first.plus(run.count.into()) == entry.position => run.count += 1,
                _ => segments.push(Segment { first: entry.position, count: 1, previous: entry.previous }),
            }
        }
        BatchHeader {
            version: batch::VERSION,
            tablet_id: self.tablet_id,
            epoch: self.epoch,
            last_position: Position::new(self.entries.len() as u64).unwrap(),
            clock_offset_ms: 0,
            program: "0.1.0".to_owned(),
            set_aside: Vec::new(),
            segments,
            head: entries.last().unwrap().link,
        }
    }

    /// The compressed body for these entries.
    pub fn pack(&self, header: &BatchHeader, entries: &[Placed]) -> Vec<u8> {
        let plain = batch::encode(header, entries.iter().map(|entry| entry.bytes.as_slice()));
        zstd::bulk::compress(&plain, ZSTD_LEVEL).unwrap()
    }

    /// Sends these entries; the verified receipt, or why the whole was refused.
    ///
    /// # Errors
    /// The status and the code of the refusal.
    pub async fn send(&self, entries: &[Placed]) -> Result<VerifiedReceipt, (u16, ProblemCode)> {
        let body = self.pack(&self.header(entries), entries);
        let answer = self.post(path::BATCHES, content_type::BATCH, body).await.unwrap();
        let status = answer.status().as_u16();
        let body = answer.bytes().await.unwrap();
        if status != 200 {
            return Err((status, serde_json::from_slice::<Problem>(&body).unwrap().code));
        }
        let answer: ReceiptAnswer = serde_json::from_slice(&body).unwrap();
        Ok(seal::receipt::verify(self.sent(entries), &answer, &self.route.receipt_keys).unwrap())
    }

    /// The same, and only what became of each entry.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn outcomes(&self, entries: &[Placed]) -> Result<Vec<Outcome>, (u16, ProblemCode)> {
        let receipt = self.send(entries).await?;
        Ok(receipt.items().iter().map(|item| item.outcome.clone()).collect())
    }

    /// How it would say that it stands, with all it has recorded pending.
    pub fn heartbeat(&self) -> Heartbeat {
        let last = self.entries.last();
        Heartbeat {
            version: heartbeat::VERSION,
            tablet_id: self.tablet_id,
            epoch: self.epoch,
            head: last.map(|last| ChainHead { position: Count::of(last.position.number()), link: last.link }),
            pending: Count::of(self.entries.len() as u64),
            delivered: Count::default(),
            needs_review: Count::default(),
            set_aside: Count::default(),
            clock_offset_s: ClockOffset::default(),
            release: Release::of_version("0.1.0"),
            free_mib: Some(FreeSpace::of_bytes(8 << 30)),
        }
    }

    /// Sends a heartbeat.
    pub async fn beat(&self, heartbeat: &Heartbeat) -> reqwest::Response {
        let body = serde_json::to_vec(heartbeat).unwrap();
        self.post(path::HEARTBEATS, content_type::JSON, body).await.unwrap()
    }

    /// What a receipt for these entries must speak of.
    pub fn sent(&self, entries: &[Placed]) -> ReceiptList {
        let items = entries.iter().map(|entry| ReceiptItem {
            position: entry.position,
            hash: chain::entry_hash(&entry.bytes),
            outcome: Outcome::Delivered,
        });
        ReceiptList {
            tablet_id: self.tablet_id,
            epoch: self.epoch,
            received_at: self.now,
            key_id: String::new(),
            items: items.collect(),
        }
    }

    /// Signs a body as this tablet.
    pub fn sign(&self, path: &str, body: &[u8]) -> SignatureHeaders {
        let target = Target { method: "POST", authority: &self.route.authority, path };
        sign(&self.key, self.tablet_id, target, body, self.now)
    }

    /// Asks for a path, signed as this tablet; for a range of its bytes, where one is given.
    ///
    /// # Errors
    /// The network's.
    pub async fn get(&self, path: &str, range: Option<&str>) -> Result<reqwest::Response, reqwest::Error> {
        let target = Target { method: "GET", authority: &self.route.authority, path };
        let headers = sign(&self.key, self.tablet_id, target, b"", self.now);
        let mut request = self
            .client
            .get(format!("{}{path}", self.route.url))
            .header("host", &self.route.authority)
            .header("content-digest", headers.content_digest)
            .header("signature-input", headers.signature_input)
            .header("signature", headers.signature);
        if let Some(range) = range {
            request = request.header("range", range);
        }
        request.send().await
    }

    /// What holds for this tablet, as the central signed it.
    pub async fn manifest(&self) -> Manifest {
        let answer = self.get(path::REFERENCE, None).await.unwrap();
        assert_eq!(answer.status(), 200);
        let answer = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        let opened = seal::reference::open(&answer, self.tablet_id, &self.route.receipt_keys);
        opened.unwrap().manifest().clone()
    }

    /// Posts a signed body.
    ///
    /// # Errors
    /// The network's.
    pub async fn post(
        &self,
        path: &str,
        content_type: &str,
        body: Vec<u8>,
    ) -> Result<reqwest::Response, reqwest::Error> {
        let headers = self.sign(path, &body);
        self.post_with(path, content_type, body, headers).await
    }

    /// Posts a body with these signature headers.
    ///
    /// # Errors
    /// The network's.
    pub async fn post_with(
        &self,
        path: &str,
        content_type: &str,
        body: Vec<u8>,
        headers: SignatureHeaders,
    ) -> Result<reqwest::Response, reqwest::Error> {
        self.client
            .post(format!("{}{path}", self.route.url))
            .header("host", &self.route.authority)
            .header("content-type", content_type)
            .header("content-digest", headers.content_digest)
            .header("signature-input", headers.signature_input)
            .header("signature", headers.signature)
            .body(body)
            .send()
            .await
    }

    /// The client it speaks with.
    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }
}
