//! What sending promises.

use proptest::prelude::*;
use record::{Outcome, ReviewReason, outcome::LaterReason};
use seal::tls::Dates;
use store::{Enrolment, ListFilter};
use sync::{
    courier::{Next, Wake},
    exchange::{NetworkError, Response},
    status::{Activity, SendProblem},
};

use crate::simulated::{Day, START, offline, online};

const YEAR_MS: i64 = 365 * 86_400_000;

#[test]
fn what_was_recorded_offline_is_delivered_when_the_network_returns() {
    let mut day = Day::begin(1);
    for _ in 0..450 {
        day.record();
    }
    day.round(offline);
    assert_eq!(day.counts().pending, 450);
    assert_eq!(day.courier.status(day.now).problem, Some(SendProblem::Network(NetworkError::Unreachable)));
    day.courier.wake(Wake::Now);
    day.round(online);
    let counts = day.counts();
    assert_eq!((counts.pending, counts.delivered, day.central.kept.len()), (0, 450, 450));
    assert!(matches!(day.store.enrolment().unwrap(), Some(Enrolment::Done(_))));
    let status = day.courier.status(day.now);
    assert_eq!((status.activity, status.problem), (Activity::Resting, None));
}

#[test]
fn a_full_batch_takes_no_more_than_120_bytes_an_entry() {
    let mut day = Day::begin(2);
    for _ in 0..200 {
        day.record();
    }
    day.round(online);
    let (entries, bytes) = day.central.largest_batch;
    assert_eq!(entries, 200);
    println!("a full batch: {:.1} bytes an entry", bytes as f64 / entries as f64);
    assert!(bytes <= 120 * entries, "{} bytes an entry", bytes as f64 / entries as f64);
}

#[test]
fn a_reply_that_is_lost_leaves_no_duplicate() {
    let mut day = Day::begin(3);
    day.record();
    let mut lose = 3;
    day.round(|central, request| {
        let answer = central.answer(request);
        if request.path.ends_with("batches") && lose > 0 {
            lose -= 1;
            return Err(NetworkError::Broken);
        }
        Ok(answer)
    });
    assert_eq!((day.counts().pending, day.central.kept.len()), (1, 1), "kept there, not yet proven here");
    for _ in 0..3 {
        day.courier.wake(Wake::Now);
        day.round(online);
    }
    assert_eq!((day.counts().delivered, day.central.kept.len()), (1, 1));
}

#[test]
fn a_clock_wrong_by_ten_years_still_delivers_and_says_so() {
    for years in [-10, 10] {
        let mut day = Day::begin(4);
        day.now.wall = day.now.wall.plus_ms(years * YEAR_MS);
        day.record();
        let recorded_at = day.store.list(ListFilter::All, 0, 1).unwrap()[0].recorded_at;
        let mut first = true;
        day.round(|central, request| {
            assert_eq!(
                request.dates == Dates::Unchecked,
                first,
                "only the question of time goes without dates"
            );
            first = false;
            Ok(central.answer(request))
        });
        assert_eq!(day.counts().delivered, 1, "{years} years");
        assert!(
            (day.central.offset_ms + years * YEAR_MS).abs() < 1_000,
            "the central is told how far it is off"
        );
        assert!((day.courier.status(day.now).clock_offset_ms.unwrap() + years * YEAR_MS).abs() < 1_000);
        let kept = day.central.kept.values().next().unwrap();
        let entry = record::Entry::from_bytes(kept).unwrap();
        assert_eq!(entry.recorded_at, recorded_at, "the recorded wall clock is left as it was");
        assert!((entry.recorded_at.unix_ms() - START - years * YEAR_MS).abs() < 3_600_000);
    }
}

#[test]
fn a_clock_that_is_moved_while_working_is_asked_for_again() {
    let mut day = Day::begin(5);
    day.round(online);
    day.central.now = day.central.now.plus_ms(3 * 3_600_000);
    day.record();
    day.courier.wake(Wake::Now);
    day.round(online);
    assert_eq!(day.courier.status(day.now).problem, Some(SendProblem::SignatureRefused));
    day.courier.wake(Wake::Now);
    day.round(online);
    assert_eq!(day.counts().delivered, 1);
}

#[test]
fn what_needs_a_person_is_proven_kept_and_holds_up_nobody() {
    let mut day = Day::begin(6);
    for _ in 0..3 {
        day.record();
    }
    day.central.outcomes.insert(2, Outcome::NeedsReview(ReviewReason::FutureDate));
    day.round(online);
    let counts = day.counts();
    assert_eq!((counts.delivered, counts.needs_review, counts.pending), (2, 1, 0));
    assert_eq!(day.central.kept.len(), 3);
}

