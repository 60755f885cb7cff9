//! Everything cryptographic, in one room: device keys, the chain of entries, request signatures, receipts,
//! configuration bundles, sealed files, PINs and passwords, an identity provider's tokens, and what a connection trusts.
//!
//! Must not: read a clock or a file, or be bypassed: nothing else in the project touches a primitive. All of
//! it rests on `ring`, `age`, `argon2` and `rustls`; nothing here is an algorithm of our own.

#[cfg(feature = "authority")]
pub mod audit;
#[cfg(feature = "authority")]
pub mod authority;
pub mod bundle;
pub mod bundle_box;
pub mod chain;
pub mod clock;
pub mod coupon;
pub mod device;
pub mod digest;
pub mod envelope;
mod error;
#[cfg(feature = "authority")]
pub mod id_token;
#[cfg(feature = "authority")]
pub mod jws;
mod kdf;
#[cfg(feature = "authority")]
pub mod kept;
#[cfg(feature = "authority")]
pub mod password;
#[cfg(feature = "authority")]
pub mod people;
pub mod pin;
pub mod random;
pub mod receipt;
pub mod recovery;
pub mod reference;
pub mod request;
pub mod sealed;
pub mod sealed_stream;
pub mod set_up_code;
pub mod tls;
pub mod token;
#[cfg(feature = "authority")]
pub mod totp;
pub mod vault;

pub use error::Error;
