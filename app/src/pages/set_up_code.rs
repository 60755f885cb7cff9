//! The set-up code as it is typed, in groups of four, and for which tablet.
//!
//! Must not: keep a digit.

use record::Moment;
use slint::ComponentHandle;
use ui::{CodeGroup, SetUpCodePage, TabletWindow};

use super::{model, words};
use crate::{
    display::Language,
    shell::Post,
    workflow::{Press, set_up_code::TypedCode},
};

/// Digits of a group, as they are printed.
const GROUP: usize = 4;
const GROUPS: usize = seal::set_up_code::DIGITS / GROUP;

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<SetUpCodePage>();
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
}

pub(crate) fn show(window: &TabletWindow, typing: &TypedCode, language: Language, now: Moment) {
    let page = window.global::<SetUpCodePage>();
    page.set_tablet(words::tablet(&typing.tablet_name, typing.tablet_id, language).into());
    let typed = typing.typed();
    let current = (typed.len() / GROUP).min(GROUPS - 1);
    let group = |at: usize| {
        let (from, to) = ((at * GROUP).min(typed.len()), ((at + 1) * GROUP).min(typed.len()));
        CodeGroup { digits: typed[from..to].into(), current: at == current }
    };
    page.set_groups(model::rows(&page.get_groups(), (0..GROUPS).map(group).collect()));
    page.set_typed(typed.len() as i32);
    page.set_complete(typing.is_complete());
    page.set_opening(typing.opening);
    let wait = match typing.wait_s(now) {
        0 => String::new(),
        seconds => language.of(format!("あと{seconds}秒"), format!("{seconds} s to wait")),
    };
    page.set_wait(wait.into());
}
