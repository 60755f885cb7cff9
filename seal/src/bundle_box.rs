//! 設定ファイルの箱: signed bundles, each sealed under its tablet's own 設定コード, behind a head that anybody may read. The
//! file is four lines' worth of text and the sealed bundles, one after the other:
//! `VRS-BOX-1 <head bytes>`, the signer's public key, the signature over the head, the head and a line break.
//!
//! Must not: trust the signer that a file names (see `bundle`), or try a code on a file of which one byte is not as signed:
//! a wrong code and a damaged file are two things.

use record::{
    TabletId,
    bundle::{Bundle, ContentError},
    bundle_box::{BoxHead, MOST_BYTES, MOST_HEAD_BYTES, MOST_SLOTS, Slot, VERSION},
    bytes::{ContentDigest, PublicKey, Signature},
};
use ring::digest::{SHA256, digest};

use crate::{
    Error, bundle,
    bundle::VerifiedBundle,
    device::{SigningKey, verifies},
    pin,
    random::Random,
    sealed::{self, Identity},
    set_up_code::SetUpCode,
};

const KIND: &str = "VRS-BOX-";
const DOMAIN: &[u8] = b"vrs box 1\n";
/// How a bundle begins that is not sealed.
const UNSEALED: &[u8] = b"VRS-BUNDLE-";

/// A box of which every byte is as it was signed. Nothing of it was opened.
#[derive(Clone, PartialEq, Eq)]
pub struct BundleBox {
    /// What it says of itself.
    pub head: BoxHead,
    /// Who signed it.
    pub signer: PublicKey,
    sealed: Vec<Vec<u8>>,
}

impl std::fmt::Debug for BundleBox {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "BundleBox({} slots)", self.head.slots.len())
    }
}

fn message(head: &[u8]) -> Vec<u8> {
    [DOMAIN, head].concat()
}

fn sha256(bytes: &[u8]) -> Result<ContentDigest, Error> {
    digest(&SHA256, bytes).as_ref().try_into().map_err(|_| Error::KeyMaterial)
}

/// Whose key a wrapping is: bound to the tablet, so that no slot's key opens as another's.
fn owner(tablet_id: TabletId) -> String {
    format!("vrs box 1 {tablet_id}")
}

/// A bundle on its way into a box.
#[derive(Debug, Clone)]
pub struct ToSeal {
    /// What it says.
    pub bundle: Bundle,
    /// What opens it.
    pub code: SetUpCode,
    /// See [`Slot::renews`].
    pub renews: bool,
}

/// The bytes of a box file with these bundles, each under its code. All were made and expire at the same time. Each code
/// costs some hundred milliseconds, on purpose.
///
/// # Errors
/// [`Error::KeyMaterial`] where there are none, too many, or they do not belong together; [`Error::Randomness`].
pub fn seal(key: &SigningKey, bundles: &[ToSeal], random: &mut dyn Random) -> Result<Vec<u8>, Error> {
    let Some(ToSeal { bundle: first, .. }) = bundles.first() else { return Err(Error::KeyMaterial) };
    let (issued_at, expires_at) = (first.issued_at, first.expires_at);
    let belongs = |bundle: &Bundle| bundle.issued_at == issued_at && bundle.expires_at == expires_at;
    if bundles.len() > MOST_SLOTS || !bundles.iter().all(|one| belongs(&one.bundle)) {
        return Err(Error::KeyMaterial);
    }
    let (mut slots, mut contents) = (Vec::with_capacity(bundles.len()), Vec::new());
    for ToSeal { bundle, code, renews } in bundles {
        let identity = Identity::generate();
        let content = sealed::seal(&[identity.addressee()], &bundle::sign(key, bundle))?;
        let wrapped = identity.with_text(|text| {
            pin::wrap_secret(text.as_bytes(), &owner(bundle.tablet_id), code.bytes(), random)
        })?;
        slots.push(Slot {
            tablet_id: bundle.tablet_id,
            tablet_name: bundle.tablet_name.clone(),
            renews: *renews,
            wrapped,
            size: u32::try_from(content.len()).map_err(|_| Error::KeyMaterial)?,
            digest: sha256(&content)?,
        });
        contents.extend_from_slice(&content);
    }
    let head = BoxHead { version: VERSION, issued_at, expires_at, slots }.to_json();
    // A box that no tablet would take is not made.
    BoxHead::from_json(&head).filter(|_| head.len() <= MOST_HEAD_BYTES).ok_or(Error::KeyMaterial)?;
    let signature = key.sign(&message(&head));
    let mut file = format!("{KIND}{VERSION} {}\n{}\n{signature}\n", head.len(), key.public()).into_bytes();
    file.extend_from_slice(&head);
    file.push(b'\n');
    file.append(&mut contents);
    Ok(file)
}

