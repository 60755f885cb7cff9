//! The camera is chosen in the settings, tried there, and let go when the page is left.

use app::{
    camera::FoundCamera,
    workflow::{Effect, Event, Press, about::About, event::Place, open::Page},
};

use crate::hands::*;

fn camera(number: u32, name: &str) -> FoundCamera {
    FoundCamera { number, name: name.to_owned() }
}

fn listed(chosen: Option<FoundCamera>) -> Hands {
    let mut hands = Hands::scanning();
    hands.press(Press::Go(Place::About));
    assert!(hands.asked.iter().any(|effect| matches!(effect, Effect::LookForCameras)));
    hands.tell(Event::CamerasFound { cameras: vec![camera(0, "front"), camera(2, "desk")], chosen });
    hands
}

fn about(hands: &Hands) -> &About {
    let Page::About(about) = &hands.open().page else { panic!("another page") };
    about
}

#[test]
fn a_camera_is_chosen_by_its_place_and_its_picture_is_looked_at() {
    let mut hands = listed(None);
    hands.press(Press::ChooseCamera(2));
    assert!(
        matches!(&hands.asked[..], [Effect::UseCamera(Some(chosen)), Effect::Watch(_)] if *chosen == camera(2, "desk"))
    );
    assert!(about(&hands).trying);
    hands.press(Press::ChooseCamera(0));
    assert!(matches!(&hands.asked[..], [Effect::UseCamera(None), Effect::Watch(_)]));
    assert_eq!(about(&hands).chosen, None);
    hands.press(Press::Go(Place::Records));
    assert!(hands.asked.iter().any(|effect| matches!(effect, Effect::StopWatching)));
}

#[test]
fn a_place_beyond_the_list_or_before_it_is_there_chooses_nothing() {
    let mut hands = listed(None);
    hands.press(Press::ChooseCamera(3));
    assert!(hands.asked.is_empty());
    let mut hands = Hands::scanning();
    hands.press(Press::Go(Place::About)).press(Press::ChooseCamera(1));
    assert!(hands.asked.is_empty());
}

#[test]
fn one_that_was_plugged_in_elsewhere_is_still_the_chosen_one_and_one_that_is_gone_stays_named() {
    assert_eq!(about(&listed(Some(camera(7, "desk")))).chosen, Some(camera(2, "desk")));
    assert_eq!(about(&listed(Some(camera(7, "gone")))).chosen, Some(camera(7, "gone")));
}

#[test]
fn what_the_reader_sees_while_a_camera_is_tried_is_not_recorded() {
    let mut hands = listed(None);
    hands.press(Press::ChooseCamera(1));
    hands.accepted(LINE);
    assert!(hands.asked.is_empty(), "{:?}", hands.asked);
}
