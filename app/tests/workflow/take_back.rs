//! 取り消し on the card of the paper in view: the entry stays, and one that takes it back follows.

use app::{
    messages::KeepProblem,
    workflow::{Effect, Event, Press, scan::Card},
};
use record::{EntryContent, entry::ChangeReason};
use store::StoreError;

use crate::hands::*;

fn recorded() -> Hands {
    let mut hands = Hands::scanning();
    hands.press(Press::SwitchMode).accepted(LINE).nothing_earlier();
    hands.kept();
    hands
}

#[test]
fn what_was_recorded_at_once_is_taken_back_by_one_press() {
    let mut hands = recorded();
    let Card::Done(done) = hands.card() else { panic!() };
    let entry_id = done.entry_id;
    hands.press(Press::TakeBackRecord);
    let EntryContent::Cancellation(cancellation) = hands.kept() else { panic!() };
    assert_eq!((cancellation.cancels, cancellation.reason), (entry_id, ChangeReason::TakenBackAtOnce));
    assert!(matches!(hands.card(), Card::TakenBack(_)));
    assert!(hands.asked.iter().any(|effect| matches!(effect, Effect::CountLots)), "its dose goes back");
    hands.press(Press::TakeBackRecord);
    assert!(hands.to_keep().is_none(), "once");
}

#[test]
fn a_cancellation_that_is_not_kept_can_be_tried_again() {
    let mut hands = recorded();
    hands.press(Press::TakeBackRecord).tell(Event::Kept(Err(KeepProblem::Store(StoreError::Full))));
    assert!(matches!(hands.card(), Card::Done(_)), "it stands");
    hands.press(Press::TakeBackRecord);
    assert!(hands.to_keep().is_some());
}

#[test]
fn the_next_paper_waits_while_the_one_before_is_taken_back() {
    let mut hands = recorded();
    hands.press(Press::TakeBackRecord);
    let asked = std::mem::take(&mut hands.asked);
    hands.accepted(OTHER_LINE);
    assert!(matches!(hands.card(), Card::TakingBack(_)));
    hands.asked = asked;
    hands.kept();
    assert!(matches!(hands.card(), Card::Checking(_)), "now it is shown");
}

#[test]
fn nothing_is_taken_back_once_the_paper_has_gone() {
    let mut hands = recorded();
    hands.gone().press(Press::TakeBackRecord);
    assert!(hands.to_keep().is_none());
}
