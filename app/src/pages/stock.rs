//! Stock: the rows, the list or the digits of the one that is open, and what would be kept as one sentence.
//!
//! Must not: hold a choice of its own; `workflow::stock` has them all.

use record::stock::{Deed, DiscardReason, StockAct, Storage};
use slint::ComponentHandle;
use ui::{Choice, DayRow, StockPage, TabletWindow};

use super::model;
use crate::{
    dates,
    display::Language,
    profile::Profile,
    shell::Post,
    workflow::{
        Press,
        open::Open,
        stock::{DeedKind, Row, Slip, StockEdit},
    },
};

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<StockPage>();
    let to = post.clone();
    page.on_open(move |index| to.press(Press::OpenRow(index as usize)));
    let to = post.clone();
    page.on_choose(move |index| to.press(Press::Choose(index as usize)));
    let to = post.clone();
    page.on_key(move |text| {
        if let Some(digit) = text.chars().next() {
            to.press(Press::Digit(digit));
        }
    });
    let to = post.clone();
    page.on_take_back(move || to.press(Press::TakeBack));
    let to = post.clone();
    page.on_close(move || to.press(Press::Back));
    let to = post.clone();
    page.on_done(move || to.press(Press::Done));
}

pub(crate) fn show(window: &TabletWindow, open: &Open, edit: &StockEdit, language: Language) {
    let page = window.global::<StockPage>();
    let (profile, day) = (&open.profile, open.day.as_ref());
    let day_line = day.map(|day| format!("{}  {}", dates::day(day.vaccinated_on, language), day.site.name));
    page.set_day_line(day_line.unwrap_or_default().into());
    let rows = edit.rows().into_iter().map(|row| shown_row(edit, row, profile, language));
    page.set_rows(model::rows(&page.get_rows(), rows.collect()));
    let act = day.and_then(|day| edit.act(day, profile));
    page.set_complete(act.is_some());
    page.set_sentence(act.map(|act| sentence(&act, language)).unwrap_or_default().into());
    page.set_keeping(edit.keeping);
    let Some((row, typed)) = &edit.at else {
        page.set_opened(false);
        return;
    };
    page.set_opened_name(name(*row, language).into());
    page.set_choices(model::rows(&page.get_choices(), choices(edit, *row, profile, language)));
    page.set_typing(StockEdit::digits(*row).is_some());
    page.set_unit(unit(*row, language).into());
    page.set_typed(as_typed(edit, *row, typed, profile).into());
    page.set_opened(true);
}

/// What was typed; before that what stands in the row.
fn as_typed(edit: &StockEdit, row: Row, typed: &str, profile: &Profile) -> String {
    if !typed.is_empty() {
        return typed.to_owned();
    }
    let number = |number: Option<u32>| number.map(|number| number.to_string());
    let stands = match (row, edit.slip) {
        (Row::Vials, _) => number(edit.vials),
        (Row::Doses, _) => number(edit.doses(profile)),
        (Row::Slip, Some(Slip::Number(slip))) => Some(slip.to_string()),
        _ => None,
    };
    stands.unwrap_or_default()
}

fn name(row: Row, language: Language) -> &'static str {
    match row {
        Row::Deed => language.of("内容", "What was done"),
        Row::Lot => language.of("ワクチンとロット", "Vaccine and lot"),
        Row::Storage => language.of("保管の状態", "How it is kept"),
        Row::Slip => language.of("移送伝票番号", "Slip number"),
        Row::Reason => language.of("廃棄の理由", "Why discarded"),
        Row::Vials => language.of("バイアル", "Vials"),
        Row::Doses => language.of("回数分", "Doses"),
    }
}

fn unit(row: Row, language: Language) -> &'static str {
    match row {
        Row::Vials => language.of("本", "vials"),
        Row::Doses => language.of("回分", "doses"),
        Row::Deed | Row::Lot | Row::Storage | Row::Slip | Row::Reason => "",
    }
}

pub(super) fn deed(deed: DeedKind, language: Language) -> &'static str {
    match deed {
        DeedKind::Received => language.of("受け取り", "Received"),
        DeedKind::Sent => language.of("引渡し", "Sent"),
        DeedKind::Counted => language.of("棚卸し", "Counted"),
        DeedKind::Discarded => language.of("廃棄", "Discarded"),
    }
}

fn deed_note(deed: DeedKind, language: Language) -> &'static str {
    match deed {
        DeedKind::Received => language.of("届いた", "it arrived"),
        DeedKind::Sent => language.of("ほかの施設へ渡した", "it left for another facility"),
        DeedKind::Counted => language.of("残りをかぞえた", "what is left was counted"),
        DeedKind::Discarded => language.of("捨てた", "it was thrown away"),
    }
}

pub(super) fn storage(storage: Storage, language: Language) -> &'static str {
    match storage {
        Storage::Frozen => language.of("超低温で凍結", "Frozen, ultra-cold"),
        Storage::Thawed => language.of("解凍・冷蔵", "Thawed, refrigerated"),
    }
}

