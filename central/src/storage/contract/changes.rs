//! 訂正・取消: the earlier entry stays as it was; what counts changes.
//!
//! Must not: expect anything to be overwritten.

use record::{EntryId, Outcome, ReviewReason};

use super::{
    doses::standing,
    entries::{day, day_on, day_with_lot, vaccination_in},
    sample::{enrolled, review},
};
use crate::storage::Storage;

const DELIVERED: Outcome = Outcome::Delivered;

pub(crate) async fn a_correction_takes_the_place_of_what_it_corrects(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let wrong = maker.vaccination();
    let mut right = vaccination_in(&wrong);
    right.day = day_with_lot("FJ7489");
    let correction = maker.correction(wrong.entry_id, right.clone());
    // The correction itself can be corrected; it is then the one that is named.
    right.day = day_with_lot("FK0108");
    let second = maker.correction(correction.entry_id, right);
    let chain = tablet.chain_of(&[wrong.clone(), correction, second.clone()]);
    assert_eq!(tablet.send(storage, &chain).await, vec![DELIVERED; 3]);
    assert_eq!(standing(storage, &wrong).await, [second.entry_id]);
    assert_eq!(tablet.kept(storage).await.len(), 3, "nothing was overwritten");
}

pub(crate) async fn a_correction_settles_what_needed_review(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let coupon = maker.coupon();
    let wrong = maker.vaccination_of(coupon, day_on("2022-11-22".parse().unwrap()));
    let mut right = vaccination_in(&wrong);
    right.day = day();
    let correction = maker.correction(wrong.entry_id, right);
    let chain = tablet.chain_of(&[wrong.clone(), correction.clone()]);
    assert_eq!(tablet.send(storage, &chain[..1]).await, [review(ReviewReason::FutureDate)]);
    assert_eq!(tablet.row(storage).await.needs_review(), 1);
    assert_eq!(tablet.send(storage, &chain[1..]).await, [DELIVERED]);
    assert_eq!(tablet.row(storage).await.needs_review(), 0);
    assert_eq!(standing(storage, &wrong).await, [correction.entry_id]);
}

pub(crate) async fn a_cancellation_frees_the_dose(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let coupon = maker.coupon();
    let first = maker.vaccination_of(coupon, day());
    let cancellation = maker.cancellation(first.entry_id);
    let second = maker.vaccination_of(coupon, day_with_lot("FJ7489"));
    let chain = tablet.chain_of(&[first.clone(), cancellation, second.clone()]);
    assert_eq!(tablet.send(storage, &chain).await, vec![DELIVERED; 3]);
    assert_eq!(standing(storage, &first).await, [second.entry_id]);
}

pub(crate) async fn a_change_of_what_never_came_needs_review(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let entry = maker.vaccination();
    let unknown = maker.cancellation(EntryId::from_bytes([9; 16]));
    let mut itself = maker.cancellation(entry.entry_id);
    if let record::EntryContent::Cancellation(cancellation) = &mut itself.content {
        cancellation.cancels = itself.entry_id;
    }
    let chain = tablet.chain_of(&[entry.clone(), unknown, itself]);
    let unknown = review(ReviewReason::ChangesUnknownEntry);
    assert_eq!(tablet.send(storage, &chain).await, [DELIVERED, unknown.clone(), unknown]);
    assert_eq!(standing(storage, &entry).await, [entry.entry_id]);
}

pub(crate) async fn a_second_change_of_the_same_entry_needs_review(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let entry = maker.vaccination();
    let mut right = vaccination_in(&entry);
    right.day = day_with_lot("FJ7489");
    let first = maker.correction(entry.entry_id, right.clone());
    let second = maker.correction(entry.entry_id, right);
    let third = maker.cancellation(entry.entry_id);
    let chain = tablet.chain_of(&[entry.clone(), first.clone(), second, third]);
    let changed = review(ReviewReason::ChangesChangedEntry);
    assert_eq!(tablet.send(storage, &chain[..3]).await, [DELIVERED, DELIVERED, changed.clone()]);
    assert_eq!(tablet.send(storage, &chain[3..]).await, [changed]);
    assert_eq!(standing(storage, &entry).await, [first.entry_id]);
}

pub(crate) async fn taking_back_twice_is_taking_back_once(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let entry = maker.vaccination();
    let (first, second) = (maker.cancellation(entry.entry_id), maker.cancellation(entry.entry_id));
    let revived = maker.correction(entry.entry_id, vaccination_in(&entry));
    let chain = tablet.chain_of(&[entry.clone(), first, second, revived]);
    let outcomes = tablet.send(storage, &chain).await;
    assert_eq!(outcomes, [DELIVERED, DELIVERED, DELIVERED, review(ReviewReason::ChangesChangedEntry)]);
    assert_eq!(standing(storage, &entry).await, []);
}
