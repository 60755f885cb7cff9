//! 練習: the tablet's own work is locked behind it, and from training there is no way into it but its end.

use std::sync::Arc;

use app::{
    display::Display,
    training,
    workflow::{Effect, Event, Phase, Press, State, event::Place, leave::LOCKS_AFTER_MS, open::Page},
};

use crate::hands::*;

fn practising() -> Hands {
    let mut hands = Hands::locked();
    let profile = Arc::new(training::profile().unwrap());
    let staff_id = training::staff_id(&profile).unwrap();
    (hands.state, hands.asked) = State::train(Display::default(), profile, staff_id, NOON);
    hands
}

fn asks(hands: &Hands, is: impl Fn(&Effect) -> bool) -> bool {
    hands.asked.iter().any(is)
}

#[test]
fn it_begins_where_the_day_is_set() {
    let hands = practising();
    assert!(matches!(hands.open().page, Page::Day(_)));
}

#[test]
fn whoever_works_locks_the_tablet_by_beginning() {
    let mut hands = Hands::scanning();
    hands.press(Press::Go(Place::About)).press(Press::Train);
    assert!(matches!(hands.state.phase, Phase::Locked(_)));
    assert!(asks(&hands, |effect| matches!(effect, Effect::NoteLocked(_))));
    assert!(asks(&hands, |effect| matches!(effect, Effect::Train)));
}

#[test]
fn it_needs_nobody_who_unlocks() {
    let mut hands = Hands::locked();
    hands.press(Press::Train);
    assert!(asks(&hands, |effect| matches!(effect, Effect::Train)));
}

#[test]
fn it_ends_by_a_press_or_when_nobody_practises() {
    let mut hands = practising();
    hands.press(Press::Lock);
    assert!(asks(&hands, |effect| matches!(effect, Effect::EndTraining)));
    let mut hands = practising();
    hands.now.monotonic_ms += LOCKS_AFTER_MS;
    hands.tell(Event::Tick);
    assert!(asks(&hands, |effect| matches!(effect, Effect::EndTraining)));
}

#[test]
fn neither_the_tablet_nor_its_configuration_is_reached_from_it() {
    for press in [Press::SelfTest, Press::Configure, Press::Train] {
        let mut hands = practising();
        hands.press(Press::Go(Place::About)).press(press);
        assert!(hands.asked.is_empty(), "{:?}", hands.asked);
        assert!(matches!(hands.open().page, Page::About(_)));
    }
}
