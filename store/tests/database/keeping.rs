//! What the database promises: nothing kept is lost, changed or shown as more than it is.

use crate::support::*;
use proptest::prelude::*;
use record::{Epoch, Outcome, Position, ReviewReason};
use seal::chain::genesis;
use store::{Enrolment, ListFilter, NumberEnding, StoreError, UploadState};

#[test]
fn an_entry_is_there_after_the_tablet_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path()).append(&shot(1), moment(1)).unwrap();
    let mut store = open(folder.path());
    let second = store.append(&shot(2), moment(2)).unwrap();
    assert_eq!((first.position.number(), second.position.number()), (1, 2));
    assert_eq!((first.epoch, second.epoch), (Epoch::FIRST, Epoch::FIRST));
    assert_eq!(store.entry(id(1)).unwrap(), Some(shot(1)));
    let counts = store.counts("2021-11-22").unwrap();
    assert_eq!((counts.entries, counts.on_day, counts.pending), (2, 2, 2));
}

#[test]
fn the_same_entry_again_changes_nothing_and_other_content_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let first = store.append(&shot(1), moment(1)).unwrap();
    assert_eq!(store.append(&shot(1), moment(9)).unwrap(), first);
    let mut other = shot(1);
    other.content = record::EntryContent::Vaccination(vaccination(77));
    assert_eq!(store.append(&other, moment(9)), Err(StoreError::SameIdOtherContent));
    assert_eq!(store.counts("2021-11-22").unwrap().entries, 1);
}

#[test]
fn a_change_names_an_entry_that_still_stands() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    store.append(&shot(1), moment(1)).unwrap();
    assert_eq!(store.append(&correction(2, 99), moment(2)), Err(StoreError::UnknownEntry));
    store.append(&correction(2, 1), moment(2)).unwrap();
    assert_eq!(store.append(&cancellation(3, 1), moment(3)), Err(StoreError::AlreadyChanged));
    store.append(&cancellation(3, 2), moment(3)).unwrap();
    assert_eq!(store.append(&correction(4, 3), moment(4)), Err(StoreError::AlreadyChanged));
    for any in 1..=3 {
        let history = store.history(id(any)).unwrap();
        assert_eq!(history.iter().map(|row| row.entry.entry_id).collect::<Vec<_>>(), [id(1), id(2), id(3)]);
    }
    assert!(
        store.earlier_doses("131016".parse().unwrap(), "0000000002".parse().unwrap()).unwrap().is_empty()
    );
}

#[test]
fn what_stands_of_a_coupon_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    store.append(&shot(5), moment(1)).unwrap();
    let found = store.earlier_doses("131016".parse().unwrap(), "0000000005".parse().unwrap()).unwrap();
    assert_eq!(
        (found.len(), found[0].recorded_at, found[0].dose.unwrap().number()),
        (1, Some(moment(5).wall), 3)
    );
    assert!(
        store.earlier_doses("131130".parse().unwrap(), "0000000005".parse().unwrap()).unwrap().is_empty()
    );
}

#[test]
fn only_a_verified_receipt_makes_an_entry_delivered() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    for number in 1..=3 {
        store.append(&shot(number), moment(number)).unwrap();
    }
    let pending = store.pending(None, 200).unwrap();
    let review = Outcome::NeedsReview(ReviewReason::FutureDate);
    let said =
        receipt(
            &pending[..2],
            |position| if position.number() == 2 { review.clone() } else { Outcome::Delivered },
        );
    store.keep_receipt(&said, moment(10)).unwrap();
    store.keep_receipt(&said, moment(11)).unwrap();
    let states: Vec<_> = store
        .list(ListFilter::All, 0, 10)
        .unwrap()
        .into_iter()
        .map(|row| (row.position.number(), row.state))
        .collect();
    assert_eq!(
        states,
        [
            (2, UploadState::NeedsReview(ReviewReason::FutureDate)),
            (3, UploadState::Pending),
            (1, UploadState::Delivered)
        ]
    );
    assert_eq!(store.list(ListFilter::NeedsReview, 0, 10).unwrap().len(), 1);
    let kept = store.receipt_bytes(Epoch::FIRST, Position::FIRST).unwrap().unwrap();
    assert_eq!(seal::receipt::VerifiedReceipt::from_bytes(&kept, &receipt_keys()).unwrap(), said);
    assert_eq!(store.receipt_bytes(Epoch::FIRST, Position::new(3).unwrap()).unwrap(), None);
}

