//! 受領書 of an envelope: what the recipient says back, so that the sender knows that it arrived whole.
//!
//! Must not: be taken for a tablet's 受領証, which is the central's (`wire::receipt`).

use serde::{Deserialize, Serialize};

use super::{AccountName, EnvelopeId, ManifestError, Office, from_json, to_json, version_first};
use crate::{
    bytes::{ContentDigest, PublicKey},
    moment::WallTime,
};

/// 受領書.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// [`super::FORMAT`].
    pub format: u16,
    /// Which envelope.
    pub envelope_id: EnvelopeId,
    /// SHA-256 of its manifest.
    pub manifest: ContentDigest,
    /// Who opened it.
    pub recipient: Office,
    /// The key that signs this.
    pub key: PublicKey,
    /// When.
    pub opened_at: WallTime,
    /// By whose account.
    pub opened_by: AccountName,
    /// Parts that were inside.
    pub parts: u64,
    /// Rows of all parts.
    pub rows: u64,
    /// Bytes of all parts.
    pub bytes: u64,
}

impl Receipt {
    /// Its one spelling.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(self)
    }
    /// Reads it.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn from_json(json: &str) -> Result<Self, ManifestError> {
        version_first(json, "/format")?;
        from_json(json)
    }
}
