//! Every page with what a day brings, in every way a tablet can show it: that nothing is too small for a finger, reaches out of
//! where it belongs or lies over something else; with pictures for people in `target/pictures/tablet`.
//!
//! Must not: compare pictures: papers are read as they come, and differ from run to run. `gallery.rs` compares.

#![expect(clippy::disallowed_methods, reason = "a test measures how long it waits")]

use std::time::{Duration, Instant};

use app::{
    display::Display,
    workflow::{Event, Phase, State, closing::ClosingEdit, day::DayEdit, open::Page, scan::Card},
};
use scanner::Guidance;
use sheets::Level;
use tests::{
    album::{Album, ways},
    network::Mood,
    screen::{HEIGHT_PX, Screen, WIDTH_PX, on_screen_thread},
    site::{self, Person},
};

use crate::place::{Place, card, go_to_sending, wait_for_receipts};

const SHEETS: usize = 12;

#[test]
fn every_page_in_both_languages_large_and_dark() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let mut album = Album::of_what_changes();
        let screen = Screen::start(place.config());
        screen.wait_for(
            "the bundle file",
            |state| matches!(&state.phase, Phase::Setup(setup) if !setup.files.is_empty()),
        );
        album.look(&screen, "setup");
        screen.tap_where("the bundle file", |label| label.ends_with(".vrsbundle"));
        screen.wait_for(
            "the question for the code",
            |state| matches!(&state.phase, Phase::Setup(setup) if setup.typing.is_some()),
        );
        album.look(&screen, "setup-code");
        site::type_code(&screen);
        screen.wait_for(
            "the facts of the bundle",
            |state| matches!(&state.phase, Phase::Setup(setup) if setup.chosen.is_some()),
        );
        album.look(&screen, "setup-chosen");
        drop(screen);
        drop(place.open(place.config()));

        let screen = Screen::start(place.config());
        album.look(&screen, "unlock");
        site::unlock(&screen, "見本 花子");
        look_at_the_day(&screen, &mut album);
        let person = Person { screen: &screen, sheets: &place.sheets };
        for _ in 0..SHEETS {
            person.work_on_next(|screen, what| album.look(screen, what));
        }
        go_to_sending(&screen);
        album.look(&screen, "sending-offline");
        place.network.become_(Mood::Open);
        let entries = screen.open(|open| open.counts.entries).unwrap();
        wait_for_receipts(&screen, entries);
        album.look(&screen, "sending-done");
        screen.tap("記録");
        screen.wait_for("the list", |state| {
            matches!(&state.phase, Phase::Open(open) if matches!(&open.page, Page::Records(list) if list.loaded))
        });
        album.look(&screen, "records");
        look_at_a_record(&screen, &mut album);
        screen.tap("記録");
        screen.tap("番号でさがす");
        album.look(&screen, "search");
        screen.type_keys("0000");
        screen.wait_for("an answer", |state| {
            matches!(&state.phase, Phase::Open(open) if matches!(&open.page, Page::Records(list) if list.loaded))
        });
        album.look(&screen, "search-nothing");
        look_at_the_closing(&screen, &mut album);
        screen.tap("設定");
        album.look(&screen, "settings");
        look_at_what_the_rules_find(&screen, &place, &mut album);
        assert!(album.pages() >= 14);
        album.close();
    });
}

#[test]
fn the_preview_says_what_would_help_a_bad_picture() {
    on_screen_thread(|| {
        let mut place = Place::new(Mood::Cut);
        place.sheets.level = Level::Bad;
        let screen = place.open(place.config());
        let said = (0..SHEETS).find_map(|sheet| {
            screen.wait_for("a sheet under the camera", |_| place.sheets.hands.lying() == Some(sheet));
            let began = Instant::now();
            screen.wait_for("a word of help, or a paper that needs none", |state| {
                guidance(state).is_some() || began.elapsed() > LOOKS_LONG
            });
            let said = screen.state(guidance);
            if said.is_none() {
                place.sheets.hands.next_sheet();
            }
            said
        });
        assert!(said.is_some(), "no sheet of the worst level needed help");
        for guidance in
            [Guidance::TooDark, Guidance::Glare, Guidance::Turn, Guidance::Blurred, Guidance::Nearer]
        {
            for way in ways().iter().filter(|way| !way.only_colours_differ()) {
                // The reader goes on; a paper that it has read by now is not wanted.
                screen.resize(WIDTH_PX, HEIGHT_PX);
                screen.show_as(Display::default());
                if screen.can_tap("使わない") {
                    screen.tap("使わない");
                }
                screen.resize(way.size.0, way.size.1);
                screen.show_as(way.display);
                screen.tell(Event::Guided(Some(guidance)));
                let faults = screen.layout_faults();
                assert!(faults.is_empty(), "{guidance:?} {}: {faults:#?}", way.name);
            }
        }
    });
}

/// So long a sheet is looked at for a word of help.
const LOOKS_LONG: Duration = Duration::from_secs(2);

fn guidance(state: &State) -> Option<Guidance> {
    let Phase::Open(open) = &state.phase else { return None };
    let waits = matches!(open.scan.card, Card::Empty | Card::InView { .. });
    open.guidance.filter(|_| waits && matches!(open.page, Page::Scan))
}

