//! One record's history.
//!
//! Must not: say 送信済み of anything but what the store says has its receipt.

use record::{EntryContent, Moment, WallTime, closing::Closing, entry::Corrected};
use slint::ComponentHandle;
use store::{HistoryRow, UploadState};
use ui::{EntryPage as Shown, Fact, HistoryStep, TabletWindow};

use super::{model, stock, words};
use crate::{
    dates,
    display::Language,
    messages,
    shell::Post,
    workflow::{
        Press,
        day::Field,
        entry::{EntryPage, says},
        open::Open,
    },
};

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<Shown>();
    let to = post.clone();
    page.on_correct(move || to.press(Press::Correct));
    let to = post.clone();
    page.on_cancel(move || to.press(Press::Cancel));
    let to = post.clone();
    page.on_back(move || to.press(Press::Back));
}

pub(crate) fn show(window: &TabletWindow, open: &Open, entry: &EntryPage, language: Language, now: Moment) {
    let page = window.global::<Shown>();
    page.set_can_change(entry.standing().is_some());
    let steps = entry.history.iter().map(|row| step(open, row, language, now.wall));
    page.set_steps(model::rows(&page.get_steps(), steps.collect()));
}

fn step(open: &Open, row: &HistoryRow, language: Language, now: WallTime) -> HistoryStep {
    let (tone, shape, word) = words::state(&row.state, language);
    let staff = open
        .profile
        .staff_member(&row.entry.staff_id)
        .map_or_else(|| row.entry.staff_id.to_string(), |staff| staff.name.to_string());
    let advice = match &row.state {
        UploadState::NeedsReview(reason) => {
            let said = messages::review(reason, language);
            format!("{} {}", said.sentence, said.next_step)
        }
        UploadState::Pending | UploadState::Delivered | UploadState::Settled(_) => String::new(),
    };
    HistoryStep {
        title: words::kind(&row.entry.content, language).into(),
        when: format!("{}  {staff}", dates::time(row.entry.recorded_at, now, language)).into(),
        tone,
        shape,
        word: word.into(),
        advice: advice.into(),
        facts: model::fresh(facts(row, language, now)),
    }
}

fn facts(row: &HistoryRow, language: Language, now: WallTime) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: String| facts.push(Fact { name: name.into(), value: value.into() });
    match &row.entry.content {
        EntryContent::Correction(correction) => {
            fact(language.of("理由", "Reason"), words::reason(correction.reason, language).to_owned());
        }
        EntryContent::Cancellation(cancellation) => {
            fact(language.of("理由", "Reason"), words::reason(cancellation.reason, language).to_owned());
        }
        EntryContent::Closing(closing) => {
            for (name, value) in closing_facts(closing, language) {
                fact(&name, value);
            }
        }
        EntryContent::Stock(act) => {
            for (name, value) in stock::facts(act, language) {
                fact(&name, value);
            }
        }
        EntryContent::Vaccination(_) | EntryContent::ScreenedOnly(_) => {}
    }
    match says(&row.entry.content) {
        Some(Corrected::Vaccination(vaccination)) => {
            let (coupon, day) = (vaccination.coupon, &vaccination.day);
            fact(language.of("番号", "Number"), coupon.grouped());
            fact(language.of("市区町村", "Municipality"), words::municipality(coupon.municipality()));
            fact(words::field(Field::Date, language), dates::day_and_year(day.vaccinated_on, language));
            fact(words::field(Field::Site, language), day.site.name.to_string());
            fact(words::field(Field::Physician, language), day.physician.to_string());
            let vaccine = format!(
                "{} {} {}",
                day.vaccine.manufacturer,
                day.lot,
                words::dose(day.dose.number(), language)
            );
            fact(words::field(Field::Vaccine, language), vaccine);
            fact(
                language.of("確認方法", "How it was checked"),
                words::witnesses(&vaccination.witnessed, language),
            );
        }
        Some(Corrected::ScreenedOnly(screened)) => {
            fact(language.of("番号", "Number"), screened.coupon.grouped());
            fact(
                language.of("市区町村", "Municipality"),
                words::municipality(screened.coupon.municipality()),
            );
            fact(language.of("予診日", "Screened on"), dates::day_and_year(screened.screened_on, language));
            fact(words::field(Field::Physician, language), screened.physician.to_string());
            fact(
                language.of("確認方法", "How it was checked"),
                words::witnesses(&screened.witnessed, language),
            );
        }
        None => {}
    }
    if let Some(received_at) = row.received_at {
        fact(
            language.of("送信先が受け取った時刻", "Received by the central"),
            dates::time(received_at, now, language),
        );
    }
    facts
}

/// A closing in its numbers, and where they differed.
fn closing_facts(closing: &Closing, language: Language) -> Vec<(String, String)> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let held = closing.held;
    let mut facts = vec![
        fact(words::field(Field::Date, language), dates::day_and_year(closing.closed_on, language)),
        fact(words::field(Field::Site, language), closing.site.name.to_string()),
        fact(language.of("予診票", "Paper forms"), closing.paper_forms.to_string()),
        fact(language.of("記録", "Records"), held.entries().to_string()),
        fact(language.of("受領証", "Receipts"), held.delivered.to_string()),
        fact(language.of("うち予診のみ", "Screened only"), held.screened_only.to_string()),
    ];
    for lot in &closing.lots {
        let said = language.of(
            format!(
                "{}本 × {}回 − 廃棄{}回 = {}回、記録 {}回",
                lot.vials,
                lot.doses_per_vial,
                lot.discarded,
                lot.drawn(),
                lot.recorded
            ),
            format!(
                "{} vials × {} − {} discarded = {}; recorded {}",
                lot.vials,
                lot.doses_per_vial,
                lot.discarded,
                lot.drawn(),
                lot.recorded
            ),
        );
        facts.push((language.of(format!("ロット {}", lot.lot), format!("Lot {}", lot.lot)), said));
    }
    let differences = closing.differences();
    let result = match differences.len() {
        0 => language.of("すべて一致".to_owned(), "Everything is even".to_owned()),
        _ => {
            let said = |it| messages::difference(it, messages::Named::Nobody, language).sentence;
            differences.iter().map(said).collect::<Vec<_>>().join(" ")
        }
    };
    facts.push(fact(language.of("結果", "Result"), result));
    facts
}
