//! What the central sends down: whole or not at all, never back, and never before an entry.

use proptest::prelude::*;
use record::wire::reference::{PIECE_BYTES, ReferenceVersion};
use sync::{
    courier::{Next, Wake},
    exchange::{NetworkError, Response},
    status::ReferenceProblem,
};

use crate::{
    shelf::{Shelf, doses, list, municipality, number},
    simulated::{Day, offline, online},
};

/// 20 bytes a dose: three pieces and a bit.
const MANY: u64 = 3 * PIECE_BYTES / 20 + 100;

fn knows(day: &Day, coupon: u64) -> bool {
    !day.store.earlier_doses(municipality(), number(coupon)).unwrap().is_empty()
}

fn is_recalled(day: &Day) -> bool {
    day.store.published().unwrap().lots.iter().any(|supply| supply.lots[0].recalled_at.is_some())
}

fn again(day: &mut Day) {
    day.courier.wake(Wake::Now);
    day.round(online);
}

#[test]
fn what_is_published_holds_after_a_round_and_the_screens_can_say_so() {
    let mut day = Day::begin(20);
    day.record();
    day.central.shelf.publish_lot(Some(1_637_545_200_000));
    day.central.shelf.publish_list(list(doses(1..=MANY), Vec::new()));
    day.round(online);
    assert_eq!(day.counts().delivered, 1);
    assert!(is_recalled(&day));
    assert!(knows(&day, 1) && knows(&day, MANY) && !knows(&day, MANY + 1));
    let status = day.courier.status(day.now).reference;
    assert_eq!(status.version, ReferenceVersion::new(day.central.shelf.version));
    assert_eq!(status.problem, None);
}

#[test]
fn entries_go_first_also_those_recorded_while_a_part_is_on_its_way() {
    let mut day = Day::begin(21);
    day.central.shelf.publish_list(list(doses(1..=MANY), Vec::new()));
    day.record();
    let mut paths = Vec::new();
    loop {
        match day.courier.next(&mut day.store, day.now, &mut day.random) {
            Next::Rest { .. } => break,
            Next::Again => {}
            Next::Send(request) => {
                let answer = day.central.answer(&request);
                day.courier.answered(Ok(answer), &mut day.store, day.now, &mut day.random);
                if request.path.len() > "/v1/reference/".len() {
                    day.record();
                }
                paths.push(request.path);
            }
        }
    }
    let first_part = paths.iter().position(|path| path.starts_with("/v1/reference")).unwrap();
    assert!(paths[..first_part].contains(&"/v1/batches".to_owned()));
    for pair in paths.windows(2) {
        let is_piece = |path: &str| path.starts_with("/v1/reference/");
        assert!(!(is_piece(&pair[0]) && is_piece(&pair[1])), "an entry waited behind two pieces");
    }
    assert_eq!(day.counts().pending, 0);
    assert!(knows(&day, MANY));
}

#[test]
fn what_was_fetched_before_the_cut_is_not_fetched_again() {
    let mut day = Day::begin(22);
    let whole = list(doses(1..=MANY), Vec::new());
    let size = whole.len() as u64;
    day.central.shelf.publish_list(whole);
    let mut pieces = 0;
    day.round(|central, request| {
        if request.path.len() > "/v1/reference/".len() {
            pieces += 1;
            if pieces > 2 {
                return Err(NetworkError::Broken);
            }
        }
        Ok(central.answer(request))
    });
    assert!(!knows(&day, 1), "half a list is no list");
    let problem = day.courier.status(day.now).reference.problem;
    assert_eq!(problem, Some(ReferenceProblem::Network(NetworkError::Broken)));
    assert_eq!(day.courier.status(day.now).problem, None, "sending is not said to fail for it");
    day.begin_program_again();
    day.round(online);
    assert!(knows(&day, 1));
    assert_eq!(day.central.shelf.sent, size, "each byte once");
}

