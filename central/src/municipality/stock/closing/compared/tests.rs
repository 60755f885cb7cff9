//! A day that was closed, beside the books of its site.

use record::{
    WallTime,
    closing::{Closing, HeldDay},
};
use vsys::{Amount, Event, Packaging, StockKey, Storage};

use super::*;
use crate::storage::ClosingKey;

/// 2021-11-22 10:40 in Japan.
const MORNING: WallTime = WallTime::from_unix_ms(1_637_545_200_000);

fn facility() -> FacilityCode {
    "1311300001".parse().unwrap()
}

fn line(product: &str, lot: &str, event: Event) -> Line {
    let key = StockKey {
        facility: facility(),
        product: product.parse().unwrap(),
        lot: lot.parse().unwrap(),
        storage: Storage::Thawed,
    };
    Line { key, event, at: MORNING, by: "officer-1".parse().unwrap(), reason: None }
}

fn closing(lots: &[(&str, u32, u32, u32, u32)]) -> KeptClosing {
    let on = CalendarDate::in_japan(MORNING).unwrap();
    let site = serde_json::json!({"facility_code": facility().to_string(), "name": "見本会場"});
    let site = serde_json::from_value(site).unwrap();
    let lot = |(lot, vials, doses_per_vial, discarded, recorded): &(&str, u32, u32, u32, u32)| LotUse {
        lot: lot.parse().unwrap(),
        vials: *vials,
        doses_per_vial: *doses_per_vial,
        discarded: *discarded,
        recorded: *recorded,
    };
    let lots = lots.iter().map(lot).collect();
    let municipality = "131130".parse().unwrap();
    KeptClosing {
        key: ClosingKey { municipality, facility: facility(), on, tablet_number: 17 },
        tablet: "131130-0017".parse().unwrap(),
        by: "staff-01".parse().unwrap(),
        recorded_at: MORNING,
        closing: Closing::new(on, site, 0, lots, HeldDay::default()).unwrap(),
        is_booked: true,
    }
}

fn differences(closings: &[KeptClosing], lines: &[Line]) -> Vec<Difference> {
    let mut book = Book::default();
    lines.iter().for_each(|line| {
        book.add(line).unwrap();
    });
    let accounts: Vec<_> = book.accounts().map(|(account, balance)| (account.clone(), balance)).collect();
    let packaging = Packaging { doses_per_vial: 6, vials_per_tray: 195, vials_per_box: 195 };
    let rules = [ProductRule::open("見本一号".parse().unwrap(), packaging)];
    let mut days = compare_all(closings, lines, &accounts, &rules);
    assert_eq!(days.len(), 1);
    days.remove(0).differences
}

#[test]
fn a_day_whose_vials_came_into_the_books_agrees_also_where_a_vial_gave_another_number_of_doses() {
    let came = line("見本一号", "A1", Event::Delivered { amount: Amount::of_vials(9, 6) });
    let lines = [
        came.clone(),
        line("見本一号", "A1", Event::Given { doses: 11 }),
        line("見本一号", "A1", Event::Opened { vials: 2, expected: 12, gave: 11 }),
    ];
    assert_eq!(differences(&[closing(&[("A1", 2, 6, 1, 11)])], &lines), []);
    // The rule says six, staff drew seven of each, and one was discarded.
    let lines = [
        came.clone(),
        line("見本一号", "A1", Event::Given { doses: 13 }),
        line("見本一号", "A1", Event::Opened { vials: 2, expected: 12, gave: 13 }),
    ];
    assert_eq!(differences(&[closing(&[("A1", 2, 7, 1, 13)])], &lines), []);
    // Staff drew five of each, and none was discarded.
    let lines = [
        came,
        line("見本一号", "A1", Event::Given { doses: 10 }),
        line("見本一号", "A1", Event::Opened { vials: 2, expected: 12, gave: 10 }),
    ];
    assert_eq!(differences(&[closing(&[("A1", 2, 5, 0, 10)])], &lines), []);
}

#[test]
fn a_lot_that_the_books_do_not_know_or_know_of_two_products_is_named() {
    let lines = [
        line("見本一号", "A1", Event::Delivered { amount: Amount::of_vials(9, 6) }),
        line("見本二号", "A1", Event::Delivered { amount: Amount::of_vials(9, 6) }),
    ];
    let lot = |name: &str| name.parse::<LotNumber>().unwrap();
    let closed = closing(&[("A1", 1, 6, 0, 6), ("B1", 1, 6, 0, 6)]);
    let named = [Difference::OfTwoProducts(lot("A1")), Difference::UnknownLot(lot("B1"))];
    assert_eq!(differences(&[closed], &lines), named);
}

#[test]
fn what_differs_is_named_and_a_shortfall_once() {
    let lines = [line("見本一号", "A1", Event::Given { doses: 3 })];
    let lot = || "A1".parse::<LotNumber>().unwrap();
    let stock = Difference::Stock;
    assert_eq!(
        differences(&[closing(&[("A1", 1, 6, 0, 6)])], &lines),
        [
            stock(StockDifference::Doses { lot: lot(), closed: 6, books: 3 }),
            stock(StockDifference::Vials { lot: lot(), closed: 1, books: 0 }),
            stock(StockDifference::Shortfall { lot: lot(), doses: 3 }),
            stock(StockDifference::NeverCame { lot: lot() }),
        ]
    );
}
