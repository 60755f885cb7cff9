//! What helps the reader: a USB scanner's line, and the word that the preview says.

use app::{
    camera::CameraState,
    messages::{Notice, TypedProblem},
    workflow::{Effect, Event, Press, event::Place},
};
use scanner::Guidance;

use crate::hands::*;

fn typed(hands: &mut Hands, text: &str) {
    hands.tell(Event::Typed(text.to_owned()));
}

#[test]
fn a_coupons_digits_from_a_usb_scanner_go_to_the_reader() {
    for text in [LINE, "A0000123456B", "0000123456"] {
        let mut hands = Hands::scanning();
        hands.tell(Event::Camera(CameraState::Running));
        typed(&mut hands, text);
        let [Effect::Hear(code)] = &hands.asked[..] else { panic!("{text}: {:?}", hands.asked) };
        assert!(LINE.ends_with(code.digits.as_str()), "{text}");
        assert!(hands.state.notice.is_none());
    }
}

#[test]
fn what_is_no_coupons_number_is_told_and_goes_nowhere() {
    let package = "(01)04912345678904(17)220228(10)FF3620";
    for (text, problem) in [
        ("https://example.jp/", TypedProblem::NoCoupon),
        ("123", TypedProblem::NoCoupon),
        (package, TypedProblem::Package),
    ] {
        let mut hands = Hands::scanning();
        hands.tell(Event::Camera(CameraState::Running));
        typed(&mut hands, text);
        assert!(hands.asked.is_empty());
        let Some(Notice::Typed(told)) = hands.state.notice else {
            panic!("{text}: {:?}", hands.state.notice)
        };
        assert_eq!(told, problem, "{text}");
    }
}

#[test]
fn without_a_camera_a_typed_number_points_to_the_keypad() {
    let mut hands = Hands::scanning();
    hands.tell(Event::Camera(CameraState::Missing));
    typed(&mut hands, LINE);
    assert!(hands.asked.is_empty());
    assert!(matches!(hands.state.notice, Some(Notice::Typed(TypedProblem::NoCamera))));
}

#[test]
fn a_scanner_on_another_page_changes_nothing() {
    let mut hands = Hands::scanning();
    hands.press(Press::Go(Place::Sending));
    typed(&mut hands, LINE);
    assert!(hands.asked.is_empty() && hands.state.notice.is_none());
}

#[test]
fn the_preview_says_what_would_help_until_it_is_mended() {
    let mut hands = Hands::scanning();
    hands.tell(Event::Guided(Some(Guidance::TooDark)));
    assert_eq!(hands.open().guidance, Some(Guidance::TooDark));
    hands.tell(Event::Guided(None));
    assert_eq!(hands.open().guidance, None);
}
