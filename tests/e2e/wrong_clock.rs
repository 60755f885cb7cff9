//! A tablet whose clock is wrong by years works and delivers; what its clock said stays in the record, and is said.

use app::platform;
use record::{Entry, Moment};
use rusqlite::{Connection, OpenFlags};
use tests::{network::Mood, screen::on_screen_thread};

use crate::place::{Place, wait_for_receipts};

const TEN_YEARS_MS: i64 = 3_653 * 86_400_000;

fn off_by(ms: i64) -> Moment {
    let now = platform::now();
    Moment { wall: now.wall.plus_ms(ms), ..now }
}
fn ten_years_slow() -> Moment {
    off_by(-TEN_YEARS_MS)
}
fn ten_years_fast() -> Moment {
    off_by(TEN_YEARS_MS)
}

/// Delivered whatever the clock says; how many of the entries somebody is asked to look at.
fn works_and_delivers(clock: fn() -> Moment, off_ms: i64) -> u64 {
    on_screen_thread(move || {
        let place = Place::new(Mood::Cut);
        // Set up while the clock was right: a bundle that seems to be expired is not used.
        drop(place.open(place.config()));
        let screen = place.open(app::shell::Config { clock, ..place.config() });
        let entries = place.record(&screen, 2);
        place.network.become_(Mood::Open);
        wait_for_receipts(&screen, entries);
        assert!(screen.shows("端末の時計のずれ"), "{:?}", screen.texts());
        assert!(screen.shows("3652日") || screen.shows("3653日"), "{:?}", screen.texts());

        let file = place.central.data().join("register.sqlite");
        let register = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let mut statement = register.prepare("SELECT entry, received_at FROM entries").unwrap();
        let rows: Vec<(Vec<u8>, i64)> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(rows.len() as u64, entries);
        for (bytes, received_at) in rows {
            let recorded_at = Entry::from_bytes(&bytes).unwrap().recorded_at.unix_ms();
            let off = recorded_at - received_at;
            assert!(
                (off - off_ms).abs() < 600_000,
                "the tablet's own clock stands in the record, off by {off}"
            );
        }
        screen.open(|open| open.counts.needs_review).unwrap()
    })
}

#[test]
fn ten_years_slow_is_delivered() {
    assert_eq!(works_and_delivers(ten_years_slow, -TEN_YEARS_MS), 0);
}

#[test]
fn ten_years_fast_is_delivered_and_a_person_looks_at_the_dates() {
    assert_eq!(works_and_delivers(ten_years_fast, TEN_YEARS_MS), 2, "a vaccination in the future");
}
