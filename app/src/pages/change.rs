//! Correction and cancellation: rows, reasons, and whether anything is left to say.
//!
//! Must not: offer to save what `workflow::change` does not call complete.

use record::{Moment, entry::ChangeReason};
use slint::ComponentHandle;
use ui::{ChangePage, Choice, DayRow, TabletWindow};

use super::{day, model, words};
use crate::{
    display::Language,
    shell::Post,
    workflow::{
        Press,
        change::{Action, Change},
        day::Field,
        open::Open,
    },
};

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<ChangePage>();
    let to = post.clone();
    page.on_open(move |index| match (index as usize).checked_sub(1) {
        None => to.press(Press::ChangeNumber),
        Some(row) => {
            if let Some(field) = Field::ALL.get(row) {
                to.press(Press::OpenField(*field));
            }
        }
    });
    let to = post.clone();
    page.on_choose(move |index| to.press(Press::Choose(index as usize)));
    let to = post.clone();
    page.on_choose_reason(move |index| to.press(Press::Reason(index as usize)));
    let to = post.clone();
    page.on_done(move || to.press(Press::Done));
    let to = post.clone();
    page.on_back(move || to.press(Press::Back));
}

pub(crate) fn show(window: &TabletWindow, open: &Open, change: &Change, language: Language, now: Moment) {
    let page = window.global::<ChangePage>();
    let today = open.today(now);
    page.set_cancelling(matches!(change.action, Action::Cancel));
    page.set_rows(model::rows(&page.get_rows(), rows(change, today, language)));
    let reasons = ChangeReason::ALL.into_iter().map(|reason| Choice {
        text: words::reason(reason, language).into(),
        note: "".into(),
        chosen: change.reason == Some(reason),
        seen: false,
    });
    page.set_reasons(model::rows(&page.get_reasons(), reasons.collect()));
    if let Some((field, edit)) = change.choosing() {
        page.set_choosing_name(words::field(field, language).into());
        let choices = day::choices(edit, field, &open.profile, today, language);
        page.set_choices(model::rows(&page.get_choices(), choices));
    }
    page.set_choosing(change.choosing().is_some());
    page.set_complete(change.complete().is_some());
    page.set_keeping(change.keeping);
}

/// The number first, then the rows of the day in the order of `Field::ALL`.
fn rows(change: &Change, today: Option<record::CalendarDate>, language: Language) -> Vec<DayRow> {
    let shown = match &change.action {
        Action::Correct { .. } => change.clone(),
        Action::Cancel => Change::correction(change.of, change.before.clone()),
    };
    let Action::Correct { number: (line, _), day: edit } = &shown.action else { return Vec::new() };
    let number =
        DayRow { name: language.of("番号", "Number").into(), value: line.grouped().into(), missing: false };
    let mut rows = vec![number];
    rows.extend(day::rows(edit, change.fields(), today, language));
    rows
}
