//! 操作の記録: who did what with the municipality's people and records, newest first, by conditions and in pages.
//!
//! Must not: show another municipality's lines, or change one.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    audit_words::{AuditWords, audit_words, said, whom},
    mark_text,
    officer::{Bar, Officer},
    people::unavailable,
    phrases,
    words::{Words, words},
};
use crate::{
    archive::hex,
    console::{
        language::{Chosen, Language},
        page::{Frame, page},
    },
    people::sealing::SealingError,
    state::Central,
    storage::{AccountName, Line, LineQuestion},
};

/// Lines of one page.
const ROWS: u32 = 50;

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    frame: Frame,
    own: &'static Words,
    audit: &'static AuditWords,
    bar: Bar,
    message: Option<&'static str>,
    kinds: Vec<(&'static str, &'static str)>,
    asked: Asked,
    has_conditions: bool,
    rows: Vec<Row>,
    /// Where older lines are.
    older: Option<String>,
    /// The newest of the same question.
    newest: Option<String>,
    /// Place and check value.
    end: Option<(u64, String)>,
}

struct Row {
    position: u64,
    at: String,
    account: String,
    what: String,
    /// Address and 宛名番号.
    person: Option<(String, String)>,
}

/// Which lines.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    of: String,
    #[serde(default)]
    account: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    before: String,
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    match looked(&central, &officer, chosen.language, asked).await {
        Ok((status, template)) => page(status, chosen, &template, []),
        Err(error) => unavailable(&error),
    }
}

async fn looked(
    central: &Central,
    officer: &Officer,
    language: Language,
    asked: Asked,
) -> Result<(StatusCode, AuditPage), SealingError> {
    let audit = audit_words(language);
    let (status, message, lines) = match question(officer, &asked) {
        Some(question) => (StatusCode::OK, None, central.storage.lines(question).await?),
        None => (StatusCode::UNPROCESSABLE_ENTITY, Some(audit.bad_question), Vec::new()),
    };
    let keys = officer.keys(central).await?;
    let more = lines.get(ROWS as usize - 1).filter(|_| lines.len() > ROWS as usize);
    let older = more.map(|line| asked.address(&line.position.to_string()));
    let row = |line: &Line| Row {
        position: line.position,
        at: phrases::dated(line.at),
        account: line.account.clone(),
        what: said(language, line),
        person: whom(language, keys.as_ref(), line),
    };
    let rows = lines.iter().take(ROWS as usize).map(row).collect();
    let end = central.storage.last_link(officer.municipality).await?;
    let template = AuditPage {
        frame: Frame::new(language),
        own: words(language),
        audit,
        bar: officer.bar(language),
        message,
        kinds: KINDS.iter().map(|(code, _)| (*code, audit.group(code))).collect(),
        has_conditions: [&asked.of, &asked.account, &asked.person].iter().any(|text| !text.is_empty()),
        newest: (!asked.before.is_empty()).then(|| asked.address("")),
        asked,
        rows,
        older,
        end: end.map(|(position, link)| (position, grouped(&hex(&link[..10])))),
    };
    Ok((status, template))
}

/// Groups of kinds, by the word of the address.
const KINDS: &[(&str, &[&str])] = &[
    ("", &[]),
    ("look_ups", &["looked_up", "was_looked_up"]),
    ("people", &["searched", "person_shown", "entries_shown"]),
    ("decisions", &["decided"]),
    ("imports", &["import_took_effect", "import_undone"]),
    ("accounts", &["account_added", "account_disabled", "account_reset"]),
    (
        "tablets",
        &[
            "bundles_revoked",
            "tablet_replaced",
            "declared_lost",
            "box_made",
            "box_revoked",
            "recovery_released",
        ],
    ),
    ("files", &["sealed_file", "key_card_taken", "key_card_withdrawn"]),
    (
        "stock",
        &[
            "facility_registered",
            "kind_changed",
            "stock_recorded",
            "transfer_acted",
            "bookings_entered",
            "lot_dated",
            "ordered",
        ],
    ),
];

impl AuditWords {
    fn group(&self, code: &str) -> &'static str {
        match code {
            "look_ups" => self.of_look_ups,
            "people" => self.of_people,
            "decisions" => self.of_decisions,
            "imports" => self.of_imports,
            "accounts" => self.of_accounts,
            "tablets" => self.of_tablets,
            "stock" => self.of_stock,
            "files" => self.of_files,
            _ => self.all,
        }
    }
}

/// None where a condition cannot be used.
fn question(officer: &Officer, asked: &Asked) -> Option<LineQuestion> {
    let (_, kinds) = KINDS.iter().find(|(code, _)| *code == asked.of)?;
    let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let account = match given(&asked.account) {
        Some(name) => Some(name.parse::<AccountName>().ok()?.as_str().to_owned()),
        None => None,
    };
    let person = match given(&asked.person) {
        Some(text) => Some(mark_text::read(&text)?),
        None => None,
    };
    let before = match given(&asked.before) {
        Some(text) => Some(text.parse().ok()?),
        None => None,
    };
    let municipality = officer.municipality;
    Some(LineQuestion { municipality, kinds: kinds.to_vec(), account, person, before, most: ROWS + 1 })
}

impl Asked {
    /// The address of the same question from that place on; every part was read and needs no escaping.
    fn address(&self, before: &str) -> String {
        let Self { of, account, person, .. } = self;
        format!("/municipality/audit?of={of}&account={}&person={person}&before={before}", account.trim())
    }
}

/// In groups of five, to be read aloud.
fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_that_a_group_names_is_one() {
        let known = include_str!("../audit/act.rs");
        for kind in KINDS.iter().flat_map(|(_, kinds)| kinds.iter()) {
            assert!(known.contains(&format!("\"{kind}\"")), "{kind}");
        }
        assert_eq!(grouped("0123456789ab"), "01234 56789 ab");
    }
}
