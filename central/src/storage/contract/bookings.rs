//! 予約: figures of a facility, a product and a day, until when lots are good, and one product at one moment.
//!
//! Must not: know how a page or a command asks for it.

use record::{CalendarDate, day::FacilityCode};
use vsys::{FacilityKind, Storage as Kept, ledger::Account};

use super::{
    entries::day,
    sample::{NOON, enrolled},
    stock::{OTHER, OWN, delivered, key, registered, site, take_in},
};
use crate::{
    audit::Act,
    storage::{
        Booked, BookedDay, DatedLot, LineQuestion, NewKind, NewLine, Place, Publication, PublicationKind,
        Storage, Whose,
    },
};

fn on(day: u32) -> CalendarDate {
    format!("2021-11-{day:02}").parse().unwrap()
}

fn booked(place: Place, day_of_month: u32, doses: u64, expected: u64) -> BookedDay {
    BookedDay { place, product: day().vaccine.product, on: on(day_of_month), doses, expected }
}

fn noted(municipality: &str, facility: FacilityCode) -> NewLine {
    let act = Act::BookingsEntered { facility, product: day().vaccine.product, days: 1 };
    act.line(municipality.parse().unwrap(), "staff-1", NOON)
}

async fn book(storage: &dyn Storage, municipality: &str, days: &[BookedDay]) -> Booked {
    let noted = days.iter().map(|day| noted(municipality, day.place.facility)).collect();
    storage.book(municipality.parse().unwrap(), days.to_vec(), noted).await.unwrap()
}

fn own() -> Whose {
    Whose::Municipality(OWN.parse().unwrap())
}

async fn lines(storage: &dyn Storage, municipality: &str) -> usize {
    let asked = LineQuestion {
        municipality: municipality.parse().unwrap(),
        kinds: vec!["bookings_entered"],
        account: None,
        person: None,
        before: None,
        most: 100,
    };
    storage.lines(asked).await.unwrap().len()
}

pub(crate) async fn what_is_booked_takes_the_place_of_what_was_whole_and_with_its_line(
    storage: &dyn Storage,
) {
    let place = registered(storage, site(), OWN).await;
    let all = [booked(place, 22, 30, 0), booked(place, 23, 40, 12)];
    assert_eq!(book(storage, OWN, &all).await, Booked::Kept);
    assert_eq!(storage.booked(own(), on(22)).await.unwrap(), all);
    assert_eq!(book(storage, OWN, &[booked(place, 23, 5, 0)]).await, Booked::Kept);
    assert_eq!(storage.booked(own(), on(23)).await.unwrap(), [booked(place, 23, 5, 0)]);
    // Of a day with nothing nothing is left.
    assert_eq!(book(storage, OWN, &[booked(place, 23, 0, 0)]).await, Booked::Kept);
    assert_eq!(storage.booked(own(), on(1)).await.unwrap(), [booked(place, 22, 30, 0)]);
    assert_eq!(lines(storage, OWN).await, 4);
    // One facility that is not there, and nothing is kept.
    let nowhere = Place { facility: "0000000000".parse().unwrap(), ..place };
    let half = [booked(place, 24, 9, 0), booked(nowhere, 24, 9, 0)];
    assert_eq!(book(storage, OWN, &half).await, Booked::NoFacility(nowhere.facility));
    assert_eq!(book(storage, OTHER, &[booked(place, 24, 9, 0)]).await, Booked::NoFacility(site()));
    assert_eq!(storage.booked(own(), on(1)).await.unwrap(), [booked(place, 22, 30, 0)]);
    assert_eq!((lines(storage, OWN).await, lines(storage, OTHER).await), (4, 0));
}

