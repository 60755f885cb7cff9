//! A tablet that nobody uses locks itself; what was half typed of the closing is there afterwards.

use app::{
    messages::Notice,
    workflow::{Effect, Event, Phase, Press, event::Place, leave::LOCKS_AFTER_MS, open::Mode},
};

use crate::hands::*;

fn after(hands: &mut Hands, ms: u64) {
    hands.now.monotonic_ms += ms;
    hands.tell(Event::Tick);
}

#[test]
fn a_tablet_that_nobody_uses_says_so_and_then_locks_itself() {
    let mut hands = Hands::scanning();
    after(&mut hands, LOCKS_AFTER_MS - 31_000);
    assert_eq!(hands.state.notice, None);
    after(&mut hands, 1_000);
    assert_eq!(hands.state.notice, Some(Notice::LocksSoon));
    after(&mut hands, 30_000);
    assert!(matches!(hands.state.phase, Phase::Locked(_)));
    assert_eq!(hands.state.notice, Some(Notice::LockedItself));
    assert!(hands.asked.iter().any(|effect| matches!(effect, Effect::NoteLocked(_))), "it is audited");
}

#[test]
fn a_press_or_a_paper_keeps_it_open() {
    let mut hands = Hands::scanning();
    after(&mut hands, LOCKS_AFTER_MS - 1_000);
    hands.press(Press::CloseNotice);
    assert!(hands.state.notice.is_none());
    after(&mut hands, LOCKS_AFTER_MS - 1_000);
    hands.accepted(LINE);
    after(&mut hands, LOCKS_AFTER_MS - 1_000);
    hands.gone();
    after(&mut hands, 1_000);
    assert!(matches!(hands.state.phase, Phase::Locked(_)), "an empty desk is no use");
}

#[test]
fn what_is_being_told_is_not_hidden_by_the_warning() {
    let mut hands = Hands::scanning();
    hands.tell(Event::Typed("4901234567894".to_owned()));
    let told = hands.state.notice.clone();
    assert!(told.is_some());
    after(&mut hands, LOCKS_AFTER_MS - 1_000);
    assert_eq!(hands.state.notice, told);
}

#[test]
fn the_way_of_recording_and_the_closing_are_there_after_unlocking() {
    let mut hands = Hands::scanning();
    hands.press(Press::SwitchMode).press(Press::Go(Place::Closing));
    hands.press(Press::OpenRow(0)).type_number("12").press(Press::Done);
    hands.press(Press::Lock).unlock(Some(day()));
    assert_eq!(hands.open().mode, Mode::Continuous);
    let closing = hands.open().closing.as_ref().unwrap();
    assert_eq!(closing.paper_forms, Some(12));
    assert_eq!(closing.entries, None, "nobody's entries are held while it is locked");
}
