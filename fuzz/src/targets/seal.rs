//! Parsers of what is signed or sealed. A fuzzer cannot sign, so each target also signs or seals what it was given and
//! goes on from there.
//!
//! Must not: believe anything that our key did not sign.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use record::{
    bundle::{Bundle, WrappedIdentity},
    bundle_box::BoxHead,
    bytes::PublicKey,
    wire::{
        receipt::{ReceiptAnswer, ReceiptList},
        reference::{Manifest, ManifestAnswer},
    },
};
use seal::{
    Error, bundle as bundles, bundle_box,
    id_token::{self, Expected},
    jws::KeySet,
    pin, receipt as receipts,
    receipt::VerifiedReceipt,
    recovery, reference,
    request::{self as requests, SignatureHeaders, Target},
    sealed as files,
    set_up_code::SetUpCode,
    vault::{DeviceSecret, TabletSecrets},
};

use crate::{Became, keys};

/// Argon2 with more memory than this is not run on what a fuzzer made up.
const MOST_MEMORY_KIB: u32 = 64;

pub(crate) fn bundle(bytes: &[u8]) -> Became {
    let file = match Bundle::from_payload(bytes) {
        Ok(bundle) => bundles::sign(keys::signing(), &bundle),
        Err(_) => bytes.to_vec(),
    };
    let Ok(opened) = bundles::open(&file, None) else { return Became::Refused };
    assert_eq!(bundles::open(&file, Some(&opened.signer)), Ok(opened.clone()));
    let stranger = PublicKey([0; 32]);
    if opened.signer != stranger {
        assert_eq!(bundles::open(&file, Some(&stranger)), Err(Error::BundleSigner));
    }
    assert_eq!(Bundle::from_payload(&opened.bundle.to_payload()), Ok(opened.bundle));
    Became::Accepted
}

/// A box file, which only our key signed, or the head of one.
pub(crate) fn bundle_box(bytes: &[u8]) -> Became {
    if let Some(head) = BoxHead::from_json(bytes) {
        assert_eq!(BoxHead::from_json(&head.to_json()).as_ref(), Some(&head));
        return Became::Accepted;
    }
    let Ok(looked) = bundle_box::look(bytes, None) else { return Became::Refused };
    assert_eq!(looked.signer, keys::signing().public(), "signed by nobody, and believed");
    assert_eq!(bundle_box::look(bytes, Some(&PublicKey([0; 32]))), Err(Error::BundleSigner));
    assert!(bundle_box::look(&[bytes, b"x"].concat(), None).is_err(), "something after the last bundle");
    assert!(bundle_box::look(&bytes[..bytes.len() - 1], None).is_err(), "cut short");
    Became::Accepted
}

/// What a tablet keeps for its recovery, and what its central made of it.
pub(crate) fn recovery(bytes: &[u8]) -> Became {
    let tablet = keys::tablet();
    let Ok(code) = "0000 0000 0000 0000".parse::<SetUpCode>() else { return Became::Refused };
    // The work that a file asks for is bounded, and not paid here for what a fuzzer made up.
    let asks_little = serde_json::from_slice::<serde_json::Value>(bytes).is_ok_and(|file| {
        file["wrapped"]["memory_kib"].as_u64().is_some_and(|kib| kib <= MOST_MEMORY_KIB.into())
    });
    if asks_little {
        assert!(recovery::open(bytes, tablet, &code).is_err(), "nobody released this");
    }
    Became::of(recovery::look(bytes).is_ok())
}

/// An answer as it comes, or the text of a manifest, which is signed first.
pub(crate) fn manifest(bytes: &[u8]) -> Became {
    let known = keys::receipt_keys();
    let answer = match std::str::from_utf8(bytes).ok().and_then(|text| Manifest::from_json(text).ok()) {
        Some(manifest) => reference::sign(keys::signing(), &known[0].key_id, &manifest),
        None => match serde_json::from_slice::<ManifestAnswer>(bytes) {
            Ok(answer) => answer,
            Err(_) => return Became::Refused,
        },
    };
    let Ok(opened) = reference::open(&answer, keys::tablet(), known) else { return Became::Refused };
    let manifest = opened.manifest();
    assert_eq!(manifest.tablet_id, keys::tablet(), "another tablet's manifest");
    assert!(manifest.parts().all(|part| part.size > 0 && part.version <= manifest.version));
    assert_eq!(Manifest::from_json(&manifest.to_json()).as_ref(), Ok(manifest));
    let mut altered = answer.clone();
    altered.manifest.0.push(' ');
    assert_eq!(reference::open(&altered, keys::tablet(), known), Err(Error::ManifestSignature));
    Became::Accepted
}

/// Three headers and a body, a line each but for the body.
pub(crate) fn request(bytes: &[u8]) -> Became {
    let Ok(text) = std::str::from_utf8(bytes) else { return Became::Refused };
    let mut parts = text.splitn(4, '\n');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    let headers = SignatureHeaders { content_digest: part(), signature_input: part(), signature: part() };
    let body = part();
    let target = Target { method: "POST", authority: "central.example", path: "/v1/batches" };
    let key = keys::signing().public();
    let Ok(claim) = requests::claim(&headers) else { return Became::Refused };
    let verified = requests::verify(&claim, &headers, target, body.as_bytes(), &key, keys::NOW);
    // Ed25519 signs the same thing the same way: what passes is, to the letter, what our key signed.
    let ours = requests::sign(keys::signing(), claim.tablet_id, target, body.as_bytes(), keys::NOW);
    match &verified {
        Ok(()) => assert_eq!(headers, ours),
        Err(error) => assert!(matches!(error, Error::RequestSignature | Error::RequestTime)),
    }
    let claimed = requests::claim(&ours)
        .and_then(|claim| requests::verify(&claim, &ours, target, body.as_bytes(), &key, keys::NOW));
    assert_eq!(claimed, Ok(()));
    Became::of(verified.is_ok())
}

