//! 在庫の見かた: lines by lot and by day, what was used, the doses of a lot, and what was published last.
//!
//! Must not: know how a page shows it.

use record::day::DaySettings;
use vsys::{Amount, Event, Line, StockKey, Storage as Kept, ledger::DiscardReason, wastage::Use};

use super::{
    entries::day,
    sample::{NOON, enrolled},
    stock::{OTHER, OWN, add, delivered, key, noted, registered, site, take_in},
};
use crate::storage::{Days, LineAdded, Place, Publication, PublicationKind, Storage};

fn days(first: i64, last: i64) -> Days {
    let on = day().vaccinated_on;
    Days { first: on.plus_days(first).unwrap(), last: on.plus_days(last).unwrap() }
}

pub(crate) async fn lines_are_found_by_lot_and_by_day(storage: &dyn Storage) {
    let place = registered(storage, site(), OWN).await;
    let second = registered(storage, "1310100002".parse().unwrap(), OWN).await;
    delivered(storage, place, Kept::Frozen, 3).await;
    delivered(storage, second, Kept::Frozen, 2).await;
    let other_lot = StockKey { lot: "OTHER-1".parse().unwrap(), ..key(site(), Kept::Frozen) };
    let yesterday = NOON.plus_ms(-86_400_000);
    let event = Event::Delivered { amount: Amount::of_vials(1, 6) };
    let line = Line { key: other_lot, event, at: yesterday, by: "staff-1".parse().unwrap(), reason: None };
    let added = storage.add_stock_line(place.municipality, line, NOON, noted(OWN)).await.unwrap();
    assert_eq!(added, LineAdded::Added(2));
    let StockKey { product, lot, .. } = key(site(), Kept::Frozen);
    let of_lot = async |owner: &str| {
        let owner = owner.parse().unwrap();
        let found = storage.lot_lines(owner, product.clone(), lot.clone()).await.unwrap();
        found.into_iter().map(|kept| (kept.line.key.facility, kept.number)).collect::<Vec<_>>()
    };
    assert_eq!(of_lot(OWN).await, [(second.facility, 1), (place.facility, 1)]);
    assert_eq!(of_lot(OTHER).await, []);
    let of_days = async |at, first, last| {
        let found = storage.lines_of_days(at, days(first, last)).await.unwrap();
        found.into_iter().map(|kept| kept.number).collect::<Vec<_>>()
    };
    assert_eq!(of_days(place, -1, 0).await, [2, 1], "in order of what happened");
    assert_eq!(of_days(place, -1, -1).await, [2]);
    assert!(of_days(place, 1, 9).await.is_empty());
    let other = Place { municipality: OTHER.parse().unwrap(), ..place };
    assert!(of_days(other, -9, 9).await.is_empty());
    let after = async |after, most| {
        let found = storage.lines_after(place, after, most).await.unwrap();
        found.into_iter().map(|kept| kept.number).collect::<Vec<_>>()
    };
    assert_eq!((after(0, 9).await, after(0, 1).await, after(1, 9).await), (vec![1, 2], vec![1], vec![2]));
}

pub(crate) async fn what_was_used_is_that_of_the_days_that_are_asked_for(storage: &dyn Storage) {
    let place = registered(storage, site(), OWN).await;
    delivered(storage, place, Kept::Thawed, 3).await;
    let yesterday = day().vaccinated_on.plus_days(-1).unwrap();
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let of = |number: u64| format!("21131130{number:010}").parse().unwrap();
    let before = maker.vaccination_of(of(1), DaySettings { vaccinated_on: yesterday, ..day() });
    let after = maker.vaccination_of(of(2), day());
    tablet.send(storage, &tablet.chain(&[before.to_bytes(), after.to_bytes()])).await;
    take_in(storage).await;
    let discarded = Event::Discarded { amount: Amount::of_vials(1, 6), reason: DiscardReason::Broken };
    assert!(matches!(add(storage, place, Kept::Thawed, discarded).await, LineAdded::Added(_)));
    let used = storage.used_on(place.municipality, days(0, 0)).await.unwrap();
    let wanted = Use {
        given: 1,
        discarded: [(DiscardReason::Broken, Amount::of_vials(1, 6))].into(),
        ..Use::default()
    };
    assert_eq!(used, [((site(), day().vaccine.product), wanted)]);
    assert!(storage.used_on(place.municipality, days(1, 9)).await.unwrap().is_empty());
    assert!(storage.used_on(OTHER.parse().unwrap(), days(-9, 9)).await.unwrap().is_empty());
}

