//! 受領証: one signature of the central over the list of position, hash and outcome of a batch. Only a
//! [`VerifiedReceipt`] can make an entry 送信済み, and only [`verify`] makes one.
//!
//! Must not: trust the answer's own idea of which entries it speaks of.

use std::fmt::Write as _;

use record::{
    bundle::ReceiptKey,
    bytes::Signature,
    wire::receipt::{OutcomeRun, ReceiptAnswer, ReceiptItem, ReceiptList, outcomes, runs},
};
use serde::{Deserialize, Serialize};

use crate::{
    Error,
    device::{SigningKey, verifies},
};

/// A receipt whose signature was checked; each entry in it can be proven delivered by it alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedReceipt {
    list: ReceiptList,
    signature: Signature,
}

/// The form a receipt is kept in; checked again when it is opened.
#[derive(Serialize, Deserialize)]
struct Kept {
    list: ReceiptList,
    signature: Signature,
}

fn message(list: &ReceiptList) -> String {
    let mut text = format!(
        "vrs receipt 1\n{}\n{}\n{}\n{}\n",
        list.tablet_id,
        list.epoch.number(),
        list.received_at.unix_ms(),
        list.key_id
    );
    for item in &list.items {
        // A String takes every write.
        let _ = writeln!(text, "{} {} {}", item.position.number(), item.hash, item.outcome);
    }
    text
}

/// The central's side: signs the list, after its commit.
#[must_use]
pub fn sign(key: &SigningKey, list: &ReceiptList) -> ReceiptAnswer {
    let outcomes: Vec<OutcomeRun> = runs(list.items.iter().map(|item| item.outcome.clone()));
    ReceiptAnswer {
        received_at: list.received_at,
        key_id: list.key_id.clone(),
        outcomes,
        signature: key.sign(message(list).as_bytes()),
    }
}

/// The tablet's side: `sent` is the list of what the batch held, with any outcome; the answer's outcomes take
/// their place, and the signature must be a known key's over the whole.
///
/// # Errors
/// [`Error::ReceiptKey`], [`Error::ReceiptShape`] or [`Error::ReceiptSignature`].
pub fn verify(
    mut sent: ReceiptList,
    answer: &ReceiptAnswer,
    keys: &[ReceiptKey],
) -> Result<VerifiedReceipt, Error> {
    let outcomes = outcomes(&answer.outcomes, sent.items.len()).ok_or(Error::ReceiptShape)?;
    for (item, outcome) in sent.items.iter_mut().zip(outcomes) {
        item.outcome = outcome;
    }
    sent.received_at = answer.received_at;
    sent.key_id.clone_from(&answer.key_id);
    check(sent, answer.signature, keys)
}

fn check(list: ReceiptList, signature: Signature, keys: &[ReceiptKey]) -> Result<VerifiedReceipt, Error> {
    let key = keys.iter().find(|key| key.key_id == list.key_id).ok_or(Error::ReceiptKey)?;
    if verifies(&key.key, message(&list).as_bytes(), &signature) {
        Ok(VerifiedReceipt { list, signature })
    } else {
        Err(Error::ReceiptSignature)
    }
}

impl VerifiedReceipt {
    /// What was received.
    #[must_use]
    pub fn items(&self) -> &[ReceiptItem] {
        &self.list.items
    }
    /// The whole list.
    #[must_use]
    pub fn list(&self) -> &ReceiptList {
        &self.list
    }
    /// The form to keep it in.
    ///
    /// # Panics
    /// Never: every field serialises.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&Kept { list: self.list.clone(), signature: self.signature })
            .expect("a receipt has no map")
    }
    /// Opens a kept receipt and checks it again.
    ///
    /// # Errors
    /// As [`verify`].
    pub fn from_bytes(bytes: &[u8], keys: &[ReceiptKey]) -> Result<Self, Error> {
        let kept: Kept = serde_json::from_slice(bytes).map_err(|_| Error::ReceiptShape)?;
        check(kept.list, kept.signature, keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::{Epoch, Outcome, Position, ReviewReason, WallTime, bytes::EntryHash};

    fn list(outcomes: [Outcome; 2]) -> ReceiptList {
        ReceiptList {
            tablet_id: "131130-0017".parse().unwrap(),
            epoch: Epoch::FIRST,
            received_at: WallTime::from_unix_ms(1_637_545_200_123),
            key_id: "receipt-1".to_owned(),
            items: outcomes
                .into_iter()
                .enumerate()
                .map(|(index, outcome)| ReceiptItem {
                    position: Position::FIRST.plus(index as u64),
                    hash: EntryHash([index as u8; 32]),
                    outcome,
                })
                .collect(),
        }
    }

    fn key() -> (SigningKey, Vec<ReceiptKey>) {
        let key = SigningKey::from_seed([1; 32]).unwrap();
        let known = vec![ReceiptKey { key_id: "receipt-1".to_owned(), key: key.public() }];
        (key, known)
    }

    #[test]
    fn a_receipt_proves_what_was_sent_and_nothing_else() {
        let (key, known) = key();
        let said = [Outcome::Delivered, Outcome::NeedsReview(ReviewReason::FutureDate)];
        let answer = sign(&key, &list(said.clone()));
        let sent = list([Outcome::Delivered, Outcome::Delivered]);
        let receipt = verify(sent.clone(), &answer, &known).unwrap();
        assert_eq!(receipt.items().iter().map(|item| item.outcome.clone()).collect::<Vec<_>>(), said);
        assert_eq!(VerifiedReceipt::from_bytes(&receipt.to_bytes(), &known).unwrap(), receipt);

        let mut other_hash = sent.clone();
        other_hash.items[1].hash = EntryHash([9; 32]);
        assert_eq!(verify(other_hash, &answer, &known), Err(Error::ReceiptSignature));
        let mut other_tablet = sent.clone();
        other_tablet.tablet_id = "131130-0018".parse().unwrap();
        assert_eq!(verify(other_tablet, &answer, &known), Err(Error::ReceiptSignature));
        let mut shorter = sent.clone();
        shorter.items.pop();
        assert_eq!(verify(shorter, &answer, &known), Err(Error::ReceiptShape));
        let mut greener = answer.clone();
        greener.outcomes = runs([Outcome::Delivered, Outcome::Delivered]);
        assert_eq!(verify(sent.clone(), &greener, &known), Err(Error::ReceiptSignature));
        let mut unknown = answer;
        unknown.key_id = "receipt-2".to_owned();
        assert_eq!(verify(sent, &unknown, &known), Err(Error::ReceiptKey));
    }
}
