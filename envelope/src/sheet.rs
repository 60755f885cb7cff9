//! 作業記録票: what the ledger says of one envelope, as a page to print, with room for names, times and seals of those who
//! carried it.
//!
//! Must not: load anything from elsewhere, or show what the ledger does not hold.

use std::fmt::Write as _;

use record::{WallTime, envelope::EnvelopeId};

use crate::{
    language::Language,
    ledger::{Event, Line},
    words::{self, Choice as _},
};

/// One thing that was done, in a sentence.
pub(crate) fn sentence(event: &Event, language: Language) -> String {
    let pick = |japanese: String, english: String| language.pick(japanese, english);
    let office = |office| words::office(office, language);
    match event {
        Event::OfficeMade { office: which, by } => pick(
            format!("{by} が {} の鍵を作成", office(*which)),
            format!("{by} made the keys of {}", office(*which)),
        ),
        Event::PersonAdded { person, by, with: None } => {
            pick(format!("{by} が {person} を追加"), format!("{by} added {person}"))
        }
        Event::PersonAdded { person, by, with: Some(with) } => {
            pick(format!("{by} と {with} が {person} を追加"), format!("{by} and {with} added {person}"))
        }
        Event::PersonRemoved { person, by } => {
            pick(format!("{by} が {person} を解除"), format!("{by} removed {person}"))
        }
        Event::PassphraseChanged { person } => {
            pick(format!("{person} がパスフレーズを変更"), format!("{person} changed the passphrase"))
        }
        Event::CardGiven { by } => pick(format!("{by} が鍵カードを作成"), format!("{by} made a key card")),
        Event::CardTrusted { office: which, .. } => pick(
            format!("{} の鍵カードを登録", office(*which)),
            format!("took in the key card of {}", office(*which)),
        ),
        Event::CardForgotten { office: which } => pick(
            format!("{} の鍵カードを解除", office(*which)),
            format!("removed the key card of {}", office(*which)),
        ),
        Event::Asked { by, outline, .. } => {
            let to = office(outline.recipient.office);
            pick(format!("{by} が申請(送付先 {to})"), format!("{by} asked for it (to {to})"))
        }
        Event::Allowed { by, .. } => pick(format!("{by} が許可"), format!("{by} allowed it")),
        Event::Made { by, rows, bytes, .. } => {
            let (rows, bytes) = (words::number(*rows), words::number(*bytes));
            pick(
                format!("{by} が封緘({rows} 行 {bytes} バイト)"),
                format!("{by} sealed it ({rows} rows, {bytes} bytes)"),
            )
        }
        Event::OpeningBegun { by, .. } => {
            pick(format!("{by} が開封を開始"), format!("{by} began to open it"))
        }
        Event::Opened { by, outline, .. } => {
            let from = office(outline.sender.office);
            pick(format!("{by} が開封(送付元 {from})"), format!("{by} opened it (from {from})"))
        }
        Event::Refused { by, reason, .. } => {
            let why = why(reason, language);
            pick(format!("拒否: {why}({by})"), format!("refused: {why} ({by})"))
        }
        Event::ReceiptChecked { office: which, opened_at, .. } => {
            let (which, when) = (office(*which), words::at(*opened_at));
            pick(
                format!("{which} の受領書を確認(開封 {when})"),
                format!("checked the receipt of {which} (opened {when})"),
            )
        }
        Event::Erased { bytes, .. } => {
            let bytes = words::number(*bytes);
            pick(
                format!("上書きして消去({bytes} バイト)"),
                format!("overwritten and deleted ({bytes} bytes)"),
            )
        }
        Event::Lost { .. } => pick("媒体を紛失".to_owned(), "the medium was lost".to_owned()),
    }
}

/// A reason of refusal in a few words.
fn why(reason: &str, language: Language) -> String {
    let (japanese, english) = match reason {
        "opened_before" => ("2度目の開封", "opened a second time"),
        "expired" => ("期限切れ", "expired"),
        "other_recipient" => ("ほかの機関宛て", "for another office"),
        "unknown_sender" => ("送付元の鍵カード未登録", "sender's card not known"),
        "not_allowed" => ("2人目の承認なし", "second approval missing"),
        "same_person" => ("申請と許可が同じ人", "asked and allowed by the same person"),
        "approval_invalid" => ("承認の署名が不一致", "an approval does not fit"),
        "unknown_approver" => ("承認者が鍵カードにない", "approver not on the card"),
        "altered" => ("破損または改ざん", "damaged or altered"),
        "truncated" => ("途中で切れている", "cut short"),
        "too_long" => ("余分なものが付いている", "longer than it says"),
        "other_content" => ("中身が目録と不一致", "content not as in the manifest"),
        "unknown_version" => ("未知の版", "unknown version"),
        "from_future" => ("作成日時が未来", "made in the future"),
        "other_kind" => ("別の種類のファイル", "a file of another kind"),
        other => (other, other),
    };
    language.pick(japanese, english).to_owned()
}

