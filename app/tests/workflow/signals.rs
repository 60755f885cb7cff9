//! What is heard: once for each paper, and the same as colour, shape and word say.

use app::{
    display::{Display, Sounds},
    sound::{NoSpeaker, Signal},
    workflow::{Effect, Event, Press, open::Mode},
};
use scanner::Cause;

use crate::hands::*;

fn heard(hands: &Hands) -> Vec<Signal> {
    let signal = |effect: &Effect| match effect {
        Effect::Sound(signal) => Some(*signal),
        _ => None,
    };
    hands.asked.iter().filter_map(signal).collect()
}

#[test]
fn a_paper_that_was_read_is_heard_once() {
    let mut hands = Hands::scanning();
    hands.accepted(LINE);
    assert_eq!(heard(&hands), [], "not before the database was asked");
    hands.nothing_earlier();
    assert_eq!(heard(&hands), [Signal::Read]);
    hands.press(Press::Record);
    assert_eq!(heard(&hands), []);
    hands.kept();
    assert_eq!(heard(&hands), [], "who pressed it sees it");
    hands.gone().accepted(OTHER_LINE).nothing_earlier();
    assert_eq!(heard(&hands), [Signal::Read], "the next one is heard anew");
}

#[test]
fn where_nobody_is_asked_it_is_heard_when_it_is_on_disk() {
    let mut hands = Hands::scanning();
    hands.press(Press::SwitchMode);
    assert_eq!(hands.open().mode, Mode::Continuous);
    hands.accepted(LINE).nothing_earlier();
    assert_eq!(heard(&hands), []);
    hands.kept();
    assert_eq!(heard(&hands), [Signal::Read]);
}

#[test]
fn what_needs_a_person_and_what_is_refused_sound_otherwise() {
    let mut hands = Hands::scanning();
    hands.disputed(LINE, Cause::OneWitness);
    assert_eq!(heard(&hands), [Signal::PersonNeeded]);
    hands.disputed(LINE, Cause::OneWitness);
    assert_eq!(heard(&hands), [], "as before");
    hands.gone().accepted(LINE).earlier(Some("3"));
    assert_eq!(heard(&hands), [Signal::Refused]);
}

#[test]
fn nothing_is_heard_where_sounds_are_off_and_a_missing_speaker_stops_nobody() {
    let mut hands = Hands::scanning();
    hands.press(Press::SetDisplay(Display { sounds: Sounds::Off, ..Display::default() }));
    hands.accepted(LINE).nothing_earlier();
    assert_eq!(heard(&hands), []);
    hands.tell(Event::Played(Err(NoSpeaker)));
    assert_eq!(hands.open().speaker, Err(NoSpeaker));
    hands.press(Press::Record);
    hands.kept();
}
