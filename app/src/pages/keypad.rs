//! What was typed so far, in its groups, and what is wrong with it once all is typed.
//!
//! Must not: keep what was typed.

use record::Moment;
use slint::ComponentHandle;
use ui::{KeypadPage, TabletWindow, TypedGroup};

use super::{model, words};
use crate::{
    display::Language,
    messages::{self, Notice},
    shell::Post,
    wedge,
    workflow::{Press, confirm::GROUPS, keypad::Keypad, open::Open, scan::Stop},
};

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<KeypadPage>();
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
    page.on_back(move || to.press(Press::Back));
    page.on_scanned(wedge::lines(post));
}

pub(crate) fn show(window: &TabletWindow, open: &Open, keypad: &Keypad, language: Language, now: Moment) {
    let page = window.global::<KeypadPage>();
    page.set_again(keypad.first.is_some());
    page.set_begins_again(keypad.first.is_some() && keypad.typed.is_empty());
    page.set_code_heard(keypad.codes.say_something());
    let names = messages::group_names(language);
    let typed = keypad.typed.len();
    let groups = GROUPS.into_iter().enumerate().map(|(index, range)| {
        let end = typed.clamp(range.start, range.end);
        TypedGroup {
            name: names[index].into(),
            digits: keypad.typed.get(range.start.min(typed)..end.min(typed)).unwrap_or_default().into(),
            missing: (range.end - end) as i32,
            current: range.contains(&typed) || (typed == range.end && range.end == 18),
        }
    });
    page.set_groups(model::rows(&page.get_groups(), groups.collect()));
    let (crop, has_crop) = words::crop(keypad.crop.as_deref());
    page.set_crop(crop);
    page.set_has_crop(has_crop);
    let municipality = keypad.typed.get(GROUPS[2].clone()).and_then(|code| code.parse().ok());
    let known = municipality.filter(|code| record::MunicipalityTable::shipped().find(*code).is_some());
    page.set_municipality_name(known.map_or_else(String::new, words::municipality).into());
    let problem = match keypad.line() {
        None => None,
        Some(Err(problem)) => Some(messages::number(problem, language)),
        Some(Ok(line)) if open.profile.coupon_kinds.meaning(line.kind()).is_none() => {
            Some(messages::notice(&Notice::Stopped(Stop::UnknownKind), language, now.wall))
        }
        Some(Ok(_)) => None,
    };
    page.set_complete(keypad.line().is_some() && problem.is_none());
    let (sentence, next_step) = problem.map_or_else(Default::default, |said| (said.sentence, said.next_step));
    page.set_problem(sentence.into());
    page.set_problem_next_step(next_step.into());
}
