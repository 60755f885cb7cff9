//! A day that was closed beside the books: what agrees says nothing, what differs is named lot by lot.

use record::WallTime;

use super::*;
use crate::{
    amount::Amount,
    book::Book,
    ledger::{DiscardReason, Event},
};

/// 2026-11-28 10:00 in Japan.
const MORNING: WallTime = WallTime::from_unix_ms(1_795_791_600_000 + 10 * 3_600_000);

fn day() -> SiteDay {
    SiteDay {
        facility: "1311300001".parse().unwrap(),
        product: "見本一号".parse().unwrap(),
        on: "2026-11-28".parse().unwrap(),
    }
}

fn line(lot: &str, event: Event) -> Line {
    let key = StockKey {
        facility: day().facility,
        product: day().product,
        lot: lot.parse().unwrap(),
        storage: Storage::Thawed,
    };
    Line { key, event, at: MORNING, by: "officer-1".parse().unwrap(), reason: None }
}

fn closed(lot: &str, vials: u32, recorded: u32, discarded: u32) -> LotUse {
    LotUse { lot: lot.parse().unwrap(), vials, doses_per_vial: 5, discarded, recorded }
}

fn differences(closed: &[LotUse], lines: &[Line]) -> Vec<StockDifference> {
    let mut book = Book::default();
    lines.iter().for_each(|line| {
        book.add(line).unwrap();
    });
    compare(&day(), closed, lines, &book)
}

#[test]
fn a_day_that_agrees_says_nothing() {
    let lines = [
        line("HERE-1", Event::Delivered { amount: Amount::of_vials(10, 5) }),
        line("HERE-1", Event::Given { doses: 9 }),
        line("HERE-1", Event::Opened { vials: 2, expected: 10, gave: 9 }),
    ];
    // Two tablets of one site.
    assert_eq!(differences(&[closed("HERE-1", 1, 5, 0), closed("HERE-1", 1, 4, 1)], &lines), []);
    assert_eq!(differences(&[], &lines[..1]), [], "what only came was not used");
}

#[test]
fn what_differs_is_named_lot_by_lot() {
    let came = |lot| line(lot, Event::Delivered { amount: Amount::of_vials(1, 5) });
    let yesterday = |line: Line| Line { at: MORNING.plus_ms(-86_400_000), ..line };
    let discarded = Event::Discarded { amount: Amount::of_doses(2), reason: DiscardReason::LeftOver };
    let lines = [
        came("HERE-1"),
        yesterday(line("HERE-1", Event::Given { doses: 1 })),
        line("HERE-1", Event::Given { doses: 2 }),
        line("HERE-1", discarded),
        came("LAST-1"),
        line("LAST-1", Event::Given { doses: 7 }),
    ];
    let lot = |text: &str| text.parse::<LotNumber>().unwrap();
    assert_eq!(
        differences(&[closed("HERE-1", 1, 3, 0), closed("NONE-1", 0, 0, 0)], &lines),
        [
            StockDifference::Doses { lot: lot("HERE-1"), closed: 3, books: 2 },
            StockDifference::Vials { lot: lot("HERE-1"), closed: 1, books: 0 },
            StockDifference::Discarded { lot: lot("HERE-1"), closed: 0, books: 2 },
            StockDifference::Doses { lot: lot("LAST-1"), closed: 0, books: 7 },
            StockDifference::Shortfall { lot: lot("LAST-1"), doses: 2 },
            StockDifference::NeverCame { lot: lot("NONE-1") },
        ]
    );
}