pub(crate) fn receipt(bytes: &[u8]) -> Became {
    let known = keys::receipt_keys();
    if let Ok(kept) = VerifiedReceipt::from_bytes(bytes, known) {
        assert_eq!(VerifiedReceipt::from_bytes(&kept.to_bytes(), known).as_ref(), Ok(&kept));
        return Became::Accepted;
    }
    if let Ok(answer) = serde_json::from_slice::<ReceiptAnswer>(bytes) {
        let sent = crate::seeds::receipt_list();
        if let Ok(verified) = receipts::verify(sent.clone(), &answer, known) {
            let places = |list: &ReceiptList| {
                list.items.iter().map(|item| (item.position, item.hash)).collect::<Vec<_>>()
            };
            assert_eq!(places(verified.list()), places(&sent), "a receipt for something else");
            return Became::Accepted;
        }
    }
    let Ok(mut list) = serde_json::from_slice::<ReceiptList>(bytes) else { return Became::Refused };
    list.key_id.clone_from(&known[0].key_id);
    let answer = receipts::sign(keys::signing(), &list);
    let verified = receipts::verify(list.clone(), &answer, known);
    assert_eq!(verified.as_ref().map(VerifiedReceipt::list), Ok(&list));
    Became::Accepted
}

pub(crate) fn sealed(bytes: &[u8]) -> Became {
    let opened = files::open(keys::identity(), bytes);
    let file = files::seal(&[keys::identity().addressee()], bytes);
    let again = file.and_then(|file| files::open(keys::identity(), &file));
    assert!(again.is_ok_and(|again| **again == *bytes), "what was sealed does not open as it was");
    Became::of(opened.is_ok())
}

pub(crate) fn vault(bytes: &[u8]) -> Became {
    let device = DeviceSecret::from_bytes([9; 32]);
    let opened = |file: &[u8]| {
        let with = TabletSecrets::open(file, keys::identity(), Some(&device));
        let without = TabletSecrets::open(file, keys::identity(), None);
        assert!(without.is_err() || with.is_ok(), "a device's secret takes something away");
        with
    };
    // As if a vault of that content had been sealed rightly.
    let Ok(sealed) = files::seal(&[keys::identity().addressee()], bytes) else { return Became::Refused };
    for needs_device_secret in [false, true] {
        let file = serde_json::json!({
            "version": 1, "needs_device_secret": needs_device_secret, "sealed": URL_SAFE_NO_PAD.encode(&sealed),
        });
        if let Ok(secrets) = opened(file.to_string().as_bytes()) {
            assert_eq!(bytes.len(), 64, "two keys of 32 bytes, and nothing else");
            assert_eq!(secrets.device_key.seed()[..], bytes[32..]);
        }
    }
    Became::of(opened(bytes).is_ok())
}

pub(crate) fn wrapped_identity(bytes: &[u8]) -> Became {
    let Ok(wrapped) = serde_json::from_slice::<WrappedIdentity>(bytes) else { return Became::Refused };
    if wrapped.memory_kib > MOST_MEMORY_KIB || wrapped.passes > 3 {
        let is_ours =
            serde_json::from_str(keys::WRAPPED_IDENTITY).is_ok_and(|ours: WrappedIdentity| ours == wrapped);
        return Became::of(is_ours && pin::unwrap(&wrapped, &keys::staff(), &keys::pin()).is_ok());
    }
    let unwrapped = pin::unwrap(&wrapped, &keys::staff(), &keys::pin());
    assert!(matches!(unwrapped, Err(Error::WrongPin | Error::KeyMaterial)), "nobody wrapped this");
    Became::Refused
}

/// A provider's token, checked by the keys and for the sign-in it was made for. A fuzzer cannot sign, so nothing passes but
/// the sample itself.
pub(crate) fn id_token(bytes: &[u8]) -> Became {
    let Ok(text) = std::str::from_utf8(bytes) else { return Became::Refused };
    let mut became = Became::Refused;
    for sample in keys::providers() {
        let expected = |nonce| Expected {
            issuer: sample.issuer,
            client_id: "vrs-central",
            nonce,
            now: record::WallTime::from_unix_ms(sample.made_at_ms),
        };
        let Ok(identified) = id_token::check(text, &sample.keys, expected("no-1")) else { continue };
        assert_eq!(text, sample.token, "signed by nobody, and believed");
        assert_eq!(identified.subject.as_str(), "sample-1");
        assert!(id_token::check(text, &sample.keys, expected("no-2")).is_err());
        became = Became::Accepted;
    }
    became
}

/// What a provider publishes as its keys: none of them opens what was signed by a key that is not among them.
pub(crate) fn key_set(bytes: &[u8]) -> Became {
    let Ok(set) = KeySet::from_json(bytes) else { return Became::Refused };
    for sample in keys::providers() {
        let opened = set.open(sample.token);
        assert!(opened.is_err() || opened == sample.keys.open(sample.token));
    }
    Became::Accepted
}
