//! What a sealed file says of itself, what an import of it would do, and what an officer may do with it now.
//!
//! Must not: decide; what is offered here is judged again when it is done.

use record::envelope::{EnvelopeId, Office};

use super::{
    facts::{Around, is_approver},
    phrases,
};
use crate::{
    console::{language::Language, phrases::number},
    media::{
        cards,
        event::Content,
        file::{SealedFile, Stage},
        spool::Kind,
    },
    municipality::officer::Officer,
    state::Central,
    storage::StorageError,
};

pub(super) struct Preview {
    pub(super) counts: Vec<(&'static str, String)>,
    pub(super) has_faulty: bool,
    pub(super) is_more: bool,
    pub(super) shown: Vec<(String, String)>,
}

/// What this officer may do with it now.
#[derive(Default)]
pub(super) struct May {
    pub(super) allow: bool,
    pub(super) wait_for_approver: bool,
    pub(super) withdraw: bool,
    pub(super) make: bool,
    pub(super) download: bool,
    pub(super) is_gone: bool,
    pub(super) take_receipt: bool,
    pub(super) get_receipt: bool,
    pub(super) take_effect: bool,
    pub(super) wait_for_other: bool,
    pub(super) discard: bool,
    pub(super) undo: bool,
}

/// 確認番号 of the card that a file goes out to, where that card still holds.
pub(super) async fn recipient_number(
    central: &Central,
    officer: &Officer,
    file: &SealedFile,
) -> Result<Option<String>, StorageError> {
    let Some((outline, _)) = &file.asked else { return Ok(None) };
    let known = cards::registered(&*central.storage, officer.municipality).await?;
    let known = known.filter(|known| known.card.sealed_to == outline.recipient.key);
    Ok(known.map(|known| seal::bundle::check_number(&known.card.signing_key)))
}

/// What it holds, in words.
pub(super) fn what(language: Language, around: &Around, file: &SealedFile) -> String {
    match (&file.asked, &file.manifest) {
        (Some((_, content)), _) => phrases::content(language, around.media, *content),
        (None, Some(manifest)) => phrases::kind(around.media, manifest.outline.kind).to_owned(),
        (None, None) => around.media.media.to_owned(),
    }
}

/// Everything that it says of itself, and who did what.
pub(super) fn facts(
    language: Language,
    around: &Around,
    file: &SealedFile,
    people: u64,
    check_number: Option<String>,
) -> Vec<(&'static str, String)> {
    let words = around.media;
    let mut facts = vec![];
    if let Some(outline) = file.outline() {
        facts.push((words.number, outline.envelope_id.to_string()));
        facts.push((words.sender, phrases::office(language, outline.sender.office)));
        facts.push((words.to_whom, phrases::office(language, outline.recipient.office)));
        facts.extend(check_number.map(|number| (words.check_number, number)));
        facts.push((words.purpose, phrases::purpose(language, outline.purpose).to_owned()));
        facts.push((words.document_number, outline.document_number.to_string()));
        facts.push((words.method, phrases::method(language, outline.method).to_owned()));
        facts.push((words.expires, phrases::at(outline.expires_at)));
    }
    let who = |by: &dyn std::fmt::Display, at| format!("{by} {}", phrases::at(at));
    facts.push((if file.goes_out() { words.asked_by } else { words.brought_by }, who(&file.by, file.at)));
    if let Some((by, at)) = &file.allowed {
        facts.push((words.allowed_by, who(by, *at)));
    }
    match (&file.manifest, file.goes_out()) {
        (Some(manifest), goes_out) => {
            if !goes_out {
                let both = format!("{} / {}", manifest.asked.account, manifest.allowed.account);
                facts.push((words.sender_people, both));
            }
            facts.push((words.rows, phrases::rows(language, manifest.rows().unwrap_or(0))));
            if file.file_bytes > 0 {
                facts.push((words.size, phrases::bytes(language, file.file_bytes)));
            }
        }
        (None, true) if !matches!(file.asked, Some((_, Content::FaultyRows { .. }))) => {
            facts.push((words.now_people, phrases::people(language, people)));
        }
        (None, _) => {}
    }
    facts
}

pub(super) fn preview(language: Language, around: &Around, file: &SealedFile) -> Option<Preview> {
    let words = around.media;
    let preview = file.preview.as_ref()?;
    let counts = [
        (words.new, preview.new),
        (words.changed, preview.changed),
        (words.unchanged, preview.unchanged),
        (words.faulty, preview.faulty),
    ];
    let sentences = |row: &crate::media::event::FaultyRow| {
        let said: Vec<&str> = row.said.iter().map(|said| phrases::sentence(language, said)).collect();
        (number(row.row), said.join(if language == Language::Japanese { "" } else { " " }))
    };
    Some(Preview {
        counts: counts.map(|(name, count)| (name, number(count))).to_vec(),
        has_faulty: preview.faulty > 0,
        is_more: preview.faulty > preview.shown.len() as u64,
        shown: preview.shown.iter().map(sentences).collect(),
    })
}

pub(super) fn may(central: &Central, officer: &Officer, id: EnvelopeId, file: &SealedFile) -> May {
    let is_another = file.by.as_str() != officer.name.as_str();
    let may_decide = is_approver(officer) && is_another;
    let lies_there = || central.media.spool.path(officer.municipality, id, Kind::Made).exists();
    let is_here = file.stage == Stage::Made && !file.is_removed && lies_there();
    let is_out = file.outline().is_some_and(|outline| outline.sender.office == Office::Central);
    May {
        allow: file.stage == Stage::Asked && may_decide,
        wait_for_approver: file.stage == Stage::Asked && !may_decide,
        withdraw: matches!(file.stage, Stage::Asked | Stage::Allowed),
        make: file.stage == Stage::Allowed,
        download: is_here,
        is_gone: matches!(file.stage, Stage::Made | Stage::Arrived) && !is_here,
        take_receipt: file.stage == Stage::Made && is_out,
        get_receipt: !file.goes_out() && file.receipt.is_some(),
        take_effect: file.stage == Stage::Waiting && may_decide,
        wait_for_other: file.stage == Stage::Waiting && !may_decide,
        discard: file.stage == Stage::Waiting,
        undo: file.stage == Stage::Effective && is_approver(officer),
    }
}
