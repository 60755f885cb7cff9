//! A dose of a coupon may be recorded once.
//!
//! Must not: change entries; `changes` does.

use record::{Entry, Outcome, ReviewReason};

use super::{
    entries::{EntryMaker, day, day_with_lot, vaccination_in},
    sample::{enrolled, enrolled_as, review},
};
use crate::storage::{CouponKey, Storage};

const DELIVERED: Outcome = Outcome::Delivered;

pub(super) fn key_of(entry: &Entry) -> CouponKey {
    let coupon = entry.content.coupon().unwrap();
    CouponKey { municipality: coupon.municipality(), number: coupon.number() }
}

/// Ids of the entries that stand for that coupon.
pub(super) async fn standing(storage: &dyn Storage, entry: &Entry) -> Vec<record::EntryId> {
    let doses = storage.standing_doses(key_of(entry)).await.unwrap();
    doses.into_iter().map(|dose| dose.entry_id).collect()
}

pub(crate) async fn the_same_dose_otherwise_is_a_conflict_and_nothing_is_overwritten(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let coupon = maker.coupon();
    let first = maker.vaccination_of(coupon, day());
    let in_batch = maker.vaccination_of(coupon, day_with_lot("FJ7489"));
    let later = maker.vaccination_of(coupon, day_with_lot("FK0108"));
    let mut second_dose = day_with_lot("FJ7489");
    second_dose.dose = "2".parse().unwrap();
    let second_dose = maker.vaccination_of(coupon, second_dose);
    let chain = tablet.chain_of(&[first.clone(), in_batch, later, second_dose.clone()]);
    let conflict = review(ReviewReason::OtherContentForSameDose);
    assert_eq!(tablet.send(storage, &chain[..2]).await, [DELIVERED, conflict.clone()]);
    assert_eq!(tablet.send(storage, &chain[2..]).await, [conflict, DELIVERED], "another dose is no conflict");
    let doses = storage.standing_doses(key_of(&first)).await.unwrap();
    assert_eq!(
        doses.iter().map(|dose| dose.entry_id).collect::<Vec<_>>(),
        [first.entry_id, second_dose.entry_id]
    );
    assert_eq!(doses[0].vaccination, vaccination_in(&first));
}

pub(crate) async fn the_same_dose_told_twice_is_one_vaccination(storage: &dyn Storage) {
    let (one, two) = (enrolled(storage).await, enrolled_as(storage, "131130-0018").await);
    let mut maker = one.maker();
    let coupon = maker.coupon();
    let first = maker.vaccination_of(coupon, day());
    let again = maker.vaccination_of(coupon, day());
    assert_eq!(one.send(storage, &one.chain_of(std::slice::from_ref(&first))).await, [DELIVERED]);
    let cancelled = maker.cancellation(first.entry_id);
    let chain = two.chain_of(&[again.clone(), cancelled]);
    assert_eq!(two.send(storage, &chain[..1]).await, [DELIVERED]);
    assert_eq!(standing(storage, &first).await.len(), 2, "two entries tell the same");
    // Taking back the one leaves the other.
    assert_eq!(two.send(storage, &chain[1..]).await, [DELIVERED]);
    assert_eq!(standing(storage, &first).await, [again.entry_id]);
}

pub(crate) async fn a_conflict_is_found_across_municipalities(storage: &dyn Storage) {
    let (one, two) = (enrolled(storage).await, enrolled_as(storage, "131016-0001").await);
    let mut maker = one.maker();
    let coupon = maker.coupon();
    let first = maker.vaccination_of(coupon, day());
    let elsewhere =
        EntryMaker::new("131016".parse().unwrap(), 9).vaccination_of(coupon, day_with_lot("FJ7489"));
    one.send(storage, &one.chain_of(std::slice::from_ref(&first))).await;
    let outcomes = two.send(storage, &two.chain_of(&[elsewhere])).await;
    assert_eq!(outcomes, [review(ReviewReason::OtherContentForSameDose)]);
    assert_eq!(standing(storage, &first).await, [first.entry_id]);
}

pub(crate) async fn of_two_batches_at_once_one_is_first(storage: &dyn Storage) {
    let (one, two) = (enrolled(storage).await, enrolled_as(storage, "131130-0018").await);
    let mut maker = one.maker();
    let coupons: Vec<_> = (0..20).map(|_| maker.coupon()).collect();
    let of = |maker: &mut EntryMaker, lot: &str| -> Vec<Entry> {
        coupons.iter().map(|coupon| maker.vaccination_of(*coupon, day_with_lot(lot))).collect()
    };
    let (first, second) = (of(&mut maker, "FF3620"), of(&mut maker, "FJ7489"));
    let (first, second) = (one.chain_of(&first), two.chain_of(&second));
    let (first, second) = futures_util::join!(one.send(storage, &first), two.send(storage, &second));
    for (first, second) in first.iter().zip(&second) {
        let delivered = [first, second].iter().filter(|outcome| ***outcome == DELIVERED).count();
        assert_eq!(delivered, 1, "{first} {second}");
    }
}
