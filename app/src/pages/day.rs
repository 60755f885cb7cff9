//! The rows of the day, and the list of the one that is open.
//!
//! Must not: hold a choice of its own; `workflow::day` has them all.

use record::{CalendarDate, LotNumber, Moment};
use slint::{ComponentHandle, Image};
use ui::{Choice as ShownChoice, DayPage, DayRow, TabletWindow};

use super::{model, words};
use crate::{
    dates,
    display::Language,
    profile::Profile,
    shell::Post,
    wedge,
    workflow::{
        Press,
        day::{Choice, DayEdit, Field},
        open::Open,
    },
};

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<DayPage>();
    page.on_key(wedge::keys(post));
    let to = post.clone();
    page.on_open(move |index| {
        if let Some(field) = Field::ALL.get(index as usize) {
            to.press(Press::OpenField(*field));
        }
    });
    let to = post.clone();
    page.on_choose(move |index| to.press(Press::Choose(index as usize)));
    let to = post.clone();
    page.on_close(move || to.press(Press::Back));
    let to = post.clone();
    page.on_done(move || to.press(Press::Done));
    let to = post.clone();
    page.on_turn(move || to.press(Press::SetAside));
}

/// The newest picture of the camera.
pub(crate) fn show_preview(window: &TabletWindow, picture: Image) {
    window.global::<DayPage>().set_preview(picture);
}

pub(crate) fn show(window: &TabletWindow, open: &Open, edit: &DayEdit, language: Language, now: Moment) {
    let page = window.global::<DayPage>();
    let today = open.today(now);
    page.set_rows(model::rows(&page.get_rows(), rows(edit, &Field::ALL, today, language)));
    page.set_complete(edit.complete().is_some());
    page.set_can_go_back(open.day.is_some());
    let found = words::findings(&edit.checks, language, now.wall);
    page.set_findings(model::rows(&page.get_findings(), found));
    page.set_asks(edit.checks.asks());
    page.set_set_aside(edit.checks.set_aside);
    if let Some(field) = edit.choosing {
        page.set_choosing_name(words::field(field, language).into());
        page.set_choices(model::rows(
            &page.get_choices(),
            choices(edit, field, &open.profile, today, language),
        ));
    }
    page.set_looks_for_package(edit.choosing == Some(Field::Lot));
    page.set_seen(seen(edit, language).into());
    page.set_choosing(edit.choosing.is_some());
}

/// What a sticker under the camera seems to say; nothing where none is seen.
fn seen(edit: &DayEdit, language: Language) -> String {
    if edit.seen.is_empty() {
        return String::new();
    }
    let lots: Vec<&str> = edit.seen.iter().map(LotNumber::as_str).collect();
    let lots = lots.join(language.of("・", ", "));
    language.of(
        format!("シールの文字は {lots} のようです。シールと見くらべて、下の一覧から選んでください。"),
        format!("The sticker seems to say {lots}. Compare it with the sticker, then choose below."),
    )
}

/// The rows of these fields.
pub(crate) fn rows(
    edit: &DayEdit,
    fields: &[Field],
    today: Option<CalendarDate>,
    language: Language,
) -> Vec<DayRow> {
    let choose = language.of("選んでください", "Please choose").to_owned();
    let row = |field: &Field| {
        let value = match field {
            Field::Date => edit.date.map(|date| day_words(date, today, language)),
            Field::Site => edit.site.as_ref().map(|site| site.name.to_string()),
            Field::Physician => edit.physician.as_ref().map(ToString::to_string),
            Field::Vaccine => {
                edit.vaccine.as_ref().map(|vaccine| format!("{} {}", vaccine.manufacturer, vaccine.product))
            }
            Field::Lot => edit.lot.as_ref().map(ToString::to_string),
            Field::Dose => edit.dose.map(|dose| words::dose(dose.number(), language)),
        };
        DayRow {
            name: words::field(*field, language).into(),
            missing: value.is_none(),
            value: value.unwrap_or_else(|| choose.clone()).into(),
        }
    };
    fields.iter().map(row).collect()
}

/// What the open list of a row offers.
pub(crate) fn choices(
    edit: &DayEdit,
    field: Field,
    profile: &Profile,
    today: Option<CalendarDate>,
    language: Language,
) -> Vec<ShownChoice> {
    let shown = |choice: &Choice| {
        let (text, note) = match choice {
            Choice::Date(date) => (day_words(*date, today, language), String::new()),
            Choice::Site(site) => (site.name.to_string(), site.facility_code.to_string()),
            Choice::Physician(physician) => (physician.to_string(), String::new()),
            Choice::Vaccine(vaccine) => (vaccine.manufacturer.to_string(), vaccine.product.to_string()),
            Choice::Lot(lot, until) => {
                let until = dates::day_and_year(*until, language);
                (lot.to_string(), language.of(format!("有効期限 {until}"), format!("good until {until}")))
            }
            Choice::Dose(dose) => (words::dose(dose.number(), language), String::new()),
        };
        let is_seen = matches!(choice, Choice::Lot(lot, _) if edit.seen.contains(lot));
        ShownChoice { text: text.into(), note: note.into(), chosen: edit.is_chosen(choice), seen: is_seen }
    };
    edit.choices(field, profile, today).iter().map(shown).collect()
}

fn day_words(date: CalendarDate, today: Option<CalendarDate>, language: Language) -> String {
    let words = dates::day(date, language);
    if Some(date) == today { format!("{words} {}", language.of("本日", "today")) } else { words }
}
