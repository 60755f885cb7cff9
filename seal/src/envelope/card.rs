//! Signing and reading 鍵カード.
//!
//! Must not: make a card trusted; its 確認番号 is compared by a person (`seal::bundle::check_number`).

use record::envelope::Card;

use super::{Refusal, signed};
use crate::device::SigningKey;

const MAGIC: &str = "VRS-KEY-CARD";

/// The bytes of a card's file.
///
/// # Errors
/// [`Refusal::Cryptography`] where the card names another key; [`Refusal::OutOfBounds`] where it breaks its bounds.
pub fn sign_card(key: &SigningKey, card: &Card) -> Result<Vec<u8>, Refusal> {
    if card.signing_key != key.public() {
        return Err(Refusal::Cryptography);
    }
    let json = card.to_json();
    Card::from_json(&json).map_err(|_| Refusal::OutOfBounds)?;
    Ok(signed::sign(MAGIC, key, &json))
}

/// A card whose own key signed it.
///
/// # Errors
/// [`Refusal::OtherKind`], [`Refusal::UnknownVersion`], [`Refusal::Truncated`], [`Refusal::TooLong`] or
/// [`Refusal::Altered`].
pub fn read_card(file: &[u8]) -> Result<Card, Refusal> {
    let read = signed::read_whole(MAGIC, file)?;
    let card = Card::from_json(read.json())?;
    read.verify(&card.signing_key)?;
    Ok(card)
}