#[test]
fn a_day_of_changes_is_small_and_a_list_of_all_that_says_the_same_costs_nothing() {
    let mut day = Day::begin(23);
    day.central.shelf.publish_list(list(doses(1..=MANY), Vec::new()));
    day.round(online);
    let before = day.central.shelf.sent;
    day.central.shelf.publish_list(list(doses([MANY + 1]), doses([7])));
    again(&mut day);
    assert!(knows(&day, MANY + 1) && !knows(&day, 7) && knows(&day, 8));
    assert!(day.central.shelf.sent - before < 300, "{} bytes", day.central.shelf.sent - before);

    let all: Vec<u64> = (1..=MANY + 1).filter(|each| *each != 7).collect();
    let before = day.central.shelf.sent;
    day.central.shelf.fold(list(doses(all), Vec::new()));
    again(&mut day);
    assert_eq!(day.central.shelf.sent, before);
    day.central.shelf.publish_list(list(doses([7]), Vec::new()));
    again(&mut day);
    assert!(knows(&day, 7) && knows(&day, MANY + 1));
}

#[test]
fn an_older_version_is_refused_and_what_held_still_does() {
    let mut day = Day::begin(24);
    day.central.shelf.publish_lot(None);
    let (version, lots) = (day.central.shelf.version, day.central.shelf.lots);
    day.central.shelf.publish_lot(Some(1_637_545_200_000));
    day.round(online);
    assert!(is_recalled(&day));
    (day.central.shelf.version, day.central.shelf.lots) = (version, lots);
    again(&mut day);
    assert!(is_recalled(&day), "a recall is not taken back by an older copy of the central");
    assert_eq!(day.courier.status(day.now).reference.problem, Some(ReferenceProblem::Older));
    day.record();
    day.courier.wake(Wake::NewEntry);
    day.round(online);
    assert_eq!(day.counts().pending, 0, "entries are sent all the same");
}

#[test]
fn bytes_that_are_not_those_named_are_dropped_and_fetched_anew() {
    let mut day = Day::begin(25);
    day.central.shelf.publish_lot(Some(1_637_545_200_000));
    day.round(|central, request| {
        let mut answer = central.answer(request);
        if answer.status == 206 {
            answer.body[3] ^= 1;
        }
        Ok(answer)
    });
    assert!(!is_recalled(&day));
    assert_eq!(day.courier.status(day.now).reference.problem, Some(ReferenceProblem::Nonsense));
    again(&mut day);
    assert!(is_recalled(&day));
}

