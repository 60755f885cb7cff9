//! A real central for one test: its own files in its own directory, real TLS on a free port of this machine.
//!
//! Must not: stub anything. Only the clock may be the test's own.

use std::{
    future::Future,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
        mpsc,
    },
};

use central::{
    accounts::{self, InitialPassword},
    boxes::{self, MadeBox, Workshop},
    bundles::BundleSpec,
    clock::Clock,
    directory::DataDirectory,
    roles::Role,
    server::{self, Serving},
    stock::catching_up,
    storage::{Invitation, PublicationKind, Storage},
};
use record::{TabletId, WallTime, wire::enrolment::EnrolmentToken};
use seal::{
    random::{Random, SystemRandom},
    token,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::protocol_tablet::{ProtocolTablet, Route};

const DAY_MS: i64 = 86_400_000;

/// A clock that stands where it was put.
#[derive(Clone)]
pub struct StandingClock(Arc<AtomicI64>);

impl StandingClock {
    /// At that time.
    pub fn at(time: WallTime) -> Self {
        Self(Arc::new(AtomicI64::new(time.unix_ms())))
    }
    /// What it says.
    pub fn now(&self) -> WallTime {
        WallTime::from_unix_ms(self.0.load(Ordering::SeqCst))
    }
    /// Puts it elsewhere.
    pub fn put(&self, time: WallTime) {
        self.0.store(time.unix_ms(), Ordering::SeqCst);
    }
    /// For the central.
    pub fn clock(&self) -> Clock {
        let clock = self.clone();
        Clock::from_fn(move || clock.now())
    }
}

/// A central in this process, on threads of its own; its methods wait, and may be called from anywhere.
pub struct CentralProcess {
    runtime: Option<Runtime>,
    serving: Option<Serving>,
    directory: DataDirectory,
    address: SocketAddr,
    clock: Clock,
    files: TempDir,
}

impl CentralProcess {
    /// Makes a central and serves it on `127.0.0.1`.
    pub fn start(clock: Clock) -> Self {
        Self::start_as(&[], clock, &mut SystemRandom::default())
    }

    /// The same, also known by other names, with the keys that come of this randomness.
    pub fn start_as(names: &[&str], clock: Clock, random: &mut dyn Random) -> Self {
        // Another test of this process may have installed the same provider before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let files = tempfile::tempdir().unwrap();
        let hosts: Vec<String> =
            ["127.0.0.1", "localhost"].iter().chain(names).map(ToString::to_string).collect();
        let path = files.path().join("central");
        let directory = DataDirectory::create(&path, &hosts, clock.now(), random).unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut central = Self { runtime: Some(runtime), serving: None, directory, address, clock, files };
        central.serve();
        central
    }

    fn serve(&mut self) {
        let (directory, address, clock) = (self.directory.clone(), self.address, self.clock.clone());
        let serving = self.wait(async move { server::start(directory, address, clock).await.unwrap() });
        self.address = serving.address;
        self.serving = Some(serving);
    }

    /// Stops serving; connections end, files stay.
    pub fn stop(&mut self) {
        if let Some(serving) = self.serving.take() {
            self.wait(async move { serving.stop().await.unwrap() });
        }
    }

    /// Serves the same files on the same port again.
    pub fn start_again(&mut self) {
        self.stop();
        self.serve();
    }

    /// `https://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The way to it.
    pub fn route(&self) -> Route {
        Route {
            url: self.url(),
            authority: self.address.to_string(),
            authority_pem: self.directory.authority_pem().unwrap(),
            receipt_keys: vec![self.directory.receipt_signer().unwrap().public()],
        }
    }

    /// The TLS of its server, for somebody who pretends to be it.
    pub fn server_tls(&self) -> rustls::ServerConfig {
        let certificate = self.directory.server_certificate(self.clock.now()).unwrap();
        seal::tls::server_config(&certificate.chain_pem, &certificate.key_pem).unwrap()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its data directory, for `vrs-central`.
    pub fn data(&self) -> PathBuf {
        self.files.path().join("central")
    }

    /// The register of the running server.
    ///
    /// # Panics
    /// While it is stopped.
    pub fn storage(&self) -> Arc<dyn Storage> {
        Arc::clone(&self.serving.as_ref().unwrap().central.storage)
    }

    /// Publishes lots or rules for everybody.
    pub fn publish(&self, kind: PublicationKind, json: &str) {
        let (storage, json, now) = (self.storage(), json.as_bytes().to_vec(), self.clock.now());
        self.wait(async move {
            central::reference::publish(&*storage, kind, None, &json, now).await.unwrap();
        });
    }

    /// Lists the doses that came, as a running central does every hour.
    pub fn list_doses(&self) {
        let central = self.serving.as_ref().unwrap().central.clone();
        self.wait(async move {
            let now = central.clock.now();
            central::reference::refresh(&*central.storage, &central.coupon_master, now).await.unwrap();
        });
    }

    /// Takes into the books of stock what came, as a running central does every five minutes.
    pub fn catch_up_stock(&self) {
        let central = self.serving.as_ref().unwrap().central.clone();
        self.wait(async move {
            let now = central.clock.now();
            catching_up::catch_up(&*central.storage, &central.coupon_master, now).await.unwrap();
        });
    }

    /// Notes the hour under way, as a running central does every five minutes.
    pub fn note_hour(&self) {
        let central = self.serving.as_ref().unwrap().central.clone();
        self.wait(async move { central::fleet_hours::note(&central).await.unwrap() });
    }

    /// Makes a tablet known without the cost of a whole bundle; its one-time token.
    pub fn invite(&self, tablet_id: TabletId, name: &str) -> EnrolmentToken {
        let token = token::enrolment(&mut SystemRandom::default()).unwrap();
        let now = self.clock.now();
        let invitation = Invitation {
            tablet_id,
            name: name.parse().unwrap(),
            token_digest: token::digest(token.reveal()),
            issued_at: now,
            expires_at: now.plus_ms(30 * DAY_MS),
        };
        let storage = self.storage();
        self.wait(async move { storage.invite(invitation).await.unwrap() });
        token
    }

    /// A tablet that was invited.
    pub fn invited_tablet(&self, tablet_id: &str) -> ProtocolTablet {
        let tablet_id: TabletId = tablet_id.parse().unwrap();
        let token = self.invite(tablet_id, &format!("{}号機", tablet_id.number()));
        ProtocolTablet::new(self.route(), tablet_id, token, self.clock.now())
    }

    /// A tablet that has made its key known.
    pub async fn enrolled_tablet(&self, tablet_id: &str) -> ProtocolTablet {
        let tablet = self.invited_tablet(tablet_id);
        assert_eq!(tablet.enrol().await.status(), 200);
        tablet
    }

    /// Makes the bundles of a box, as `vrs-central bundle make` does.
    pub fn make_bundle(&self, spec: &serde_json::Value) -> MadeBox {
        let spec = BundleSpec::from_json(&serde_json::to_vec(spec).unwrap()).unwrap();
        let (directory, storage, now) = (self.directory.clone(), self.storage(), self.clock.now());
        self.wait(async move {
            let workshop = Workshop::open(&directory, now).unwrap();
            boxes::make(workshop, &*storage, spec, None, now, SystemRandom::default()).await.unwrap()
        })
    }

    /// Adds a console account of the support desk; its password.
    pub fn add_account(&self, name: &str) -> String {
        self.add_account_as(name, Role::Support)
    }

    /// Adds a console account of that role; its password.
    pub fn add_account_as(&self, name: &str, role: Role) -> String {
        let (storage, name, now) = (self.storage(), name.parse().unwrap(), self.clock.now());
        self.wait(async move {
            let (initial, mut random) = (InitialPassword::Generated, SystemRandom::default());
            accounts::add(&*storage, name, role, initial, now, &mut random).await.unwrap().to_string()
        })
    }

    /// What its clock says.
    pub fn now(&self) -> WallTime {
        self.clock.now()
    }

    /// Runs `work` on the central's threads and waits for it.
    pub fn wait<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> T {
        let (done, waiting) = mpsc::channel();
        let runtime = self.runtime.as_ref().unwrap();
        runtime.spawn(async move {
            // The test that waits may have failed meanwhile.
            let _ = done.send(work.await);
        });
        waiting.recv().unwrap()
    }
}

impl Drop for CentralProcess {
    fn drop(&mut self) {
        if let (Some(serving), Some(runtime)) = (self.serving.take(), &self.runtime) {
            let (done, waiting) = mpsc::channel();
            runtime.spawn(async move {
                let _ = done.send(serving.stop().await);
            });
            // It is a test that ends; a server that does not stop is cut off with its runtime.
            let _ = waiting.recv_timeout(std::time::Duration::from_secs(15));
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
