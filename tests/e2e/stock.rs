//! From a tablet's page to the books of the central: what arrived, the doses that were given of it, what was thrown away and
//! what was counted.
//!
//! Must not: write into the books but through the tablet.

use app::workflow::Phase;
use central::{
    audit::{Act, StockAct},
    storage::{KeptFacility, Place as Facilitys, Registered},
};
use record::day::FacilityCode;
use tests::{
    network::Mood,
    screen::{Screen, on_screen_thread},
};
use vsys::{
    Amount, Balance, Facility, StockKey, Storage as Kept,
    ledger::{Account, End, Origin},
};

use crate::place::{Place, wait_for_receipts};

const SITE: &str = "1311399999";
const LOT: &str = "FF3620";

#[test]
fn what_arrives_is_given_thrown_away_and_counted_on_a_tablet_stands_in_the_books_of_its_site() {
    on_screen_thread(|| {
        let place = Place::that_keeps_stock(Mood::Cut);
        register_site(&place);
        let screen = place.open(place.config());
        record(&screen, &["受け取り", LOT, "解凍・冷蔵", "直接の納入"], "5");
        screen.tap("読取");
        let given = place.record(&screen, 2);
        assert_eq!(given, 2);
        record(&screen, &["廃棄", LOT, "解凍・冷蔵", "破損"], "1");
        place.network.become_(Mood::Open);
        wait_for_receipts(&screen, given + 2);
        place.central.catch_up_stock();
        let balance = |account: fn(StockKey) -> Account| balance(&place, &account(key()));
        let delivered = balance(|key| Account::From(Origin::Delivered, key));
        assert_eq!(delivered.amount(), Amount { vials: 5, doses: 30 });
        assert_eq!(balance(|key| Account::Gone(End::Given, key)).doses, 2);
        assert_eq!(balance(|key| Account::Gone(End::Discarded, key)).amount(), Amount::of_vials(1, 6));
        let shortfall = balance(|key| Account::From(Origin::Shortfall, key));
        assert_eq!(shortfall, Balance::NONE, "what arrived is in the books before its doses are");
        let on_hand = balance(Account::OnHand).amount();
        assert_eq!(on_hand.doses, 30 - 2 - 6);

        // Somebody counts what is left; the books say so from then on.
        record(&screen, &["棚卸し", LOT, "解凍・冷蔵"], "3");
        wait_for_receipts(&screen, given + 3);
        place.central.catch_up_stock();
        place.central.catch_up_stock();
        assert_eq!(balance(Account::OnHand).amount(), Amount { vials: 3, doses: 18 });
    });
}

/// Chooses these in turn, types so many vials, and records it.
fn record(screen: &Screen, chosen: &[&str], vials: &str) {
    screen.tap("在庫");
    screen.tap_where("what was done", |label| label.starts_with("内容 "));
    for choice in chosen {
        screen.tap_where(choice, |label| label.starts_with(choice));
    }
    screen.type_keys(vials);
    screen.tap("次へ");
    let before = screen.open(|open| open.counts.entries).unwrap();
    screen.tap("在庫を記録する");
    screen.wait_for("the act to be kept", |state| match &state.phase {
        Phase::Open(open) => open.counts.entries > before,
        _ => false,
    });
}

fn facility() -> FacilityCode {
    SITE.parse().unwrap()
}

fn key() -> StockKey {
    let (product, lot) = ("コミナティ筋注".parse().unwrap(), LOT.parse().unwrap());
    StockKey { facility: facility(), product, lot, storage: Kept::Thawed }
}

/// Its municipality has the site among its facilities.
fn register_site(place: &Place) {
    let (storage, now) = (place.central.storage(), place.central.now());
    let facility = Facility {
        code: facility(),
        name: "見本市民体育館".parse().unwrap(),
        municipality: "131130".parse().unwrap(),
        freezer_vials: 0,
        doses_per_day: 300,
        position: None,
    };
    let kept = KeptFacility { facility, books_begin_on: "2021-11-01".parse().unwrap() };
    let at = kept.place();
    let act = Act::StockRecorded { facility: at.facility, what: StockAct::Delivered };
    let noted = act.line(at.municipality, "staff-1", now);
    let registered = place.central.wait(async move { storage.register_facility(kept, noted).await.unwrap() });
    assert_eq!(registered, Registered::New);
}

fn balance(place: &Place, account: &Account) -> Balance {
    let storage = place.central.storage();
    let at = Facilitys { municipality: "131130".parse().unwrap(), facility: facility() };
    let all = place
        .central
        .wait(async move { storage.balances(at.municipality, Some(at.facility)).await.unwrap() });
    all.into_iter().find(|(found, _)| found == account).map_or(Balance::NONE, |(_, balance)| balance)
}
