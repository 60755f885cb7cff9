//! IDトークン: what an identity provider signs about who has just signed in with it (OpenID Connect Core 1.0, 3.1.3.7).
//!
//! Must not: tell what somebody may do; a token says who it is, and by what it was proven. Roles are never taken
//! from it.

use std::{fmt, str::FromStr};

use record::WallTime;
use serde::{Deserialize, Deserializer};

use crate::{jws::KeySet, password::constant_time_equal};

/// The provider's clock and ours may differ by this much, seconds.
const CLOCK_WINDOW_S: i64 = 120;

/// 外部IDの識別子: the provider's `sub`. Text: 1 to 255 printable ASCII characters, no space at either end.
/// `Debug` leaves it out: some providers use an address of e-mail.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Subject(String);

/// What a token must say.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// Whom the token is for, and nobody else.
    pub client_id: &'a str,
    /// What was drawn for this sign-in.
    pub nonce: &'a str,
    /// What time it is.
    pub now: WallTime,
}

/// Who signed in with the provider, and how it says it was proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// Who.
    pub subject: Subject,
    /// `amr`: the methods that were used.
    pub methods: Vec<String>,
    /// `acr`: the class that the sign-in as a whole belongs to.
    pub class: Option<String>,
}

/// Why a token is not believed. Names no value out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The provider publishes no key that can be used.
    #[error("no usable key among those published")]
    Keys,
    /// Not a token in the compact form.
    #[error("not a token")]
    Form,
    /// Signed in a way that is not taken, or not at all.
    #[error("signed in a way that is not taken")]
    Algorithm,
    /// Signed by a key that was not published when the keys were fetched.
    #[error("signed by a key that is not known")]
    UnknownKey,
    /// The signature does not fit.
    #[error("signature does not fit")]
    Signature,
    /// What it says is incomplete or of another form.
    #[error("claims are incomplete")]
    Claims,
    /// Another provider's.
    #[error("from another issuer")]
    Issuer,
    /// Made for somebody else, or for somebody else as well.
    #[error("made for another client")]
    Audience,
    /// Past its end, or made at another time than now.
    #[error("not of this time")]
    Time,
    /// Made for another sign-in.
    #[error("of another sign-in")]
    Nonce,
}

/// Not the identifier of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an identity's identifier (sub) has 1 to 255 ASCII characters")]
pub struct SubjectError;

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    #[serde(deserialize_with = "one_or_several")]
    aud: Vec<String>,
    exp: serde_json::Number,
    iat: serde_json::Number,
    #[serde(default)]
    nbf: Option<serde_json::Number>,
    #[serde(default)]
    azp: Option<String>,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
    #[serde(default)]
    acr: Option<String>,
}

/// Who it is, by a token that holds in every respect.
///
/// # Errors
/// [`TokenError`].
pub fn check(token: &str, keys: &KeySet, expected: Expected<'_>) -> Result<Identified, TokenError> {
    let claims: Claims = serde_json::from_slice(&keys.open(token)?).map_err(|_| TokenError::Claims)?;
    if claims.iss != expected.issuer {
        return Err(TokenError::Issuer);
    }
    let is_ours = |name: &String| name == expected.client_id;
    // Nobody beside us is trusted to hold a token that signs in here.
    if claims.aud.is_empty() || !claims.aud.iter().all(is_ours) || !claims.azp.iter().all(is_ours) {
        return Err(TokenError::Audience);
    }
    let now = expected.now.unix_s();
    let (ends, made) = (seconds(&claims.exp)?, seconds(&claims.iat)?);
    let begins = claims.nbf.as_ref().map_or(Ok(made), seconds)?;
    let is_of_now = ends.saturating_add(CLOCK_WINDOW_S) > now
        && made.saturating_sub(now).saturating_abs() <= CLOCK_WINDOW_S
        && begins.saturating_sub(CLOCK_WINDOW_S) <= now;
    if !is_of_now {
        return Err(TokenError::Time);
    }
    let nonce = claims.nonce.ok_or(TokenError::Nonce)?;
    if !constant_time_equal(nonce.as_bytes(), expected.nonce.as_bytes()) {
        return Err(TokenError::Nonce);
    }
    let subject = claims.sub.parse().map_err(|SubjectError| TokenError::Claims)?;
    Ok(Identified { subject, methods: claims.amr, class: claims.acr })
}

/// Whole seconds of a `NumericDate`, which may have a fraction.
fn seconds(number: &serde_json::Number) -> Result<i64, TokenError> {
    let fraction = || number.as_f64().filter(|seconds| seconds.abs() < 1e12).map(|seconds| seconds as i64);
    number.as_i64().or_else(fraction).ok_or(TokenError::Claims)
}

fn one_or_several<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrSeveral {
        One(String),
        Several(Vec<String>),
    }
    Ok(match OneOrSeveral::deserialize(deserializer)? {
        OneOrSeveral::One(one) => vec![one],
        OneOrSeveral::Several(several) => several,
    })
}

impl Subject {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl FromStr for Subject {
    type Err = SubjectError;
    fn from_str(text: &str) -> Result<Self, SubjectError> {
        let is_printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        let is_right = (1..=255).contains(&text.len()) && is_printable && text.trim() == text;
        if is_right { Ok(Self(text.to_owned())) } else { Err(SubjectError) }
    }
}
impl fmt::Debug for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Subject(..)")
    }
}

#[cfg(test)]
mod tests;
