//! What every handler of the running central shares.
//!
//! Must not: hold anything that belongs to one request.

use std::sync::{Arc, Mutex};

use record::{TabletId, bundle::ReceiptKey};
use seal::{coupon::CouponMaster, device::SigningKey, kept::KeepingKey};
use tokio::sync::{Semaphore, broadcast, watch};

use crate::{
    clock::Clock, console::throttle::Throttle, directory::DataDirectory, fleet_view::FleetView,
    limits::Limits, media::room::MediaRoom, provider::Provider, settings::LookUpSettings, storage::Storage,
};

/// How many changed tablets an event stream may lag behind; one that lags further refreshes everything anyway.
const CHANGES_HELD: usize = 1024;
/// Passwords tried at once: each takes 19 MiB and a core for some tens of milliseconds.
const PASSWORDS_AT_ONCE: usize = 2;

/// The running central.
#[derive(Clone)]
pub struct Central(Arc<Shared>);

/// What it is made of.
pub struct Shared {
    /// What is kept.
    pub storage: Arc<dyn Storage>,
    /// Its own files, for what signs and seals bundles.
    pub directory: DataDirectory,
    /// The time.
    pub clock: Clock,
    /// Signs receipts and answers about the time.
    pub receipt_signer: ReceiptSigner,
    /// Makes the keys of coupon hashes.
    pub coupon_master: Arc<CouponMaster>,
    /// Names and addresses under which this central may be spoken to, lower case, without port.
    pub hosts: Vec<String>,
    /// The fleet as it was read last, for everybody who looks.
    pub fleet: FleetView,
    /// A tablet's row changed.
    pub changed: broadcast::Sender<TabletId>,
    /// An hour was noted for charts.
    pub hour_noted: watch::Sender<()>,
    /// Turns true when the server is asked to stop, so that open event streams end.
    pub stopping: watch::Receiver<bool>,
    /// Slows down who guesses passwords.
    pub throttle: Mutex<Throttle>,
    /// Bounds how many passwords are tried at once.
    pub password_permits: Semaphore,
    /// Looked at where an account is not known, so that the answer takes as long.
    pub nobody_password: String,
    /// How much one address may send.
    pub limits: Limits,
    /// Opens the authenticators' secrets that the storage keeps.
    pub keeping_key: KeepingKey,
    /// The identity provider, where one is set up.
    pub provider: Option<Provider>,
    /// Sealed files.
    pub media: MediaRoom,
    /// What look-ups in other municipalities rest on.
    pub look_ups: LookUpSettings,
}

/// The key that signs receipts, with its name.
#[derive(Debug)]
pub struct ReceiptSigner {
    /// Its name.
    pub key_id: String,
    /// The key.
    pub key: SigningKey,
}

impl ReceiptSigner {
    /// What bundles carry.
    #[must_use]
    pub fn public(&self) -> ReceiptKey {
        ReceiptKey { key_id: self.key_id.clone(), key: self.key.public() }
    }
}

/// What a central is put together from; what each is, [`Shared`] says.
#[expect(missing_docs, reason = "the same fields as those of Shared")]
pub struct Parts {
    pub storage: Arc<dyn Storage>,
    pub directory: DataDirectory,
    pub clock: Clock,
    pub receipt_signer: ReceiptSigner,
    pub coupon_master: Arc<CouponMaster>,
    pub hosts: Vec<String>,
    pub stopping: watch::Receiver<bool>,
    pub nobody_password: String,
    pub limits: Limits,
    /// Opens the authenticators' secrets that the storage keeps.
    pub keeping_key: KeepingKey,
    pub provider: Option<Provider>,
    pub media: MediaRoom,
    pub look_ups: LookUpSettings,
}

impl Central {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Shared {
            storage: parts.storage,
            directory: parts.directory,
            clock: parts.clock,
            receipt_signer: parts.receipt_signer,
            coupon_master: parts.coupon_master,
            hosts: parts.hosts,
            fleet: FleetView::default(),
            changed: broadcast::Sender::new(CHANGES_HELD),
            hour_noted: watch::Sender::new(()),
            stopping: parts.stopping,
            throttle: Mutex::new(Throttle::default()),
            password_permits: Semaphore::new(PASSWORDS_AT_ONCE),
            nobody_password: parts.nobody_password,
            limits: parts.limits,
            keeping_key: parts.keeping_key,
            provider: parts.provider,
            media: parts.media,
            look_ups: parts.look_ups,
        }))
    }
}

impl std::ops::Deref for Central {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}
