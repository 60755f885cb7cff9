//! When a tablet tells how it stands, and that nothing ever waits for that.

use record::{Outcome, ReviewReason, wire::heartbeat::Heartbeat};
use sync::{
    courier::Wake,
    exchange::{NetworkError, Request, Response},
    status::Activity,
};

use crate::simulated::{Central, Day, online};

const MINUTE_MS: u64 = 60_000;

/// A round in which something else answers heartbeats.
fn round_with(day: &mut Day, answer: impl Fn() -> Result<Response, NetworkError>) -> u64 {
    day.round(|central: &mut Central, request: &Request| {
        let is_heartbeat = request.path.ends_with("heartbeats");
        if is_heartbeat { answer() } else { Ok(central.answer(request)) }
    })
}

#[test]
fn a_round_ends_with_a_word_on_how_the_tablet_stands() {
    let mut day = Day::begin(21);
    for _ in 0..3 {
        day.record();
    }
    day.central.outcomes.insert(2, Outcome::NeedsReview(ReviewReason::FutureDate));
    day.now.wall = day.now.wall.plus_ms(-90_000);
    day.courier.saw_free_bytes(Some(3 << 30));
    day.round(online);
    let [told]: [Heartbeat; 1] = day.central.heartbeats.clone().try_into().unwrap();
    assert_eq!((told.pending.get(), told.delivered.get(), told.needs_review.get()), (0, 2, 1));
    let head = told.head.unwrap();
    assert_eq!(head.position.get(), 3);
    let last = day.store.standing().unwrap().head.unwrap();
    assert_eq!((head.link, u64::from(head.position.get())), (last.1, last.0.number()));
    assert_eq!((told.release.to_string().as_str(), told.clock_offset_s.get()), ("0.1.0", 90));
    assert_eq!(told.free_mib.unwrap().range_mib(), (2048, 4095));
}

#[test]
fn a_resting_tablet_is_heard_every_quarter_of_an_hour() {
    let mut day = Day::begin(22);
    let until = day.round(online);
    assert_eq!((day.central.heartbeats.len(), day.central.heartbeats[0].head), (1, None));
    assert!(until <= day.now.monotonic_ms + 15 * MINUTE_MS);
    for heard in 2..=4 {
        day.pass_ms(15 * MINUTE_MS);
        day.round(online);
        assert_eq!(day.central.heartbeats.len(), heard);
    }
}

#[test]
fn a_busy_tablet_tells_once_a_minute_and_once_more_when_it_is_quiet() {
    let mut day = Day::begin(23);
    day.round(online);
    let began = day.now.monotonic_ms;
    let mut until = 0;
    for _ in 0..30 {
        day.record(); // 20 to 29 s
        day.courier.wake(Wake::NewEntry);
        until = day.round(online);
    }
    let minutes = (day.now.monotonic_ms - began) / MINUTE_MS;
    let told = day.central.heartbeats.len() as u64;
    assert!((minutes / 2..=minutes + 1).contains(&told), "{told} in {minutes} minutes");
    day.pass_ms(until.saturating_sub(day.now.monotonic_ms));
    day.round(online);
    let last = day.central.heartbeats.last().unwrap();
    assert_eq!(last.delivered.get(), 30, "the end of the burst is told without waiting a quarter of an hour");
}

#[test]
fn a_central_that_knows_no_heartbeats_is_no_trouble() {
    let answers: [fn() -> Result<Response, NetworkError>; 5] = [
        || Ok(Response { status: 404, retry_after_s: None, body: Vec::new() }),
        || Ok(Response { status: 400, retry_after_s: None, body: br#"{"code":"malformed"}"#.to_vec() }),
        || Ok(Response { status: 500, retry_after_s: Some(3600), body: Vec::new() }),
        || Ok(Response { status: 200, retry_after_s: None, body: b"<html>FreeWiFi</html>".to_vec() }),
        || Err(NetworkError::Broken),
    ];
    for answer in answers {
        let mut day = Day::begin(24);
        for made in 1..=20 {
            day.record();
            day.courier.wake(Wake::NewEntry);
            round_with(&mut day, answer);
            assert_eq!(day.counts().delivered, made, "a new entry goes at once");
            let status = day.courier.status(day.now);
            assert_eq!((status.activity, status.problem), (Activity::Resting, None));
        }
    }
}

#[test]
fn what_is_not_understood_is_tried_again_after_a_quarter_of_an_hour() {
    let mut day = Day::begin(25);
    let tried = std::cell::Cell::new(0);
    let not_known = || {
        tried.set(tried.get() + 1);
        Ok(Response { status: 404, retry_after_s: None, body: Vec::new() })
    };
    for _ in 0..20 {
        day.record();
        day.courier.wake(Wake::NewEntry);
        round_with(&mut day, not_known);
    }
    assert_eq!(tried.get(), 1, "twenty entries in less than a quarter of an hour");
    day.pass_ms(15 * MINUTE_MS);
    round_with(&mut day, not_known);
    assert_eq!(tried.get(), 2);
    day.courier.wake(Wake::Now);
    day.round(online);
    assert_eq!(day.central.heartbeats.len(), 1, "whoever presses send is heard at once");
}

#[test]
fn a_heartbeat_with_a_stale_clock_asks_for_the_time() {
    let mut day = Day::begin(26);
    day.round(online);
    day.central.now = day.central.now.plus_ms(3 * 3_600_000);
    day.courier.wake(Wake::Now);
    day.round(online);
    assert_eq!(day.central.heartbeats.len(), 1, "refused: its signature is of another time");
    day.courier.wake(Wake::Now);
    day.round(online);
    assert_eq!((day.central.heartbeats.len(), day.courier.status(day.now).problem), (2, None));
}
