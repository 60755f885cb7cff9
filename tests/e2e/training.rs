//! 練習: the real screens over sample sheets, of which nothing stays and nothing goes anywhere.

#![expect(clippy::disallowed_methods, reason = "a test measures how long it waits")]

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use app::{
    display::{Brightness, Display, Language, Sounds, TextSize},
    training,
    workflow::Phase,
};
use tests::{
    network::Mood,
    screen::{Screen, on_screen_thread},
    site::{self, Became, Person},
};

use crate::place::{Place, go_to_sending, wait_for_receipts};

/// Much longer than a tablet waits before it sends what was just recorded.
const SENT_BY_NOW: Duration = Duration::from_secs(5);

/// Set up, locked, and with its way to the central open.
fn locked(place: &Place) -> Screen {
    let screen = Screen::start(place.config());
    site::set_up(&screen, "17号機.vrsbundle");
    screen
}

fn begin(screen: &Screen) {
    screen.tap("見本の予診票で練習する");
    screen.wait_for("training", practises);
    site::set_day(screen);
}

fn practises(state: &app::workflow::State) -> bool {
    matches!(&state.phase, Phase::Open(open) if open.profile.is_training())
}

fn look(screen: &Screen, page: &str) {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pictures/tablet");
    let ways = [
        ("ja-100", Language::Japanese, TextSize::Normal, Brightness::Light),
        ("ja-200", Language::Japanese, TextSize::Largest, Brightness::Light),
        ("en-100", Language::English, TextSize::Normal, Brightness::Light),
        ("en-200-dark", Language::English, TextSize::Largest, Brightness::Dark),
    ];
    for (way, language, text_size, brightness) in ways {
        screen.show_as(Display { language, text_size, brightness, sounds: Sounds::On });
        screen.picture(&folder.join(format!("training-{page}-{way}.png")));
        let small = screen.buttons_out_of_reach();
        assert!(small.is_empty(), "{page} {way}: {small:?}");
    }
    screen.show_as(Display::default());
}

#[test]
fn nothing_that_is_practised_reaches_the_central_or_stays_on_the_tablet() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Open);
        let screen = locked(&place);
        begin(&screen);
        let sheets = screen.training_sheets();
        let person = Person { screen: &screen, sheets: &sheets };
        let works = |_| person.work_on_next(look).1;
        let kept = (0..4).map(works).filter(|became| !matches!(became, Became::Refused(_))).count() as u64;
        assert!(kept > 0);
        assert_eq!(screen.open(|open| (open.counts.entries, open.counts.pending)), Some((kept, kept)));
        go_to_sending(&screen);
        assert!(screen.shows("これは練習です"));
        assert!(!screen.can_tap("今すぐ送る"));
        look(&screen, "sending");
        screen.tap("設定");
        assert!(!screen.can_tap("この端末を点検する"));
        look(&screen, "settings");
        let began = Instant::now();
        screen.wait_for("what could be sent to be sent", |_| began.elapsed() > SENT_BY_NOW);
        assert_eq!(place.network.connections(), 0, "nobody so much as tried");
        assert_eq!(place.at_central("count(*) FROM entries"), 0);

        screen.tap("練習を終える");
        screen.wait_for("the tablet's own lock", |state| matches!(state.phase, Phase::Locked(_)));
        assert!(!training::folder(&place.tablet()).exists());
        site::unlock(&screen, "見本 花子");
        assert_eq!(screen.open(|open| open.counts.entries), Some(0));
        site::set_day(&screen);
        let entries = place.record(&screen, 2);
        wait_for_receipts(&screen, entries);
        assert_eq!(place.at_central("count(*) FROM entries"), entries, "only what was no training");
    });
}

#[test]
fn whoever_works_may_practise_and_finds_the_tablet_locked_and_its_records_there() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let screen = place.open(place.config());
        let entries = place.record(&screen, 1);
        screen.tap("設定");
        screen.tap("練習を始める");
        screen.wait_for("training", practises);
        assert_eq!(screen.open(|open| open.counts.entries), Some(0), "the site's records are not seen");
        screen.tap("設定");
        screen.tap("English");
        screen.wait_for("the other language", |state| state.display.language == Language::English);
        screen.tap("End training");
        screen.wait_for("the lock", |state| matches!(state.phase, Phase::Locked(_)));
        assert!(screen.shows("Unlock"), "how the screen speaks stays");
        screen.show_as(Display::default());
        site::unlock(&screen, "見本 花子");
        assert_eq!(screen.open(|open| open.counts.entries), Some(entries));
    });
}

#[test]
fn what_a_killed_program_left_of_training_is_gone_at_the_next_start() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        drop(locked(&place));
        let left = training::folder(&place.tablet());
        fs::create_dir_all(&left).unwrap();
        fs::write(left.join("records.db"), b"unreadable").unwrap();
        let screen = Screen::start(place.config());
        assert!(!left.exists());
        begin(&screen);
    });
}
