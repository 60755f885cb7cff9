//! What single entries say: each is judged for itself.
//!
//! Must not: break chains; `chains` does.

use record::{Epoch, Outcome, ReviewReason, WallTime, entry::MOST_BYTES};

use super::{
    entries::{EntryMaker, day, day_on},
    sample::{enrolled, review},
};
use crate::storage::{CouponKey, Storage};

const DELIVERED: Outcome = Outcome::Delivered;

pub(crate) async fn one_bad_entry_never_holds_up_the_others(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let mut other_city = EntryMaker::new("131016".parse().unwrap(), 5);
    // Check digit right, but no municipality has the code.
    let nowhere = "211319970000000001".parse().unwrap();
    let future = "2021-11-23".parse().unwrap();
    let coupon = maker.coupon();
    let entries = [
        maker.vaccination().to_bytes(),
        b"not an entry".to_vec(),
        maker.vaccination().to_bytes(),
        maker.vaccination_of(nowhere, day()).to_bytes(),
        other_city.vaccination().to_bytes(),
        maker.vaccination_of(coupon, day_on(future)).to_bytes(),
        maker.screened_only().to_bytes(),
    ];
    let outcomes = tablet.send(storage, &tablet.chain(&entries)).await;
    let expected = [
        DELIVERED,
        review(ReviewReason::Malformed),
        DELIVERED,
        review(ReviewReason::UnknownMunicipality),
        review(ReviewReason::OtherMunicipality),
        review(ReviewReason::FutureDate),
        DELIVERED,
    ];
    assert_eq!(outcomes, expected);
    assert_eq!(tablet.kept(storage).await.len(), 7, "all of them are kept");
    let row = tablet.row(storage).await;
    assert_eq!((row.stored(), row.missing(), row.needs_review()), (7, 0, 4));
    let key = CouponKey { municipality: coupon.municipality(), number: coupon.number() };
    assert_eq!(storage.standing_doses(key).await.unwrap(), [], "what needs review counts nowhere yet");
}

pub(crate) async fn a_malformed_entry_keeps_its_place(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let good = tablet.vaccinations(1).remove(0);
    let entries = [Vec::new(), vec![0xff, 0xfe, 0x00], vec![b'x'; MOST_BYTES + 1], good];
    let chain = tablet.chain(&entries);
    let malformed = review(ReviewReason::Malformed);
    let outcomes = tablet.send(storage, &chain).await;
    assert_eq!(outcomes, [malformed.clone(), malformed.clone(), malformed, DELIVERED]);
    assert_eq!(tablet.send(storage, &chain).await, outcomes);
    let kept = storage.kept(tablet.tablet_id, Epoch::FIRST).await.unwrap();
    let hashes: Vec<_> = kept.iter().map(|entry| entry.hash).collect();
    assert_eq!(hashes, chain.iter().map(|entry| entry.hash).collect::<Vec<_>>());
    assert_eq!(kept.iter().filter(|entry| entry.entry_id.is_none()).count(), 3);
}

pub(crate) async fn the_day_after_today_is_the_future_in_japan(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let entries: Vec<_> = (0..4).map(|_| maker.vaccination()).collect();
    let chain = tablet.chain_of(&entries);
    // The entries are of the 22nd; a minute before that day begins in Japan they lie in the future.
    let midnight = WallTime::from_unix_ms(1_637_506_800_000);
    for (index, (at, expected)) in [
        (midnight.plus_ms(-60_000), review(ReviewReason::FutureDate)),
        (midnight.plus_ms(-1), review(ReviewReason::FutureDate)),
        (midnight, DELIVERED),
        (midnight.plus_ms(86_400_000), DELIVERED),
    ]
    .into_iter()
    .enumerate()
    {
        let mut batch = tablet.batch(&chain[index..=index]);
        batch.received_at = at;
        assert_eq!(storage.keep(batch).await.unwrap(), [expected], "{at}");
    }
}

pub(crate) async fn the_same_id_with_other_content_is_kept_as_a_conflict(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let first = maker.vaccination();
    let mut second = maker.vaccination();
    second.entry_id = first.entry_id;
    let outcomes = tablet.send(storage, &tablet.chain_of(&[first.clone(), second])).await;
    let conflict = review(ReviewReason::OtherContentForSameId);
    assert_eq!(outcomes, [DELIVERED, conflict.clone()]);
    // And in a later batch, of another tablet of the same municipality.
    let other = super::sample::enrolled_as(storage, "131130-0018").await;
    let mut third = maker.vaccination();
    third.entry_id = first.entry_id;
    assert_eq!(other.send(storage, &other.chain_of(&[third])).await, [conflict]);
    let coupon = first.content.coupon().unwrap();
    let key = CouponKey { municipality: coupon.municipality(), number: coupon.number() };
    assert_eq!(storage.standing_doses(key).await.unwrap().len(), 1, "the first still stands");
    // Taking the id back does not settle which of the two was meant.
    let cancelled = maker.cancellation(first.entry_id);
    other.send(storage, &other.chain_of(&[maker.vaccination(), cancelled])).await;
    assert_eq!(tablet.row(storage).await.needs_review(), 1);
}

pub(crate) async fn the_same_entry_at_another_place_counts_once(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let entry = maker.vaccination();
    tablet.send(storage, &tablet.chain_of(std::slice::from_ref(&entry))).await;
    // The database was replaced; what was not known to be safe is recorded again in the new one.
    let second = Epoch::FIRST.next();
    let mut batch = tablet.batch(&tablet.chain_in(second, &[entry.to_bytes()]));
    batch.epoch = second;
    assert_eq!(storage.keep(batch).await.unwrap(), [DELIVERED]);
    let coupon = entry.content.coupon().unwrap();
    let key = CouponKey { municipality: coupon.municipality(), number: coupon.number() };
    assert_eq!(storage.standing_doses(key).await.unwrap().len(), 1);
    assert_eq!(tablet.row(storage).await.stored(), 2);
}

pub(crate) async fn a_full_batch_is_kept_to_the_byte(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let entries = tablet.maker().day_of(200);
    let chain = tablet.chain(&entries);
    assert_eq!(tablet.send(storage, &chain).await, vec![DELIVERED; 200]);
    let hashes: Vec<_> = tablet.kept(storage).await.into_iter().map(|(_, hash, _)| hash).collect();
    let expected: Vec<_> = entries.iter().map(|bytes| seal::chain::entry_hash(bytes)).collect();
    assert_eq!(hashes, expected);
}
