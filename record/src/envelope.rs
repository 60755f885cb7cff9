//! 封緘ファイル (envelope): what a sealed file for removable media says of itself outside the seal. Every field is of a
//! kind into which no person's name or number fits, because whoever finds the stick can read it.
//!
//! Must not: be believed before `seal::envelope` verified who signed it.

mod card;
mod names;
mod receipt;
mod rows;

pub use card::{Approvers, Card, Person};
pub use names::{
    AccountName, DocumentNumber, EnvelopeId, Kind, Method, NameError, Office, PartName, Purpose, SealedTo,
};
pub use receipt::Receipt;
pub use rows::RowCounter;
use serde::{Deserialize, Serialize};

use crate::{
    bytes::{ContentDigest, PublicKey, Signature},
    moment::WallTime,
};

/// The version of the format this program reads and writes.
pub const FORMAT: u16 = 1;
/// The most bytes of a manifest, a card or a receipt.
pub const MOST_MANIFEST_BYTES: usize = 1 << 16;
/// The most parts of one envelope.
pub const MOST_PARTS: usize = 64;
/// An envelope expires at the latest this long after it was asked for: 31 days.
pub const LONGEST_MS: i64 = 31 * 24 * 60 * 60 * 1000;

/// What is asked for: everything but the content. The inside of the seal begins with its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outline {
    /// [`FORMAT`].
    pub format: u16,
    /// 封緘番号.
    pub envelope_id: EnvelopeId,
    /// Who sends.
    pub sender: Sender,
    /// The one who can open it.
    pub recipient: Recipient,
    /// What it is carried for.
    pub purpose: Purpose,
    /// 文書番号 of the decision.
    pub document_number: DocumentNumber,
    /// How it is carried.
    pub method: Method,
    /// What it holds.
    pub kind: Kind,
    /// From this instant on it is refused.
    pub expires_at: WallTime,
}

/// 送付元.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// Which office.
    pub office: Office,
    /// The key that signs.
    pub key: PublicKey,
}

/// 送付先.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// Which office.
    pub office: Office,
    /// The key it is sealed to.
    pub key: SealedTo,
}

/// One file inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name; never the name it had on a person's computer.
    pub name: PartName,
    /// Its rows as [`RowCounter`] counts them.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of it.
    pub sha256: ContentDigest,
}

/// Who agreed, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The person's account.
    pub account: AccountName,
    /// When.
    pub at: WallTime,
    /// What shows it.
    pub proof: Proof,
}

/// What shows that a person agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case", deny_unknown_fields)]
pub enum Proof {
    /// The person's own signature over outline and parts.
    Signed {
        /// The person's key.
        key: PublicKey,
        /// Over outline, parts, account and instant.
        signature: Signature,
    },
    /// The sender's word: a central, where people sign in with two factors.
    Attested,
}

/// 目録: all that can be read without opening. Signed by the sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What was asked for.
    pub outline: Outline,
    /// Who asked.
    pub asked: Approval,
    /// Who allowed it: another person.
    pub allowed: Approval,
    /// When it was sealed.
    pub made_at: WallTime,
    /// What is inside, in this order; at least one.
    pub parts: Vec<Part>,
    /// The size of the sealed stream that follows.
    pub sealed_bytes: u64,
    /// SHA-256 of that stream.
    pub sealed_sha256: ContentDigest,
}

/// A text is no manifest, card or receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not in the form, or not in its one spelling.
    #[error("not in the form of its kind")]
    Malformed,
    /// A version that this program does not know.
    #[error("version is not known")]
    UnknownVersion,
    /// A manifest in which nobody allowed what was asked for.
    #[error("nobody allowed it")]
    NotAllowed,
}

/// As one line of JSON. There is one spelling: what reads differently when it is written again is refused.
#[must_use]
pub(crate) fn to_json(value: &impl Serialize) -> String {
    // Structs of texts and numbers: nothing in them can fail to be written.
    serde_json::to_string(value).unwrap_or_default()
}

fn from_json<T: Serialize + for<'de> Deserialize<'de>>(json: &str) -> Result<T, ManifestError> {
    let value: T = serde_json::from_str(json).map_err(|_| ManifestError::Malformed)?;
    if to_json(&value) == json { Ok(value) } else { Err(ManifestError::Malformed) }
}

/// The text as any JSON, where its version is a known one: a later version's text still says of its version there.
fn version_first(json: &str, at: &str) -> Result<serde_json::Value, ManifestError> {
    let value: serde_json::Value = serde_json::from_str(json).map_err(|_| ManifestError::Malformed)?;
    match value.pointer(at).and_then(serde_json::Value::as_u64) {
        Some(format) if format == u64::from(FORMAT) => Ok(value),
        Some(_) => Err(ManifestError::UnknownVersion),
        None => Err(ManifestError::Malformed),
    }
}

impl Outline {
    /// Its one spelling.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(self)
    }
}

impl Manifest {
    /// Its one spelling.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(self)
    }
    /// Reads it and holds it to its own bounds: one to [`MOST_PARTS`] parts of different names, and an expiry after it
    /// was asked for and no later than [`LONGEST_MS`].
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn from_json(json: &str) -> Result<Self, ManifestError> {
        if version_first(json, "/outline/format")?.get("allowed").is_none() {
            return Err(ManifestError::NotAllowed);
        }
        let manifest: Self = from_json(json)?;
        let Self { outline, asked, parts, .. } = &manifest;
        let mut names: Vec<&PartName> = parts.iter().map(|part| &part.name).collect();
        names.sort();
        names.dedup();
        let lasts_ms = outline.expires_at.ms_since(asked.at);
        let is_whole = (1..=MOST_PARTS).contains(&parts.len())
            && names.len() == parts.len()
            && (1..=LONGEST_MS).contains(&lasts_ms)
            && manifest.bytes().is_some()
            && manifest.rows().is_some();
        if is_whole { Ok(manifest) } else { Err(ManifestError::Malformed) }
    }
    /// Bytes of all parts; none beyond 2^63.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        sum(self.parts.iter().map(|part| part.bytes))
    }
    /// Rows of all parts; none beyond 2^63.
    #[must_use]
    pub fn rows(&self) -> Option<u64> {
        sum(self.parts.iter().map(|part| part.rows))
    }
}

fn sum(mut counts: impl Iterator<Item = u64>) -> Option<u64> {
    let sum = counts.try_fold(0_u64, u64::checked_add)?;
    if sum < 1 << 63 { Some(sum) } else { None }
}

#[cfg(test)]
mod tests;
