//! Signing and reading the 受領書 of an envelope.
//!
//! Must not: speak of a tablet's receipts; those are `seal::receipt`.

use record::{
    WallTime,
    envelope::{AccountName, Card, FORMAT, Office, Receipt},
};

use super::{Opened, Refusal, signed};
use crate::device::SigningKey;

const MAGIC: &str = "VRS-ENVELOPE-RECEIPT";

/// The receipt for what was opened, and the bytes of its file.
///
/// # Errors
/// [`Refusal::OutOfBounds`], which no opened envelope gives.
pub fn sign_receipt(
    key: &SigningKey,
    recipient: Office,
    opened: &Opened,
    opened_by: AccountName,
    opened_at: WallTime,
) -> Result<(Vec<u8>, Receipt), Refusal> {
    let manifest = &opened.manifest;
    let receipt = Receipt {
        format: FORMAT,
        envelope_id: manifest.outline.envelope_id,
        manifest: opened.digest,
        recipient,
        key: key.public(),
        opened_at,
        opened_by,
        parts: manifest.parts.len() as u64,
        rows: manifest.rows().ok_or(Refusal::OutOfBounds)?,
        bytes: manifest.bytes().ok_or(Refusal::OutOfBounds)?,
    };
    Ok((signed::sign(MAGIC, key, &receipt.to_json()), receipt))
}

/// A receipt that the office of one of these cards signed with the card's key.
///
/// # Errors
/// [`Refusal::OtherKind`], [`Refusal::UnknownVersion`], [`Refusal::Truncated`], [`Refusal::TooLong`],
/// [`Refusal::Altered`] or [`Refusal::UnknownSender`].
pub fn read_receipt(file: &[u8], cards: &[Card]) -> Result<Receipt, Refusal> {
    let read = signed::read_whole(MAGIC, file)?;
    let receipt = Receipt::from_json(read.json())?;
    read.verify(&receipt.key)?;
    let is_known =
        cards.iter().any(|card| card.office == receipt.recipient && card.signing_key == receipt.key);
    if is_known { Ok(receipt) } else { Err(Refusal::UnknownSender) }
}
