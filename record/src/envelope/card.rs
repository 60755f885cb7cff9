//! 鍵カード (key card): what one office gives to another, once, so that files can be sealed to it and believed of it.
//!
//! Must not: be trusted for naming itself; people compare its 確認番号.

use serde::{Deserialize, Serialize};

use super::{AccountName, ManifestError, Office, SealedTo, from_json, to_json, version_first};
use crate::{bytes::PublicKey, moment::WallTime};

/// The most people on one card.
const MOST_PEOPLE: usize = 100;

/// 鍵カード.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// [`super::FORMAT`].
    pub format: u16,
    /// Whose it is.
    pub office: Office,
    /// When it was made; an office's later card takes the earlier one's place.
    pub issued_at: WallTime,
    /// The key that signs its envelopes, its receipts and this card.
    pub signing_key: PublicKey,
    /// The key that files for it are sealed to.
    pub sealed_to: SealedTo,
    /// How its people agree to what it sends.
    pub approvers: Approvers,
}

/// Who may ask and allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case", deny_unknown_fields)]
pub enum Approvers {
    /// These people, each by a signature of their own.
    Signed {
        /// At least one, of different accounts and keys.
        people: Vec<Person>,
    },
    /// The office answers for its accounts; a central only.
    Attested,
}

/// One who may ask and allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Their account.
    pub account: AccountName,
    /// Their key.
    pub key: PublicKey,
}

impl Card {
    /// Its one spelling.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(self)
    }
    /// Reads it and holds it to its own bounds.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn from_json(json: &str) -> Result<Self, ManifestError> {
        version_first(json, "/format")?;
        let card: Self = from_json(json)?;
        let is_whole = match (&card.approvers, card.office) {
            (Approvers::Signed { people }, _) => {
                let distinct = people.iter().enumerate().all(|(at, one)| {
                    people[..at].iter().all(|other| one.account != other.account && one.key != other.key)
                });
                (1..=MOST_PEOPLE).contains(&people.len()) && distinct
            }
            (Approvers::Attested, Office::Central) => true,
            (Approvers::Attested, Office::Municipality(_)) => false,
        };
        if is_whole { Ok(card) } else { Err(ManifestError::Malformed) }
    }
    /// Whether this person is on it with this key.
    #[must_use]
    pub fn knows(&self, account: &AccountName, key: &PublicKey) -> bool {
        match &self.approvers {
            Approvers::Signed { people } => {
                people.iter().any(|person| person.account == *account && person.key == *key)
            }
            Approvers::Attested => false,
        }
    }
}
