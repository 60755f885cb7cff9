//! 在庫: facilities, kinds, the ledger and its balances, and doses of the register in it.
//!
//! Must not: know how a page or a command asks for it.

use record::{
    Entry, WallTime,
    day::{DaySettings, FacilityCode},
};
use vsys::{
    Amount, Balance, Event, Facility, FacilityKind, Line, StockKey, Storage as Kept,
    facility::Coordinates,
    kinds::KindError,
    ledger::{Account, DiscardReason, LedgerError, Origin},
};

use super::{
    entries::{MORNING, day},
    sample::{NOON, enrolled},
};
use crate::{
    audit::{Act, StockAct},
    stock::checking::{self, CheckedStock},
    storage::{KeptFacility, KindChanged, LineAdded, NewKind, NewLine, Place, Registered, Storage},
};

pub(crate) const OWN: &str = "131130";
pub(crate) const OTHER: &str = "131016";

/// The place where the entries of the contract were made, and another of the same municipality.
pub(crate) fn site() -> FacilityCode {
    day().site.facility_code
}

pub(crate) fn facility(code: FacilityCode, municipality: &str) -> KeptFacility {
    KeptFacility {
        facility: Facility {
            code,
            name: "見本診療所".parse().unwrap(),
            municipality: municipality.parse().unwrap(),
            freezer_vials: 1_000,
            doses_per_day: 300,
            position: Some(Coordinates { latitude: 35_681_236, longitude: 139_767_125 }),
        },
        books_begin_on: day().vaccinated_on,
    }
}

pub(crate) fn noted(municipality: &str) -> NewLine {
    let act = Act::StockRecorded { facility: site(), what: StockAct::Delivered };
    act.line(municipality.parse().unwrap(), "staff-1", NOON)
}

pub(crate) async fn registered(storage: &dyn Storage, code: FacilityCode, municipality: &str) -> Place {
    let kept = facility(code, municipality);
    let place = kept.place();
    assert_eq!(storage.register_facility(kept, noted(municipality)).await.unwrap(), Registered::New);
    place
}

pub(crate) fn key(facility: FacilityCode, storage: Kept) -> StockKey {
    let DaySettings { vaccine, lot, .. } = day();
    StockKey { facility, product: vaccine.product, lot, storage }
}

pub(crate) async fn add(storage: &dyn Storage, place: Place, kept: Kept, event: Event) -> LineAdded {
    let line = Line {
        key: key(place.facility, kept),
        event,
        at: NOON,
        by: "staff-1".parse().unwrap(),
        reason: None,
    };
    let noted = noted(&place.municipality.to_string());
    storage.add_stock_line(place.municipality, line, NOON, noted).await.unwrap()
}

pub(crate) async fn delivered(storage: &dyn Storage, place: Place, kept: Kept, vials: u64) {
    let amount = Amount::of_vials(vials, 6);
    let added = add(storage, place, kept, Event::Delivered { amount }).await;
    assert!(matches!(added, LineAdded::Added(_)), "{added:?}");
}

pub(crate) async fn balance(storage: &dyn Storage, place: Place, account: &Account) -> Balance {
    let all = storage.balances(place.municipality, Some(place.facility)).await.unwrap();
    all.into_iter().find(|(found, _)| found == account).map_or(Balance::NONE, |(_, balance)| balance)
}

pub(crate) async fn on_hand(storage: &dyn Storage, place: Place, kept: Kept) -> Amount {
    balance(storage, place, &Account::OnHand(key(place.facility, kept))).await.amount()
}

pub(crate) async fn checked(storage: &dyn Storage) -> CheckedStock {
    checking::check(&mut *storage.snapshot().await.unwrap()).await.unwrap()
}

