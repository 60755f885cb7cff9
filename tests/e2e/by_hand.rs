//! What staff do with their fingers where the camera alone is not enough: take a record back on its card, type a number
//! twice, hear a sound by pressing. On the real screens, with a picture of each in `target/pictures/tablet`.
//!
//! Must not: compare pictures; people look at them.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use app::{
    camera::{CameraState, Source},
    display::{Brightness, Display, Language, Sounds, TextSize},
    shell::Config,
    workflow::{
        Event, Phase, State,
        event::Seen,
        open::Page,
        scan::{Card, CropOf},
        selftest::SelfTest,
    },
};
use scanner::{Agreement, CaptureId, Expectation, Frame, Verdict, crop_area};
use sheets::{Film, FilmStyle, Level, lens::FrameSize};
use tests::{
    network::Mood,
    screen::{Screen, on_screen_thread},
    site,
};

use crate::place::Place;

const SIZE: FrameSize = FrameSize { width: 1280, height: 720 };
/// Frames in which a sheet passes, and one in which it lies still.
const FRAMES_PER_SHEET: usize = 60;
const LIES: usize = 40;

const WAYS: [(&str, Language, TextSize, Brightness); 4] = [
    ("ja-100", Language::Japanese, TextSize::Normal, Brightness::Light),
    ("ja-200", Language::Japanese, TextSize::Largest, Brightness::Light),
    ("en-100", Language::English, TextSize::Normal, Brightness::Light),
    ("en-200-dark", Language::English, TextSize::Largest, Brightness::Dark),
];

/// Pictures of a page, and that a finger reaches everything on it.
fn look(screen: &Screen, page: &str) {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pictures/tablet");
    for (way, language, text_size, brightness) in WAYS {
        screen.show_as(Display { language, text_size, brightness, sounds: Sounds::On });
        screen.picture(&folder.join(format!("{page}-{way}.png")));
        let small = screen.buttons_out_of_reach();
        assert!(small.is_empty(), "{page} {way}: {small:?}");
    }
    screen.show_as(Display::default());
}

/// A tablet whose frames come from the test: it has no camera.
fn open(place: &Place) -> Screen {
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
    let style = FilmStyle { size: SIZE, level: Level::Good, seed: 1, frames_per_sheet: FRAMES_PER_SHEET };
    let film = Film::new(place.sheets.sheets().sheets().to_vec(), style);
    let expectation = Expectation {
        kinds: Some(BTreeSet::from(["2".parse().unwrap()])),
        dose: Some("3".parse().unwrap()),
        municipalities: Some(BTreeSet::from(["131130".parse().unwrap()])),
    };
    (0..place.sheets.count)
        .find_map(|sheet| {
            let capture = CaptureId(sheet as u64 + 1);
            let luma: Arc<[u8]> = film.frame(sheet * FRAMES_PER_SHEET + LIES).into();
            let frame = Frame::new(capture, SIZE.width as u32, SIZE.height as u32, luma).unwrap();
            let reading = scanner::read(&frame);
            match Agreement::default().observe(&reading, &expectation) {
                Verdict::Accepted(acceptance) => {
                    let area = crop_area(&acceptance.sightings, frame.width(), frame.height());
                    let crop: CropOf = Arc::new(frame.crop(area));
                    Some(Seen { verdict: Verdict::Accepted(acceptance), crop: Some(crop) })
                }
                _ => None,
            }
        })
        .unwrap()
}

fn card(state: &State) -> Option<&Card> {
    match &state.phase {
        Phase::Open(open) => matches!(open.page, Page::Scan).then_some(&open.scan.card),
        _ => None,
    }
}

