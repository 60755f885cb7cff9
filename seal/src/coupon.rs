//! 券番号の照合値: which coupon a dose belongs to, without its number. HMAC-SHA256 under a key that the central gives to
//! the tablets of its municipalities, cut to 16 bytes: among 125 million people no two meet by chance.
//!
//! Must not: be taken for secrecy from whoever holds the key, who could try every number; the key and the hashes lie
//! in the tablet's encrypted database.

use record::{CouponNumber, MunicipalityCode, bytes::CouponHash};
use ring::hmac::{HMAC_SHA256, Key, sign};
use zeroize::Zeroizing;

/// What the numbers are hashed for, so that the same key could never serve two uses.
const DOMAIN: &[u8] = b"vrs coupon hash 1\0";

/// The key of the hashes.
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
}