const STYLE: &str = "body{font-family:'Noto Sans JP','Yu Gothic','Hiragino Sans',sans-serif;max-width:46rem;margin:2rem auto;\
color:#111;background:#fff;line-height:1.6}h1{font-size:1.4rem}h2{font-size:1.05rem;margin-top:1.6rem}table{border-collapse:\
collapse;width:100%}th,td{border:1px solid #444;padding:.35rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
th{background:#eee;font-weight:600;white-space:nowrap}.room{table-layout:fixed}.room td{height:2.6rem}.room th{white-space:normal}@media print{body{margin:0}}";

/// The page.
pub(crate) fn html(id: EnvelopeId, lines: &[&Line], now: WallTime, language: Language) -> String {
    let pick = |japanese: &'static str, english: &'static str| language.pick(japanese, english);
    let title = pick("作業記録票(取り外し媒体)", "Work record (removable medium)");
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n",
        pick("ja", "en")
    );
    let row = |page: &mut String, name: &str, value: &str| {
        // A String takes every write.
        let _ =
            writeln!(page, "<tr><th scope=\"row\">{}</th><td>{}</td></tr>", escaped(name), escaped(value));
    };
    page.push_str("<table>\n");
    row(&mut page, pick("封緘番号", "Envelope number"), &id.to_string());
    let known = lines.iter().find_map(|line| match &line.event {
        Event::Asked { outline, parts, .. } | Event::Opened { outline, parts, .. } => Some((outline, parts)),
        _ => None,
    });
    if let Some((outline, parts)) = known {
        row(&mut page, pick("送付元", "From"), &words::office(outline.sender.office, language));
        row(&mut page, pick("送付先", "To"), &words::office(outline.recipient.office, language));
        row(&mut page, pick("目的", "Purpose"), outline.purpose.shown(language));
        row(&mut page, pick("文書番号", "Document number"), outline.document_number.as_str());
        row(&mut page, pick("運搬方法", "Way of carrying"), outline.method.shown(language));
        row(&mut page, pick("内容の種類", "Kind of content"), outline.kind.shown(language));
        row(&mut page, pick("期限", "Expires"), &words::at(outline.expires_at));
        for part in parts {
            let (rows, bytes) = (words::number(part.rows), words::number(part.bytes));
            let value = language.pick(
                format!("{} / {rows} 行 / {bytes} バイト / SHA-256 {}", part.name, part.sha256),
                format!("{} / {rows} rows / {bytes} bytes / SHA-256 {}", part.name, part.sha256),
            );
            row(&mut page, pick("ファイル", "File"), &value);
        }
    }
    page.push_str("</table>\n");
    let _ = writeln!(page, "<h2>{}</h2>\n<table>", pick("記録簿", "Ledger"));
    for line in lines {
        row(&mut page, &words::at(line.at), &sentence(&line.event, language));
    }
    let _ = writeln!(page, "</table>\n<h2>{}</h2>", pick("手書きの記入欄", "To be filled in by hand"));
    let heads = [
        pick("作業", "Step"),
        pick("日時", "When"),
        pick("担当者", "Who"),
        pick("確認者", "Seen by"),
        pick("印", "Seal"),
    ];
    let _ = writeln!(
        page,
        "<table class=\"room\">\n<tr>{}</tr>",
        heads.map(|head| format!("<th scope=\"col\">{head}</th>")).concat()
    );
    for step in [
        pick("媒体の持ち出し(媒体番号)", "Medium taken out (its number)"),
        pick("引き渡し", "Handed over"),
        pick("開封", "Opened"),
        pick("受領書の受け取り", "Receipt returned"),
        pick("消去", "Erased"),
        pick("媒体の返却・保管", "Medium returned and locked away"),
    ] {
        let _ = writeln!(page, "<tr><th scope=\"row\">{step}</th><td></td><td></td><td></td><td></td></tr>");
    }
    let made = language.pick(format!("作成: {}", words::at(now)), format!("Made: {}", words::at(now)));
    let _ = writeln!(page, "</table>\n<p>{made}</p>\n</body>\n</html>");
    page
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
