//! A day's work by keys alone: Tab and Shift+Tab lead to everything that can be pressed, with a ring to be seen around it; Return
//! and the space bar press it; digits are typed.
//!
//! Must not: touch the screen.

use app::{
    camera::CameraState,
    display::{Brightness, Display, Language, Sounds, TextSize},
    workflow::{Event, Phase, State, open::Page, scan::Card},
};
use scanner::Verdict;
use slint::platform::Key;
use tests::{
    album::SHAPES,
    screen::{Screen, on_screen_thread},
    site::{DAY, PIN, type_digits},
};

use crate::{
    place::{Place, card, is_on_page},
    seen::{is_for_person, seen},
};

/// More presses of Tab than any page has buttons.
const PATIENCE: usize = 80;

/// Presses Tab until it is at the button whose label is as wanted.
fn go_to(screen: &Screen, what: &str, wanted: impl Fn(&str) -> bool) {
    for _ in 0..PATIENCE {
        if screen.ringed().is_some_and(|label| wanted(&label)) {
            return;
        }
        screen.press_key(Key::Tab);
    }
    panic!("Tab does not lead to {what}: {:?}", screen.pressable());
}

fn press(screen: &Screen, label: &str) {
    go_to(screen, label, |at| at == label);
    screen.press_return();
}

fn press_where(screen: &Screen, what: &str, wanted: impl Fn(&str) -> bool) {
    go_to(screen, what, wanted);
    screen.type_keys(" ");
    screen.look();
}

/// Tab comes by everything that can be pressed on this page, and Shift+Tab goes back the way it came.
fn reaches_everything(screen: &Screen, page: &str) {
    for (shape, width, height) in [SHAPES[0], SHAPES[3]] {
        for text_size in [TextSize::Normal, TextSize::Largest] {
            screen.resize(width, height);
            screen.show_as(Display {
                language: Language::Japanese,
                text_size,
                brightness: Brightness::Light,
                sounds: Sounds::On,
            });
            let mut way = Vec::new();
            for _ in 0..PATIENCE {
                screen.press_key(Key::Tab);
                way.push(screen.ringed());
                // What is scrolled out of view takes its turn too.
                if way.len() > screen.pressable().len() + 24 {
                    break;
                }
            }
            let missed: Vec<String> = screen
                .pressable()
                .into_iter()
                .filter(|label| !way.iter().flatten().any(|ringed| ringed == label))
                .collect();
            assert!(
                missed.is_empty(),
                "{page} {shape} {text_size:?}: Tab misses {missed:?}; its way: {way:?}"
            );
            let at = screen.ringed();
            screen.press_key(Key::Tab);
            screen.press_key(Key::Backtab);
            assert_eq!(screen.ringed(), at, "{page} {shape} {text_size:?}: Shift+Tab does not lead back");
        }
    }
    screen.resize(SHAPES[0].1, SHAPES[0].2);
    screen.show_as(Display::default());
}

#[test]
fn a_day_by_keys_alone() {
    on_screen_thread(|| {
        let place = Place::where_time_stands_still();
        let config = app::shell::Config { source: app::camera::Source::Device(Some(250)), ..place.config() };
        let screen = Screen::start(config);
        set_up_and_unlock(&screen);
        set_the_day(&screen);
        screen.wait_for("the camera to be missed", |state| match &state.phase {
            Phase::Open(open) => open.camera == CameraState::Missing,
            _ => false,
        });
        screen.tell(Event::Camera(CameraState::Running));
        work_on_papers(&screen, &place);
        look_at_the_records(&screen);
        close_the_day(&screen);
        press(&screen, "送信待ち");
        reaches_everything(&screen, "sending");
        press(&screen, "設定");
        reaches_everything(&screen, "settings");
        press(&screen, "English");
        screen.wait_for("the other language", |state| state.display.language == Language::English);
        press(&screen, "日本語");
        press(&screen, "ロック");
        screen.wait_for("the lock", |state| matches!(state.phase, Phase::Locked(_)));
    });
}

