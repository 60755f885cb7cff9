//! 暗証番号 (PIN): opens a staff member's private key, through Argon2id and ChaCha20-Poly1305.
//!
//! Must not: count attempts; the tablet does. A PIN is short: what a stolen disk gives away is in
//! `docs/security.md`.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use record::{StaffId, bundle::WrappedIdentity};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::{Error, kdf, random::Random, sealed::Identity};

/// Memory of one derivation. With two passes it is about a third of the 500 ms that unlocking may take on a
/// tablet, and well above what OWASP asks of a password (`docs/decisions.md`).
pub const MEMORY_KIB: u32 = 64 * 1024;
/// Passes over it.
pub const PASSES: u32 = 2;
/// A bundle may ask for no more than this.
const MOST_MEMORY_KIB: u32 = 256 * 1024;
const MOST_PASSES: u32 = 10;

/// 暗証番号: 4 to 12 digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(Zeroizing<String>);

impl FromStr for Pin {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        if (4..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(Error::WrongPin)
        }
    }
}
impl fmt::Debug for Pin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pin(..)")
    }
}

/// The salt is fresh for every wrapping, so the derived key is used once and the nonce may be constant.
fn cipher(typed: &[u8], wrapped: &WrappedIdentity) -> Result<LessSafeKey, Error> {
    if wrapped.memory_kib > MOST_MEMORY_KIB || wrapped.passes > MOST_PASSES {
        return Err(Error::KeyMaterial);
    }
    let key = kdf::slow(typed, &wrapped.salt.0, wrapped.memory_kib, wrapped.passes)?;
    UnboundKey::new(&CHACHA20_POLY1305, &*key).map(LessSafeKey::new).map_err(|_| Error::KeyMaterial)
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

/// Wraps a secret of `owner` under what a person types.
pub(crate) fn wrap_secret(
    secret: &[u8],
    owner: &str,
    typed: &[u8],
    random: &mut dyn Random,
) -> Result<WrappedIdentity, Error> {
    let mut wrapped = WrappedIdentity {
        memory_kib: MEMORY_KIB,
        passes: PASSES,
        salt: crate::random::nonce(random)?,
        ciphertext: String::new(),
    };
    let mut buffer = Zeroizing::new(secret.to_vec());
    cipher(typed, &wrapped)?
        .seal_in_place_append_tag(nonce(), Aad::from(owner), &mut *buffer)
        .map_err(|_| Error::KeyMaterial)?;
    wrapped.ciphertext = URL_SAFE_NO_PAD.encode(&*buffer);
    Ok(wrapped)
}

/// Opens what [`wrap_secret`] wrapped.
pub(crate) fn unwrap_secret(
    wrapped: &WrappedIdentity,
    owner: &str,
    typed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let ciphertext = URL_SAFE_NO_PAD.decode(&wrapped.ciphertext).map_err(|_| Error::KeyMaterial)?;
    let mut buffer = Zeroizing::new(ciphertext);
    let plain = cipher(typed, wrapped)?
        .open_in_place(nonce(), Aad::from(owner), &mut buffer)
        .map_err(|_| Error::WrongPin)?;
    Ok(Zeroizing::new(plain.to_vec()))
}

/// Wraps a staff member's private key under their PIN.
///
/// # Errors
/// [`Error::Randomness`].
pub fn wrap(
    identity: &Identity,
    staff_id: &StaffId,
    pin: &Pin,
    random: &mut dyn Random,
) -> Result<WrappedIdentity, Error> {
    identity.with_text(|text| wrap_secret(text.as_bytes(), staff_id.as_str(), pin.0.as_bytes(), random))
}

/// Opens a staff member's private key with their PIN; takes a few hundred milliseconds on purpose.
///
/// # Errors
/// [`Error::WrongPin`]; [`Error::KeyMaterial`] if the wrapping itself is not in form.
pub fn unwrap(wrapped: &WrappedIdentity, staff_id: &StaffId, pin: &Pin) -> Result<Identity, Error> {
    let plain = unwrap_secret(wrapped, staff_id.as_str(), pin.0.as_bytes())?;
    Identity::from_text(std::str::from_utf8(&plain).map_err(|_| Error::KeyMaterial)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[test]
    fn only_the_right_pin_of_the_right_person_opens_the_key() {
        let identity = Identity::generate();
        let (staff, other): (StaffId, StaffId) = ("staff-01".parse().unwrap(), "staff-02".parse().unwrap());
        let (pin, wrong): (Pin, Pin) = ("246810".parse().unwrap(), "246811".parse().unwrap());
        let wrapped = wrap(&identity, &staff, &pin, &mut SystemRandom::default()).unwrap();
        let opened = unwrap(&wrapped, &staff, &pin).unwrap();
        assert_eq!(opened.addressee().to_string(), identity.addressee().to_string());
        assert_eq!(unwrap(&wrapped, &staff, &wrong).err(), Some(Error::WrongPin));
        assert_eq!(unwrap(&wrapped, &other, &pin).err(), Some(Error::WrongPin));
        let greedy = WrappedIdentity { memory_kib: u32::MAX, ..wrapped };
        assert_eq!(unwrap(&greedy, &staff, &pin).err(), Some(Error::KeyMaterial));
    }

    #[test]
    fn a_pin_is_four_to_twelve_digits() {
        for text in ["123", "1234567890123", "12a4", "１２３４", ""] {
            assert!(text.parse::<Pin>().is_err(), "{text}");
        }
    }
}
