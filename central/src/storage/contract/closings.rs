//! 締め: what a tablet closed comes into the books once, made anew in place of the one before, and waits where it cannot.
//!
//! Must not: know how a page shows it.

use record::{
    EntryContent,
    closing::{Closing, HeldDay, LotUse},
};
use vsys::{
    Amount, Balance, Event, Storage as Kept,
    ledger::{Account, Origin},
};

use super::{
    entries::day,
    sample::{NOON, Tablet, enrolled, enrolled_as},
    stock::{OTHER, OWN, balance, checked, delivered, key, on_hand, registered, site, take_in},
};
use crate::{
    stock::taking_in::take_in_closings,
    storage::{BY_A_CLOSING, Days, KeptClosing, Place, Storage},
};

fn closing(vials: u32, discarded: u32) -> EntryContent {
    let day = day();
    let lot = LotUse { lot: day.lot, vials, doses_per_vial: 6, discarded, recorded: vials * 6 - discarded };
    let held = HeldDay::default();
    EntryContent::Closing(Closing::new(day.vaccinated_on, day.site, 0, vec![lot], held).unwrap())
}

/// The tablet has closed so often, and tells all of it; then the books are looked at, twice.
async fn told(storage: &dyn Storage, tablet: &Tablet, closings: &[EntryContent]) {
    let mut maker = tablet.maker();
    let entries: Vec<_> = closings.iter().map(|content| maker.entry(content.clone()).to_bytes()).collect();
    tablet.send(storage, &tablet.chain(&entries)).await;
    looked_at(storage).await;
    storage.forget_doses().await.unwrap();
    looked_at(storage).await;
}

async fn looked_at(storage: &dyn Storage) {
    take_in(storage).await;
    take_in_closings(storage, NOON).await.unwrap();
}

async fn of_the_day(storage: &dyn Storage, place: Place) -> Vec<KeptClosing> {
    let on = day().vaccinated_on;
    let days = Days { first: on, last: on };
    storage.closings(place.municipality, Some(place.facility), days).await.unwrap()
}

async fn events(storage: &dyn Storage, place: Place) -> Vec<Event> {
    let lines = storage.stock_lines(place, None, 100).await.unwrap();
    let derived = lines.into_iter().rev().filter(|kept| kept.line.by.as_str() == BY_A_CLOSING);
    derived.map(|kept| kept.line.event).collect()
}

/// A day that was closed and came into the books of a facility that is registered, and one that waits.
pub(crate) async fn something_closed(storage: &dyn Storage) {
    let (one, two) = (enrolled_as(storage, "131130-0019").await, enrolled_as(storage, "131130-0020").await);
    let mut other = closing(1, 0);
    if let EntryContent::Closing(closing) = &mut other {
        closing.lots[0].lot = "OTHER-9".parse().unwrap();
    }
    told(storage, &one, &[closing(2, 1)]).await;
    told(storage, &two, &[other]).await;
}

pub(crate) async fn vials_of_a_closing_come_into_the_books_once(storage: &dyn Storage) {
    let place = registered(storage, site(), OWN).await;
    delivered(storage, place, Kept::Thawed, 3).await;
    let tablet = enrolled(storage).await;
    told(storage, &tablet, &[closing(2, 1)]).await;
    let opened = Event::Opened { vials: 2, expected: 12, gave: 11 };
    assert_eq!(events(storage, place).await, [opened], "looked at twice, taken once");
    assert_eq!(on_hand(storage, place, Kept::Thawed).await, Amount { vials: 1, doses: 17 });
    let kept = of_the_day(storage, place).await;
    assert_eq!((kept.len(), kept[0].is_booked, kept[0].tablet), (1, true, tablet.tablet_id));
    assert_eq!(kept[0].closing.lots[0].vials, 2);
    assert!(checked(storage).await.is_good());
}

pub(crate) async fn a_closing_made_anew_takes_the_place_of_the_one_before(storage: &dyn Storage) {
    let place = registered(storage, site(), OWN).await;
    delivered(storage, place, Kept::Thawed, 1).await;
    delivered(storage, place, Kept::Frozen, 3).await;
    let (one, two) = (enrolled(storage).await, enrolled_as(storage, "131130-0018").await);
    told(storage, &two, &[closing(1, 0)]).await;
    told(storage, &one, &[closing(3, 0)]).await;
    assert_eq!(
        on_hand(storage, place, Kept::Frozen).await.vials,
        0,
        "one thawed and three frozen were there"
    );
    told(storage, &one, &[closing(3, 0), closing(1, 0)]).await;
    let vials = on_hand(storage, place, Kept::Frozen).await.vials;
    assert_eq!((vials, on_hand(storage, place, Kept::Thawed).await.vials), (2, 0));
    let written = events(storage, place).await;
    told(storage, &one, &[closing(3, 0), closing(1, 0)]).await;
    assert_eq!(events(storage, place).await, written, "told again, nothing changes");
    let kept = of_the_day(storage, place).await;
    let lots: Vec<u32> = kept.iter().map(|kept| kept.closing.lots[0].vials).collect();
    assert_eq!(lots, [1, 1], "one of each tablet, the last one");
    assert!(checked(storage).await.is_good());
}

pub(crate) async fn a_closing_is_never_refused_and_what_the_books_lack_is_a_shortfall(storage: &dyn Storage) {
    let place = registered(storage, site(), OWN).await;
    delivered(storage, place, Kept::Thawed, 1).await;
    told(storage, &enrolled(storage).await, &[closing(3, 0)]).await;
    let shortfall = Account::From(Origin::Shortfall, key(site(), Kept::Thawed));
    assert_eq!(balance(storage, place, &shortfall).await, Balance { vials: 2, doses: 0 });
    assert!(checked(storage).await.is_good());
}

pub(crate) async fn a_closing_waits_for_its_facility_and_for_the_product_of_its_lot(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    told(storage, &tablet, &[closing(1, 0)]).await;
    let place = registered(storage, site(), OWN).await;
    looked_at(storage).await;
    assert_eq!(events(storage, place).await, [], "nobody knows of which product the lot is");
    assert!(!of_the_day(storage, place).await[0].is_booked);
    delivered(storage, place, Kept::Thawed, 1).await;
    looked_at(storage).await;
    assert_eq!(events(storage, place).await.len(), 1);
    assert!(of_the_day(storage, place).await[0].is_booked);
    let other = Place { municipality: OTHER.parse().unwrap(), ..place };
    assert!(of_the_day(storage, other).await.is_empty(), "another municipality is shown none");
}
