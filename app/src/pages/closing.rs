//! The closing: what is typed, the four numbers as bars, what differs and the entries that may explain it.
//!
//! Must not: show more of a number than its last four digits.

use std::cell::RefCell;

use record::{EntryId, Moment, closing::Closing};
use slint::{ComponentHandle, SharedString};
use store::DayEntry;
use ui::{ClosingBar, ClosingDifference, ClosingPage, ClosingRow, Named as NamedRow, TabletWindow};

use super::model;
use crate::{
    dates,
    display::Language,
    messages::{self, Named},
    shell::Post,
    workflow::{
        Press,
        closing::{ClosingEdit, Row, candidates::candidates},
        open::Open,
    },
};

thread_local! {
    /// Which entry each named row is, for the press that names a row.
    static SHOWN: RefCell<Vec<EntryId>> = const { RefCell::new(Vec::new()) };
}

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<ClosingPage>();
    let to = post.clone();
    page.on_open_row(move |index| to.press(Press::OpenRow(index as usize)));
    let to = post.clone();
    page.on_key(move |text| {
        if let Some(digit) = text.chars().next() {
            to.press(Press::Digit(digit));
        }
    });
    let to = post.clone();
    page.on_take_back(move || to.press(Press::TakeBack));
    let to = post.clone();
    page.on_done(move || to.press(Press::Done));
    let to = post.clone();
    page.on_add_lot(move || to.press(Press::AddLot));
    let to = post.clone();
    page.on_choose_lot(move |index| to.press(Press::Choose(index as usize)));
    let to = post.clone();
    page.on_turn(move || to.press(Press::SetAside));
    let to = post.clone();
    page.on_open(move |index| {
        if let Some(entry_id) = SHOWN.with(|shown| shown.borrow().get(index as usize).copied()) {
            to.press(Press::OpenRecord(entry_id));
        }
    });
}

pub(crate) fn show(window: &TabletWindow, open: &Open, language: Language, now: Moment) {
    let page = window.global::<ClosingPage>();
    let Some(edit) = &open.closing else { return };
    page.set_day_line(dates::day(edit.day, language).into());
    page.set_rows(model::rows(
        &page.get_rows(),
        edit.rows().iter().map(|row| shown_row(edit, *row, language)).collect(),
    ));
    page.set_typing(edit.typing.is_some());
    page.set_adding(edit.adding_lot);
    let lots = edit.other_lots(&open.profile).into_iter().map(|lot| SharedString::from(lot.as_str()));
    page.set_lots(model::rows(&page.get_lots(), lots.collect()));
    let entries = edit.entries.as_deref().unwrap_or_default();
    page.set_loaded(edit.entries.is_some());
    page.set_nothing_recorded(edit.entries.is_some() && entries.is_empty());
    let closing = edit.closing(open);
    page.set_complete(closing.is_some());
    page.set_bars(model::rows(&page.get_bars(), bars(edit, closing.as_ref(), language)));
    let differences = closing.as_ref().map(Closing::differences).unwrap_or_default();
    page.set_even(closing.is_some() && differences.is_empty());
    let mut shown = Vec::new();
    let rows = differences.iter().map(|difference| {
        let named = candidates(difference, entries);
        let is_named = if named.is_empty() { Named::Nobody } else { Named::Some };
        let said = messages::difference(difference, is_named, language);
        let rows = named.iter().filter_map(|candidate| {
            let entry = entries.iter().find(|entry| entry.entry_id == candidate.entry_id)?;
            let index = shown.len() as i32;
            shown.push(entry.entry_id);
            let why = messages::why(candidate.why, language);
            Some(NamedRow { index, text: named_text(entry, language, now).into(), why: why.into() })
        });
        let named = model::fresh(rows.collect());
        ClosingDifference { sentence: said.sentence.into(), next_step: said.next_step.into(), named }
    });
    let rows: Vec<ClosingDifference> = rows.collect();
    page.set_differences(model::fresh(rows));
    SHOWN.with(|here| *here.borrow_mut() = shown);
    page.set_set_aside(edit.set_aside);
    page.set_keeping(edit.keeping);
    page.set_kept(edit.kept);
}

fn named_text(entry: &DayEntry, language: Language, now: Moment) -> String {
    let at = dates::time(entry.recorded_at, now.wall, language);
    let lot = entry.given.as_ref().map_or_else(String::new, |(_, lot)| format!("  {lot}"));
    format!("{at}  …{}{lot}", entry.coupon.number().last_four())
}

fn shown_row(edit: &ClosingEdit, row: Row, language: Language) -> ClosingRow {
    let lot = |place: usize| edit.lots.get(place).map_or_else(String::new, |lot| lot.lot.to_string());
    let (name, unit) = match row {
        Row::PaperForms => language.of(("予診票（紙）".to_owned(), "枚"), ("Paper forms".to_owned(), "")),
        Row::Vials(place) => language
            .of((format!("{} 使ったバイアル", lot(place)), "本"), (format!("{} vials used", lot(place)), "")),
        Row::DosesPerVial(place) => language.of(
            (format!("{} 1バイアルの回数", lot(place)), "回"),
            (format!("{} doses a vial", lot(place)), ""),
        ),
        Row::Discarded(place) => language.of(
            (format!("{} 廃棄した回数", lot(place)), "回"),
            (format!("{} doses discarded", lot(place)), ""),
        ),
    };
    let typed = edit.typing.as_ref().filter(|(open, _)| *open == row).map(|(_, typed)| typed.clone());
    let value = edit.value(row).map_or_else(String::new, |value| value.to_string());
    ClosingRow {
        name: name.into(),
        unit: unit.into(),
        current: typed.is_some(),
        value: typed.filter(|typed| !typed.is_empty()).unwrap_or(value).into(),
    }
}

/// Paper, records, receipts, and doses used with those who were only screened: four numbers that should be one.
fn bars(edit: &ClosingEdit, closing: Option<&Closing>, language: Language) -> Vec<ClosingBar> {
    let held = edit.held();
    let used = closing.map(|closing| closing.drawn() + i64::from(held.screened_only));
    let entries = i64::from(held.entries());
    let four = [
        (language.of("紙", "Paper"), edit.paper_forms.map(i64::from)),
        (language.of("記録", "Records"), Some(entries)),
        (language.of("受領証", "Receipts"), Some(i64::from(held.delivered))),
        (language.of("使った回数と予診のみ", "Used and screened"), used),
    ];
    let most = four.iter().filter_map(|(_, number)| *number).max().unwrap_or(0).max(1);
    let bar = |(name, number): (&str, Option<i64>)| ClosingBar {
        name: name.into(),
        number: number.map_or_else(|| "?".to_owned(), |number| number.to_string()).into(),
        share: number.map_or(0.0, |number| number.max(0) as f32 / most as f32),
        known: number.is_some(),
        even: number == Some(entries),
    };
    four.into_iter().map(bar).collect()
}
