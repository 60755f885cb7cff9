//! 券番号の照合値: which coupon a dose belongs to, without its number. HMAC-SHA256 under a key of the coupon's municipality
//! that the central gives to the tablets of its sites, cut to 16 bytes: among 125 million people no two meet by chance.
//!
//! Must not: be taken for secrecy from whoever holds the key, who could try every number; the key and the hashes lie
//! in the tablet's encrypted database.

use record::{CouponNumber, MunicipalityCode, bytes::CouponHash, wire::reference::CouponSecret};
use ring::hmac::{HMAC_SHA256, Key, sign};
use zeroize::Zeroizing;

use crate::{Error, random::Random};

/// What the numbers are hashed for, so that the same key could never serve two uses.
const DOMAIN: &[u8] = b"vrs coupon hash 1\0";

/// What tells one secret from another without giving it away.
const MARK_DOMAIN: &[u8] = b"vrs coupon mark 1\0";
/// What the keys of the municipalities are made for.
const KEY_DOMAIN: &[u8] = b"vrs coupon key 1\0";

/// The central's secret, from which the key of each municipality is made: whoever learns one key learns no other.
pub struct CouponMaster(Zeroizing<[u8; 32]>);

impl CouponMaster {
    /// A fresh one.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn generate(random: &mut dyn Random) -> Result<Self, Error> {
        Ok(Self::from_bytes(crate::random::bytes(random)?))
    }
    /// From its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
    /// Its bytes; secret.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
    /// 16 bytes that tell this secret from any other and say nothing of it.
    #[must_use]
    pub fn mark(&self) -> [u8; 16] {
        let tag = sign(&Key::new(HMAC_SHA256, &*self.0), MARK_DOMAIN);
        let mut mark = [0; 16];
        mark.copy_from_slice(&tag.as_ref()[..16]);
        mark
    }
    /// The key of that municipality's coupons.
    #[must_use]
    pub fn key(&self, municipality: MunicipalityCode) -> CouponKey {
        let mut message = KEY_DOMAIN.to_vec();
        message.extend_from_slice(municipality.to_string().as_bytes());
        let tag = sign(&Key::new(HMAC_SHA256, &*self.0), &message);
        let mut key = [0; 32];
        key.copy_from_slice(tag.as_ref());
        CouponKey::from_bytes(key)
    }
}

impl std::fmt::Debug for CouponMaster {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("CouponMaster(..)")
    }
}

/// The key of the hashes of one municipality's coupons.
pub struct CouponKey(Zeroizing<[u8; 32]>);

impl CouponKey {
    /// From its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Its bytes; secret.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The form in which it goes down to a tablet; secret.
    #[must_use]
    pub fn secret(&self) -> CouponSecret {
        CouponSecret(*self.0)
    }

    /// The hash of a coupon.
    #[must_use]
    pub fn hash(&self, municipality: MunicipalityCode, number: CouponNumber) -> CouponHash {
        let mut message = DOMAIN.to_vec();
        message.extend_from_slice(municipality.to_string().as_bytes());
        message.extend_from_slice(number.to_string().as_bytes());
        let tag = sign(&Key::new(HMAC_SHA256, &*self.0), &message);
        let mut hash = [0; 16];
        hash.copy_from_slice(&tag.as_ref()[..16]);
        CouponHash(hash)
    }
}

impl std::fmt::Debug for CouponKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("CouponKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(key: u8, municipality: &str, number: &str) -> CouponHash {
        CouponKey::from_bytes([key; 32]).hash(municipality.parse().unwrap(), number.parse().unwrap())
    }

    #[test]
    fn key_municipality_and_number_all_count_and_the_hash_is_fixed() {
        let one = hash(1, "131016", "0000000005");
        assert_eq!(one, hash(1, "131016", "0000000005"));
        for other in [
            hash(2, "131016", "0000000005"),
            hash(1, "131130", "0000000005"),
            hash(1, "131016", "0000000006"),
        ] {
            assert_ne!(one, other);
        }
        // Computed with Python's own hmac: a tablet and a central of other versions must agree.
        assert_eq!(one.to_string(), "CAa8qHzptODpJwsiLUAx2g");
    }
    #[test]
    fn each_municipality_has_a_key_of_its_own_that_stays() {
        let master = CouponMaster::from_bytes([3; 32]);
        let key = |code: &str| *master.key(code.parse().unwrap()).as_bytes();
        assert_eq!(key("131130"), key("131130"));
        assert_ne!(key("131130"), key("131016"));
        assert_eq!(master.mark(), CouponMaster::from_bytes([3; 32]).mark());
        assert_ne!(master.mark(), CouponMaster::from_bytes([4; 32]).mark());
        assert_eq!(
            format!("{master:?} {:?}", master.key("131130".parse().unwrap())),
            "CouponMaster(..) CouponKey(..)"
        );
    }
}