#[test]
fn a_part_that_this_program_cannot_read_keeps_all_of_it_out() {
    let mut day = Day::begin(26);
    day.central.shelf.publish_lot(Some(1_637_545_200_000));
    let rules = day.central.shelf.part(br#"[{"check":"moon_phase","then":"block"}]"#.to_vec());
    day.central.shelf.rules = Some(rules);
    day.round(online);
    assert_eq!(day.courier.status(day.now).reference.problem, Some(ReferenceProblem::Unreadable));
    assert_eq!(day.store.published().unwrap(), store::Published::default(), "not even the lots");
    day.central.shelf.rules = None;
    day.central.shelf.version += 1;
    again(&mut day);
    assert!(is_recalled(&day));
}

#[test]
fn a_central_without_reference_data_delivers_all_the_same() {
    for refusal in [
        Response { status: 404, retry_after_s: None, body: Vec::new() },
        Response { status: 503, retry_after_s: Some(600), body: br#"{"code":"unavailable"}"#.to_vec() },
        Response { status: 200, retry_after_s: None, body: b"<html>".to_vec() },
    ] {
        let mut day = Day::begin(27);
        day.record();
        let refusing = |central: &mut crate::simulated::Central, request: &sync::exchange::Request| {
            if request.path.starts_with("/v1/reference") {
                return Ok(refusal.clone());
            }
            Ok(central.answer(request))
        };
        day.round(refusing);
        let asked = day.central.requests;
        day.record();
        day.courier.wake(Wake::NewEntry);
        day.round(refusing);
        assert_eq!(day.counts().delivered, 2, "the new entry did not wait for it");
        assert!(day.central.requests > asked);
        assert_eq!(day.courier.status(day.now).problem, None);
    }
}

#[test]
fn what_is_new_is_asked_for_every_five_minutes_and_not_with_every_entry() {
    let mut day = Day::begin(28);
    let until = day.round(online);
    assert_eq!(until, day.now.monotonic_ms + 5 * 60 * 1000);
    let asked = day.central.requests;
    day.record();
    day.courier.wake(Wake::NewEntry);
    day.round(online);
    assert_eq!(day.central.requests, asked + 1, "the batch alone");
    day.central.shelf.publish_lot(Some(1_637_545_200_000));
    day.pass_ms(until - day.now.monotonic_ms);
    day.round(online);
    assert!(is_recalled(&day));
}

/// One of a few states of the central, one after the other.
fn publish(shelf: &mut Shelf, step: u8) {
    match step % 4 {
        0 => shelf.publish_lot(None),
        1 => shelf.publish_lot(Some(1_637_545_200_000)),
        2 if shelf.lists.is_empty() => shelf.publish_list(list(doses([1, 2]), Vec::new())),
        2 => shelf.publish_list(list(doses([u64::from(step) + 1_000]), doses([1]))),
        _ => shelf.publish_all(list(doses(1..=u64::from(step) * 40 + 9_000), Vec::new())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Whatever the network loses, in the end the last manifest holds whole; on the way there, always a whole one, and
    /// never an older one than before.
    #[test]
    fn any_network_ends_with_the_manifest_applied_whole(
        seed: u64,
        script in proptest::collection::vec((0_u8..4, 0_u8..5, 0_u8..12), 1..24),
    ) {
        let mut day = Day::begin(seed);
        let mut whole = vec![(1, None, Vec::new())];
        let mut held = 0;
        for (action, fate, step) in script {
            match action {
                0 => { day.record(); }
                1 => {
                    publish(&mut day.central.shelf, step);
                    let shelf = &day.central.shelf;
                    whole.push((shelf.version, shelf.lots, shelf.lists.clone()));
                }
                2 => day.pass_ms(400_000),
                _ => {
                    day.courier.wake(Wake::Now);
                    let mut asked = 0_u8;
                    day.round(|central, request| {
                        asked = asked.wrapping_add(1);
                        match fate {
                            0 => Err(NetworkError::Unreachable),
                            1 => { central.answer(request); Err(NetworkError::Broken) }
                            2 if asked > step => Err(NetworkError::Broken),
                            3 if asked % 3 == 2 => Ok(Response { status: 502, retry_after_s: None, body: Vec::new() }),
                            _ => Ok(central.answer(request)),
                        }
                    });
                }
            }
            let version = day.store.reference_version().unwrap().map_or(0, ReferenceVersion::number);
            prop_assert!(version >= held, "{version} after {held}");
            held = version;
            if let Some((_, lots, _)) = whole.iter().find(|(version, _, _)| *version == held) {
                prop_assert_eq!(day.store.published().unwrap().lots.is_empty(), lots.is_none());
            } else {
                prop_assert_eq!(held, 0, "what holds was published as it is");
            }
        }
        for _ in 0..3 {
            again(&mut day);
        }
        let shelf = &day.central.shelf;
        prop_assert_eq!(day.store.reference_version().unwrap(), ReferenceVersion::new(shelf.version));
        let has_two_thousand = shelf.lists.iter().any(|list| list.size > 9_000 * 20);
        prop_assert_eq!(knows(&day, 2_000), has_two_thousand);
        prop_assert_eq!(day.counts().pending, 0);
    }
}

#[test]
fn offline_nothing_changes() {
    let mut day = Day::begin(29);
    day.central.shelf.publish_lot(Some(1_637_545_200_000));
    day.round(offline);
    assert_eq!(day.store.reference_version().unwrap(), None);
}
