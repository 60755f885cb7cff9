//! 端末からの在庫の記録: what tablets tell of stock comes into the books once, confirms transfers from both sides, and waits or is
//! for a person where it cannot.
//!
//! Must not: know how a page shows it.

use record::{
    EntryContent,
    stock::{Deed, DiscardReason, SlipNumber, StockAct},
};
use vsys::{Amount, Storage as Kept, transfer::State};

use super::{
    entries::day,
    sample::{NOON, Tablet, enrolled},
    stock::{OWN, checked, delivered, noted, on_hand, registered, site, take_in},
    transfers::{approved, plan},
};
use crate::{
    stock::telling,
    storage::{NotBooked, Place, Storage},
};

fn act(at: record::Site, vials: u32, deed: Deed) -> StockAct {
    let day = day();
    StockAct {
        site: at,
        done_on: day.vaccinated_on,
        vaccine: day.vaccine,
        lot: day.lot,
        storage: Kept::Frozen,
        vials,
        doses: vials * 6,
        deed,
    }
}

fn site_of(place: Place) -> record::Site {
    record::Site { facility_code: place.facility, ..day().site }
}

/// The tablet tells all of it; then the books are looked at, twice.
async fn told(storage: &dyn Storage, tablet: &Tablet, acts: Vec<StockAct>) -> u64 {
    let mut maker = tablet.maker();
    let entries: Vec<Vec<u8>> =
        acts.into_iter().map(|act| maker.entry(EntryContent::Stock(act)).to_bytes()).collect();
    tablet.send(storage, &tablet.chain(&entries)).await;
    take_in(storage).await;
    let booked = telling::take_in(storage, NOON).await.unwrap();
    storage.forget_doses().await.unwrap();
    take_in(storage).await;
    booked + telling::take_in(storage, NOON).await.unwrap()
}

async fn open(storage: &dyn Storage, place: Place) -> Vec<Option<NotBooked>> {
    storage.told_open(place, 9).await.unwrap().iter().map(|told| told.why).collect()
}

pub(crate) async fn what_a_tablet_tells_of_stock_comes_into_the_books_once(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let place = registered(storage, site(), OWN).await;
    let received = Deed::Received { slip: None };
    let discarded = Deed::Discarded { reason: DiscardReason::Broken };
    let acts = [(10, received), (1, discarded), (8, Deed::Counted {})];
    let acts = acts.map(|(vials, deed)| act(site_of(place), vials, deed)).to_vec();
    assert_eq!(told(storage, &tablet, acts).await, 3);
    assert_eq!(on_hand(storage, place, Kept::Frozen).await, Amount::of_vials(8, 6));
    assert_eq!(open(storage, place).await, []);
    let lines = storage.stock_lines(place, None, 9).await.unwrap();
    assert_eq!(lines.len(), 3, "looked at twice, told once");
    let by = lines[0].line.by.to_string();
    assert!(by.starts_with(&format!("{} staff-0", tablet.tablet_id)), "{by}");
    assert!(checked(storage).await.is_good());
}

pub(crate) async fn tablets_confirm_a_transfer_from_both_sides_in_whatever_order_they_come(
    storage: &dyn Storage,
) {
    let tablet = enrolled(storage).await;
    let from = registered(storage, site(), OWN).await;
    let to = registered(storage, "1310100002".parse().unwrap(), OWN).await;
    delivered(storage, from, Kept::Frozen, 5).await;
    let plan = plan(1, from, to, 4);
    let slip = SlipNumber::of_id(plan.id.as_bytes());
    approved(storage, &plan).await;
    let good_until = day().vaccinated_on;
    // The receiver's act comes first: it waits until the sender's has come.
    let received = act(site_of(to), 3, Deed::Received { slip: Some(slip) });
    let mut maker = tablet.maker();
    let entries = [
        maker.entry(EntryContent::Stock(received)).to_bytes(),
        maker.entry(EntryContent::Stock(act(site_of(from), 4, Deed::Sent { slip, good_until }))).to_bytes(),
    ];
    let chain = tablet.chain(&entries);
    tablet.send(storage, &chain[..1]).await;
    take_in(storage).await;
    assert_eq!(telling::take_in(storage, NOON).await.unwrap(), 0);
    assert_eq!(open(storage, to).await, [Some(NotBooked::NotSent)]);
    tablet.send(storage, &chain).await;
    take_in(storage).await;
    let booked =
        telling::take_in(storage, NOON).await.unwrap() + telling::take_in(storage, NOON).await.unwrap();
    assert_eq!(booked, 2);
    let kept = storage.transfer(from.municipality, plan.id).await.unwrap().unwrap();
    assert_eq!(kept.transfer.state, State::Disputed, "a vial is missing, and that does not vanish");
    assert_eq!(kept.transfer.on_its_way, Amount::of_vials(1, 6));
    assert_eq!(on_hand(storage, to, Kept::Frozen).await, Amount::of_vials(3, 6));
    assert_eq!(on_hand(storage, from, Kept::Frozen).await, Amount::of_vials(1, 6));
    assert!(checked(storage).await.is_good());
}

pub(crate) async fn what_the_books_cannot_take_is_for_a_person_and_stays_until_one_has_dealt_with_it(
    storage: &dyn Storage,
) {
    let tablet = enrolled(storage).await;
    let nowhere = record::Site { facility_code: "1399999999".parse().unwrap(), ..day().site };
    let place = Place { municipality: tablet.tablet_id.municipality(), facility: site() };
    let slip = SlipNumber::of_id(&[9; 16]);
    let acts = vec![
        act(site_of(place), 1, Deed::Discarded { reason: DiscardReason::Expired }),
        act(site_of(place), 1, Deed::Received { slip: Some(slip) }),
        act(nowhere, 1, Deed::Counted {}),
    ];
    assert_eq!(told(storage, &tablet, acts).await, 0, "no facility is registered");
    assert_eq!(open(storage, place).await, [Some(NotBooked::NoFacility); 2]);
    registered(storage, site(), OWN).await;
    assert_eq!(telling::take_in(storage, NOON).await.unwrap(), 0);
    let why = [Some(NotBooked::MoreThanOnHand), Some(NotBooked::UnknownSlip)];
    assert_eq!(open(storage, place).await, why);
    let first = storage.told_open(place, 9).await.unwrap().remove(0);
    let elsewhere = "1310100002".parse().unwrap();
    assert!(!storage.settle_told(first.key, elsewhere, noted(OWN)).await.unwrap(), "of another facility");
    assert_eq!(open(storage, place).await, why, "and stays in sight");
    assert!(storage.settle_told(first.key, site(), noted(OWN)).await.unwrap());
    assert!(!storage.settle_told(first.key, site(), noted(OWN)).await.unwrap(), "once");
    assert_eq!(open(storage, place).await, [Some(NotBooked::UnknownSlip)]);
    assert_eq!(storage.stock_lines(place, None, 9).await.unwrap(), []);
}