#[test]
fn what_was_recorded_at_once_is_taken_back_on_its_card() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let screen = open(&place);
        screen.tap("記録方法: 1件ずつ。押すと自動に切り替わります。");
        screen.tell(Event::Seen(accepted(&place)));
        screen.wait_for("the entry", |state| matches!(card(state), Some(Card::Done(_))));
        look(&screen, "recorded");
        screen.tap("取り消し");
        screen.wait_for("the cancellation", |state| matches!(card(state), Some(Card::TakenBack(_))));
        look(&screen, "taken-back");
        assert!(!screen.can_tap("取り消し"), "once");
        assert_eq!(screen.open(|open| open.counts.entries), Some(2), "both are kept");
        screen.tap("記録");
        screen.wait_for("the list", |state| match &state.phase {
            Phase::Open(open) => matches!(&open.page, Page::Records(list) if list.rows.len() == 2),
            _ => false,
        });
        assert!(screen.shows("取消済み"));
    });
}

#[test]
fn a_number_without_a_picture_is_typed_twice_and_the_first_is_hidden() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let screen = open(&place);
        let Verdict::Accepted(acceptance) = accepted(&place).verdict else { unreachable!() };
        let number = acceptance.line.to_string();
        screen.tap("手入力");
        screen.wait_for("the keypad", |state| on_keypad(state, false));
        screen.type_keys(&number);
        screen.tap("次へ");
        screen.wait_for("the second typing", |state| on_keypad(state, true));
        assert!(!screen.shows(&number[8..]), "the first number is hidden");
        look(&screen, "keypad-again");
        screen.type_keys(&number[..5]);
        look(&screen, "keypad-again-typing");
        screen.type_keys(&number[5..]);
        screen.tap("2回の番号を比べる");
        screen.wait_for("the comparison", |state| match &state.phase {
            Phase::Open(open) => matches!(open.page, Page::Confirm(_)),
            _ => false,
        });
        look(&screen, "typed-twice");
        screen.tap("記録する");
        screen.wait_for("the entry", |state| match &state.phase {
            Phase::Open(open) => open.counts.entries == 1,
            _ => false,
        });
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
        let place = Place::new(Mood::Cut);
        let screen = open(&place);
        screen.tap("設定");
        screen.tap("読み取りました");
        screen.wait_for(
            "the speaker to be asked",
            |state| matches!(&state.phase, Phase::Open(open) if matches!(open.page, Page::About(_))),
        );
        look(&screen, "settings-sounds");
        screen.tap("出さない");
        screen.wait_for("silence", |state| state.display.sounds == Sounds::Off);
        assert!(!screen.can_tap("読み取りました"), "nothing to listen to");
    });
}

#[test]
fn a_tablet_looks_at_itself_and_says_it_in_a_code() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let screen = open(&place);
        screen.tap("設定");
        screen.tap("この端末を点検する");
        screen.wait_for("the self-test", |state| on_self_test(state, |test| test.result.is_none()));
        look(&screen, "self-test-under-way");
        screen.wait_for("its result", |state| on_self_test(state, |test| test.result.is_some()));
        let code = screen.open(|open| match &open.page {
            Page::SelfTest(test) => test.result.as_ref().unwrap().code.to_string(),
            _ => unreachable!(),
        });
        assert!(screen.shows(&code.unwrap()), "without scrolling: {:?}", screen.texts());
        look(&screen, "self-test");
        screen.tap("戻る");
        assert!(screen.can_tap("日本語"), "the settings");
    });
}

fn on_self_test(state: &State, is: impl FnOnce(&SelfTest) -> bool) -> bool {
    matches!(&state.phase, Phase::Open(open) if matches!(&open.page, Page::SelfTest(test) if is(test)))
}

#[test]
fn a_new_configuration_waits_for_a_person_in_charge() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let screen = open(&place);
        screen.tap("設定");
        screen.tap("新しい設定ファイルを使う");
        screen.wait_for("the question", |state| matches!(state.phase, Phase::Locked(_)));
        assert!(!screen.can_tap("見本 花子"), "only people in charge");
        look(&screen, "permit");
        for digit in "1357".chars() {
            screen.tap(&digit.to_string());
        }
        screen.tap("許可する");
        screen.wait_for("the refusal", |state| state.notice.is_some());
        assert!(!screen.state(|state| matches!(state.phase, Phase::Setup(_))));
        site::permit(&screen, "見本 責任者");
        look(&screen, "setup-again");
        screen.tap("やめる");
        assert!(screen.can_tap("日本語"), "the settings, of whoever works");
    });
}
