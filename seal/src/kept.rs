//! Secrets that a database keeps: encrypted (ChaCha20-Poly1305) under a key that lies elsewhere, each bound to what
//! it belongs to.
//!
//! Must not: serve for much data; the nonces are random, and one key is good for some billion secrets.

use std::fmt;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::{Error, random::Random};

/// The key; lies outside the database.
pub struct KeepingKey(LessSafeKey);

impl KeepingKey {
    /// From its bytes.
    ///
    /// # Errors
    /// [`Error::KeyMaterial`].
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, Error> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, bytes).map_err(|_| Error::KeyMaterial)?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Encrypts a secret that belongs to `owner`: 12 bytes of nonce, the secret's length, 16 bytes of tag.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn seal(&self, owner: &str, secret: &[u8], random: &mut dyn Random) -> Result<Vec<u8>, Error> {
        let nonce: [u8; NONCE_LEN] = crate::random::bytes(random)?;
        let mut buffer = secret.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner), &mut buffer)
            .map_err(|_| Error::KeyMaterial)?;
        let mut sealed = nonce.to_vec();
        sealed.append(&mut buffer);
        Ok(sealed)
    }

    /// Decrypts the secret of `owner`.
    ///
    /// # Errors
    /// [`Error::Unopenable`] where it was altered, belongs to somebody else or was made under another key.
    pub fn open(&self, owner: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Error::Unopenable)?;
        let mut buffer = Zeroizing::new(rest.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let plain = self.0.open_in_place(nonce, Aad::from(owner), &mut buffer);
        Ok(Zeroizing::new(plain.map_err(|_| Error::Unopenable)?.to_vec()))
    }
}

impl fmt::Debug for KeepingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeepingKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[test]
    fn a_secret_opens_for_its_owner_under_its_key_only() {
        let (key, other) =
            (KeepingKey::from_bytes(&[1; 32]).unwrap(), KeepingKey::from_bytes(&[2; 32]).unwrap());
        let sealed = key.seal("support-1", b"secret", &mut SystemRandom::default()).unwrap();
        assert_eq!(&**key.open("support-1", &sealed).unwrap(), b"secret");
        assert_eq!(key.open("support-2", &sealed), Err(Error::Unopenable));
        assert_eq!(other.open("support-1", &sealed), Err(Error::Unopenable));
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(key.open("support-1", &altered), Err(Error::Unopenable), "byte {at}");
            assert_eq!(key.open("support-1", &sealed[..at]), Err(Error::Unopenable), "length {at}");
        }
        let again = key.seal("support-1", b"secret", &mut SystemRandom::default()).unwrap();
        assert_ne!(sealed, again, "each time under another nonce");
    }
}
