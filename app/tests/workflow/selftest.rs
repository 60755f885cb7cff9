//! The self-test: a plain verdict of each part, and a code that says it to the support desk.

use app::{
    camera::CameraState,
    messages::KeepProblem,
    sound::NoSpeaker,
    workflow::{
        Effect, Event, Press,
        event::Place,
        open::Page,
        selftest::{Inspection, Tested},
    },
};
use record::support::{Part, PartState, SendTrouble};
use scanner::Guidance;
use store::StoreError;
use sync::{
    exchange::NetworkError,
    status::{Activity, SendProblem, SendStatus},
};

use crate::hands::*;

fn inspection() -> Inspection {
    Inspection { free_bytes: Some(20 << 30), written: Ok(()), has_device_secret: true, set_aside: 0 }
}

fn sending(problem: Option<SendProblem>) -> SendStatus {
    SendStatus {
        activity: Activity::Resting,
        problem,
        last_contact_at: Some(NOON.wall),
        clock_offset_ms: Some(-1200),
        later: 0,
        reference: Default::default(),
    }
}

/// Begun on the settings page, with a camera that works and a central that answers.
fn begun() -> Hands {
    let mut hands = Hands::scanning();
    hands.press(Press::Go(Place::About)).press(Press::SelfTest);
    hands.tell(Event::Camera(CameraState::Running)).tell(Event::Sending(sending(None)));
    hands
}

fn ended(hands: &mut Hands, inspection: Inspection) -> Tested {
    hands.tell(Event::Inspected(Box::new(inspection)));
    hands.now.monotonic_ms += 4_000;
    hands.tell(Event::Tick);
    assert!(hands.asked.iter().any(|effect| matches!(effect, Effect::StopWatching)), "the camera is let go");
    result(hands).unwrap()
}

fn result(hands: &Hands) -> Option<Tested> {
    let Page::SelfTest(test) = &hands.open().page else { panic!("another page") };
    test.result.clone()
}

fn state(tested: &Tested, part: Part) -> PartState {
    tested.parts[Part::ALL.iter().position(|known| *known == part).unwrap()]
}

#[test]
fn a_sound_tablet_is_good_in_every_part_and_its_code_says_so() {
    let mut hands = begun();
    hands.tell(Event::Played(Ok(())));
    let tested = ended(&mut hands, inspection());
    assert_eq!(tested.parts, [PartState::Good; 7]);
    let report = tested.code.report().unwrap();
    assert_eq!((report.parts, report.trouble), (tested.parts, SendTrouble::None));
    assert_eq!(tested.code.to_string().len(), 14, "twelve characters in three groups");
}

#[test]
fn it_ends_only_when_the_keeper_has_answered_and_the_camera_had_its_time() {
    let mut hands = begun();
    hands.now.monotonic_ms += 10_000;
    hands.tell(Event::Tick);
    assert!(result(&hands).is_none(), "the keeper has not answered");
    let mut hands = begun();
    hands.tell(Event::Inspected(Box::new(inspection())));
    assert!(result(&hands).is_none(), "the camera has not had its time");
}

#[test]
fn what_is_wrong_is_said_of_its_own_part() {
    let mut hands = begun();
    hands.tell(Event::Camera(CameraState::Missing)).tell(Event::Played(Err(NoSpeaker)));
    let problem = SendProblem::Network(NetworkError::Unreachable);
    hands.tell(Event::Sending(SendStatus { clock_offset_ms: Some(7_200_000), ..sending(Some(problem)) }));
    let written = Err(KeepProblem::Store(StoreError::Full));
    let tested =
        ended(&mut hands, Inspection { written, has_device_secret: false, set_aside: 1, ..inspection() });
    for (part, expected) in [
        (Part::Camera, PartState::Failed),
        (Part::Light, PartState::Unknown),
        (Part::Storage, PartState::Failed),
        (Part::Clock, PartState::Attention),
        (Part::Network, PartState::Attention),
        (Part::KeyStore, PartState::Attention),
        (Part::Sound, PartState::Attention),
    ] {
        assert_eq!(state(&tested, part), expected, "{part:?}");
    }
    let report = tested.code.report().unwrap();
    assert_eq!((report.trouble, report.set_aside), (SendTrouble::Unreachable, 1));
}

#[test]
fn a_dark_table_and_little_space_need_attention() {
    let mut hands = begun();
    hands.tell(Event::Guided(Some(Guidance::TooDark)));
    let tested = ended(&mut hands, Inspection { free_bytes: Some(300 << 20), ..inspection() });
    assert_eq!(state(&tested, Part::Light), PartState::Attention);
    assert_eq!(state(&tested, Part::Storage), PartState::Attention);
}

#[test]
fn leaving_the_page_ends_it_and_the_scan_is_as_before() {
    let mut hands = begun();
    hands.press(Press::Go(Place::Scan));
    hands.tell(Event::Inspected(Box::new(inspection())));
    hands.accepted(LINE).nothing_earlier().press(Press::Record);
    hands.kept();
    hands.press(Press::Go(Place::About));
    assert!(matches!(hands.open().page, Page::About(_)));
}