pub(crate) async fn a_dose_is_in_the_books_of_the_day_on_which_it_was_given(storage: &dyn Storage) {
    let yesterday = day().vaccinated_on.plus_days(-1).unwrap();
    let kept =
        crate::storage::KeptFacility { books_begin_on: yesterday, ..super::stock::facility(site(), OWN) };
    let place = kept.place();
    storage.register_facility(kept, noted(OWN)).await.unwrap();
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let of = |number: u64| format!("21131130{number:010}").parse().unwrap();
    let before = maker.vaccination_of(of(1), DaySettings { vaccinated_on: yesterday, ..day() });
    let after = maker.vaccination_of(of(2), day());
    tablet.send(storage, &tablet.chain(&[before.to_bytes(), after.to_bytes()])).await;
    take_in(storage).await;
    for (first, last) in [(-1, -1), (0, 0)] {
        let lines = storage.lines_of_days(place, days(first, last)).await.unwrap();
        let given: Vec<_> = lines.into_iter().map(|kept| kept.line.event).collect();
        assert_eq!(given, [Event::Given { doses: 1 }]);
    }
}

pub(crate) async fn the_doses_of_a_lot_are_those_of_ones_own_coupons(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let of = |municipality: &str, number: u64| format!("21{municipality}{number:010}").parse().unwrap();
    let mut entries = vec![
        maker.vaccination_of(of(OWN, 1), day()),
        maker.vaccination_of(of(OWN, 2), day()),
        maker.vaccination_of(of(OTHER, 3), day()),
        maker.vaccination_of(of(OWN, 4), super::entries::day_with_lot("FJ7489")),
    ];
    entries.push(maker.cancellation(entries[1].entry_id));
    tablet.send(storage, &tablet.chain_of(&entries)).await;
    take_in(storage).await;
    let asked = async |municipality: &str, skipped| {
        let found = storage.doses_of_lot(municipality.parse().unwrap(), day().lot, skipped, 9).await.unwrap();
        let numbers: Vec<String> = found.some.iter().map(|dose| dose.coupon.number.to_string()).collect();
        (found.all, numbers)
    };
    assert_eq!(
        asked(OWN, 0).await,
        (1, vec!["0000000001".to_owned()]),
        "what was taken back is not among them"
    );
    assert_eq!(asked(OWN, 1).await, (1, vec![]));
    assert_eq!(asked(OTHER, 0).await, (1, vec!["0000000003".to_owned()]));
}

pub(crate) async fn what_was_published_last_holds(storage: &dyn Storage) {
    let own = Some(OWN.parse().unwrap());
    let last = async |whom| storage.published_last(PublicationKind::Lots, whom).await.unwrap();
    assert_eq!(last(None).await, None);
    for (municipality, bytes) in [(None, "one"), (own, "two"), (None, "three")] {
        let (kind, bytes) = (PublicationKind::Lots, bytes.as_bytes().to_vec());
        storage.publish(Publication { kind, municipality, bytes, at: NOON }).await.unwrap();
    }
    assert_eq!((last(None).await, last(own).await), (Some(b"three".to_vec()), Some(b"two".to_vec())));
    assert_eq!(last(Some(OTHER.parse().unwrap())).await, None);
}
