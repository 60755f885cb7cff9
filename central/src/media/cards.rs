//! The 鍵カード of a municipality's own office (made by vrs-envelope), as an officer registers it: the 確認番号 compared with what
//! was told on paper or by telephone, later cards of the same key without that, people who joined confirmed by a person.
//!
//! Must not: take another key in the place of one that is known.

use record::{
    MunicipalityCode, WallTime,
    envelope::{AccountName, Approvers, Card, Office},
};
use seal::envelope::read_card;

use super::{
    event::{About, Event, Line},
    ledger::{self, LedgerError},
    refusal::Reason,
};
use crate::storage::{Storage, StorageError};

/// A card that is not registered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offered {
    /// It may be registered.
    Fits(Card),
    /// It may not.
    Refused(Reason),
    /// These people are on it and were not before: a person must confirm them.
    Joined(Vec<AccountName>),
}

/// The card that holds, with when and by whom it was registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The card.
    pub card: Card,
    /// Who registered it.
    pub by: AccountName,
    /// When.
    pub at: WallTime,
}

/// The card of that municipality that holds.
///
/// # Errors
/// [`StorageError`]; [`StorageError::Inconsistent`] where a kept card does not hold.
pub async fn registered(
    storage: &dyn Storage,
    municipality: MunicipalityCode,
) -> Result<Option<Registered>, StorageError> {
    current(&ledger::lines_about(storage, municipality, About::Card).await?)
}

fn current(lines: &[Line]) -> Result<Option<Registered>, StorageError> {
    match lines.last().map(|line| (line, &line.event)) {
        Some((line, Event::CardTaken { card })) => {
            let card = read_card(card.as_bytes()).map_err(|_| StorageError::Inconsistent("card"))?;
            Ok(Some(Registered { card, by: line.by.clone(), at: line.at }))
        }
        _ => Ok(None),
    }
}

/// Judges a card's file. `typed` is the 確認番号 as the officer was told it; it counts where no card is known.
#[must_use]
pub fn judge(
    file: &[u8],
    known: Option<&Card>,
    municipality: MunicipalityCode,
    typed: &str,
    is_confirmed: bool,
) -> Offered {
    let card = match read_card(file) {
        Ok(card) => card,
        Err(refusal) => return Offered::Refused(refusal.into()),
    };
    if card.office != Office::Municipality(municipality) {
        return Offered::Refused(Reason::OtherOffice);
    }
    let Some(known) = known else {
        let is_told = digits(typed) == digits(&seal::bundle::check_number(&card.signing_key));
        return if is_told { Offered::Fits(card) } else { Offered::Refused(Reason::OtherCheckNumber) };
    };
    if card.signing_key != known.signing_key || card.sealed_to != known.sealed_to {
        return Offered::Refused(Reason::OtherKey);
    }
    if card.issued_at < known.issued_at {
        return Offered::Refused(Reason::OlderCard);
    }
    let joined = joined(&card, known);
    if joined.is_empty() || is_confirmed { Offered::Fits(card) } else { Offered::Joined(joined) }
}

/// Who is on the card and was not on the known one, or had another key there.
fn joined(card: &Card, known: &Card) -> Vec<AccountName> {
    let Approvers::Signed { people } = &card.approvers else { return Vec::new() };
    let is_new = |person: &&record::envelope::Person| !known.knows(&person.account, &person.key);
    people.iter().filter(is_new).map(|person| person.account.clone()).collect()
}

/// The digits of a 確認番号, full-width ones too, whatever stands between them.
fn digits(text: &str) -> String {
    let narrow = |sign: char| match sign {
        '０'..='９' => char::from_digit(sign as u32 - '０' as u32, 10),
        sign => Some(sign),
    };
    text.chars().filter_map(narrow).filter(char::is_ascii_digit).collect()
}

/// Registers a card that fits.
///
/// # Errors
/// [`LedgerError`].
pub async fn register(
    storage: &dyn Storage,
    municipality: MunicipalityCode,
    file: &[u8],
    by: (AccountName, WallTime),
) -> Result<(), LedgerError> {
    let card = String::from_utf8_lossy(file).into_owned();
    ledger::add(storage, municipality, About::Card, by, Event::CardTaken { card }).await.map(drop)
}
