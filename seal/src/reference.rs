//! The manifest of what goes down to a tablet, signed by the central's receipt key under a domain of its own, and the
//! digests that name its parts.
//!
//! Must not: believe a part that does not have its digest, or a manifest that was made for another tablet.

use record::{
    TabletId,
    bundle::ReceiptKey,
    bytes::PartDigest,
    wire::reference::{HiddenText, Manifest, ManifestAnswer},
};
use ring::digest::{Context, SHA256};

use crate::{
    Error,
    device::{SigningKey, verifies},
};

/// A manifest that the central of the bundle signed for this tablet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedManifest(Manifest);

impl VerifiedManifest {
    /// What it says.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.0
    }
}

fn message(key_id: &str, manifest: &str) -> Vec<u8> {
    format!("vrs manifest 1\n{key_id}\n{manifest}").into_bytes()
}

/// The central's side.
#[must_use]
pub fn sign(key: &SigningKey, key_id: &str, manifest: &Manifest) -> ManifestAnswer {
    let manifest = manifest.to_json();
    let signature = key.sign(&message(key_id, &manifest));
    ManifestAnswer { key_id: key_id.to_owned(), manifest: HiddenText(manifest), signature }
}

/// The tablet's side: believed if one of the bundle's keys signed it, for this tablet.
///
/// # Errors
/// [`Error::ManifestSignature`], or [`Error::Manifest`] where what was signed is none.
pub fn open(
    answer: &ManifestAnswer,
    tablet_id: TabletId,
    keys: &[ReceiptKey],
) -> Result<VerifiedManifest, Error> {
    let ManifestAnswer { key_id, manifest, signature } = answer;
    let key = keys.iter().find(|key| key.key_id == *key_id).ok_or(Error::ManifestSignature)?;
    if !verifies(&key.key, &message(key_id, &manifest.0), signature) {
        return Err(Error::ManifestSignature);
    }
    let manifest = Manifest::from_json(&manifest.0)?;
    if manifest.tablet_id == tablet_id {
        Ok(VerifiedManifest(manifest))
    } else {
        Err(Error::ManifestSignature)
    }
}

/// The digest of a part that comes piece after piece.
pub struct PartHasher(Context);

impl std::fmt::Debug for PartHasher {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PartHasher(..)")
    }
}

impl Default for PartHasher {
    fn default() -> Self {
        Self(Context::new(&SHA256))
    }
}

impl PartHasher {
    /// The next bytes.
    pub fn take(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
    /// The name of all of them.
    #[must_use]
    pub fn digest(self) -> PartDigest {
        let mut digest = [0; 32];
        digest.copy_from_slice(self.0.finish().as_ref());
        PartDigest(digest)
    }
}

/// The name of a part.
#[must_use]
pub fn part_digest(bytes: &[u8]) -> PartDigest {
    let mut hasher = PartHasher::default();
    hasher.take(bytes);
    hasher.digest()
}

#[cfg(test)]
mod tests {
    use record::wire::reference::{FORMAT, ManifestError, ReferenceVersion};

    use super::*;

    fn tablet() -> TabletId {
        "131130-0017".parse().unwrap()
    }

    fn manifest() -> Manifest {
        Manifest {
            format: FORMAT,
            tablet_id: tablet(),
            version: ReferenceVersion::new(1_637_545_200_123).unwrap(),
            replaced: None,
            lots: None,
            received: None,
            rules: None,
            settled: None,
            doses: Vec::new(),
        }
    }

    #[test]
    fn only_what_the_central_signed_for_this_tablet_is_believed() {
        let (key, other) = (SigningKey::from_seed([1; 32]).unwrap(), SigningKey::from_seed([2; 32]).unwrap());
        let keys = [ReceiptKey { key_id: "receipt-1".to_owned(), key: key.public() }];
        let answer = sign(&key, "receipt-1", &manifest());
        assert_eq!(open(&answer, tablet(), &keys).unwrap().manifest(), &manifest());

        let refused = Err(Error::ManifestSignature);
        assert_eq!(open(&answer, "131130-0018".parse().unwrap(), &keys), refused, "another tablet's");
        assert_eq!(open(&sign(&other, "receipt-1", &manifest()), tablet(), &keys), refused);
        assert_eq!(open(&sign(&key, "receipt-2", &manifest()), tablet(), &keys), refused);
        let mut newer = answer.clone();
        newer.manifest.0 = newer.manifest.0.replace("1637545200123", "1637545200124");
        assert_eq!(open(&newer, tablet(), &keys), refused);
    }

    #[test]
    fn what_was_signed_and_is_no_manifest_is_refused() {
        let key = SigningKey::from_seed([1; 32]).unwrap();
        let keys = [ReceiptKey { key_id: "receipt-1".to_owned(), key: key.public() }];
        let text = "{}".to_owned();
        let signature = key.sign(&message("receipt-1", &text));
        let answer = ManifestAnswer { key_id: "receipt-1".to_owned(), manifest: HiddenText(text), signature };
        assert_eq!(open(&answer, tablet(), &keys), Err(Error::Manifest(ManifestError::Malformed)));
    }

    #[test]
    fn a_digest_is_of_the_bytes_however_they_come() {
        let mut hasher = PartHasher::default();
        hasher.take(b"a");
        hasher.take(b"bc");
        assert_eq!(hasher.digest(), part_digest(b"abc"));
        // Of FIPS 180-4.
        assert_eq!(part_digest(b"abc").0[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