fn set_up_and_unlock(screen: &Screen) {
    screen.wait_for(
        "the bundle file",
        |state| matches!(&state.phase, Phase::Setup(setup) if !setup.files.is_empty()),
    );
    reaches_everything(screen, "setup");
    press_where(screen, "the bundle file", |label| label.ends_with(".vrsbundle"));
    screen.wait_for(
        "the question for the code",
        |state| matches!(&state.phase, Phase::Setup(setup) if setup.typing.is_some()),
    );
    type_digits(screen);
    reaches_everything(screen, "setup-code");
    press(screen, "開く");
    screen.wait_for(
        "the facts of the bundle",
        |state| matches!(&state.phase, Phase::Setup(setup) if setup.chosen.is_some()),
    );
    reaches_everything(screen, "setup-chosen");
    press(screen, "番号は同じ。この設定を使う");
    screen.wait_for("the locked screen", |state| matches!(state.phase, Phase::Locked(_)));
    reaches_everything(screen, "unlock");
    press(screen, "見本 花子");
    screen.type_keys(PIN);
    reaches_everything(screen, "unlock-typed");
    press(screen, "ロックを解除");
    screen.wait_for("the tablet to open", |state| matches!(state.phase, Phase::Open(_)));
}

fn set_the_day(screen: &Screen) {
    reaches_everything(screen, "day");
    for (row, choice) in DAY {
        press_where(screen, row, |label| label.starts_with(&format!("{row} ")));
        reaches_everything(screen, row);
        press_where(screen, choice, |label| label.starts_with(choice));
    }
    press(screen, "この設定で始める");
    screen.wait_for("the scan page", |state| card(state).is_some());
}

fn work_on_papers(screen: &Screen, place: &Place) {
    reaches_everything(screen, "scan");
    let for_person = seen(place, is_for_person);
    screen.tell(Event::Seen(for_person));
    reaches_everything(screen, "for-person");
    press(screen, "確認する");
    reaches_everything(screen, "confirm");
    press(screen, "番号が違う（手で入力）");
    screen.type_keys("2313");
    reaches_everything(screen, "keypad");
    press(screen, "戻る");
    if screen.can_tap("使わない") {
        press(screen, "使わない");
    }
    screen.tell(Event::Seen(seen(place, |verdict| matches!(verdict, Verdict::Accepted(_)))));
    screen.wait_for("the card", |state| matches!(card(state), Some(Card::Ready(_))));
    reaches_everything(screen, "ready");
    press(screen, "記録する");
    screen.wait_for("the entry", |state| matches!(card(state), Some(Card::Done(_))));
}

fn look_at_the_records(screen: &Screen) {
    press(screen, "記録");
    let listed = |state: &State| {
        is_on_page(state, |page| matches!(page, Page::Records(list) if list.loaded && !list.rows.is_empty()))
    };
    screen.wait_for("the list", listed);
    reaches_everything(screen, "records");
    press_where(screen, "a record", |label| label.contains(" …"));
    screen.wait_for("the record", |state| {
        is_on_page(state, |page| matches!(page, Page::Entry(entry) if !entry.history.is_empty()))
    });
    reaches_everything(screen, "record");
    press(screen, "この記録を訂正する");
    reaches_everything(screen, "correction");
    press(screen, "戻る");
    press(screen, "戻る");
    screen.wait_for("the list", listed);
    press(screen, "番号でさがす");
    screen.type_keys("0000");
    reaches_everything(screen, "search");
}

fn close_the_day(screen: &Screen) {
    press(screen, "締め");
    screen.wait_for("the day to be counted", |state| {
        matches!(&state.phase, Phase::Open(open) if open.closing.as_ref().is_some_and(|it| it.entries.is_some()))
    });
    reaches_everything(screen, "closing");
    press_where(screen, "the row of the paper", |label| label.starts_with("予診票"));
    screen.type_keys("2");
    reaches_everything(screen, "closing-typing");
}
