//! The list.
//!
//! Must not: show more of a number than its last four digits.

use std::cell::RefCell;

use record::{CalendarDate, Moment};
use slint::{ComponentHandle, Model, VecModel};
use store::{ListFilter, ListRow, NumberEnding};
use ui::{Record, RecordsPage, TabletWindow};

use super::{model, words};
use crate::{
    dates,
    display::Language,
    shell::Post,
    wedge,
    workflow::{
        Press,
        open::Open,
        records::{Records, Search},
    },
};

thread_local! {
    /// What the rows were made of, for the press that names a row, and so that ten thousand of them are not made anew
    /// for each thing that happens.
    static SHOWN: RefCell<Shown> = RefCell::new(Shown::default());
}

#[derive(Default)]
struct Shown {
    rows: Vec<ListRow>,
    /// What else the words of a row depend on: language, and the day that is called today.
    said: Option<(Language, Option<CalendarDate>)>,
}

const FILTERS: [ListFilter; 3] = [ListFilter::All, ListFilter::NeedsReview, ListFilter::Pending];

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<RecordsPage>();
    let to = post.clone();
    page.on_choose_filter(move |index| {
        if let Some(filter) = FILTERS.get(index as usize) {
            to.press(Press::Filter(*filter));
        }
    });
    let to = post.clone();
    page.on_open(move |index| {
        let entry_id =
            |shown: &RefCell<Shown>| shown.borrow().rows.get(index as usize).map(|row| row.entry_id);
        if let Some(entry_id) = SHOWN.with(entry_id) {
            to.press(Press::OpenRecord(entry_id));
        }
    });
    let to = post.clone();
    page.on_more(move || to.press(Press::More));
    let to = post.clone();
    page.on_search(move || to.press(Press::Search));
    let to = post.clone();
    page.on_key(move |text| {
        if let Some(digit) = text.chars().next() {
            to.press(Press::Digit(digit));
        }
    });
    let to = post.clone();
    page.on_take_back(move || to.press(Press::TakeBack));
    page.on_scanned(wedge::lines(post));
}

pub(crate) fn show(window: &TabletWindow, open: &Open, records: &Records, language: Language, now: Moment) {
    let page = window.global::<RecordsPage>();
    let counts = open.counts;
    page.set_filter(FILTERS.iter().position(|filter| *filter == records.filter).unwrap_or(0) as i32);
    page.set_all_label(
        language.of(format!("すべて {}", counts.entries), format!("All {}", counts.entries)).into(),
    );
    let review = counts.needs_review;
    page.set_review_label(language.of(format!("要確認 {review}"), format!("Needs a person {review}")).into());
    let pending = counts.pending;
    page.set_pending_label(language.of(format!("送信待ち {pending}"), format!("Unsent {pending}")).into());
    let typed = records.search.as_ref().map(Search::typed);
    page.set_searching(typed.is_some());
    page.set_typed(typed.unwrap_or_default().into());
    let (sentence, next_step) = nothing(records, language);
    page.set_nothing(sentence.into());
    page.set_nothing_next_step(next_step.into());
    show_rows(&page, records, language, now);
}

/// What stands in place of rows where there are none.
fn nothing(records: &Records, language: Language) -> (&'static str, &'static str) {
    let digits = records.search.as_ref().map(|search| search.typed().len());
    match (digits, records.filter) {
        (Some(digits), _) if digits < NumberEnding::FEWEST => language.of(
            (
                "番号の終わりの4桁を入力してください。",
                "バーコードリーダーで接種券を読み取っても、さがせます。",
            ),
            (
                "Type the last four digits of the number.",
                "Scanning the coupon with a USB scanner finds it too.",
            ),
        ),
        (Some(_), _) if records.loaded => language.of(
            (
                "この番号の記録は、この端末にありません。",
                "番号を確かめてください。別の端末で記録したかもしれません。",
            ),
            (
                "This tablet has no record of that number.",
                "Check the number. Another tablet may have recorded it.",
            ),
        ),
        _ if !records.loaded => ("", ""),
        (_, ListFilter::All) => language.of(
            ("まだ記録はありません。", "読取のページで記録すると、ここに出ます。"),
            ("Nothing has been recorded yet.", "What you record on the scan page appears here."),
        ),
        _ => language.of(("あてはまる記録はありません。", ""), ("There is nothing of this kind.", "")),
    }
}

/// Rows that are new, or whose words have changed, are made; the others stay.
fn show_rows(page: &RecordsPage<'_>, records: &Records, language: Language, now: Moment) {
    let said = Some((language, CalendarDate::in_japan(now.wall).ok()));
    SHOWN.with(|shown| {
        let mut shown = shown.borrow_mut();
        let model = page.get_records();
        let Some(model) = model.as_any().downcast_ref::<VecModel<Record>>().filter(|_| shown.said == said)
        else {
            let rows: Vec<Record> = records.rows.iter().map(|row| record(row, language, now)).collect();
            page.set_records(model::fresh(rows));
            *shown = Shown { rows: records.rows.clone(), said };
            return;
        };
        for (index, row) in records.rows.iter().enumerate() {
            match shown.rows.get(index) {
                Some(was) if was == row => {}
                Some(_) => model.set_row_data(index, record(row, language, now)),
                None => model.push(record(row, language, now)),
            }
        }
        while model.row_count() > records.rows.len() {
            model.remove(model.row_count() - 1);
        }
        shown.rows.clone_from(&records.rows);
    });
}

fn record(row: &ListRow, language: Language, now: Moment) -> Record {
    let (tone, shape, word) = words::state(&row.state, language);
    let changed = match row.changed_by.as_deref() {
        Some("cancellation") => language.of("取消済み", "cancelled"),
        Some(_) => language.of("訂正あり", "corrected"),
        None => "",
    };
    let (number, place) = row.coupon.as_ref().map_or_else(Default::default, |(municipality, last_four)| {
        (format!("…{last_four}"), words::municipality(*municipality))
    });
    Record {
        time: dates::time(row.recorded_at, now.wall, language).into(),
        what: words::kind_name(&row.kind, row.dose.map(record::DoseNumber::number), language).into(),
        number: number.into(),
        place: place.into(),
        tone,
        shape,
        word: word.into(),
        changed: changed.into(),
    }
}
