//! The two ways this room derives a key: slowly from what people type, quickly from a key.
//!
//! Must not: be used from outside this room.

use argon2::{Algorithm, Argon2, Params, Version};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use zeroize::Zeroizing;

use crate::Error;

/// Argon2id with one lane into 32 bytes.
pub(crate) fn slow(
    typed: &[u8],
    salt: &[u8],
    memory_kib: u32,
    passes: u32,
) -> Result<Zeroizing<[u8; 32]>, Error> {
    let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(|_| Error::KeyMaterial)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(typed, salt, &mut *key)
        .map_err(|_| Error::KeyMaterial)?;
    Ok(key)
}

struct Bytes32;
impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

/// HKDF-SHA-256 into 32 bytes.
pub(crate) fn quick(secret: &[u8], salt: &[u8], info: &[u8]) -> Result<Zeroizing<[u8; 32]>, Error> {
    let mut key = Zeroizing::new([0; 32]);
    Salt::new(HKDF_SHA256, salt)
        .extract(secret)
        .expand(&[info], Bytes32)
        .and_then(|material| material.fill(&mut *key))
        .map_err(|_| Error::KeyMaterial)?;
    Ok(key)
}
