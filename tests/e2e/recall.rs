//! What a central sends down to a tablet that is at work: it counts from the next contact on, without a restart.

use app::workflow::Phase;
use central::storage::PublicationKind;
use tests::{
    network::Mood,
    screen::on_screen_thread,
    site::{Became, Person},
};

use crate::place::{Place, go_to_sending, wait_for_receipts};

const RECALLED: &str = r#"[{"vaccine":{"manufacturer":"ファイザー","product":"コミナティ筋注"},
    "lots":[{"lot":"FF3620","expires_on":"2026-08-31","recalled_at":1629936000000}]}]"#;

#[test]
fn a_recall_stops_the_lot_on_a_tablet_that_is_at_work_and_after_its_restart() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Open);
        let screen = place.open(place.config());
        let before = place.record(&screen, 2);
        assert!(before > 0, "the lot is given");
        wait_for_receipts(&screen, before);

        place.central.publish(PublicationKind::Lots, RECALLED);
        go_to_sending(&screen);
        screen.tap("今すぐ送る");
        screen.wait_for("the recall", |state| match &state.phase {
            Phase::Open(open) => open.profile.vaccines[0].lots[0].recalled_at.is_some(),
            _ => false,
        });
        screen.tap("読取");
        let person = Person { screen: &screen, sheets: &place.sheets };
        let became = person.work_on_next(|screen, _| assert!(screen.shows("回収の対象です"))).1;
        assert_eq!(became, Became::Refused("LotRecalled".to_owned()));
        drop(screen);

        // The bundle on the disk says nothing of it; the database does.
        let screen = tests::screen::Screen::start(place.config());
        tests::site::unlock(&screen, "見本 花子");
        screen.wait_for("the day to be asked for again", |state| match &state.phase {
            Phase::Open(open) => open.profile.vaccines[0].lots[0].recalled_at.is_some(),
            _ => false,
        });
        assert_eq!(screen.open(|open| open.counts.entries), Some(before));
    });
}
