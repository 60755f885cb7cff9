//! Fixed-size bytes that cross the network: hashes, public keys, signatures; base64url without padding.
//!
//! Must not: compute any of them; `seal` does.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::text::serde_through_text;

/// A text is not base64url of the expected count of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not base64url of {expected} bytes")]
pub struct BytesError {
    /// Bytes expected.
    pub expected: usize,
}

macro_rules! fixed_bytes {
    ($(#[$doc:meta])* $name:ident, $length:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $length]);

        impl FromStr for $name {
            type Err = BytesError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let wrong = BytesError { expected: $length };
                let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong)?;
                bytes.try_into().map(Self).map_err(|_| wrong)
            }
        }
        impl TryFrom<&[u8]> for $name {
            type Error = BytesError;
            fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
                bytes.try_into().map(Self).map_err(|_| BytesError { expected: $length })
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&URL_SAFE_NO_PAD.encode(self.0))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}({self})", stringify!($name))
            }
        }
        serde_through_text!($name);
    };
}

fixed_bytes!(
    /// 券番号の照合値: a keyed hash of a coupon's municipality and number; see `seal::coupon`.
    CouponHash, 16
);
fixed_bytes!(
    /// SHA-256 of an entry's bytes under its domain.
    EntryHash, 32
);
fixed_bytes!(
    /// A link of a tablet's chain: covers the entry at its position and the link before it.
    Link, 32
);
fixed_bytes!(
    /// SHA-256 of a part of the reference data: the part's only name.
    PartDigest, 32
);
fixed_bytes!(
    /// SHA-256 of bytes exactly as they are: a part of an envelope, its sealed stream, its manifest.
    ContentDigest, 32
);
fixed_bytes!(
    /// An Ed25519 public key.
    PublicKey, 32
);
fixed_bytes!(
    /// An Ed25519 signature.
    Signature, 64
);
fixed_bytes!(
    /// 128 random bits that make one question differ from every other.
    Nonce, 16
);
