//! Names, the PIN's dots, and what is unsent.
//!
//! Must not: show a digit.

use record::Moment;
use slint::ComponentHandle;
use ui::{StaffChoice, TabletWindow, UnlockPage};

use super::model;
use crate::{
    display::Language,
    shell::Post,
    workflow::{
        Press,
        unlock::{Locked, Purpose},
    },
};

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let page = window.global::<UnlockPage>();
    let to = post.clone();
    page.on_choose(move |index| to.press(Press::ChooseStaff(index as usize)));
    let to = post.clone();
    page.on_key(move |text| {
        if let Some(digit) = text.chars().next() {
            to.press(Press::Digit(digit));
        }
    });
    let to = post.clone();
    page.on_take_back(move || to.press(Press::TakeBack));
    let to = post.clone();
    page.on_back(move || to.press(Press::Back));
    let to = post.clone();
    page.on_train(move || to.press(Press::Train));
    let to = post.clone();
    page.on_done(move || to.press(Press::Done));
}

pub(crate) fn show(window: &TabletWindow, locked: &Locked, language: Language, now: Moment) {
    let page = window.global::<UnlockPage>();
    let staff = locked.people().into_iter().map(|staff| StaffChoice {
        name: staff.name.as_str().into(),
        chosen: locked.chosen.as_ref() == Some(&staff.staff_id),
    });
    page.set_staff(model::rows(&page.get_staff(), staff.collect()));
    let chosen = locked.chosen.as_ref().and_then(|staff_id| locked.profile.staff_member(staff_id));
    page.set_chosen_name(chosen.map_or("", |staff| staff.name.as_str()).into());
    page.set_permits(matches!(locked.purpose, Purpose::Configure(_)));
    page.set_typed(locked.typed() as i32);
    page.set_opening(locked.opening);
    let wait = match locked.wait_s(now) {
        0 => String::new(),
        seconds => language.of(format!("あと{seconds}秒"), format!("{seconds} s to wait")),
    };
    page.set_wait(wait.into());
    let unsent = match locked.counts {
        None => String::new(),
        Some(counts) if counts.pending == 0 => {
            language.of("送信待ちの記録はありません", "Nothing unsent").to_owned()
        }
        Some(counts) => {
            language.of(format!("送信待ち {}件", counts.pending), format!("{} unsent", counts.pending))
        }
    };
    page.set_unsent_line(unsent.into());
}
