//! Sealed files for removable media, and the cards and receipts that go with them. A fuzzer cannot sign, so what reads as a
//! manifest is signed and goes on from there.
//!
//! Must not: believe anything that our keys did not sign.

use record::envelope::{Card, Manifest, Part};
use seal::envelope::{self as envelopes, Refusal};

use crate::{Became, keys};

/// A file as it comes; or the JSON of a manifest, which is signed and has nothing behind it.
pub(crate) fn envelope(bytes: &[u8]) -> Became {
    if let Some(manifest) = std::str::from_utf8(bytes).ok().and_then(|text| Manifest::from_json(text).ok()) {
        return signed(&manifest);
    }
    if let Ok(card) = envelopes::read_card(bytes) {
        assert_eq!(Card::from_json(&card.to_json()), Ok(card));
        assert_eq!(envelopes::read_card(&[bytes, b"\n"].concat()), Err(Refusal::TooLong));
        return Became::Accepted;
    }
    if let Ok(receipt) = envelopes::read_receipt(bytes, &[keys::card()]) {
        assert_eq!(receipt.key, keys::signing().public(), "a receipt of nobody we know");
        assert_eq!(envelopes::read_receipt(bytes, &[]), Err(Refusal::UnknownSender));
        return Became::Accepted;
    }
    Became::of(opens(bytes))
}

/// Whether a file opens; what does holds to its manifest, and with a byte more it does not.
fn opens(bytes: &[u8]) -> bool {
    let open = |file: &[u8]| {
        let mut source = file;
        let head = envelopes::read_head(&mut source)?;
        let checked = head.check_sealed(source, |_| {});
        let judged = head.judge(&[keys::card()], &keys::card().sealed_to, keys::NOW)?;
        let mut placed: Vec<Part> = Vec::new();
        let manifest = judged.head().manifest().clone();
        let place = |part: &Part| {
            placed.push(part.clone());
            Ok(std::io::sink())
        };
        let came = judged.open(keys::identity(), source, place, |_| {});
        assert!(came.is_err() || checked.is_ok(), "it opens and is not whole");
        assert!(manifest.parts.starts_with(&placed), "parts out of order");
        came.map(|opened| assert_eq!(opened.manifest, manifest))
    };
    let opened = open(bytes);
    if opened.is_ok() {
        assert_eq!(open(&[bytes, b"x"].concat()), Err(Refusal::TooLong));
        assert_eq!(open(&bytes[..bytes.len() - 1]), Err(Refusal::Truncated));
    }
    opened.is_ok()
}

/// Any manifest under our signature: its approvals are judged, and nothing opens because nothing is there.
fn signed(manifest: &Manifest) -> Became {
    let json = manifest.to_json();
    assert_eq!(Manifest::from_json(&json).as_ref(), Ok(manifest));
    assert!(manifest.rows().is_some() && manifest.bytes().is_some());
    let mut manifest = manifest.clone();
    manifest.outline.sender.key = keys::signing().public();
    let content = envelopes::Content {
        parts: manifest.parts.clone(),
        sealed_bytes: manifest.sealed_bytes,
        sealed_sha256: manifest.sealed_sha256,
    };
    let approvals = (manifest.asked.clone(), manifest.allowed.clone());
    let made =
        envelopes::head(keys::signing(), manifest.outline.clone(), approvals, content, manifest.made_at);
    let Ok((head, made)) = made else { return Became::Refused };
    assert_eq!(made, manifest);
    let read = envelopes::read_head(&mut &head[..]);
    assert_eq!(read.as_ref().map(|head| head.manifest()), Ok(&manifest));
    if read.is_ok_and(|head| head.is_from(&[keys::card()]).is_ok()) {
        assert_ne!(manifest.asked.account, manifest.allowed.account, "one person alone");
        assert_ne!(manifest.asked.proof, manifest.allowed.proof, "one person alone");
    }
    Became::Accepted
}
