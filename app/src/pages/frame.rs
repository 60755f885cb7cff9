//! What stands around every page: rail, bar, notice, and how the screen speaks.
//!
//! Must not: show anything of one page.

use record::Moment;
use slint::ComponentHandle;
use ui::{Frame, TabletWindow, Theme};

use super::words::tone;
use crate::{
    display::Brightness,
    messages,
    shell::Post,
    workflow::{Phase, Press, State, event::Place},
};

pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    let frame = window.global::<Frame>();
    let to = post.clone();
    frame.on_go(move |place| match place {
        ui::Place::Scan => to.press(Press::Go(Place::Scan)),
        ui::Place::Records => to.press(Press::Go(Place::Records)),
        ui::Place::Closing => to.press(Press::Go(Place::Closing)),
        ui::Place::Stock => to.press(Press::Go(Place::Stock)),
        ui::Place::Sending => to.press(Press::Go(Place::Sending)),
        ui::Place::About => to.press(Press::Go(Place::About)),
        _ => {}
    });
    let to = post.clone();
    frame.on_lock(move || to.press(Press::Lock));
    let to = post.clone();
    frame.on_close_notice(move || to.press(Press::CloseNotice));
    let to = post.clone();
    frame.on_switch_language(move || to.press(Press::SwitchLanguage));
}

pub(crate) fn show(window: &TabletWindow, state: &State, now: Moment) {
    let language = state.display.language;
    // The language is bundled; selecting it again changes nothing.
    let _ = slint::select_bundled_translation(language.code());
    let theme = window.global::<Theme>();
    theme.set_text_scale(state.display.text_size.scale());
    theme.set_dark(state.display.brightness == Brightness::Dark);
    let frame = window.global::<Frame>();
    let (tablet, staff, counts, sending) = match &state.phase {
        Phase::Setup(_) => (String::new(), String::new(), None, None),
        Phase::Locked(locked) => (locked.profile.tablet_name.to_string(), String::new(), locked.counts, None),
        Phase::Open(open) => {
            let staff = open.profile.staff_member(&open.staff_id).map(|staff| staff.name.to_string());
            (open.profile.tablet_name.to_string(), staff.unwrap_or_default(), Some(open.counts), open.sending)
        }
    };
    frame.set_training(matches!(&state.phase, Phase::Open(open) if open.profile.is_training()));
    frame.set_keeps_stock(matches!(&state.phase, Phase::Open(open) if open.profile.keeps_stock));
    frame.set_tablet_name(tablet.into());
    frame.set_staff_name(staff.into());
    let counts = counts.unwrap_or_default();
    frame.set_recorded_today(counts.on_day.to_string().into());
    frame.set_unsent(counts.pending.to_string().into());
    frame.set_has_unsent(counts.pending > 0);
    frame.set_sending_troubled(
        sending.is_some_and(|status| status.problem.is_some()) || counts.needs_review > 0,
    );
    match &state.notice {
        Some(notice) => {
            let said = messages::notice(notice, language, now.wall);
            frame.set_notice_tone(tone(said.tone));
            frame.set_notice_sentence(said.sentence.into());
            frame.set_notice_next_step(said.next_step.into());
            frame.set_has_notice(true);
        }
        None => frame.set_has_notice(false),
    }
}