#[test]
fn a_receipt_for_other_entries_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    store.append(&shot(1), moment(1)).unwrap();
    let mut foreign = store.pending(None, 200).unwrap();
    foreign[0].bytes.push(b' ');
    let said = receipt(&foreign, |_| Outcome::Delivered);
    assert_eq!(store.keep_receipt(&said, moment(2)), Err(StoreError::ForeignReceipt));
    assert_eq!(store.counts("").unwrap().pending, 1);
}

#[test]
fn what_is_for_later_stays_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    store.append(&shot(1), moment(1)).unwrap();
    let pending = store.pending(None, 200).unwrap();
    let later = receipt(&pending, |_| Outcome::Later(record::outcome::LaterReason::UnknownKind));
    store.keep_receipt(&later, moment(2)).unwrap();
    assert_eq!(store.pending(None, 200).unwrap(), pending);
    assert!(store.pending(Some((Epoch::FIRST, Position::FIRST)), 200).unwrap().is_empty());
}

#[test]
fn a_full_disk_keeps_all_that_was_kept_and_nothing_half() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    store.append(&shot(1), moment(1)).unwrap();
    store.grow_by_at_most(64 * 1024).unwrap();
    let mut kept = 1;
    let refused = loop {
        match store.append(&shot(kept + 1), moment(kept)) {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 10_000, "the limit holds");
    };
    assert_eq!(refused, StoreError::Full);
    assert_eq!(store.counts("2021-11-22").unwrap().entries, kept);
    store.grow_by_at_most(u64::MAX).unwrap();
    assert_eq!(store.append(&shot(kept + 1), moment(kept)).unwrap().position.number(), kept + 1);
}

#[test]
fn an_entry_without_its_receipt_cannot_be_deleted_or_changed() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).append(&shot(1), moment(1)).unwrap();
    let raw = rusqlite::Connection::open(folder.path().join("records.db")).unwrap();
    raw.pragma_update(None, "key", key().to_sqlcipher().as_str()).unwrap();
    assert!(raw.execute("DELETE FROM entries", []).is_err());
    assert!(raw.execute("UPDATE entries SET bytes = x'00'", []).is_err());
    assert!(raw.execute("DELETE FROM audit", []).is_err());
    assert_eq!(raw.query_row("SELECT count(*) FROM entries", [], |row| row.get::<_, u64>(0)).unwrap(), 1);
}

#[test]
fn the_days_settings_and_the_enrolment_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    assert_eq!((store.day().unwrap(), store.enrolment().unwrap()), (None, None));
    let waiting = Enrolment::Waiting("A".repeat(43).parse().unwrap());
    store.keep_day(&vaccination(1).day).unwrap();
    store.keep_enrolment(&waiting).unwrap();
    let store = open(folder.path());
    assert_eq!(store.day().unwrap(), Some(vaccination(1).day));
    assert_eq!(store.enrolment().unwrap(), Some(waiting));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn positions_have_no_gap_and_the_chain_holds(steps in proptest::collection::vec(0_u8..5, 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(folder.path());
        let mut numbers = 0;
        for step in steps {
            match step {
                0 | 1 => { numbers += 1; store.append(&shot(numbers), moment(numbers)).unwrap(); }
                2 => { let _ = store.append(&shot(numbers.max(1)), moment(numbers)); numbers = numbers.max(1); }
                3 => { store = open(folder.path()); }
                _ => {
                    let pending = store.pending(None, 3).unwrap();
                    if !pending.is_empty() {
                        store.keep_receipt(&receipt(&pending, |_| Outcome::Delivered), moment(numbers)).unwrap();
                    }
                }
            }
        }
        let counts = store.counts("2021-11-22").unwrap();
        prop_assert_eq!(counts.entries, numbers);
        prop_assert_eq!(counts.pending + counts.delivered, numbers);
        let rows = store.list(ListFilter::All, 0, 1000).unwrap();
        let positions: Vec<u64> = rows.iter().rev().map(|row| row.position.number()).collect();
        prop_assert_eq!(positions, (1..=numbers).collect::<Vec<_>>());
        if counts.delivered == 0 {
            let start = genesis(owner().tablet_id, Epoch::FIRST, &owner().device_key);
            recomputed_head(&store.pending(None, 1000).unwrap(), start);
        }
    }
}

