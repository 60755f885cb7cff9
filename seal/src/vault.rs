//! 金庫: the tablet's two secrets – the key of its database and its device key – sealed once for each staff
//! member, and under the device's own key store where it has one.
//!
//! Must not: be written anywhere unsealed. It outlives a damaged database: the device key survives.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    Error,
    device::SigningKey,
    kdf,
    random::Random,
    sealed::{self, Addressee, Identity},
};

/// The version of the vault file this program writes.
const VERSION: u16 = 1;
/// Follows the ciphertext where a device secret was used.
const NONCE_BYTES: usize = 12;

/// 256 random bits: the raw key of the tablet's database.
pub struct StoreKey(Zeroizing<[u8; 32]>);

impl StoreKey {
    /// A key from its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
    /// As SQLCipher takes a raw key: `x'…'` with 64 hexadecimal digits; secret.
    #[must_use]
    pub fn to_sqlcipher(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(67));
        text.push_str("x'");
        for byte in self.0.iter() {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        text.push('\'');
        text
    }
}
impl std::fmt::Debug for StoreKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("StoreKey(..)")
    }
}

/// What the vault holds.
#[derive(Debug)]
pub struct TabletSecrets {
    /// Opens the database.
    pub store_key: StoreKey,
    /// Signs what the tablet says; shared with the thread that sends.
    pub device_key: Arc<SigningKey>,
}

/// A secret that never leaves the device's key store but to this program.
#[derive(Clone)]
pub struct DeviceSecret(Zeroizing<[u8; 32]>);

impl DeviceSecret {
    /// From the bytes the key store gave.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}
impl std::fmt::Debug for DeviceSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("DeviceSecret(..)")
    }
}

#[derive(Serialize, Deserialize)]
struct VaultFile {
    version: u16,
    needs_device_secret: bool,
    sealed: String,
}

impl TabletSecrets {
    /// Fresh secrets for a tablet that is being set up.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn generate(random: &mut dyn Random) -> Result<Self, Error> {
        Ok(Self {
            store_key: StoreKey::from_bytes(crate::random::bytes(random)?),
            device_key: Arc::new(SigningKey::generate(random)?),
        })
    }

    /// The vault file: the secrets under the device's secret, if there is one, and then sealed to each
    /// addressee.
    ///
    /// # Errors
    /// [`Error::KeyMaterial`] without an addressee, [`Error::Randomness`].
    pub fn seal(
        &self,
        addressees: &[Addressee],
        device: Option<&DeviceSecret>,
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, Error> {
        let mut plain = Zeroizing::new(Vec::with_capacity(128));
        plain.extend_from_slice(&*self.store_key.0);
        plain.extend_from_slice(self.device_key.seed());
        if let Some(device) = device {
            let nonce: [u8; NONCE_BYTES] = crate::random::bytes(random)?;
            device_cipher(device)?
                .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut *plain)
                .map_err(|_| Error::KeyMaterial)?;
            plain.extend_from_slice(&nonce);
        }
        let file = VaultFile {
            version: VERSION,
            needs_device_secret: device.is_some(),
            sealed: URL_SAFE_NO_PAD.encode(sealed::seal(addressees, &plain)?),
        };
        serde_json::to_vec(&file).map_err(|_| Error::KeyMaterial)
    }

    /// Opens a vault file.
    ///
    /// # Errors
    /// [`Error::Unopenable`] if it is damaged, of a newer version or sealed to others;
    /// [`Error::DeviceSecretMissing`].
    pub fn open(file: &[u8], identity: &Identity, device: Option<&DeviceSecret>) -> Result<Self, Error> {
        let file: VaultFile = serde_json::from_slice(file).map_err(|_| Error::Unopenable)?;
        if file.version != VERSION {
            return Err(Error::Unopenable);
        }
        let sealed_bytes = URL_SAFE_NO_PAD.decode(&file.sealed).map_err(|_| Error::Unopenable)?;
        let mut plain = sealed::open(identity, &sealed_bytes)?;
        let opened: &[u8] = if file.needs_device_secret {
            let device = device.ok_or(Error::DeviceSecretMissing)?;
            let (sealed, nonce) = plain.split_last_chunk_mut::<NONCE_BYTES>().ok_or(Error::Unopenable)?;
            let nonce = Nonce::assume_unique_for_key(*nonce);
            device_cipher(device)?
                .open_in_place(nonce, Aad::empty(), sealed)
                .map_err(|_| Error::Unopenable)?
        } else {
            &plain
        };
        let (store_key, seed) = opened.split_at_checked(32).ok_or(Error::Unopenable)?;
        Ok(Self {
            store_key: StoreKey::from_bytes(store_key.try_into().map_err(|_| Error::Unopenable)?),
            device_key: Arc::new(SigningKey::from_seed(seed.try_into().map_err(|_| Error::Unopenable)?)?),
        })
    }
}

fn device_cipher(device: &DeviceSecret) -> Result<LessSafeKey, Error> {
    let key = kdf::quick(&*device.0, b"", b"vrs vault 1")?;
    UnboundKey::new(&CHACHA20_POLY1305, &*key).map(LessSafeKey::new).map_err(|_| Error::KeyMaterial)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    fn secrets() -> TabletSecrets {
        TabletSecrets::generate(&mut SystemRandom::default()).unwrap()
    }

    #[test]
    fn every_staff_member_opens_the_same_secrets() {
        let (one, two, stranger) = (Identity::generate(), Identity::generate(), Identity::generate());
        let secrets = secrets();
        let file =
            secrets.seal(&[one.addressee(), two.addressee()], None, &mut SystemRandom::default()).unwrap();
        for identity in [&one, &two] {
            let opened = TabletSecrets::open(&file, identity, None).unwrap();
            assert_eq!(opened.device_key.public(), secrets.device_key.public());
            assert_eq!(*opened.store_key.to_sqlcipher(), *secrets.store_key.to_sqlcipher());
        }
        assert_eq!(TabletSecrets::open(&file, &stranger, None).err(), Some(Error::Unopenable));
    }

    #[test]
    fn where_there_is_a_key_store_a_pin_alone_opens_nothing() {
        let staff = Identity::generate();
        let device = DeviceSecret::from_bytes([7; 32]);
        let file = secrets().seal(&[staff.addressee()], Some(&device), &mut SystemRandom::default()).unwrap();
        assert!(TabletSecrets::open(&file, &staff, Some(&device)).is_ok());
        assert_eq!(TabletSecrets::open(&file, &staff, None).err(), Some(Error::DeviceSecretMissing));
        let other = DeviceSecret::from_bytes([8; 32]);
        assert_eq!(TabletSecrets::open(&file, &staff, Some(&other)).err(), Some(Error::Unopenable));
    }
}
