//! 住民情報の鍵: what a municipality's people are encrypted under (AES-256-GCM) and looked up by (HMAC-SHA256, cut to 16
//! bytes). Each municipality has a secret of its own, from which both are made; it lies in the register, sealed under the
//! central's keeping key.
//!
//! Must not: serve two municipalities, or more than the four thousand million rows that random nonces are good for.

use std::fmt;

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hmac::{HMAC_SHA256, Key},
};
use zeroize::Zeroizing;

use crate::{Error, kdf, random::Random};

const CIPHER: &[u8] = b"vrs people cipher 1";
const MARKS: &[u8] = b"vrs people marks 1";

/// What a mark is of; the same text gives another mark for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkOf {
    /// 宛名番号.
    AddressNumber,
    /// 個人番号.
    PersonalNumber,
    /// 接種券番号.
    Coupon,
    /// Everything that is kept of a person.
    Content,
    /// 氏名カナ and 生年月日 together.
    Named,
}

impl MarkOf {
    fn domain(self) -> u8 {
        match self {
            Self::AddressNumber => 1,
            Self::PersonalNumber => 2,
            Self::Coupon => 3,
            Self::Content => 4,
            Self::Named => 5,
        }
    }
}

/// 16 bytes that tell a value from every other of the municipality's and say nothing of it to whoever lacks the key.
pub type Mark = [u8; 16];

/// The keys of one municipality.
pub struct PeopleKeys {
    cipher: LessSafeKey,
    marks: Key,
}

impl PeopleKeys {
    /// A fresh secret.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn fresh_secret(random: &mut dyn Random) -> Result<Zeroizing<[u8; 32]>, Error> {
        Ok(Zeroizing::new(crate::random::bytes(random)?))
    }

    /// The keys that are made from that municipality's secret.
    ///
    /// # Errors
    /// [`Error::KeyMaterial`] where it has not 32 bytes.
    pub fn from_secret(secret: &[u8]) -> Result<Self, Error> {
        if secret.len() != 32 {
            return Err(Error::KeyMaterial);
        }
        let cipher = UnboundKey::new(&AES_256_GCM, &*kdf::quick(secret, b"", CIPHER)?);
        let cipher = LessSafeKey::new(cipher.map_err(|_| Error::KeyMaterial)?);
        Ok(Self { cipher, marks: Key::new(HMAC_SHA256, &*kdf::quick(secret, b"", MARKS)?) })
    }

    /// The mark of a value.
    #[must_use]
    pub fn mark(&self, of: MarkOf, value: &[u8]) -> Mark {
        let mut context = ring::hmac::Context::with_key(&self.marks);
        context.update(&[of.domain()]);
        context.update(value);
        cut(context.sign().as_ref())
    }

    /// Encrypts what belongs to `owner`: 12 bytes of nonce, the plain text's length, 16 bytes of tag.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn seal(&self, owner: &[u8], plain: &[u8], random: &mut dyn Random) -> Result<Vec<u8>, Error> {
        let nonce: [u8; NONCE_LEN] = crate::random::bytes(random)?;
        let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let tag = self.cipher.seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(owner),
            &mut sealed[NONCE_LEN..],
        );
        sealed.extend_from_slice(tag.map_err(|_| Error::KeyMaterial)?.as_ref());
        Ok(sealed)
    }

    /// Decrypts what belongs to `owner`.
    ///
    /// # Errors
    /// [`Error::Unopenable`] where it was altered, belongs to somebody else or to another municipality.
    pub fn open(&self, owner: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Error::Unopenable)?;
        let mut buffer = Zeroizing::new(rest.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let plain = self.cipher.open_in_place(nonce, Aad::from(owner), &mut buffer);
        let length = plain.map_err(|_| Error::Unopenable)?.len();
        buffer.truncate(length);
        Ok(buffer)
    }
}

fn cut(tag: &[u8]) -> Mark {
    let mut mark = [0; 16];
    mark.copy_from_slice(&tag[..16]);
    mark
}

impl fmt::Debug for PeopleKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PeopleKeys(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    fn keys(seed: u8) -> PeopleKeys {
        PeopleKeys::from_secret(&[seed; 32]).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_its_owner_in_its_municipality_only() {
        let plain = "見本太郎".as_bytes();
        let sealed = keys(1).seal(b"a", plain, &mut SystemRandom::default()).unwrap();
        assert_eq!(&**keys(1).open(b"a", &sealed).unwrap(), plain);
        assert_eq!(keys(1).open(b"b", &sealed), Err(Error::Unopenable));
        assert_eq!(keys(2).open(b"a", &sealed), Err(Error::Unopenable));
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(keys(1).open(b"a", &altered), Err(Error::Unopenable), "byte {at}");
            assert_eq!(keys(1).open(b"a", &sealed[..at]), Err(Error::Unopenable), "length {at}");
        }
        assert_ne!(sealed, keys(1).seal(b"a", plain, &mut SystemRandom::default()).unwrap());
        assert!(PeopleKeys::from_secret(&[1; 31]).is_err());
    }

    #[test]
    fn a_mark_depends_on_value_kind_and_municipality_and_stays() {
        let mark = keys(1).mark(MarkOf::Coupon, b"0000000001");
        assert_eq!(mark, keys(1).mark(MarkOf::Coupon, b"0000000001"));
        for other in [
            keys(1).mark(MarkOf::Coupon, b"0000000002"),
            keys(1).mark(MarkOf::AddressNumber, b"0000000001"),
            keys(2).mark(MarkOf::Coupon, b"0000000001"),
        ] {
            assert_ne!(mark, other);
        }
    }
}
