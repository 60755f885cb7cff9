//! What a ledger's line, an outline and a content say, in both languages.
//!
//! Must not: read a clock.

use record::{
    MunicipalityTable, WallTime,
    envelope::{Kind, Method, Office, Purpose},
};

use super::words::MediaWords;
use crate::{
    console::{language::Language, phrases::number},
    media::{
        event::{Content, Event},
        file::Stage,
        jobs::Work,
        refusal::Reason,
    },
};

fn pick<T>(language: Language, japanese: T, english: T) -> T {
    match language {
        Language::Japanese => japanese,
        Language::English => english,
    }
}

/// 目的.
pub(super) fn purpose(language: Language, purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::RegisterPeople => pick(language, "接種対象者の登録", "registering people"),
        Purpose::UpdateRegister => pick(language, "予防接種台帳の更新", "updating the register"),
        Purpose::PeopleMoved => pick(language, "転出入に伴う引き継ぎ", "handing over people who moved"),
        Purpose::CheckRecords => pick(language, "記録の誤りの確認", "checking records for mistakes"),
    }
}

/// 運搬方法.
pub(super) fn method(language: Language, method: Method) -> &'static str {
    match method {
        Method::CarriedByTwo => pick(language, "職員2名で持参", "carried by two officers"),
        Method::RegisteredMail => pick(language, "書留郵便", "registered mail"),
        Method::HandedOverInside => pick(language, "庁内での受け渡し", "handed over within the office"),
    }
}

/// 内容の種類.
pub(super) fn kind(words: &MediaWords, kind: Kind) -> &'static str {
    match kind {
        Kind::People => words.people,
        Kind::Doses => words.doses,
        Kind::RegisterOutput => words.register_output,
        Kind::WaitingList => words.waiting_list,
    }
}

/// What goes out.
pub(super) fn content(language: Language, words: &MediaWords, content: Content) -> String {
    let form = |what: &str, spreadsheet: bool| {
        let form = if spreadsheet { words.for_spreadsheet } else { words.for_program };
        pick(language, format!("{what} {form}"), format!("{what}, {form}"))
    };
    match content {
        Content::RegisterOutput { spreadsheet } => form(words.register_output, spreadsheet),
        Content::WaitingList { spreadsheet } => form(words.waiting_list, spreadsheet),
        Content::FaultyRows { of } => format!("{} {}", words.faulty_rows, of.short()),
    }
}

/// An office by name and code.
pub(super) fn office(language: Language, office: Office) -> String {
    match office {
        Office::Central => pick(language, "中央サーバー", "the central").to_owned(),
        Office::Municipality(code) => match MunicipalityTable::shipped().find(code) {
            Some(municipality) => format!("{} ({code})", municipality.full_name()),
            None => code.to_string(),
        },
    }
}

/// A stage: its mark and its word.
pub(super) fn stage(words: &MediaWords, stage: Stage) -> (&'static str, &'static str) {
    match stage {
        Stage::Asked => ("person", words.asked),
        Stage::Withdrawn => ("awaited", words.withdrawn),
        Stage::Declined => ("stop", words.declined),
        Stage::Allowed => ("person", words.allowed),
        Stage::Making => ("awaited", words.making),
        Stage::Made => ("person", words.made),
        Stage::Arrived => ("safe", words.arrived),
        Stage::Reading => ("awaited", words.reading),
        Stage::Waiting => ("person", words.waiting),
        Stage::Effective => ("safe", words.effective),
        Stage::Discarded => ("awaited", words.discarded),
        Stage::Undone => ("awaited", words.undone),
        Stage::NotOpened => ("stop", words.not_opened),
    }
}

/// A reason and the next step.
pub(super) fn reason(language: Language, reason: Reason) -> &'static str {
    let (japanese, english) = reason.words();
    pick(language, japanese, english)
}

/// Day and time in Japan.
pub(super) fn at(at: WallTime) -> String {
    at.to_string().replace('T', " ").replace('-', "/").chars().take(16).collect()
}

/// `12,345行`.
pub(super) fn rows(language: Language, rows: u64) -> String {
    pick(language, format!("{}行", number(rows)), format!("{} rows", number(rows)))
}

/// `12,345バイト`.
pub(super) fn bytes(language: Language, bytes: u64) -> String {
    pick(language, format!("{}バイト", number(bytes)), format!("{} bytes", number(bytes)))
}

/// `12,345人`.
pub(super) fn people(language: Language, people: u64) -> String {
    pick(language, format!("{}人", number(people)), number(people))
}

