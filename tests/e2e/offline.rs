//! Days with a bad network or none: everything is kept, shown as what it is, and delivered once.

use std::cell::Cell;

use app::workflow::Phase;
use sync::status::Activity;
use tests::{network::Mood, screen::on_screen_thread};

use crate::place::{Place, wait_for_receipts};

const ENTRIES_AND_IDS: [&str; 2] = ["count(*) FROM entries", "count(DISTINCT entry_id) FROM entries"];

#[test]
fn a_day_without_a_network_is_kept_over_a_restart_and_delivered_when_it_returns() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let screen = place.open(place.config());
        let before = place.record(&screen, 3);
        screen.wait_for("the network to be missed", |state| match &state.phase {
            Phase::Open(open) => open.sending.is_some_and(|status| status.problem.is_some()),
            _ => false,
        });
        drop(screen);

        let screen = place.open(place.config());
        let counts = screen.open(|open| open.counts).unwrap();
        assert_eq!(
            (counts.entries, counts.pending),
            (before, before),
            "all of it is there after the restart"
        );
        let entries = before + place.record(&screen, 2);
        let counts = screen.open(|open| open.counts).unwrap();
        assert_eq!((counts.delivered, counts.needs_review), (0, 0), "no receipt without a network");
        assert_eq!(place.at_central("count(*) FROM entries"), 0);

        place.network.become_(Mood::Open);
        wait_for_receipts(&screen, entries);
        assert_eq!(ENTRIES_AND_IDS.map(|count| place.at_central(count)), [entries; 2]);
    });
}

#[test]
fn a_reply_that_is_lost_again_and_again_makes_no_entry_twice_and_none_delivered_without_its_receipt() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Open);
        let screen = place.open(place.config());
        let mut entries = place.record(&screen, 1);
        wait_for_receipts(&screen, entries);
        for _ in 0..3 {
            // Once the round is over the connection stands and nothing is asked over it; the next entry goes over it as
            // soon as it is kept.
            let calm = Cell::new(0);
            screen.wait_for("the round to end", |state| match &state.phase {
                Phase::Open(open) => {
                    let rests = open.sending.is_some_and(|status| status.activity == Activity::Resting);
                    // Between two requests it rests for a moment too.
                    calm.set(if rests { calm.get() + 1 } else { 0 });
                    calm.get() > 60
                }
                _ => false,
            });
            let lost = place.network.lost();
            place.network.become_(Mood::LosesReplies);
            screen.tap("読取");
            entries += place.record(&screen, 1);
            screen.wait_for("the entry to arrive", |_| place.at_central("count(*) FROM entries") == entries);
            screen.wait_for("its receipt to be lost", |_| place.network.lost() > lost);
            place.network.become_(Mood::Cut);
            screen.wait_for("the failure to be noticed", |state| match &state.phase {
                Phase::Open(open) => open.sending.is_some_and(|status| status.problem.is_some()),
                _ => false,
            });
            let counts = screen.open(|open| open.counts).unwrap();
            assert_eq!((counts.pending, counts.delivered), (1, entries - 1), "nobody believes it unproven");
            place.network.become_(Mood::Open);
            wait_for_receipts(&screen, entries);
        }
        assert_eq!(ENTRIES_AND_IDS.map(|count| place.at_central(count)), [entries; 2]);
        assert_eq!(place.at_central("count(*) FROM entries WHERE outcome <> 'delivered'"), 0);
    });
}