/// Reads a box file and holds every byte of it against its signature. `held_to` is the key this tablet already holds to.
///
/// # Errors
/// [`Error::NotABundle`], [`Error::BundleUnsealed`], [`Error::BundleTruncated`], [`Error::BundleSignature`],
/// [`Error::BundleSigner`], or [`Error::BundleContent`] for a version not known here.
pub fn look(file: &[u8], held_to: Option<&PublicKey>) -> Result<BundleBox, Error> {
    if file.starts_with(UNSEALED) {
        return Err(Error::BundleUnsealed);
    }
    if file.len() > MOST_BYTES || !file.starts_with(KIND.as_bytes()) {
        return Err(Error::NotABundle);
    }
    let mut rest = file;
    let mut line = || -> Result<&str, Error> {
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or(Error::BundleTruncated)?;
        let line = std::str::from_utf8(&rest[..end]).map_err(|_| Error::BundleSignature)?;
        rest = &rest[end + 1..];
        Ok(line)
    };
    let (version, length) = line()?.split_at(KIND.len()).1.split_once(' ').ok_or(Error::NotABundle)?;
    let version: u16 = version.parse().map_err(|_| Error::NotABundle)?;
    if version != VERSION {
        return Err(ContentError::UnknownVersion(version).into());
    }
    let length = length.parse().ok().filter(|length| *length <= MOST_HEAD_BYTES).ok_or(Error::NotABundle)?;
    let (signer, signature) = (line()?, line()?);
    let signer: PublicKey = signer.parse().map_err(|_| Error::BundleSignature)?;
    let signature: Signature = signature.parse().map_err(|_| Error::BundleSignature)?;
    let (head, rest) = rest.split_at_checked(length).ok_or(Error::BundleTruncated)?;
    if !verifies(&signer, &message(head), &signature) {
        return Err(Error::BundleSignature);
    }
    let rest = rest.strip_prefix(b"\n").ok_or(if rest.is_empty() {
        Error::BundleTruncated
    } else {
        Error::BundleSignature
    })?;
    let head = BoxHead::from_json(head).ok_or(Error::BundleContent(ContentError::Malformed))?;
    let sealed = contents(&head, rest)?;
    if held_to.is_some_and(|held_to| *held_to != signer) {
        return Err(Error::BundleSigner);
    }
    Ok(BundleBox { head, signer, sealed })
}

/// Each slot's sealed bytes, which must be those that the signed head names, and nothing after them.
fn contents(head: &BoxHead, mut rest: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let mut contents = Vec::with_capacity(head.slots.len());
    for slot in &head.slots {
        let (content, after) = rest.split_at_checked(slot.size as usize).ok_or(Error::BundleTruncated)?;
        if sha256(content)? != slot.digest {
            return Err(Error::BundleSignature);
        }
        contents.push(content.to_vec());
        rest = after;
    }
    if rest.is_empty() { Ok(contents) } else { Err(Error::BundleSignature) }
}

impl BundleBox {
    /// Opens one tablet's bundle with its code; takes some hundred milliseconds on purpose.
    ///
    /// # Errors
    /// [`Error::NoSlot`] where the box has none for that tablet, [`Error::WrongCode`], or what `bundle::open` says.
    pub fn open(&self, tablet_id: TabletId, code: &SetUpCode) -> Result<VerifiedBundle, Error> {
        let mut slots = self.head.slots.iter().zip(&self.sealed);
        let (slot, sealed) = slots.find(|(slot, _)| slot.tablet_id == tablet_id).ok_or(Error::NoSlot)?;
        let identity = pin::unwrap_secret(&slot.wrapped, &owner(tablet_id), code.bytes());
        let identity = identity.map_err(|error| match error {
            Error::WrongPin => Error::WrongCode,
            other => other,
        })?;
        let identity = Identity::from_text(std::str::from_utf8(&identity).map_err(|_| Error::KeyMaterial)?)?;
        let file = sealed::open(&identity, sealed)?;
        let opened = bundle::open(&file, Some(&self.signer))?;
        let bundle = &opened.bundle;
        let is_its_own = bundle.tablet_id == tablet_id
            && bundle.issued_at == self.head.issued_at
            && bundle.expires_at == self.head.expires_at;
        if is_its_own { Ok(opened) } else { Err(Error::BundleSignature) }
    }
}

#[cfg(test)]
#[path = "bundle_box/tests.rs"]
mod tests;