pub(crate) async fn a_facility_is_one_municipalitys_and_its_code_is_taken_once(storage: &dyn Storage) {
    let place = registered(storage, site(), OWN).await;
    let again = || facility(site(), OWN);
    let register = async |kept| storage.register_facility(kept, noted(OWN)).await.unwrap();
    assert_eq!(register(again()).await, Registered::Unchanged);
    assert_eq!(register(facility(site(), OTHER)).await, Registered::Elsewhere);
    let mut changed = again();
    changed.facility.name = "見本第二診療所".parse().unwrap();
    changed.facility.position = None;
    assert_eq!(register(changed.clone()).await, Registered::Changed);
    assert_eq!(storage.facility(site()).await.unwrap(), Some(changed.clone()));
    assert_eq!(storage.facilities(place.municipality).await.unwrap(), [changed]);
    assert_eq!(storage.facilities(OTHER.parse().unwrap()).await.unwrap(), []);
    assert_eq!(storage.facility("0000000000".parse().unwrap()).await.unwrap(), None);
}

pub(crate) async fn kinds_are_a_history_and_what_was_before_reads_as_it_did(storage: &dyn Storage) {
    let place = registered(storage, site(), OWN).await;
    let product = day().vaccine.product;
    let change = |kind, decided_at: WallTime, effective_from| NewKind {
        product: product.clone(),
        kind,
        effective_from,
        decided_at,
        by: "staff-1".parse().unwrap(),
        reason: "見本の理由".parse().unwrap(),
    };
    let later = NOON.plus_ms(1_000);
    let make = async |place, new| storage.change_kind(place, new, noted(OWN)).await.unwrap();
    assert_eq!(make(place, change(FacilityKind::Core, MORNING, None)).await, KindChanged::Changed);
    assert_eq!(make(place, change(FacilityKind::Linked, NOON, Some(later))).await, KindChanged::Changed);
    let early = change(FacilityKind::Core, later, Some(NOON));
    assert_eq!(make(place, early).await, KindChanged::Refused(KindError::BeforeItsDecision));
    let elsewhere = Place { municipality: OTHER.parse().unwrap(), ..place };
    assert_eq!(make(elsewhere, change(FacilityKind::Core, later, None)).await, KindChanged::NoFacility);
    let kinds = storage.kinds(place).await.unwrap();
    let at = [MORNING.plus_ms(-1), MORNING, NOON, later].map(|at| kinds.kind_at(&product, at));
    assert_eq!(at, [None, Some(FacilityKind::Core), Some(FacilityKind::Core), Some(FacilityKind::Linked)]);
}

