//! What the rules are told: nothing that is not sure to be good, nothing twice, and whatever is left out by its name.

use vsys::{
    Balance, Facility, FacilityKind, KindChange, KindHistory, Transfer, TransferId,
    facility::Coordinates,
    transfer::{Plan, Step},
};

use super::*;
use crate::{
    stock::moments,
    storage::{DatedLot, KeptFacility, Place},
};

fn product() -> Product {
    "見本一号".parse().unwrap()
}

fn now() -> WallTime {
    moments::read("2021-11-22T09:00").unwrap()
}

fn today() -> CalendarDate {
    "2021-11-22".parse().unwrap()
}

fn own() -> MunicipalityCode {
    "131130".parse().unwrap()
}

fn code(number: u32) -> FacilityCode {
    format!("13113{number:05}").parse().unwrap()
}

fn kept(number: u32) -> KeptFacility {
    KeptFacility {
        facility: Facility {
            code: code(number),
            name: "見本診療所".parse().unwrap(),
            municipality: own(),
            freezer_vials: 100,
            doses_per_day: 30,
            position: Some(Coordinates { latitude: 35_660_000, longitude: 139_700_000 }),
        },
        books_begin_on: today(),
    }
}

fn of_core() -> KindHistory {
    let mut history = KindHistory::default();
    let change = KindChange {
        product: product(),
        kind: FacilityKind::Core,
        effective_from: WallTime::from_unix_ms(0),
        decided_at: WallTime::from_unix_ms(0),
        by: "staff-1".parse().unwrap(),
        reason: "見本".parse().unwrap(),
    };
    history.add(change).unwrap();
    history
}

fn key(number: u32, lot: &str, storage: Kept) -> StockKey {
    StockKey { facility: code(number), product: product(), lot: lot.parse().unwrap(), storage }
}

fn balance(vials: i64) -> Balance {
    Balance { vials, doses: vials * 5 }
}

/// Two core facilities; the first has ten vials of a lot that is good, four of which it received.
fn moment() -> StockMoment {
    let on_hand = key(1, "A-1", Kept::Frozen);
    let dated = DatedLot {
        product: product(),
        lot: "A-1".parse().unwrap(),
        good_until: "2022-02-28".parse().unwrap(),
    };
    StockMoment {
        facilities: vec![kept(1), kept(2)],
        kinds: BTreeMap::from([(code(1), of_core()), (code(2), of_core())]),
        accounts: vec![
            (Account::OnHand(on_hand.clone()), balance(10)),
            (Account::From(Origin::Received, on_hand), balance(4)),
        ],
        frozen_vials: BTreeMap::from([(code(1), 30)]),
        booked: vec![BookedDay {
            place: Place { municipality: own(), facility: code(2) },
            product: product(),
            on: "2021-11-25".parse().unwrap(),
            doses: 7,
            expected: 2,
        }],
        dated: vec![(own(), dated)],
        published: Vec::new(),
        given: BTreeMap::new(),
    }
}

fn built(moment: &StockMoment, transfers: &[KeptTransfer], thawed: &Limits) -> (Vec<Site>, Vec<LeftOut>) {
    let product = product();
    sites(&At { product: &product, now: now(), today: today() }, moment, transfers, thawed)
}

fn planned(vials: u64) -> KeptTransfer {
    let plan = Plan {
        id: TransferId::from_bytes([1; 16]),
        from: (code(1), own()),
        to: (code(2), own()),
        product: product(),
        lot: "A-1".parse().unwrap(),
        storage: Kept::Frozen,
        amount: Amount::of_vials(vials, 5),
        parent: None,
    };
    KeptTransfer {
        transfer: Transfer::planned(plan),
        planned_by: "staff-1".parse().unwrap(),
        planned_at: now(),
        steps: Vec::new(),
    }
}

