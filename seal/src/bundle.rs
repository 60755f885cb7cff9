//! Signed configuration bundles, as they lie sealed in a box (`bundle_box`). Each is three lines and the payload:
//! `VRS-BUNDLE-1 <payload bytes>`, the signer's public key, the signature, and then the payload to the byte.
//!
//! Must not: trust the signer that a file names. A tablet that has none yet shows the key's check number and
//! a person compares it with the paper that came with the bundle; afterwards the tablet holds to that key.

use record::{
    bundle::{Bundle, MOST_BYTES},
    bytes::{PublicKey, Signature},
};
use ring::digest::{SHA256, digest};

use crate::{
    Error,
    device::{SigningKey, verifies},
};

const MAGIC: &str = "VRS-BUNDLE-1";
const DOMAIN: &[u8] = b"vrs bundle 1\n";

/// A bundle whose signature fits its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedBundle {
    /// What it says.
    pub bundle: Bundle,
    /// Who signed it.
    pub signer: PublicKey,
}

fn message(payload: &[u8]) -> Vec<u8> {
    [DOMAIN, payload].concat()
}

/// The bytes of a bundle file.
#[must_use]
pub fn sign(key: &SigningKey, bundle: &Bundle) -> Vec<u8> {
    let payload = bundle.to_payload();
    let signature = key.sign(&message(&payload));
    let mut file = format!("{MAGIC} {}\n{}\n{signature}\n", payload.len(), key.public()).into_bytes();
    file.extend_from_slice(&payload);
    file
}

/// Opens a bundle file. `held_to` is the key this tablet already holds to, if any.
///
/// # Errors
/// [`Error::NotABundle`], [`Error::BundleTruncated`], [`Error::BundleSignature`], [`Error::BundleSigner`] or
/// [`Error::BundleContent`].
pub fn open(file: &[u8], held_to: Option<&PublicKey>) -> Result<VerifiedBundle, Error> {
    if file.len() > MOST_BYTES {
        return Err(Error::NotABundle);
    }
    let mut rest = file;
    let mut line = || -> Option<&str> {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let line = std::str::from_utf8(&rest[..end]).ok()?;
        rest = &rest[end + 1..];
        Some(line)
    };
    let first = line().ok_or(if file.starts_with(MAGIC.as_bytes()) {
        Error::BundleTruncated
    } else {
        Error::NotABundle
    })?;
    let length =
        first.strip_prefix(MAGIC).and_then(|after| after.strip_prefix(' ')).ok_or(Error::NotABundle)?;
    let length: usize = length.parse().map_err(|_| Error::NotABundle)?;
    let signer = line().ok_or(Error::BundleTruncated)?;
    let signature = line().ok_or(Error::BundleTruncated)?;
    if rest.len() < length {
        return Err(Error::BundleTruncated);
    }
    let signer: PublicKey = signer.parse().map_err(|_| Error::BundleSignature)?;
    let signature: Signature = signature.parse().map_err(|_| Error::BundleSignature)?;
    if rest.len() > length || !verifies(&signer, &message(rest), &signature) {
        return Err(Error::BundleSignature);
    }
    if held_to.is_some_and(|held_to| *held_to != signer) {
        return Err(Error::BundleSigner);
    }
    Ok(VerifiedBundle { bundle: Bundle::from_payload(rest)?, signer })
}

/// 確認番号 of a signer: 20 digits (66 bits of SHA-256) in groups of four, to be compared by eye.
#[must_use]
pub fn check_number(signer: &PublicKey) -> String {
    let hash = digest(&SHA256, &signer.0);
    let mut groups = Vec::new();
    for pair in hash.as_ref().chunks_exact(4).take(5) {
        let number = pair.iter().fold(0_u32, |value, byte| (value << 8) | u32::from(*byte));
        groups.push(format!("{:04}", number % 10_000));
    }
    groups.join(" ")
}

