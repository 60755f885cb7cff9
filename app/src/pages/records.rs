//! The list.
//!
//! Must not: show more of a number than its last four digits.

use record::{EntryId, Moment};
use slint::ComponentHandle;
use store::ListFilter;
use ui::{Record, RecordsPage, TabletWindow};

use super::{model, words};
use crate::{
    dates,
    display::Language,
    shell::Post,
    workflow::{Press, open::Open, records::Records},
};

thread_local! {
    /// Which entry each shown row is, for the press that names a row.
    static SHOWN: std::cell::RefCell<Vec<EntryId>> = const { std::cell::RefCell::new(Vec::new()) };
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
        if let Some(entry_id) = SHOWN.with(|shown| shown.borrow().get(index as usize).copied()) {
            to.press(Press::OpenRecord(entry_id));
        }
    });
    let to = post.clone();
    page.on_more(move || to.press(Press::More));
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
    page.set_has_more(records.has_more);
    SHOWN.with(|shown| *shown.borrow_mut() = records.rows.iter().map(|row| row.entry_id).collect());
    let rows = records.rows.iter().map(|row| {
        let (tone, shape, word) = words::state(&row.state, language);
        let changed = match row.changed_by.as_deref() {
            Some("cancellation") => language.of("取消済み", "cancelled"),
            Some(_) => language.of("訂正あり", "corrected"),
            None => "",
        };
        let (number, place) =
            row.coupon.as_ref().map_or_else(Default::default, |(municipality, last_four)| {
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
    });
    page.set_records(model::rows(&page.get_records(), rows.collect()));
}