#[test]
fn a_kind_the_central_does_not_know_waits_and_is_tried_again() {
    let mut day = Day::begin(7);
    day.central.outcomes.insert(1, Outcome::Later(LaterReason::UnknownKind));
    day.record();
    day.record();
    day.round(online);
    assert_eq!((day.counts().delivered, day.counts().pending), (1, 1));
    assert_eq!(day.courier.status(day.now).later, 1);
    let requests = day.central.requests;
    day.record();
    day.courier.wake(Wake::NewEntry);
    day.round(online);
    assert_eq!(day.central.requests, requests + 1, "a new entry does not send the old one again at once");
    day.central.outcomes.clear();
    day.pass_ms(5 * 60_000);
    day.round(online);
    assert_eq!(day.counts().delivered, 2, "it is not asked for again with every look at what is sent down");
    day.pass_ms(5 * 60_000);
    day.round(online);
    assert_eq!(day.counts().delivered, 3);
}

#[test]
fn a_batch_the_central_cannot_digest_is_taken_apart_until_the_one_is_found() {
    let mut day = Day::begin(8);
    for _ in 0..300 {
        day.record();
    }
    day.central.indigestible.extend([17, 203]);
    day.round(online);
    assert_eq!((day.counts().delivered, day.counts().pending), (298, 2));
    assert_eq!(day.courier.status(day.now).later, 2);
}

#[test]
fn nonsense_and_strange_receipts_change_nothing() {
    for nonsense in [
        Response { status: 200, retry_after_s: None, body: b"<html>Welcome to FreeWiFi</html>".to_vec() },
        Response { status: 200, retry_after_s: None, body: Vec::new() },
        Response { status: 302, retry_after_s: None, body: Vec::new() },
        Response { status: 500, retry_after_s: None, body: b"oops".to_vec() },
        Response { status: 503, retry_after_s: Some(120), body: br#"{"code":"unavailable"}"#.to_vec() },
        Response { status: 418, retry_after_s: None, body: br#"{"code":"teapot"}"#.to_vec() },
    ] {
        let mut day = Day::begin(9);
        day.record();
        day.round(online);
        day.record();
        day.courier.wake(Wake::Now);
        let until = day.round(|_, _| Ok(nonsense.clone()));
        assert_eq!((day.counts().delivered, day.counts().pending), (1, 1));
        assert!(day.courier.status(day.now).problem.is_some());
        assert!(until >= day.now.monotonic_ms + nonsense.retry_after_s.unwrap_or(0) * 1000);
        day.courier.wake(Wake::Now);
        day.round(online);
        assert_eq!(day.counts().delivered, 2);
    }
}

#[test]
fn a_receipt_signed_by_someone_else_is_not_believed() {
    let mut day = Day::begin(10);
    day.record();
    day.round(online);
    day.record();
    day.courier.wake(Wake::Now);
    day.round(|central, request| {
        let mut answer = central.answer(request);
        let text = String::from_utf8(answer.body).unwrap();
        answer.body = text.replace("\"signature\":\"", "\"signature\":\"A").into_bytes();
        let at = answer.body.len() - 3;
        answer.body.remove(at);
        Ok(answer)
    });
    assert_eq!((day.counts().delivered, day.counts().pending), (1, 1));
    assert!(day.courier.status(day.now).problem.is_some());
}

#[test]
fn a_new_entry_does_not_shorten_a_wait_after_a_failure_but_a_person_does() {
    let mut day = Day::begin(11);
    day.record();
    let until = day.round(offline);
    day.courier.wake(Wake::NewEntry);
    let resting = Next::Rest { until_monotonic_ms: until };
    assert_eq!(day.courier.next(&mut day.store, day.now, &mut day.random), resting);
    day.courier.wake(Wake::Now);
    assert!(matches!(day.courier.next(&mut day.store, day.now, &mut day.random), Next::Send(_)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    /// Whatever the network loses, in the end everything is delivered once.
    #[test]
    fn any_network_ends_with_everything_delivered_once(
        seed: u64,
        script in proptest::collection::vec((0_u8..4, 0_u8..4), 1..40),
    ) {
        let mut day = Day::begin(seed);
        let mut made = 0;
        for (action, fate) in script {
            match action {
                0 | 1 => { day.record(); made += 1; }
                2 => day.pass_ms(60_000),
                _ => {
                    day.courier.wake(Wake::Now);
                    day.round(|central, request| match fate {
                        0 => Err(NetworkError::Unreachable),
                        1 => { central.answer(request); Err(NetworkError::Broken) }
                        2 => Ok(Response { status: 502, retry_after_s: None, body: Vec::new() }),
                        _ => Ok(central.answer(request)),
                    });
                }
            }
        }
        for _ in 0..3 {
            day.courier.wake(Wake::Now);
            day.round(online);
        }
        prop_assert_eq!(day.counts().delivered, made);
        prop_assert_eq!(day.central.kept.len() as u64, made);
    }
}
