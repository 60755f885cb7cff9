//! Every page as it is each time, in every way a tablet can show it, held against the pictures in `tests/pictures`: the real
//! program, a clock that stands still, and frames that come from the test.
//!
//! Must not: compare what is different from run to run; that is only looked at, for how it lies.

use std::sync::Arc;

use app::{
    profile::Profile,
    workflow::{Event, Phase, open::Page, scan::Card},
};
use scanner::{Guidance, Verdict};
use tests::{
    album::Album,
    screen::{Screen, on_screen_thread},
    site,
};

use crate::{
    by_hand,
    pictures::{look_at_a_record, look_at_the_closing, look_at_the_day},
    place::{Place, card, is_on_page},
    seen::{is_for_person, seen},
};

#[test]
fn the_pages_before_work() {
    on_screen_thread(|| {
        let place = Place::where_time_stands_still();
        let mut album = Album::stored("before-work");
        let screen = Screen::start(place.config());
        screen.wait_for(
            "the bundle file",
            |state| matches!(&state.phase, Phase::Setup(setup) if !setup.files.is_empty()),
        );
        // The folder's name, another one each time, has one line or two.
        let mut changing = Album::of_what_changes();
        changing.look(&screen, "setup");
        changing.close();
        // Each central signs with its own key.
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
        album.look_past(&screen, "setup-chosen", &["確認番号", "Check number", "https://"]);
        screen.tap("番号は同じ。この設定を使う");
        screen.wait_for("the locked screen", |state| matches!(state.phase, Phase::Locked(_)));
        album.look(&screen, "unlock");
        screen.tap("見本 花子");
        screen.type_keys("000000");
        screen.tap("ロックを解除");
        screen.wait_for("the wrong PIN to be refused", |state| state.notice.is_some());
        album.look(&screen, "unlock-refused");
        album.close();
    });
}

#[test]
fn the_pages_of_a_paper() {
    on_screen_thread(|| {
        let place = Place::where_time_stands_still();
        let mut album = Album::stored("paper");
        let screen = by_hand::open(&place);
        album.look(&screen, "scan");
        screen.tell(Event::Guided(Some(Guidance::Glare)));
        album.look(&screen, "scan-guided");
        let for_person = seen(&place, is_for_person);
        screen.tell(Event::Seen(for_person));
        screen.wait_for("the card", |state| matches!(card(state), Some(Card::ForPerson(_))));
        album.look(&screen, "for-person");
        screen.tap("確認する");
        album.look(&screen, "confirm");
        screen.tap("番号が違う（手で入力）");
        screen.wait_for("the keypad", |state| is_on_page(state, |page| matches!(page, Page::Keypad(_))));
        screen.type_keys("2313");
        album.look(&screen, "keypad");
        screen.tap("戻る");
        if screen.can_tap("使わない") {
            screen.tap("使わない");
        }
        screen.tell(Event::Seen(seen(&place, |verdict| matches!(verdict, Verdict::Accepted(_)))));
        screen.wait_for("the card", |state| matches!(card(state), Some(Card::Ready(_))));
        album.look(&screen, "ready");
        album.close();
    });
}

#[test]
fn the_pages_of_a_day() {
    on_screen_thread(|| {
        let place = Place::where_time_stands_still();
        let mut album = Album::stored("day");
        let screen = by_hand::open(&place);
        look_at_the_day(&screen, &mut album);
        screen.tell(Event::Seen(seen(&place, |verdict| matches!(verdict, Verdict::Accepted(_)))));
        screen.tap("記録する");
        screen.wait_for("the entry", |state| matches!(card(state), Some(Card::Done(_))));
        screen.tap("記録");
        screen.wait_for("the list", |state| {
            is_on_page(
                state,
                |page| matches!(page, Page::Records(list) if list.loaded && !list.rows.is_empty()),
            )
        });
        album.look(&screen, "records");
        look_at_a_record(&screen, &mut album);
        screen.tap("記録");
        screen.tap("番号でさがす");
        screen.type_keys("0000");
        screen.wait_for("an answer", |state| {
            is_on_page(state, |page| matches!(page, Page::Records(list) if list.loaded))
        });
        album.look(&screen, "search");
        screen.tap("送信待ち");
        // How long until the next try is drawn by chance.
        let mut changing = Album::of_what_changes();
        changing.look(&screen, "sending");
        changing.close();
        look_at_the_closing(&screen, &mut album);
        album.close();
    });
}

#[test]
fn the_pages_of_stock() {
    on_screen_thread(|| {
        let place = Place::where_time_stands_still();
        let mut album = Album::stored("stock");
        let screen = by_hand::open(&place);
        let profile = screen.open(|open| Arc::clone(&open.profile)).unwrap();
        let keeping = Profile { keeps_stock: true, ..(*profile).clone() };
        screen.tell(Event::ProfileChanged(Arc::new(keeping)));
        screen.tap("在庫");
        album.look(&screen, "begun");
        screen.tap_where("what was done", |label| label.starts_with("内容 "));
        album.look(&screen, "deeds");
        screen.tap_where("received", |label| label.starts_with("受け取り "));
        screen.tap_where("a lot", |label| label.starts_with("FF3620"));
        screen.tap("解凍・冷蔵");
        screen.type_keys("0000005723");
        album.look(&screen, "slip");
        screen.tap("次へ");
        album.look(&screen, "slip-refused");
        screen.tap("直接の納入（伝票なし）");
        screen.type_keys("5");
        screen.tap("次へ");
        if screen.open(|open| matches!(&open.page, Page::Stock(edit) if edit.at.is_some())).unwrap() {
            screen.type_keys("30");
            screen.tap("次へ");
        }
        album.look(&screen, "complete");
        album.close();
    });
}