#[test]
fn a_facility_is_told_with_its_room_its_stock_and_what_of_it_was_received() {
    let (sites, left_out) = built(&moment(), &[], &Limits::new());
    assert_eq!(left_out, []);
    let [giver, receiver] = sites.as_slice() else { panic!("{sites:?}") };
    assert_eq!((giver.freezer_room, receiver.freezer_room), (70, 100));
    let [stock] = giver.stock.as_slice() else { panic!("{giver:?}") };
    assert_eq!((stock.amount, stock.received), (Amount::of_vials(10, 5), Amount::of_vials(4, 5)));
    assert_eq!(stock.expires_at, moments::read("2022-03-01T00:00").unwrap());
    assert_eq!(receiver.bookings, [Booking { on: "2021-11-25".parse().unwrap(), doses: 7 }]);
    assert_eq!(receiver.arrivals[0].stock.amount, Amount::of_doses(2));
}

#[test]
fn what_is_not_surely_good_is_left_out_and_named() {
    let mut moment = moment();
    moment.accounts.push((Account::OnHand(key(2, "Z-9", Kept::Frozen)), balance(1)));
    moment.accounts.push((Account::OnHand(key(2, "A-1", Kept::Thawed)), balance(1)));
    moment.facilities[0].facility.position = None;
    moment.facilities.push(kept(3));
    moment.accounts.push((Account::OnHand(key(3, "A-1", Kept::Frozen)), balance(1)));
    let (sites, left_out) = built(&moment, &[], &Limits::new());
    let expected = [
        (1, Missing::Position),
        (2, Missing::Expiry("Z-9".parse().unwrap())),
        (2, Missing::ThawedAt("A-1".parse().unwrap())),
        (3, Missing::Kind),
    ];
    let mut found: Vec<_> = left_out.into_iter().map(|left| (left.facility, left.missing)).collect();
    for (number, missing) in expected {
        let at = found.iter().position(|one| *one == (code(number), missing.clone()));
        found.remove(at.unwrap_or_else(|| panic!("{missing:?}")));
    }
    assert_eq!(found, []);
    assert_eq!(sites.len(), 2);
    assert_eq!(sites[1].stock, []);
    let limit = now().plus_ms(86_400_000);
    let (sites, _) = built(&moment, &[], &Limits::from([(key(2, "A-1", Kept::Thawed), limit)]));
    assert_eq!(sites[1].stock[0].thawed_until, Some(limit));
}

#[test]
fn who_got_a_dose_today_is_booked_no_longer() {
    let mut moment = moment();
    let place = moment.booked[0].place;
    moment.given = BTreeMap::from([(place.facility, 5)]);
    let later = moment.booked[0].clone();
    moment.booked.push(BookedDay { on: today(), doses: 7, expected: 0, ..later.clone() });
    let doses = |moment: &StockMoment| -> Vec<u64> {
        let (sites, _) = built(moment, &[], &Limits::new());
        sites[1].bookings.iter().map(|booking| booking.doses).collect()
    };
    assert_eq!(doses(&moment), [7, 2], "of another day nothing is taken off");
    moment.given = BTreeMap::from([(place.facility, 50)]);
    assert_eq!(doses(&moment), [7], "more came than were booked");
}

#[test]
fn what_is_planned_is_neither_given_away_nor_asked_for_twice() {
    let (sites, _) = built(&moment(), &[planned(8)], &Limits::new());
    assert_eq!(sites[0].stock[0].amount, Amount::of_vials(2, 5));
    assert_eq!(sites[0].stock[0].received, Amount::of_vials(2, 5));
    let arriving: u64 = sites[1].arrivals.iter().map(|arrival| arrival.stock.amount.doses).sum();
    assert_eq!(arriving, 42);
    let mut cancelled = planned(8);
    cancelled.transfer.step(&Step::Cancelled { reason: "見本".parse().unwrap() }).unwrap();
    assert!(!counts(&cancelled) && counts(&planned(8)));
}
