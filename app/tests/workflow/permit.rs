//! 責任者の確認: what only a person in charge may do waits for their PIN, whoever works.

use app::{
    messages::{Notice, UnlockProblem},
    workflow::{
        Effect, Event, Phase, Press,
        event::Place,
        leave::LOCKS_AFTER_MS,
        open::Page,
        unlock::{Locked, Purpose},
    },
};

use crate::hands::*;

fn asked() -> Hands {
    let mut hands = Hands::scanning();
    hands.press(Press::Go(Place::About)).press(Press::Configure);
    hands
}

fn asking(hands: &Hands) -> &Locked {
    match &hands.state.phase {
        Phase::Locked(locked) if matches!(locked.purpose, Purpose::Configure(_)) => locked,
        _ => panic!("nobody is asked"),
    }
}

#[test]
fn only_people_in_charge_are_asked_and_only_their_pin_leads_to_the_configuration() {
    let mut hands = asked();
    let people: Vec<String> =
        asking(&hands).people().iter().map(|staff| staff.staff_id.to_string()).collect();
    assert_eq!(people, ["admin-01"]);
    for digit in "246810".chars() {
        hands.press(Press::Digit(digit));
    }
    hands.press(Press::Done);
    assert!(
        matches!(&hands.asked[..], [Effect::Permit { staff_id, .. }] if staff_id.to_string() == "admin-01")
    );
    hands.tell(Event::Permitted(Err(UnlockProblem::WrongPin { wait_ms: 0 })));
    assert!(matches!(hands.state.notice, Some(Notice::Unlock(_))));
    assert!(!asking(&hands).opening, "it can be typed again");
    hands.tell(Event::Permitted(Ok(())));
    assert!(matches!(&hands.state.phase, Phase::Setup(setup) if setup.held.is_some()));
    assert!(hands.asked.iter().any(|effect| matches!(effect, Effect::LookForBundles)));
}

#[test]
fn nobody_permits_it_and_whoever_works_goes_on_where_they_were() {
    let mut hands = asked();
    hands.press(Press::Back);
    assert!(matches!(hands.open().page, Page::About(_)));
    hands.press(Press::Go(Place::Scan));
    assert!(matches!(hands.open().page, Page::Scan));
}

#[test]
fn while_it_is_asked_the_tablet_can_neither_be_unlocked_nor_trained_with() {
    let mut hands = asked();
    hands.press(Press::Train);
    assert!(hands.asked.is_empty());
    hands.tell(Event::Permitted(Err(UnlockProblem::TooSoon { wait_ms: 5_000 })));
    hands.press(Press::Digit('1'));
    assert_eq!(asking(&hands).typed(), 0, "slowed down like unlocking");
}

#[test]
fn a_tablet_left_before_the_question_or_before_the_configuration_locks_itself() {
    let permitted = |hands: &mut Hands| {
        hands.tell(Event::Permitted(Ok(())));
    };
    let ways: [&dyn Fn(&mut Hands); 2] = [&|_| {}, &permitted];
    for way in ways {
        let mut hands = asked();
        way(&mut hands);
        hands.now.monotonic_ms += LOCKS_AFTER_MS;
        hands.tell(Event::Tick);
        assert!(
            matches!(&hands.state.phase, Phase::Locked(locked) if matches!(locked.purpose, Purpose::Unlock)),
            "nobody comes back by 戻る into another person's work"
        );
        assert!(hands.asked.iter().any(|effect| matches!(effect, Effect::NoteLocked(_))));
        hands.press(Press::Back);
        assert!(matches!(hands.state.phase, Phase::Locked(_)));
    }
}

#[test]
fn without_anybody_in_charge_there_is_nothing_to_ask_for() {
    let mut hands = Hands::locked();
    hands.change_profile(|profile| profile.staff.truncate(1));
    hands.unlock(Some(day()));
    hands.press(Press::Go(Place::About)).press(Press::Configure);
    assert!(matches!(hands.open().page, Page::About(_)));
}