pub(super) fn reason(reason: DiscardReason, language: Language) -> &'static str {
    match reason {
        DiscardReason::Expired => language.of("期限切れ", "Expired"),
        DiscardReason::OutOfTemperature => language.of("温度逸脱", "Out of temperature"),
        DiscardReason::Broken => language.of("破損", "Broken"),
        DiscardReason::LeftOver => language.of("接種できずに残った", "Left over"),
        DiscardReason::LessThanExpected => language.of("回数が足りなかった", "Fewer doses than expected"),
        DiscardReason::MissingWhenCounted => language.of("棚卸しで不足", "Missing when counted"),
        DiscardReason::LostInTransit => language.of("移送中に失われた", "Lost on its way"),
        DiscardReason::Recalled => language.of("回収", "Recalled"),
    }
}

fn direct(language: Language) -> &'static str {
    language.of("直接の納入（伝票なし）", "Direct delivery (no slip)")
}

fn shown_row(edit: &StockEdit, row: Row, profile: &Profile, language: Language) -> DayRow {
    let amount = |number: u32| match row {
        Row::Vials => language.of(format!("{number}本"), format!("{number} vials")),
        _ => language.of(format!("{number}回分"), format!("{number} doses")),
    };
    let value = match row {
        Row::Deed => edit.deed.map(|it| deed(it, language).to_owned()),
        Row::Lot => edit.lot.as_ref().map(|(vaccine, lot)| format!("{lot}  {}", vaccine.product)),
        Row::Storage => edit.storage.map(|it| storage(it, language).to_owned()),
        Row::Slip => edit.slip.map(|slip| match slip {
            Slip::Direct => direct(language).to_owned(),
            Slip::Number(slip) => slip.grouped(),
        }),
        Row::Reason => edit.reason.map(|it| reason(it, language).to_owned()),
        Row::Vials => edit.vials.map(amount),
        Row::Doses => edit.doses(profile).map(amount),
    };
    let missing = value.is_none();
    let asks = match StockEdit::digits(row) {
        Some(_) => language.of("入力してください", "Please type"),
        None => language.of("選んでください", "Please choose"),
    };
    DayRow {
        name: name(row, language).into(),
        missing,
        value: value.unwrap_or_else(|| asks.to_owned()).into(),
    }
}

fn choices(edit: &StockEdit, row: Row, profile: &Profile, language: Language) -> Vec<Choice> {
    let choice =
        |text: &str, note: &str, chosen| Choice { text: text.into(), note: note.into(), chosen, seen: false };
    match row {
        Row::Deed => DeedKind::ALL
            .iter()
            .map(|each| choice(deed(*each, language), deed_note(*each, language), edit.deed == Some(*each)))
            .collect(),
        Row::Lot => StockEdit::lots(profile)
            .iter()
            .map(|each| choice(each.1.as_str(), each.0.product.as_str(), edit.lot.as_ref() == Some(each)))
            .collect(),
        Row::Storage => Storage::ALL
            .iter()
            .map(|each| choice(storage(*each, language), "", edit.storage == Some(*each)))
            .collect(),
        Row::Reason => DiscardReason::GIVEN
            .iter()
            .map(|each| choice(reason(*each, language), "", edit.reason == Some(*each)))
            .collect(),
        Row::Slip if edit.deed == Some(DeedKind::Received) => {
            vec![choice(direct(language), "", edit.slip == Some(Slip::Direct))]
        }
        Row::Slip | Row::Vials | Row::Doses => Vec::new(),
    }
}

/// `FF3620を5本（25回分）受け取りました。`
pub(super) fn sentence(act: &StockAct, language: Language) -> String {
    let (lot, vials, doses) = (&act.lot, act.vials, act.doses);
    let amount = language.of(format!("{vials}本（{doses}回分）"), format!("{vials} vials ({doses} doses)"));
    match act.deed {
        Deed::Received { .. } => language
            .of(format!("{lot}を{amount}受け取りました。"), format!("{amount} of {lot} were received.")),
        Deed::Sent { .. } => {
            language.of(format!("{lot}を{amount}渡しました。"), format!("{amount} of {lot} were sent."))
        }
        Deed::Counted {} => {
            language.of(format!("{lot}は{amount}残っています。"), format!("{amount} of {lot} are left."))
        }
        Deed::Discarded { reason: why } => language.of(
            format!("{lot}を{amount}廃棄しました（{}）。", reason(why, language)),
            format!("{amount} of {lot} were discarded ({}).", reason(why, language)),
        ),
    }
}

/// An act in its rows, for the page of one record.
pub(super) fn facts(act: &StockAct, language: Language) -> Vec<(String, String)> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let mut facts = vec![
        fact(language.of("日付", "Date"), dates::day_and_year(act.done_on, language)),
        fact(language.of("会場", "Site"), act.site.name.to_string()),
        fact(name(Row::Lot, language), format!("{}  {}", act.lot, act.vaccine.product)),
        fact(name(Row::Storage, language), storage(act.storage, language).to_owned()),
    ];
    match (act.deed, act.deed.slip()) {
        (_, Some(slip)) => facts.push(fact(name(Row::Slip, language), slip.grouped())),
        (Deed::Received { .. }, None) => {
            facts.push(fact(name(Row::Slip, language), direct(language).to_owned()));
        }
        (Deed::Discarded { reason: why }, _) => {
            facts.push(fact(name(Row::Reason, language), reason(why, language).to_owned()));
        }
        _ => {}
    }
    facts.push(fact(language.of("数", "Amount"), {
        let (vials, doses) = (act.vials, act.doses);
        language.of(format!("{vials}本（{doses}回分）"), format!("{vials} vials ({doses} doses)"))
    }));
    facts
}
