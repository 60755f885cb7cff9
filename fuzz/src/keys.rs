//! The keys all samples are made with. They are in the repository, so they protect nothing.
//!
//! Must not: be used outside this crate.

#![expect(clippy::unwrap_used, reason = "constants that do not hold fail every run")]

use std::sync::OnceLock;

use record::{
    StaffId, TabletId, WallTime,
    bundle::ReceiptKey,
    envelope::{Approvers, Card, FORMAT, Person},
};
use seal::{
    device::SigningKey,
    jws::KeySet,
    pin::{self, Pin},
    sealed::Identity,
};

/// A staff member's wrapped key, made once by `seal::pin::wrap`: files sealed today open in every later run.
pub const WRAPPED_IDENTITY: &str = include_str!("../identity.json");

/// The key that signs bundles, requests and receipts here.
pub fn signing() -> &'static SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(|| SigningKey::from_seed([7; 32]).unwrap())
}

/// That key as the one that signs receipts.
pub fn receipt_keys() -> &'static [ReceiptKey] {
    static KEYS: OnceLock<Vec<ReceiptKey>> = OnceLock::new();
    KEYS.get_or_init(|| vec![ReceiptKey { key_id: "receipt-1".to_owned(), key: signing().public() }])
}

/// Whose key [`WRAPPED_IDENTITY`] is.
pub fn staff() -> StaffId {
    "staff-01".parse().unwrap()
}

/// What opens it.
pub fn pin() -> Pin {
    "0000".parse().unwrap()
}

/// The staff member's key; unwrapping it takes a fraction of a second, once.
pub fn identity() -> &'static Identity {
    static IDENTITY: OnceLock<Identity> = OnceLock::new();
    IDENTITY.get_or_init(|| {
        pin::unwrap(&serde_json::from_str(WRAPPED_IDENTITY).unwrap(), &staff(), &pin()).unwrap()
    })
}

/// The keys of those who ask for an envelope and allow it.
pub fn people() -> [SigningKey; 2] {
    [8, 9].map(|seed| SigningKey::from_seed([seed; 32]).unwrap())
}

/// The card of the office that sends and receives all envelopes here.
pub fn card() -> Card {
    let [asker, allower] = people();
    let person =
        |account: &str, key: &SigningKey| Person { account: account.parse().unwrap(), key: key.public() };
    Card {
        format: FORMAT,
        office: "131130".parse().unwrap(),
        issued_at: NOW,
        signing_key: signing().public(),
        sealed_to: identity().addressee().to_string().parse().unwrap(),
        approvers: Approvers::Signed { people: vec![person("suzuki", &asker), person("tanaka", &allower)] },
    }
}

/// The tablet of all samples.
pub fn tablet() -> TabletId {
    "131130-0017".parse().unwrap()
}

/// 2021-11-22 10:40:00.123 in Japan.
pub const NOW: WallTime = WallTime::from_unix_ms(1_637_545_200_123);

/// A token that a real identity provider gave, and what goes with it.
pub struct ProviderSample {
    /// As it came.
    pub token: &'static str,
    /// As the keys were published then.
    pub published: &'static str,
    /// Those keys.
    pub keys: KeySet,
    /// Who gave it.
    pub issuer: &'static str,
    /// When.
    pub made_at_ms: i64,
}

/// One token by each kind of key.
pub fn providers() -> &'static [ProviderSample; 2] {
    static SAMPLES: OnceLock<[ProviderSample; 2]> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let sample = |token, published: &'static str, issuer, made_at_ms| {
            let keys = KeySet::from_json(published.as_bytes()).unwrap();
            ProviderSample { token, published, keys, issuer, made_at_ms }
        };
        [
            sample(
                include_str!("../../seal/src/id_token/samples/rs256.jwt"),
                include_str!("../../seal/src/id_token/samples/rs256-keys.json"),
                "https://localhost:38753",
                1_795_848_857_000,
            ),
            sample(
                include_str!("../../seal/src/id_token/samples/es256.jwt"),
                include_str!("../../seal/src/id_token/samples/es256-keys.json"),
                "https://localhost:36749",
                1_795_848_860_000,
            ),
        ]
    })
}
