//! What a facility's page says line by line: its kinds, its ledger, and which recalled lots remain.
//!
//! Must not: read anything itself.

use std::collections::BTreeSet;

use record::WallTime;
use vsys::{Balance, KindHistory, facility::OfficerName, ledger::Account};

use super::{
    event_words::{event, kind_word, storage_word},
    nav::lot_address,
    recall::PublishedLots,
    words::stock_words,
};
use crate::{
    console::{language::Language, phrases},
    storage::{BY_A_CLOSING, BY_THE_REGISTER, KeptLine},
};

/// A row.
pub(super) struct KindRow {
    pub(super) product: String,
    pub(super) kind: &'static str,
    pub(super) state: &'static str,
    pub(super) mark: &'static str,
    pub(super) since: String,
    pub(super) by: String,
    pub(super) reason: String,
}

/// A row.
pub(super) struct LineRow {
    pub(super) number: String,
    pub(super) at: String,
    pub(super) said: String,
    pub(super) product: String,
    pub(super) lot: String,
    pub(super) storage: &'static str,
    pub(super) by: String,
    pub(super) reason: Option<String>,
}

/// Recalled lots of which something is on hand or on its way, each with its page.
pub(super) fn recalled(
    accounts: &[(Account, Balance)],
    published: &PublishedLots,
    now: WallTime,
) -> Vec<(String, String)> {
    let remains = |(account, balance): &&(Account, Balance)| {
        matches!(account, Account::OnHand(_) | Account::InTransit(..)) && !balance.amount().is_none()
    };
    let lots: BTreeSet<_> = accounts
        .iter()
        .filter(remains)
        .map(|(account, _)| (&account.key().product, &account.key().lot))
        .filter(|(_, lot)| published.recalled(lot, now).is_some())
        .collect();
    lots.into_iter().map(|(product, lot)| (format!("{product} {lot}"), lot_address(product, lot))).collect()
}

/// The newest decision first; of each product the one in force is marked.
pub(super) fn kind_rows(language: Language, kinds: &KindHistory, now: WallTime) -> Vec<KindRow> {
    let words = stock_words(language);
    let in_force = |index: usize| {
        let change = &kinds.changes()[index];
        let of_product = kinds
            .changes()
            .iter()
            .enumerate()
            .filter(|(_, other)| other.product == change.product && other.effective_from <= now);
        of_product.max_by_key(|(_, other)| other.effective_from).is_some_and(|(last, _)| last == index)
    };
    let row = |(index, change): (usize, &vsys::KindChange)| {
        let (state, mark) = match () {
            () if in_force(index) => (words.in_force, "safe"),
            () if change.effective_from > now => (words.to_come, "awaited"),
            () => (words.was, "quiet"),
        };
        KindRow {
            product: change.product.to_string(),
            kind: kind_word(language, change.kind),
            state,
            mark,
            since: phrases::at(change.effective_from, now),
            by: change.by.to_string(),
            reason: change.reason.to_string(),
        }
    };
    kinds.changes().iter().enumerate().rev().map(row).collect()
}

pub(super) fn line_row(language: Language, kept: &KeptLine, now: WallTime) -> LineRow {
    let line = &kept.line;
    LineRow {
        number: phrases::number(kept.number),
        at: phrases::at(line.at, now),
        said: event(language, &line.event),
        product: line.key.product.to_string(),
        lot: line.key.lot.to_string(),
        storage: storage_word(language, line.key.storage),
        by: said_by(language, &line.by),
        reason: line.reason.as_ref().map(ToString::to_string),
    }
}

/// An account's name, or that the central derived it from records or closings.
fn said_by(language: Language, by: &OfficerName) -> String {
    match (by.as_str(), language) {
        (BY_THE_REGISTER, Language::Japanese) => "接種記録から自動".to_owned(),
        (BY_THE_REGISTER, Language::English) => "from the records".to_owned(),
        (BY_A_CLOSING, Language::Japanese) => "端末の締めから自動".to_owned(),
        (BY_A_CLOSING, Language::English) => "from a tablet's closing".to_owned(),
        _ => by.to_string(),
    }
}
