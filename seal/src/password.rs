//! Staff passwords of the central's console, kept as Argon2id with a salt each.
//!
//! Must not: be logged or compared in clear.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    hmac::{HMAC_SHA256, Key, sign, verify},
    rand::SystemRandom as KeySource,
};

use crate::{Error, kdf, random::Random};

/// OWASP's first recommendation for Argon2id (19 MiB, two passes).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// What is kept of a password: `argon2id$19456$2$salt$hash`.
///
/// # Errors
/// [`Error::Randomness`].
pub fn hash(password: &str, random: &mut dyn Random) -> Result<String, Error> {
    let salt: [u8; 16] = crate::random::bytes(random)?;
    let key = kdf::slow(password.as_bytes(), &salt, MEMORY_KIB, PASSES)?;
    Ok(format!(
        "argon2id${MEMORY_KIB}${PASSES}${}${}",
        URL_SAFE_NO_PAD.encode(salt),
        URL_SAFE_NO_PAD.encode(*key)
    ))
}

/// Whether the password is the one that `kept` was made from; a kept text of another form is no.
#[must_use]
pub fn verifies(password: &str, kept: &str) -> bool {
    let parts: Vec<&str> = kept.split('$').collect();
    let ["argon2id", memory, passes, salt, hash] = parts[..] else { return false };
    let (Ok(memory), Ok(passes)) = (memory.parse::<u32>(), passes.parse::<u32>()) else { return false };
    let (Ok(salt), Ok(hash)) = (URL_SAFE_NO_PAD.decode(salt), URL_SAFE_NO_PAD.decode(hash)) else {
        return false;
    };
    if memory > MEMORY_KIB * 16 || passes > 16 {
        return false;
    }
    kdf::slow(password.as_bytes(), &salt, memory, passes).is_ok_and(|key| constant_time_equal(&*key, &hash))
}

/// Compares two secrets without telling by time where they differ: by their tags under a passing key.
#[must_use]
pub fn constant_time_equal(one: &[u8], other: &[u8]) -> bool {
    Key::generate(HMAC_SHA256, &KeySource::new())
        .is_ok_and(|key| verify(&key, other, sign(&key, one).as_ref()).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[test]
    fn only_the_right_password_is_let_in() {
        let kept = hash("見本 password 1", &mut SystemRandom::default()).unwrap();
        assert!(verifies("見本 password 1", &kept));
        assert!(!verifies("見本 password 2", &kept));
        assert!(!verifies("", &kept));
        for broken in ["", "argon2id", "argon2id$1$1$!$!", "plain", "argon2id$999999999$1$AAAA$AAAA"] {
            assert!(!verifies("見本 password 1", broken), "{broken}");
        }
    }
}
