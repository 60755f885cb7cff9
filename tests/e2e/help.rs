//! 使い方 on the tablet: over every page, at its task, moving by itself, with a way back; and a picture of each in
//! `target/pictures/tablet`.
//!
//! Must not: compare pictures; people look at them.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use app::{
    camera::{CameraState, Source},
    display::{Brightness, Display, Language, Sounds, TextSize},
    shell::Config,
    workflow::{Event, Phase, open::Page},
};
use tests::{
    network::Mood,
    screen::{HEIGHT_PX, Screen, WIDTH_PX, on_screen_thread},
    site,
};

use crate::place::Place;

const WAYS: [(&str, Language, TextSize, Brightness); 5] = [
    ("ja-100", Language::Japanese, TextSize::Normal, Brightness::Light),
    ("ja-200", Language::Japanese, TextSize::Largest, Brightness::Light),
    ("ja-100-dark", Language::Japanese, TextSize::Normal, Brightness::Dark),
    ("en-100", Language::English, TextSize::Normal, Brightness::Light),
    ("en-200-dark", Language::English, TextSize::Largest, Brightness::Dark),
];
/// Longer than one picture is shown.
const ONE_STEP: Duration = Duration::from_millis(2_300);

/// Pictures of help, and that a finger reaches everything on it.
fn look(screen: &Screen, page: &str) {
    for (way, small) in pictures(screen, page) {
        assert!(small.is_empty(), "{page} {way}: {small:?}");
    }
}

/// Pictures, and what no finger reaches in each.
fn pictures(screen: &Screen, page: &str) -> Vec<(&'static str, Vec<String>)> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pictures/tablet");
    let in_a_way = |(way, language, text_size, brightness)| {
        screen.show_as(Display { language, text_size, brightness, sounds: Sounds::On });
        screen.picture(&folder.join(format!("{page}-{way}.png")));
        // It lies over the page below, and is meant to.
        let faults = screen.layout_faults().into_iter().filter(|fault| !fault.contains(" lies over "));
        (way, faults.collect())
    };
    let seen = WAYS.into_iter().map(in_a_way).collect();
    screen.show_as(Display::default());
    seen
}

/// A tablet without a camera, on the page where papers are read.
fn scanning(place: &Place) -> Screen {
    let screen = place.open(Config { source: Source::Device(Some(250)), ..place.config() });
    screen.tell(Event::Camera(CameraState::Running));
    screen
}

/// Asks for help and goes back; which task it opened at.
fn asked(screen: &Screen) -> String {
    screen.tap("使い方");
    let title = screen.state(|state| {
        let help = state.help.as_ref().expect("help is open");
        app::manual::tasks()[help.task].title.of(Language::Japanese).to_owned()
    });
    assert!(screen.shows(&title));
    screen.tap("使い方を閉じる");
    assert!(screen.state(|state| state.help.is_none()));
    title
}

#[test]
fn it_moves_by_itself_leads_to_every_task_and_back() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let screen = scanning(&place);
        screen.tap("使い方");
        assert!(screen.shows("1つ目（全部で5）"), "{:?}", screen.texts());
        i_slint_backend_testing::mock_elapsed_time(ONE_STEP);
        assert!(screen.shows("2つ目（全部で5）"));
        look(&screen, "help");
        screen.tap("3. 「記録する」を押します。");
        i_slint_backend_testing::mock_elapsed_time(ONE_STEP);
        assert!(screen.shows("3つ目（全部で5）"), "what was pressed stays");
        screen.tap("次の使い方");
        assert!(screen.shows("続けて記録する・すぐ取り消す"));
        screen.resize(HEIGHT_PX, WIDTH_PX);
        pictures(&screen, "help-upright");
        screen.resize(WIDTH_PX, HEIGHT_PX);
        screen.tap("すべての使い方");
        look(&screen, "help-all");
        screen.tap("記録をさがす・直す・取り消す");
        look(&screen, "help-records");
        screen.tap("すべての使い方");
        screen.tap("こまったとき");
        look(&screen, "help-trouble");
        screen.tap("使い方を閉じる");
        assert!(screen.can_tap("手入力"));
    });
}

#[test]
fn each_page_opens_its_own_and_a_scanner_types_where_it_did() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let screen = Screen::start(place.config());
        assert_eq!(asked(&screen), "新しい端末・予備の端末を使えるようにする");
        site::set_up(&screen, "17号機.vrsbundle");
        assert_eq!(asked(&screen), "使い始める・人がかわる");
        site::unlock(&screen, "見本 花子");
        assert_eq!(asked(&screen), "本日の設定をする");
        drop(screen);
        let screen = scanning(&place);
        screen.tap("手入力");
        screen.type_keys("23131");
        assert_eq!(asked(&screen), "番号を手で入力する");
        screen.type_keys("13");
        let typed = screen.open(|open| match &open.page {
            Page::Keypad(keypad) => keypad.typed.clone(),
            _ => String::new(),
        });
        assert_eq!(typed.as_deref(), Some("2313113"));
        for (rail, title) in [
            ("締め", "1日の終わりに締める"),
            ("送信待ち", "送れたか見る"),
            ("設定", "文字を大きくする・端末を点検する"),
        ] {
            screen.tap(rail);
            assert_eq!(asked(&screen), title);
        }
        screen.tap("読取");
        screen.tap("使い方");
        screen.type_keys("NO COUPON");
        screen.press_return();
        assert!(screen.state(|state| state.notice.is_none()), "nobody saw the page");
        screen.tap("使い方を閉じる");
        screen.type_keys("NO COUPON");
        screen.press_return();
        screen.wait_for("the page to take it", |state| {
            matches!(&state.phase, Phase::Open(open) if matches!(open.page, Page::Scan))
                && state.notice.is_some()
        });
    });
}
