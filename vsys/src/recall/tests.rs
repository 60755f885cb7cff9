//! A lot is followed wherever it went: who had it, what is left where, and nothing of it is missed.

use proptest::prelude::*;

use super::*;
use crate::ledger::DiscardReason;

fn key(facility: u8, lot: &str) -> StockKey {
    StockKey {
        facility: format!("131130000{facility}").parse().unwrap(),
        product: "見本一号".parse().unwrap(),
        lot: lot.parse().unwrap(),
        storage: Storage::Thawed,
    }
}

fn line(key: StockKey, event: Event, at: i64) -> Line {
    Line { key, event, at: WallTime::from_unix_ms(at), by: "officer-1".parse().unwrap(), reason: None }
}

fn transfer(number: u8) -> TransferId {
    TransferId::from_bytes([number; 16])
}

fn sent(from: u8, number: u8, vials: u64, at: i64) -> Line {
    let event = Event::Sent { transfer: transfer(number), amount: Amount::of_vials(vials, 5) };
    line(key(from, "SAMPLE-1"), event, at)
}

fn received(from: u8, to: u8, number: u8, vials: u64, at: i64) -> Line {
    let amount = Amount::of_vials(vials, 5);
    let event = Event::Received { transfer: transfer(number), sent: key(from, "SAMPLE-1"), amount };
    line(key(to, "SAMPLE-1"), event, at)
}

fn traced(lines: &[Line]) -> Result<LotTrace, BrokenLedger> {
    trace(&"見本一号".parse().unwrap(), &"SAMPLE-1".parse().unwrap(), lines)
}

#[test]
fn some_facilities_are_followed_without_the_lines_of_whoever_sent_to_them() {
    let own =
        [received(1, 2, 1, 3, 4), line(key(2, "SAMPLE-1"), Event::Given { doses: 10 }, 7), sent(2, 2, 1, 8)];
    assert!(traced(&own).is_err(), "the sender's lines are missing");
    let trace = trace_within(&"見本一号".parse().unwrap(), &"SAMPLE-1".parse().unwrap(), &own).unwrap();
    let facility = |number| key(number, "SAMPLE-1").facility;
    assert_eq!(trace.holders.keys().collect::<Vec<_>>(), [&facility(2)]);
    let ways: Vec<_> = trace.handed_over.iter().map(|way| (way.from, way.to)).collect();
    assert_eq!((ways, trace.given(), trace.on_its_way.len()), (vec![(facility(1), facility(2))], 10, 0));
}

#[test]
fn who_received_it_and_where_it_remains() {
    let lines = [
        line(key(1, "SAMPLE-1"), Event::Delivered { amount: Amount::of_vials(20, 5) }, 1),
        line(key(1, "OTHER-1"), Event::Delivered { amount: Amount::of_vials(9, 5) }, 2),
        sent(1, 1, 5, 3),
        received(1, 2, 1, 3, 4),
        sent(2, 2, 1, 5),
        received(2, 3, 2, 1, 6),
        line(key(2, "SAMPLE-1"), Event::Given { doses: 10 }, 7),
        line(key(4, "SAMPLE-1"), Event::Given { doses: 1 }, 8),
    ];
    let trace = traced(&lines).unwrap();
    let code = |facility| key(facility, "SAMPLE-1").facility;
    let first: Vec<_> =
        trace.holders.iter().map(|(code, holder)| (*code, holder.first_at.unix_ms())).collect();
    assert_eq!(first, [(code(1), 1), (code(2), 4), (code(3), 6), (code(4), 8)]);
    let ways: Vec<_> = trace.handed_over.iter().map(|way| (way.from, way.to, way.amount.vials)).collect();
    assert_eq!(ways, [(code(1), code(2), 3), (code(2), code(3), 1)]);
    let on_its_way = OnItsWay { from: code(1), amount: Amount::of_vials(2, 5) };
    assert_eq!(trace.on_its_way, BTreeMap::from([(transfer(1), on_its_way)]));
    assert_eq!((trace.remaining().doses, trace.given()), (75 + 5 + 10, 11));
    let holding: Vec<_> = trace.holding().map(|(code, _)| *code).collect();
    assert!(holding.contains(&code(1)) && holding.contains(&code(3)) && !holding.contains(&code(4)));
    assert_eq!(trace.holders[&code(4)].totals.shortfall.doses, 1, "the books knew nothing of it there");
}

#[test]
fn lines_that_are_not_all_there_are_refused_and_not_guessed() {
    let broken = BrokenLedger { line: 0, why: LedgerError::MoreThanInTransit };
    assert_eq!(traced(&[received(1, 2, 1, 3, 4)]), Err(broken));
}

proptest! {
    #[test]
    fn whatever_happens_all_of_a_lot_is_found(
        steps in prop::collection::vec((0_u8..4, 1_u8..4, 1_u8..4, 1_u64..6), 0..30),
    ) {
        let mut book = Book::default();
        let mut lines = Vec::new();
        for ((what, from, to, vials), number) in steps.into_iter().zip(1..) {
            let amount = Amount::of_vials(vials, 5);
            let here = key(from, "SAMPLE-1");
            let events = match what {
                0 => vec![line(here, Event::Delivered { amount }, 1)],
                1 => vec![sent(from, number, vials, 1), received(from, to, number, vials, 2)],
                2 => vec![line(here, Event::Discarded { amount, reason: DiscardReason::Broken }, 1)],
                _ => vec![line(here, Event::Given { doses: vials }, 1)],
            };
            lines.extend(events.into_iter().filter(|line| book.add(line).is_ok()));
        }
        let trace = traced(&lines).unwrap();
        let sum = |of: fn(&Totals) -> i64| -> i64 { trace.holders.values().map(|holder| of(&holder.totals)).sum() };
        let came = sum(|totals| totals.delivered.doses + totals.gained.doses + totals.shortfall.doses);
        let remaining = i64::try_from(trace.remaining().doses).unwrap();
        prop_assert_eq!(came, remaining + trace.given() + sum(|totals| totals.discarded.doses));
    }
}