pub(crate) async fn doses_of_the_day_that_are_in_the_books_come_with_the_moment(storage: &dyn Storage) {
    registered(storage, site(), OWN).await;
    let tablet = enrolled(storage).await;
    tablet.send(storage, &tablet.chain(&tablet.vaccinations(3))).await;
    let given = async |whose, product, on| {
        storage.stock_moment(whose, product, on).await.unwrap().given.get(&site()).copied()
    };
    let (product, today) = (day().vaccine.product, day().vaccinated_on);
    assert_eq!(given(own(), product.clone(), today).await, None, "they are not in the books yet");
    take_in(storage).await;
    assert_eq!(given(own(), product.clone(), today).await, Some(3));
    assert_eq!(given(Whose::Prefecture(13), product.clone(), today).await, Some(3));
    assert_eq!(given(own(), product.clone(), today.plus_days(1).unwrap()).await, None);
    assert_eq!(given(own(), "ほかの製品".parse().unwrap(), today).await, None);
    assert_eq!(given(Whose::Municipality(OTHER.parse().unwrap()), product, today).await, None);
}

pub(crate) async fn one_product_at_one_moment_is_all_of_a_municipality_or_of_a_prefecture(
    storage: &dyn Storage,
) {
    let place = registered(storage, site(), OWN).await;
    let other = registered(storage, "1310100001".parse().unwrap(), OTHER).await;
    let far = registered(storage, "1410000001".parse().unwrap(), "141003").await;
    let product = day().vaccine.product;
    for at in [place, other, far] {
        delivered(storage, at, Kept::Frozen, 3).await;
        let change = NewKind {
            product: product.clone(),
            kind: FacilityKind::Core,
            effective_from: None,
            decided_at: NOON,
            by: "staff-1".parse().unwrap(),
            reason: "見本".parse().unwrap(),
        };
        storage.change_kind(at, change, super::stock::noted(&at.municipality.to_string())).await.unwrap();
        book(storage, &at.municipality.to_string(), &[booked(at, 21, 1, 0), booked(at, 22, 2, 0)]).await;
        let dated =
            DatedLot { product: product.clone(), lot: day().lot, good_until: "2022-02-28".parse().unwrap() };
        let act = Act::LotDated { product: product.clone(), lot: day().lot };
        let line = act.line(at.municipality, "staff-1", NOON);
        storage.date_lot(at.municipality, dated.clone(), line.clone()).await.unwrap();
        storage.date_lot(at.municipality, dated, line).await.unwrap();
    }
    for (municipality, bytes) in
        [(None, "all-1"), (None, "all-2"), (Some(OWN), "own"), (Some("141003"), "far")]
    {
        let publication = Publication {
            kind: PublicationKind::Lots,
            municipality: municipality.map(|code| code.parse().unwrap()),
            bytes: bytes.as_bytes().to_vec(),
            at: NOON,
        };
        storage.publish(publication).await.unwrap();
    }
    let moment = storage.stock_moment(own(), product.clone(), on(22)).await.unwrap();
    assert_eq!(moment.facilities.len(), 1);
    assert_eq!(moment.booked, [booked(place, 22, 2, 0)]);
    assert_eq!(moment.frozen_vials[&site()], 3);
    assert_eq!(moment.accounts[0].0, Account::OnHand(key(site(), Kept::Frozen)));
    assert_eq!(moment.kinds[&site()].kind_at(&product, NOON), Some(FacilityKind::Core));
    assert_eq!((moment.dated.len(), moment.dated[0].0), (1, place.municipality));
    let mut published = moment.published.clone();
    published.sort();
    assert_eq!(published, [(None, b"all-2".to_vec()), (Some(place.municipality), b"own".to_vec())]);
    let prefecture = storage.stock_moment(Whose::Prefecture(13), product.clone(), on(1)).await.unwrap();
    let codes: Vec<_> = prefecture.facilities.iter().map(|kept| kept.facility.code).collect();
    assert_eq!(codes, [other.facility, place.facility]);
    assert_eq!((prefecture.booked.len(), prefecture.accounts.len(), prefecture.dated.len()), (4, 2, 2));
    let nothing = storage.stock_moment(own(), "ほかの製品".parse().unwrap(), on(1)).await.unwrap();
    assert!(nothing.accounts.is_empty() && nothing.booked.is_empty() && nothing.dated.is_empty());
}
