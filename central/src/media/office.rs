//! The central as an office: the keys that sign and open sealed files, and its 鍵カード.
//!
//! Must not: let a key out, or make a card that says anything else than that the central answers for its accounts.

use record::{
    WallTime,
    envelope::{Approvers, Card, FORMAT, Office},
};
use seal::envelope::{OfficeKeys, Refusal, sign_card};

/// The keys and the card.
#[derive(Debug)]
pub struct CentralOffice {
    /// The keys.
    pub keys: OfficeKeys,
    /// The card.
    pub card: Card,
    /// The card's file.
    pub card_file: Vec<u8>,
}

impl CentralOffice {
    /// The office of these keys, whose card was issued then.
    ///
    /// # Errors
    /// [`Refusal::Cryptography`], which no key of ours gives.
    pub fn new(keys: OfficeKeys, issued_at: WallTime) -> Result<Self, Refusal> {
        let card = Card {
            format: FORMAT,
            office: Office::Central,
            issued_at,
            signing_key: keys.signing.public(),
            sealed_to: keys.sealed_to()?,
            approvers: Approvers::Attested,
        };
        let card_file = sign_card(&keys.signing, &card)?;
        Ok(Self { keys, card, card_file })
    }

    /// 確認番号 of the card.
    #[must_use]
    pub fn check_number(&self) -> String {
        seal::bundle::check_number(&self.card.signing_key)
    }
}
