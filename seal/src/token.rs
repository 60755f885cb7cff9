//! Random words that let somebody in once or for a while: enrolment tokens, console sessions.
//!
//! Must not: be kept in clear where they are checked; keep [`digest`] of them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use record::wire::enrolment::EnrolmentToken;
use ring::digest::{SHA256, digest as ring_digest};

use crate::{Error, random::Random};

/// 256 random bits as 43 characters of base64url.
///
/// # Errors
/// [`Error::Randomness`].
pub fn fresh(random: &mut dyn Random) -> Result<String, Error> {
    Ok(URL_SAFE_NO_PAD.encode(crate::random::bytes::<32>(random)?))
}

/// A fresh one-time token for a tablet.
///
/// # Errors
/// [`Error::Randomness`].
pub fn enrolment(random: &mut dyn Random) -> Result<EnrolmentToken, Error> {
    fresh(random)?.parse().map_err(|_| Error::Randomness)
}

/// What to keep of a token: SHA-256, 32 bytes. Looking a token up by its digest leaks nothing by time.
#[must_use]
pub fn digest(token: &str) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(ring_digest(&SHA256, token.as_bytes()).as_ref());
    out
}