pub(crate) fn look_at_the_day(screen: &Screen, album: &mut Album) {
    screen.tap("変更");
    screen.wait_for(
        "the day",
        |state| matches!(&state.phase, Phase::Open(open) if matches!(&open.page, Page::Day(_))),
    );
    album.look(screen, "day");
    screen.tap_where("the row of the lot", |label| label.starts_with("ロット番号 "));
    album.look(screen, "day-lot");
    screen.tell(Event::LotsSeen(vec!["FL1839".parse().unwrap()]));
    screen.wait_for(
        "the lot of the sticker",
        |state| matches!(&state.phase, Phase::Open(open) if matches!(&open.page, Page::Day(edit) if !edit.seen.is_empty())),
    );
    album.look(screen, "day-lot-seen");
    screen.tap_where("a lot", |label| label.starts_with("FF3620"));
    screen.tap("この設定で始める");
}

/// A recalled lot is stopped, an expired one asked about; a lot that is used up is asked about beside the day and, until a
/// person has answered there, beside each paper.
fn look_at_what_the_rules_find(screen: &Screen, place: &Place, album: &mut Album) {
    screen.tap("読取");
    begin_with(screen, "FK0108");
    screen.wait_for("the recall", |state| day(state).is_some_and(|edit| edit.checks.stop().is_some()));
    album.look(screen, "day-stopped");
    begin_with(screen, "FJ7489");
    screen.wait_for("the expiry", |state| day(state).is_some_and(|edit| edit.checks.asks()));
    album.look(screen, "day-asked");
    begin_with(screen, "FM3289");
    lay_one_that_is_read(screen, place);
    screen.tap("記録する");
    screen.wait_for("the used up lot", |state| day(state).is_some_and(|edit| edit.checks.asks()));
    screen.tap("戻る");
    place.sheets.hands.next_sheet();
    lay_one_that_is_read(screen, place);
    album.look(screen, "ready-asked");
    screen.tap("確かめました。このまま進めます");
    album.look(screen, "ready-set-aside");
}

fn day(state: &State) -> Option<&DayEdit> {
    match &state.phase {
        Phase::Open(open) => match &open.page {
            Page::Day(edit) => Some(edit),
            _ => None,
        },
        _ => None,
    }
}

fn begin_with(screen: &Screen, lot: &str) {
    if screen.state(|state| day(state).is_none()) {
        screen.tap("変更");
        screen.wait_for("the day", |state| day(state).is_some());
    }
    screen.tap_where("the row of the lot", |label| label.starts_with("ロット番号 "));
    screen.tap_where("a lot", |label| label.starts_with(lot));
    screen.tap("この設定で始める");
}

/// Goes through the sheets until one is read by two witnesses.
fn lay_one_that_is_read(screen: &Screen, place: &Place) {
    let is_over = |state: &State| {
        card(state).is_some_and(|card| {
            matches!(
                card,
                Card::Ready(_) | Card::ForPerson(_) | Card::Stopped(_) | Card::InView { long: true }
            )
        })
    };
    loop {
        screen.wait_for("a verdict", is_over);
        if screen.state(|state| matches!(card(state), Some(Card::Ready(_)))) {
            return;
        }
        place.sheets.hands.next_sheet();
        screen.wait_for("the next sheet", |state| !is_over(state));
    }
}

/// Nothing typed, a number while it is typed, a day that differs, and one that is closed.
pub(crate) fn look_at_the_closing(screen: &Screen, album: &mut Album) {
    screen.tap("締め");
    screen.wait_for("the day to be counted", |state| closing(state).is_some_and(|it| it.entries.is_some()));
    album.look(screen, "closing");
    let held = screen.state(|state| closing(state).map(|it| it.held().entries())).unwrap_or_default();
    screen.tap_where("the row of the paper", |label| label.starts_with("予診票"));
    screen.type_keys(&(held + 1).to_string());
    album.look(screen, "closing-typing");
    screen.tap("別のロットを足す");
    album.look(screen, "closing-adding");
    screen.tap("ロットを足さない");
    screen.tap_where("the first number of a vial", |label| label.contains("使ったバイアル"));
    screen.type_keys("2");
    screen.tap("次へ");
    album.look(screen, "closing-differs");
    screen.tap("違いがあるまま締める");
    screen.tap("この内容で締める");
    screen.wait_for("the closing", |state| closing(state).is_some_and(|it| it.kept));
    album.look(screen, "closing-kept");
    screen.tap("記録");
    screen.tap_where("the closing's record", |label| label.contains("本日の締め"));
    screen.wait_for("the record", |state| {
        matches!(&state.phase, Phase::Open(open)
            if matches!(&open.page, Page::Entry(entry) if !entry.history.is_empty()))
    });
    album.look(screen, "record-of-closing");
}

fn closing(state: &State) -> Option<&ClosingEdit> {
    match &state.phase {
        Phase::Open(open) => open.closing.as_ref().filter(|_| matches!(open.page, Page::Closing)),
        _ => None,
    }
}

pub(crate) fn look_at_a_record(screen: &Screen, album: &mut Album) {
    screen.tap_where("a record", |label| label.contains(" …"));
    screen.wait_for("the record", |state| {
        matches!(&state.phase, Phase::Open(open)
            if matches!(&open.page, Page::Entry(entry) if !entry.history.is_empty()))
    });
    album.look(screen, "record");
    screen.tap("この記録を訂正する");
    album.look(screen, "correction");
    screen.tap("戻る");
    screen.tap("この記録を取り消す");
    album.look(screen, "cancellation");
    screen.tap("戻る");
}
