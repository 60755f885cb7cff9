//! Enrolment: a tablet makes its public key known, once, with the token from its bundle.
//!
//! Must not: carry a private key. The request is signed by the key it brings.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{bytes::PublicKey, identity::TabletId, moment::WallTime, text::serde_through_text};

/// What the tablet sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolmentRequest {
    /// The tablet.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "131130-0017", pattern = r"^[0-9]{6}-[0-9]{4,}$"))]
    pub tablet_id: TabletId,
    /// The one-time token.
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[A-Za-z0-9_-]{43}$"))]
    pub token: EnrolmentToken,
    /// The key that will sign its requests.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub device_key: PublicKey,
    /// Version of its program.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9.+-]{1,40}$", example = "0.1.0"))]
    pub program: String,
}

/// What the central answers; the same again if the same key asks again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolmentAnswer {
    /// When the key was first made known.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub enrolled_at: WallTime,
}

/// 登録用トークン: 43 characters of base64url, 256 random bits, good for one tablet's first contact.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentToken(String);

/// A text is not a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an enrolment token")]
pub struct TokenError;

impl EnrolmentToken {
    /// The text; secret.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}
impl FromStr for EnrolmentToken {
    type Err = TokenError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if text.len() == 43 && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TokenError)
        }
    }
}
impl fmt::Display for EnrolmentToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
impl fmt::Debug for EnrolmentToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::text::hidden(formatter, "EnrolmentToken")
    }
}
serde_through_text!(EnrolmentToken);