#[test]
fn a_record_is_found_by_the_end_of_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    for number in [3456, 13456, 23457, 99] {
        store.append(&shot(number), moment(number)).unwrap();
    }
    store.append(&cancellation(99_999, 3456), moment(99_999)).unwrap();
    let found = |ending: &str| {
        let rows = store.list(ListFilter::Ending(ending.parse().unwrap()), 0, 10).unwrap();
        rows.into_iter().map(|row| (row.entry_id, row.changed_by)).collect::<Vec<_>>()
    };
    let cancelled = Some("cancellation".to_owned());
    assert_eq!(found("3456"), [(id(13_456), None), (id(3456), cancelled.clone())], "newest first");
    assert_eq!(found("03456"), [(id(3456), cancelled)]);
    assert_eq!(found("0000013456"), [(id(13_456), None)]);
    assert_eq!(found("9999"), []);
    for wrong in ["", "345", "00000013456", "34a6", "３４５６"] {
        assert!(wrong.parse::<NumberEnding>().is_err(), "{wrong}");
    }
    assert!(!format!("{:?}", "3456".parse::<NumberEnding>().unwrap()).contains("3456"));
}

#[test]
fn pages_of_the_list_put_together_are_the_list_with_what_needs_a_person_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    for number in 1..=9 {
        store.append(&shot(number), moment(number)).unwrap();
    }
    let pending = store.pending(None, 200).unwrap();
    let review = |position: Position| match position.number() {
        2 | 5 => Outcome::NeedsReview(ReviewReason::FutureDate),
        _ => Outcome::Delivered,
    };
    store.keep_receipt(&receipt(&pending[..7], review), moment(10)).unwrap();
    let numbers = |filter: ListFilter, offset: usize, most: usize| -> Vec<u64> {
        let rows = store.list(filter, offset, most).unwrap();
        rows.iter().map(|row| row.position.number()).collect()
    };
    let all = [5, 2, 9, 8, 7, 6, 4, 3, 1];
    for most in 1..=10 {
        let pages = (0..9).step_by(most).flat_map(|offset| numbers(ListFilter::All, offset, most));
        assert_eq!(pages.collect::<Vec<_>>(), all, "{most} a page");
    }
    assert_eq!(numbers(ListFilter::NeedsReview, 1, 5), [2]);
    assert_eq!(numbers(ListFilter::Pending, 0, 5), [9, 8]);
    assert!(numbers(ListFilter::All, 9, 5).is_empty());
}

#[test]
fn a_database_says_how_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let standing = store.standing().unwrap();
    assert_eq!((standing.epoch, standing.head, standing.pending), (Epoch::FIRST, None, 0));
    for number in 1..=4 {
        store.append(&shot(number), moment(number)).unwrap();
    }
    let pending = store.pending(None, 3).unwrap();
    let second_for_review = |position: Position| match position.number() {
        2 => Outcome::NeedsReview(ReviewReason::FutureDate),
        _ => Outcome::Delivered,
    };
    store.keep_receipt(&receipt(&pending, second_for_review), moment(9)).unwrap();
    let standing = store.standing().unwrap();
    assert_eq!((standing.pending, standing.delivered, standing.needs_review), (1, 2, 1));
    let (last, link) = standing.head.unwrap();
    assert_eq!(
        (last.number(), Some(link)),
        (4, store.pending(None, 9).unwrap().last().map(|entry| entry.link))
    );
    assert_eq!(standing.set_aside, 0);
}
