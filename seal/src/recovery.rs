//! 復旧: what a tablet keeps for the day on which nobody can unlock it, and how its central gives that back.
//!
//! A tablet keeps its secrets sealed to its central's 復旧鍵 as well ([`keep`]), without the device's own secret, which may be
//! lost with the device. The central opens them and seals them anew under a 設定コード ([`release`]); with that code the
//! tablet's database opens ([`open`]).
//!
//! Must not: decide who may have it; `vrs-central` asks two people to prove who they are, and for a reason.

use record::{TabletId, bundle::WrappedIdentity};
use serde::{Deserialize, Serialize};

use crate::{
    Error, pin,
    random::Random,
    sealed::{Addressee, Identity},
    set_up_code::SetUpCode,
    vault::TabletSecrets,
};

/// The version of a release that this program reads and writes.
const VERSION: u16 = 1;
/// The most bytes of what a tablet keeps, and of a release.
pub const MOST_BYTES: usize = 64 << 10;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptFile {
    version: u16,
    tablet_id: TabletId,
    /// Which key it is sealed to.
    key_id: String,
    vault: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleaseFile {
    version: u16,
    tablet_id: TabletId,
    wrapped: WrappedIdentity,
    vault: String,
}

/// What is readable of what a tablet keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Which tablet's.
    pub tablet_id: TabletId,
    /// Which 復旧鍵 it is sealed to.
    pub key_id: String,
}

fn owner(tablet_id: TabletId) -> String {
    format!("vrs release 1 {tablet_id}")
}

fn text(bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|_| Error::KeyMaterial)
}

/// What a tablet keeps beside its vault: the same secrets, sealed to the 復旧鍵 alone.
///
/// # Errors
/// [`Error::KeyMaterial`], [`Error::Randomness`].
pub fn keep(
    secrets: &TabletSecrets,
    tablet_id: TabletId,
    key_id: &str,
    addressee: &Addressee,
    random: &mut dyn Random,
) -> Result<Vec<u8>, Error> {
    let vault = text(secrets.seal(std::slice::from_ref(addressee), None, random)?)?;
    let file = KeptFile { version: VERSION, tablet_id, key_id: key_id.to_owned(), vault };
    serde_json::to_vec(&file).map_err(|_| Error::KeyMaterial)
}

fn read(file: &[u8]) -> Result<KeptFile, Error> {
    if file.len() > MOST_BYTES {
        return Err(Error::Unopenable);
    }
    let kept: KeptFile = serde_json::from_slice(file).map_err(|_| Error::Unopenable)?;
    if kept.version == VERSION { Ok(kept) } else { Err(Error::Unopenable) }
}

/// Which tablet keeps it, and for which key.
///
/// # Errors
/// [`Error::Unopenable`] where it is not such a file.
pub fn look(file: &[u8]) -> Result<Kept, Error> {
    read(file).map(|KeptFile { tablet_id, key_id, .. }| Kept { tablet_id, key_id })
}

/// Opens what a tablet kept and seals it anew under a code: for that tablet, once more.
///
/// # Errors
/// [`Error::Unopenable`] where it is damaged or sealed to another key, [`Error::Randomness`].
pub fn release(
    kept: &[u8],
    recovery: &Identity,
    code: &SetUpCode,
    random: &mut dyn Random,
) -> Result<Vec<u8>, Error> {
    let KeptFile { tablet_id, vault, .. } = read(kept)?;
    let secrets = TabletSecrets::open(vault.as_bytes(), recovery, None)?;
    let identity = Identity::generate();
    let vault = text(secrets.seal(&[identity.addressee()], None, random)?)?;
    let wrapped = identity
        .with_text(|text| pin::wrap_secret(text.as_bytes(), &owner(tablet_id), code.bytes(), random))?;
    serde_json::to_vec(&ReleaseFile { version: VERSION, tablet_id, wrapped, vault })
        .map_err(|_| Error::KeyMaterial)
}

/// A tablet's secrets out of a release.
///
/// # Errors
/// [`Error::WrongCode`]; [`Error::Unopenable`] where the file is damaged or another tablet's.
pub fn open(release: &[u8], tablet_id: TabletId, code: &SetUpCode) -> Result<TabletSecrets, Error> {
    if release.len() > MOST_BYTES {
        return Err(Error::Unopenable);
    }
    let file: ReleaseFile = serde_json::from_slice(release).map_err(|_| Error::Unopenable)?;
    if file.version != VERSION || file.tablet_id != tablet_id {
        return Err(Error::Unopenable);
    }
    let identity = pin::unwrap_secret(&file.wrapped, &owner(tablet_id), code.bytes());
    let identity = identity.map_err(|error| match error {
        Error::WrongPin => Error::WrongCode,
        _ => Error::Unopenable,
    })?;
    let identity = Identity::from_text(std::str::from_utf8(&identity).map_err(|_| Error::KeyMaterial)?)?;
    TabletSecrets::open(file.vault.as_bytes(), &identity, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[test]
    fn what_a_tablet_kept_opens_with_the_code_of_its_release_and_by_no_other_way() {
        let mut random = SystemRandom::default();
        let (central, stranger) = (Identity::generate(), Identity::generate());
        let (tablet, other): (TabletId, TabletId) =
            ("131130-0017".parse().unwrap(), "131130-0018".parse().unwrap());
        let secrets = TabletSecrets::generate(&mut random).unwrap();
        let kept = keep(&secrets, tablet, "recovery-1", &central.addressee(), &mut random).unwrap();
        assert_eq!(look(&kept).unwrap(), Kept { tablet_id: tablet, key_id: "recovery-1".to_owned() });
        let (code, wrong) =
            (SetUpCode::generate(&mut random).unwrap(), SetUpCode::generate(&mut random).unwrap());
        assert!(release(&kept, &stranger, &code, &mut random).is_err());
        let released = release(&kept, &central, &code, &mut random).unwrap();
        let opened = open(&released, tablet, &code).unwrap();
        assert_eq!(opened.device_key.public(), secrets.device_key.public());
        assert_eq!(*opened.store_key.to_sqlcipher(), *secrets.store_key.to_sqlcipher());
        assert_eq!(open(&released, tablet, &wrong).err(), Some(Error::WrongCode));
        assert_eq!(open(&released, other, &code).err(), Some(Error::Unopenable));
        assert_eq!(open(&released[1..], tablet, &code).err(), Some(Error::Unopenable));
        assert_eq!(open(&kept, tablet, &code).err(), Some(Error::Unopenable));
    }
}
