//! What staff do with their fingers where the camera alone is not enough: take a record back on its card, type a number
//! twice, hear a sound by pressing, have the tablet look at itself. On the real screens, in every way they can be shown.
//!
//! Must not: show the tablet a paper; frames come from the test.

use app::{
    camera::{CameraState, Source},
    display::Sounds,
    shell::Config,
    workflow::{Event, Phase, State, event::Seen, open::Page, scan::Card, selftest::SelfTest},
};
use scanner::Verdict;
use tests::{
    album::Album,
    screen::{Screen, on_screen_thread},
    site,
};

use crate::{
    place::{Place, card},
    seen::seen,
};

/// A tablet whose frames come from the test: it has no camera.
pub(crate) fn open(place: &Place) -> Screen {
    let config = Config { source: Source::Device(Some(250)), ..place.config() };
    let screen = place.open(config);
    screen.wait_for("the camera to be missed", |state| match &state.phase {
        Phase::Open(open) => open.camera == CameraState::Missing,
        _ => false,
    });
    screen.tell(Event::Camera(CameraState::Running));
    screen
}

/// What the reader makes of the first sample sheet that two witnesses read.
fn accepted(place: &Place) -> Seen {
    seen(place, |verdict| matches!(verdict, Verdict::Accepted(_)))
}

#[test]
fn what_was_recorded_at_once_is_taken_back_on_its_card() {
    on_screen_thread(|| {
        let place = Place::where_time_stands_still();
        let screen = open(&place);
        let mut album = Album::stored("taken-back");
        screen.tap("記録方法: 1件ずつ。押すと自動に切り替わります。");
        screen.tell(Event::Seen(accepted(&place)));
        screen.wait_for("the entry", |state| matches!(card(state), Some(Card::Done(_))));
        album.look(&screen, "recorded");
        screen.tap("取り消し");
        screen.wait_for("the cancellation", |state| matches!(card(state), Some(Card::TakenBack(_))));
        album.look(&screen, "taken-back");
        assert!(!screen.can_tap("取り消し"), "once");
        assert_eq!(screen.open(|open| open.counts.entries), Some(2), "both are kept");
        screen.tap("記録");
        screen.wait_for("the list", |state| match &state.phase {
            Phase::Open(open) => matches!(&open.page, Page::Records(list) if list.rows.len() == 2),
            _ => false,
        });
        assert!(screen.shows("取消済み"));
        album.close();
    });
}

#[test]
fn a_number_without_a_picture_is_typed_twice_and_the_first_is_hidden() {
    on_screen_thread(|| {
        let place = Place::where_time_stands_still();
        let screen = open(&place);
        let mut album = Album::stored("typed-twice");
        let Verdict::Accepted(acceptance) = accepted(&place).verdict else { unreachable!() };
        let number = acceptance.line.to_string();
        screen.tap("手入力");
        screen.wait_for("the keypad", |state| on_keypad(state, false));
        screen.type_keys(&number);
        screen.tap("次へ");
        screen.wait_for("the second typing", |state| on_keypad(state, true));
        assert!(!screen.shows(&number[8..]), "the first number is hidden");
        album.look(&screen, "keypad-again");
        screen.type_keys(&number[..5]);
        album.look(&screen, "keypad-again-typing");
        screen.type_keys(&number[5..]);
        screen.tap("2回の番号を比べる");
        screen.wait_for("the comparison", |state| match &state.phase {
            Phase::Open(open) => matches!(open.page, Page::Confirm(_)),
            _ => false,
        });
        album.look(&screen, "typed-twice");
        screen.tap("記録する");
        screen.wait_for("the entry", |state| match &state.phase {
            Phase::Open(open) => open.counts.entries == 1,
            _ => false,
        });
        album.close();
    });
}

fn on_keypad(state: &State, again: bool) -> bool {
    match &state.phase {
        Phase::Open(open) => {
            matches!(&open.page, Page::Keypad(keypad) if keypad.first.is_some() == again)
        }
        _ => false,
    }
}

#[test]
fn a_tablet_without_a_speaker_says_so_when_a_sound_is_tried() {
    on_screen_thread(|| {
        let place = Place::where_time_stands_still();
        let screen = open(&place);
        let mut album = Album::stored("sounds");
        screen.tap("設定");
        screen.tap("読み取りました");
        screen.wait_for(
            "the speaker to be asked",
            |state| matches!(&state.phase, Phase::Open(open) if matches!(open.page, Page::About(_))),
        );
        album.look(&screen, "settings-sounds");
        screen.tap("出さない");
        screen.wait_for("silence", |state| state.display.sounds == Sounds::Off);
        assert!(!screen.can_tap("読み取りました"), "nothing to listen to");
        album.close();
    });
}

#[test]
fn a_tablet_looks_at_itself_and_says_it_in_a_code() {
    on_screen_thread(|| {
        let place = Place::where_time_stands_still();
        let screen = open(&place);
        let mut album = Album::of_what_changes();
        screen.tap("設定");
        screen.tap("この端末を点検する");
        screen.wait_for("the self-test", |state| on_self_test(state, |test| test.result.is_none()));
        album.look(&screen, "self-test-under-way");
        screen.wait_for("its result", |state| on_self_test(state, |test| test.result.is_some()));
        let code = screen.open(|open| match &open.page {
            Page::SelfTest(test) => test.result.as_ref().unwrap().code.to_string(),
            _ => unreachable!(),
        });
        assert!(screen.shows(&code.unwrap()), "without scrolling: {:?}", screen.texts());
        album.look(&screen, "self-test");
        screen.tap("戻る");
        assert!(screen.can_tap("日本語"), "the settings");
        album.close();
    });
}

fn on_self_test(state: &State, is: impl FnOnce(&SelfTest) -> bool) -> bool {
    matches!(&state.phase, Phase::Open(open) if matches!(&open.page, Page::SelfTest(test) if is(test)))
}

#[test]
fn a_new_configuration_waits_for_a_person_in_charge() {
    on_screen_thread(|| {
        let place = Place::where_time_stands_still();
        let screen = open(&place);
        let mut album = Album::of_what_changes();
        screen.tap("設定");
        screen.tap("新しい設定ファイルを使う");
        screen.wait_for("the question", |state| matches!(state.phase, Phase::Locked(_)));
        assert!(!screen.can_tap("見本 花子"), "only people in charge");
        album.look(&screen, "permit");
        for digit in "1357".chars() {
            screen.tap(&digit.to_string());
        }
        screen.tap("許可する");
        screen.wait_for("the refusal", |state| state.notice.is_some());
        assert!(!screen.state(|state| matches!(state.phase, Phase::Setup(_))));
        site::permit(&screen, "見本 責任者");
        album.look(&screen, "setup-again");
        screen.tap("やめる");
        assert!(screen.can_tap("日本語"), "the settings, of whoever works");
        album.close();
    });
}
