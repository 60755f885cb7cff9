//! What was used and what was thrown away, by facility and reason.

use record::WallTime;

use super::*;
use crate::{
    ledger::{StockKey, Storage},
    transfer::TransferId,
};

fn line(facility: u8, event: Event) -> Line {
    let key = StockKey {
        facility: format!("131130000{facility}").parse().unwrap(),
        product: "見本一号".parse().unwrap(),
        lot: "SAMPLE-1".parse().unwrap(),
        storage: Storage::Thawed,
    };
    Line { key, event, at: WallTime::from_unix_ms(1), by: "officer-1".parse().unwrap(), reason: None }
}

#[test]
fn a_facility_s_use_is_that_of_its_lines() {
    let lost =
        Event::LostInTransit { transfer: TransferId::from_bytes([1; 16]), amount: Amount::of_vials(1, 6) };
    let discarded = |reason| Event::Discarded { amount: Amount::of_vials(2, 6), reason };
    let lines = [
        line(1, Event::Delivered { amount: Amount::of_vials(100, 6) }),
        line(1, Event::Given { doses: 60 }),
        line(1, Event::NoLongerGiven { doses: 1 }),
        line(1, Event::Opened { vials: 10, expected: 60, gave: 59 }),
        line(1, Event::Opened { vials: 2, expected: 12, gave: 8 }),
        line(1, Event::NoLongerOpened { vials: 2, expected: 12, gave: 8 }),
        line(1, discarded(DiscardReason::Expired)),
        line(1, discarded(DiscardReason::Expired)),
        line(1, lost),
        line(2, Event::Opened { vials: 3, expected: 18, gave: 21 }),
    ];
    let all = by_facility(&lines);
    let of = |facility| {
        &all[&(line(facility, Event::Given { doses: 1 }).key.facility, "見本一号".parse().unwrap())]
    };
    let one = of(1);
    assert_eq!((one.given, one.vials, one.gave), (59, 10, 59));
    assert_eq!(
        one.discarded,
        BTreeMap::from([
            (DiscardReason::Expired, Amount::of_vials(4, 6)),
            (DiscardReason::LessThanExpected, Amount::of_doses(1)),
            (DiscardReason::LostInTransit, Amount::of_vials(1, 6)),
        ])
    );
    assert_eq!(one.wastage(), Some(Ratio { part: 31, whole: 90 }));
    assert_eq!(one.doses_per_vial().map(Ratio::per_mille), Some(5_900));
    let two = of(2);
    assert_eq!((two.wastage(), two.doses_per_vial().map(Ratio::per_mille)), (None, Some(7_000)));
}