pub(crate) async fn lines_move_stock_and_nothing_goes_below_zero(storage: &dyn Storage) {
    let place = registered(storage, site(), OWN).await;
    delivered(storage, place, Kept::Frozen, 3).await;
    let thaw = |vials| Event::Thawed { amount: Amount::of_vials(vials, 6) };
    assert_eq!(add(storage, place, Kept::Frozen, thaw(2)).await, LineAdded::Added(2));
    let refused = LineAdded::Refused(LedgerError::MoreThanOnHand);
    assert_eq!(add(storage, place, Kept::Frozen, thaw(2)).await, refused);
    let discarded =
        |vials| Event::Discarded { amount: Amount::of_vials(vials, 6), reason: DiscardReason::Broken };
    assert_eq!(add(storage, place, Kept::Thawed, discarded(3)).await, refused);
    assert_eq!(add(storage, place, Kept::Thawed, discarded(1)).await, LineAdded::Added(3));
    let counted = Event::Counted { amount: Amount { vials: 1, doses: 5 } };
    assert_eq!(add(storage, place, Kept::Thawed, counted).await, LineAdded::Added(4));
    assert_eq!(on_hand(storage, place, Kept::Frozen).await, Amount::of_vials(1, 6));
    assert_eq!(on_hand(storage, place, Kept::Thawed).await, Amount { vials: 1, doses: 5 });
    let numbers = async |before, most| {
        let lines = storage.stock_lines(place, before, most).await.unwrap();
        lines.into_iter().map(|kept| kept.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(None, 9).await, [4, 3, 2, 1]);
    assert_eq!(numbers(Some(3), 1).await, [2]);
    let nowhere = Place { facility: "0000000000".parse().unwrap(), ..place };
    assert_eq!(add(storage, nowhere, Kept::Frozen, thaw(1)).await, LineAdded::NoFacility);
    let checked = checked(storage).await;
    assert!(checked.is_good(), "{checked:?}");
    assert_eq!(checked.lines, 4);
}

pub(crate) async fn of_many_at_the_last_vials_nobody_takes_what_is_not_there(storage: &dyn Storage) {
    let place = registered(storage, site(), OWN).await;
    delivered(storage, place, Kept::Thawed, 40).await;
    let take = Event::Discarded { amount: Amount::of_vials(1, 6), reason: DiscardReason::Expired };
    let all =
        futures_util::future::join_all((0..64).map(|_| add(storage, place, Kept::Thawed, take.clone())))
            .await;
    let added = all.iter().filter(|added| matches!(added, LineAdded::Added(_))).count();
    let refused =
        all.iter().filter(|added| **added == LineAdded::Refused(LedgerError::MoreThanOnHand)).count();
    assert_eq!((added, refused), (40, 24));
    assert_eq!(on_hand(storage, place, Kept::Thawed).await, Amount::default());
    let lines = storage.stock_lines(place, None, 100).await.unwrap();
    let numbers: Vec<u64> = lines.iter().rev().map(|kept| kept.number).collect();
    assert_eq!(numbers, (1..=41).collect::<Vec<_>>(), "none lost, none twice");
    assert!(checked(storage).await.is_good());
}

/// Looks at everything that came until nothing is left.
pub(crate) async fn take_in(storage: &dyn Storage) {
    let master = super::reference::master();
    while storage.gather_doses(std::sync::Arc::clone(&master), 7).await.unwrap() > 0 {}
    while storage.take_in_doses(3, NOON).await.unwrap() > 0 {}
}

async fn given(storage: &dyn Storage, place: Place) -> Vec<Event> {
    let lines = storage.stock_lines(place, None, 100).await.unwrap();
    let events = lines.into_iter().rev().map(|kept| kept.line.event);
    events.filter(|event| matches!(event, Event::Given { .. } | Event::NoLongerGiven { .. })).collect()
}

pub(crate) async fn doses_of_the_register_come_into_the_books_once(storage: &dyn Storage) {
    let place = registered(storage, site(), OWN).await;
    delivered(storage, place, Kept::Thawed, 1).await;
    delivered(storage, place, Kept::Frozen, 1).await;
    let tablet = enrolled(storage).await;
    tablet.send(storage, &tablet.chain(&tablet.vaccinations(8))).await;
    take_in(storage).await;
    take_in(storage).await;
    // Six are thawed; what else was given was thawed as well, whatever the books say.
    assert_eq!(on_hand(storage, place, Kept::Thawed).await, Amount { vials: 1, doses: 0 });
    assert_eq!(on_hand(storage, place, Kept::Frozen).await, Amount { vials: 1, doses: 4 });
    let doses: u64 = given(storage, place)
        .await
        .iter()
        .map(|event| if let Event::Given { doses } = event { *doses } else { 0 })
        .sum();
    assert_eq!(doses, 8);
    let before = given(storage, place).await;
    storage.look_at_all_doses().await.unwrap();
    take_in(storage).await;
    assert_eq!(given(storage, place).await, before, "looked at once more, nothing is counted twice");
    assert!(checked(storage).await.is_good());
}

pub(crate) async fn a_dose_that_no_longer_stands_comes_back_and_one_beyond_the_books_is_a_shortfall(
    storage: &dyn Storage,
) {
    let place = registered(storage, site(), OWN).await;
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let of = |number: u64| format!("21131130{number:010}").parse().unwrap();
    let one = maker.vaccination_of(of(1), day());
    let two = maker.vaccination_of(of(2), day());
    let taken_back = maker.cancellation(one.entry_id);
    let all: Vec<Vec<u8>> = [&one, &two, &taken_back].map(Entry::to_bytes).to_vec();
    let chain = tablet.chain(&all);
    tablet.send(storage, &chain[..2]).await;
    take_in(storage).await;
    let shortfall = Account::From(Origin::Shortfall, key(place.facility, Kept::Thawed));
    assert_eq!(balance(storage, place, &shortfall).await, Balance { vials: 0, doses: 2 });
    tablet.send(storage, &chain).await;
    take_in(storage).await;
    assert_eq!(balance(storage, place, &shortfall).await, Balance { vials: 0, doses: 1 });
    let explained = |doses| Event::ShortfallExplained { amount: Amount::of_doses(doses) };
    let refused = LineAdded::Refused(LedgerError::MoreThanShortfall);
    assert_eq!(add(storage, place, Kept::Thawed, explained(2)).await, refused);
    assert!(matches!(add(storage, place, Kept::Thawed, explained(1)).await, LineAdded::Added(_)));
    assert_eq!(balance(storage, place, &shortfall).await, Balance::NONE);
    assert!(checked(storage).await.is_good());
}

pub(crate) async fn doses_wait_for_a_facility_and_for_the_day_its_books_begin(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let of = |number: u64| format!("21131130{number:010}").parse().unwrap();
    let yesterday = day().vaccinated_on.plus_days(-1).unwrap();
    let before = maker.vaccination_of(of(1), DaySettings { vaccinated_on: yesterday, ..day() });
    let after = maker.vaccination_of(of(2), day());
    tablet.send(storage, &tablet.chain(&[before.to_bytes(), after.to_bytes()])).await;
    take_in(storage).await;
    assert_eq!(storage.doses_without_books(9).await.unwrap(), [(site(), 2)]);
    let place = registered(storage, site(), OWN).await;
    take_in(storage).await;
    assert_eq!(given(storage, place).await, [Event::Given { doses: 1 }]);
    assert_eq!(storage.doses_without_books(9).await.unwrap(), []);
}

pub(crate) async fn balances_are_found_wrong_and_made_anew_from_the_lines(storage: &dyn Storage) {
    let place = registered(storage, site(), OWN).await;
    delivered(storage, place, Kept::Frozen, 3).await;
    let good = storage.balances(place.municipality, None).await.unwrap();
    let owned = |(account, balance): &(Account, Balance)| (place.municipality, account.clone(), *balance);
    let mut wrong: Vec<_> = good.iter().map(owned).collect();
    wrong[0].2.doses += 1;
    assert!(!storage.replace_balances(wrong.clone(), 2).await.unwrap(), "of another number of lines");
    assert!(storage.replace_balances(wrong, 1).await.unwrap());
    let found = checked(storage).await;
    assert_eq!((found.wrong_count, found.unbalanced.len()), (1, 2), "{found:?}");
    assert_eq!(checking::rebuild(storage).await.unwrap(), Some(1));
    assert_eq!(storage.balances(place.municipality, None).await.unwrap(), good);
    assert!(checked(storage).await.is_good());
}

pub(crate) async fn another_municipality_is_shown_nothing(storage: &dyn Storage) {
    let place = registered(storage, site(), OWN).await;
    delivered(storage, place, Kept::Frozen, 3).await;
    let other = Place { municipality: OTHER.parse().unwrap(), ..place };
    assert_eq!(storage.balances(other.municipality, None).await.unwrap(), []);
    assert_eq!(storage.balances(other.municipality, Some(site())).await.unwrap(), []);
    assert_eq!(storage.stock_lines(other, None, 9).await.unwrap(), []);
    let StockKey { product, lot, .. } = key(site(), Kept::Frozen);
    let lots = async |owner| storage.lot_balances(owner, product.clone(), lot.clone()).await.unwrap().len();
    assert_eq!((lots(other.municipality).await, lots(place.municipality).await), (0, 2));
    assert!(storage.kinds(other).await.unwrap().changes().is_empty());
}