/// The bundle of this room's tests.
#[cfg(test)]
pub(crate) fn sample(key: &SigningKey) -> Bundle {
    let name = |text: &str| serde_json::Value::from(text);
    serde_json::from_value(serde_json::json!({
        "version": 2, "issued_at": 1_637_500_000_000_i64, "expires_at": 1_640_000_000_000_i64,
        "tablet_id": "131130-0017", "tablet_name": "17号機",
        "central": {"url": "https://central.example", "authority_pem": "", "receipt_keys":
            [{"key_id": "receipt-1", "key": key.public().to_string()}]},
        "enrolment_token": "A".repeat(43),
        "recovery": {"key_id": "recovery-1", "recipient": "age1"},
        "staff": [{"staff_id": "staff-01", "name": name("見本 職員"), "role": "staff", "recipient": "age1",
            "wrapped_identity": {"memory_kib": 8, "passes": 1, "salt": "AAAAAAAAAAAAAAAAAAAAAA", "ciphertext": ""}}],
        "sites": [{"facility_code": "1311399999", "name": name("見本市民体育館")}],
        "physicians": [name("見本 太郎")],
        "vaccines": [{"vaccine": {"manufacturer": name("ファイザー"), "product": name("コミナティ筋注")},
            "lots": [{"lot": "FF3620", "expires_on": "2022-02-28"}]}],
        "doses": ["3"], "expected_municipalities": ["131130"],
    }))
    .unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::bundle::ContentError;

    fn key() -> SigningKey {
        SigningKey::from_seed([1; 32]).unwrap()
    }

    fn bundle() -> Bundle {
        sample(&key())
    }

    #[test]
    fn a_signed_bundle_opens_as_it_was() {
        let file = sign(&key(), &bundle());
        let opened = open(&file, None).unwrap();
        assert_eq!(opened, VerifiedBundle { bundle: bundle(), signer: key().public() });
        assert_eq!(open(&file, Some(&key().public())).unwrap(), opened);
        let other = SigningKey::from_seed([2; 32]).unwrap().public();
        assert_eq!(open(&file, Some(&other)), Err(Error::BundleSigner));
    }

    #[test]
    fn a_bundle_altered_in_any_byte_is_refused() {
        let file = sign(&key(), &bundle());
        for at in 0..file.len() {
            let mut altered = file.clone();
            altered[at] ^= 1;
            assert!(open(&altered, None).is_err(), "byte {at}");
        }
    }

    #[test]
    fn a_bundle_cut_short_says_so() {
        let file = sign(&key(), &bundle());
        for length in MAGIC.len() + 8..file.len() {
            assert_eq!(open(&file[..length], None), Err(Error::BundleTruncated), "length {length}");
        }
        for not in [&b""[..], b"hello", b"VRS-BUNDLE-2 4\nabc\ndef\n{}", &vec![b'x'; MOST_BYTES + 1]] {
            assert_eq!(open(not, None), Err(Error::NotABundle));
        }
    }

    #[test]
    fn rightly_signed_nonsense_is_no_bundle() {
        for (payload, why) in [
            (serde_json::json!({"version": 3}), ContentError::UnknownVersion(3)),
            (serde_json::json!({"version": 2}), ContentError::Malformed),
            (
                serde_json::to_value(Bundle { staff: Vec::new(), ..bundle() }).unwrap(),
                ContentError::Missing("staff"),
            ),
        ] {
            let payload = serde_json::to_vec(&payload).unwrap();
            let signature = key().sign(&message(&payload));
            let mut file =
                format!("{MAGIC} {}\n{}\n{signature}\n", payload.len(), key().public()).into_bytes();
            file.extend_from_slice(&payload);
            assert_eq!(open(&file, None), Err(Error::BundleContent(why)));
        }
    }

    #[test]
    fn the_check_number_is_short_enough_to_compare() {
        let number = check_number(&key().public());
        assert_eq!(number.len(), 24);
        assert_ne!(number, check_number(&SigningKey::from_seed([2; 32]).unwrap().public()));
    }
}