/// How far a work has come. What changes the register says that nothing has changed before its end.
pub(super) fn progress(language: Language, work: Work, (done, of): (u64, u64)) -> String {
    let what = match work {
        Work::Making => pick(language, "作成しています", "Making it"),
        Work::Reading => pick(language, "読み込んでいます", "Reading it"),
        Work::TakingEffect => pick(
            language,
            "反映しています。終わるまで、すべてが前のままです",
            "It is taking effect. Until that ends, everything is as before",
        ),
        Work::Undoing => pick(
            language,
            "取り消しています。終わるまで、すべてが前のままです",
            "It is being undone. Until that ends, everything is as before",
        ),
        Work::Counting => pick(language, "数えています", "Counting"),
    };
    let (done, of) = (number(done), (of > 0).then(|| number(of)));
    match (language, of) {
        (Language::Japanese, Some(of)) => format!("{what}。{done} / {of}"),
        (Language::Japanese, None) => format!("{what}。{done}"),
        (Language::English, Some(of)) => format!("{what}: {done} of {of}."),
        (Language::English, None) => format!("{what}: {done}."),
    }
}

/// It was asked to stop and has not yet.
pub(super) fn stopping(language: Language) -> &'static str {
    pick(language, "中止しています。", "It is being stopped.")
}

/// What a line says was done.
pub(super) fn event(language: Language, words: &MediaWords, event: &Event) -> String {
    let fixed = |japanese: &str, english: &str| pick(language, japanese, english).to_owned();
    let why = |japanese: &str, english: &str, why: Reason| {
        let why = reason(language, why);
        pick(language, format!("{japanese}: {why}"), format!("{english}: {why}"))
    };
    match event {
        Event::CardTaken { .. } => fixed("鍵カードを登録", "registered the key card"),
        Event::CardWithdrawn => fixed("鍵カードを解除", "withdrew the key card"),
        Event::Asked { outline, content: what } => {
            let (what, document) = (content(language, words, *what), outline.document_number.as_str());
            pick(language, format!("申請({what}、{document})"), format!("asked for it ({what}; {document})"))
        }
        Event::Withdrawn => fixed("申請を取り下げ", "took it back"),
        Event::Declined => fixed("許可しない", "did not allow it"),
        Event::Allowed => fixed("許可", "allowed it"),
        Event::MakingBegun => fixed("作成を開始", "began to make it"),
        Event::Made { manifest, file_bytes } => {
            let (rows, bytes) = (rows(language, manifest.rows().unwrap_or(0)), bytes(language, *file_bytes));
            pick(language, format!("作成({rows}、{bytes})"), format!("made it ({rows}, {bytes})"))
        }
        Event::MakingStopped => fixed("作成を中止", "stopped making it"),
        Event::MakingFailed { reason } => why("作成できず", "it could not be made", *reason),
        Event::Downloaded => fixed("封緘ファイルを受け取り", "fetched it"),
        Event::ReceiptTaken { .. } => fixed("受領書を確認(届いた)", "checked the receipt: it arrived"),
        Event::ReceiptRefused { reason } => why("受領書を拒否", "refused a receipt", *reason),
        Event::Removed => fixed("中央サーバーから消去", "removed it from the central"),
        Event::ReadingBegun { manifest } => {
            let rows = rows(language, manifest.rows().unwrap_or(0));
            pick(language, format!("読込みを開始({rows})"), format!("began to read it ({rows})"))
        }
        Event::ReadingEnded { reason } => why("読込みを終了", "reading ended", *reason),
        Event::Opened { import, preview, .. } => {
            let (new, changed, faulty) =
                (number(preview.new), number(preview.changed), number(preview.faulty));
            pick(
                language,
                format!("開封して読込み(取込み{import}: 新規{new}、変更{changed}、取り込めない行{faulty})"),
                format!(
                    "opened and read it (import {import}: {new} new, {changed} changed, {faulty} faulty rows)"
                ),
            )
        }
        Event::Refused { reason, .. } => why("拒否", "refused", *reason),
        Event::TookEffect => fixed("反映", "let it take effect"),
        Event::Discarded => fixed("取込みを取りやめ", "discarded it"),
        Event::Undone => fixed("取込みを取消し", "undid it"),
        Event::NothingChanged { reason } => why("変更なし", "nothing changed", *reason),
    }
}

/// The sentence under a list of faulty rows.
pub(super) fn sentence(language: Language, said: &crate::media::event::Said) -> &str {
    pick(language, &said.japanese, &said.english)
}
