//! A closing comes into the books as it says, and made anew as it says then.

use proptest::prelude::*;
use record::closing::LotUse;
use vsys::{
    Amount, Balance, Conservation,
    ledger::{Account, Held as _, Origin},
};

use super::*;

fn lot() -> Lot {
    ("1311300001".parse().unwrap(), "見本一号".parse().unwrap(), "SAMPLE-1".parse().unwrap())
}

fn key(storage: Storage) -> StockKey {
    let (facility, product, lot) = lot();
    StockKey { facility, product, lot, storage }
}

fn by() -> OfficerName {
    "officer-1".parse().unwrap()
}

fn delivered(vials: [u64; 2]) -> Working {
    let mut working = Working::new(Vec::new());
    for (storage, vials) in [Storage::Thawed, Storage::Frozen].into_iter().zip(vials) {
        let event = Event::Delivered { amount: Amount::of_vials(vials, 6) };
        let line = Line { key: key(storage), event, at: WallTime::from_unix_ms(1), by: by(), reason: None };
        working.add(line).unwrap();
    }
    working
}

fn take(working: &mut Working, was: &Taken, is: Opened) -> Taken {
    take_in(working, &lot(), was, is, WallTime::from_unix_ms(2), &by()).unwrap()
}

fn vials(working: &Working) -> [u64; 2] {
    [Storage::Thawed, Storage::Frozen].map(|storage| working.book().on_hand(&key(storage)).vials)
}

#[test]
fn vials_come_out_of_what_is_thawed_then_of_what_is_frozen_then_of_a_shortfall() {
    let mut working = delivered([2, 1]);
    let taken = take(&mut working, &Taken::new(), Opened { vials: 4, expected: 24, gave: 23 });
    assert_eq!(vials(&working), [0, 0]);
    let shortfall = Account::From(Origin::Shortfall, key(Storage::Thawed));
    assert_eq!(working.book().held(&shortfall).vials, 1);
    assert_eq!(taken.values().map(|part| part.gave).sum::<u64>(), 23);
    let lines = working.ready().0.len();
    assert_eq!(lines, 4, "two deliveries, and one line for each way of keeping");
}

#[test]
fn said_again_it_changes_nothing_and_made_anew_it_takes_the_place_of_the_one_before() {
    let mut working = delivered([5, 1]);
    let first = Opened { vials: 3, expected: 18, gave: 17 };
    let taken = take(&mut working, &Taken::new(), first);
    assert_eq!(take(&mut working, &taken, first), taken);
    assert_eq!(vials(&working), [2, 1]);
    let taken = take(&mut working, &taken, Opened { vials: 2, expected: 12, gave: 12 });
    assert_eq!(vials(&working), [3, 1]);
    assert_eq!(take(&mut working, &taken, Opened::default()), Taken::new());
    assert_eq!(vials(&working), [5, 1]);
    let (lines, _) = working.ready();
    assert_eq!(lines.len(), 2 + 1 + 2 + 1);
}

#[test]
fn a_lot_of_no_product_or_of_two_waits_and_one_of_which_no_vial_was_opened_is_left_out() {
    let use_of = |name: &str, vials| LotUse {
        lot: name.parse().unwrap(),
        vials,
        doses_per_vial: 7,
        discarded: 1,
        recorded: 6,
    };
    let site = serde_json::from_value(serde_json::json!({"facility_code": "1311300001", "name": "見本"}));
    let lots = vec![use_of("A", 1), use_of("B", 1), use_of("C", 1), use_of("D", 0)];
    let closing =
        Closing::new("2026-11-28".parse().unwrap(), site.unwrap(), 0, lots, Default::default()).unwrap();
    let named = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect();
    let products = [("A", named(&["見本一号"])), ("B", named(&["見本一号", "見本二号"]))]
        .map(|(lot, products)| (lot.parse().unwrap(), products));
    let wanted = wanted(&closing, &products.into_iter().collect(), &[]);
    assert_eq!(wanted.unknown, ["B", "C"].map(|lot| lot.parse().unwrap()).into());
    let opened = Opened { vials: 1, expected: 7, gave: 6 };
    assert_eq!(wanted.lots.into_values().collect::<Vec<_>>(), [opened]);
}

proptest! {
    #[test]
    fn however_often_it_is_made_anew_the_books_say_what_the_last_one_said(
        there in [0_u64..6, 0_u64..6],
        closings in prop::collection::vec((0_u64..9, 0_u64..60, 0_u64..60), 1..6),
    ) {
        let mut working = if there == [0, 0] { Working::new(Vec::new()) } else { delivered(there.map(|n| n + 1)) };
        let mut taken = Taken::new();
        for (vials, expected, gave) in closings {
            let is = if vials == 0 { Opened::default() } else { Opened { vials, expected, gave } };
            taken = take(&mut working, &taken, is);
            prop_assert_eq!(sum(&taken), is);
            prop_assert_eq!(working.book().accounts().collect::<Conservation>().unbalanced(), []);
            let opened: i64 = [Storage::Thawed, Storage::Frozen]
                .map(|storage| Account::Gone(vsys::ledger::End::Given, key(storage)))
                .iter()
                .map(|account| working.book().held(account).vials)
                .sum();
            prop_assert_eq!(u64::try_from(opened), Ok(is.vials));
        }
        take(&mut working, &taken, Opened::default());
        for storage in [Storage::Thawed, Storage::Frozen] {
            let shortfall = working.book().held(&Account::From(Origin::Shortfall, key(storage)));
            prop_assert_eq!(shortfall, Balance::NONE, "nothing of it is left behind");
        }
    }
}
