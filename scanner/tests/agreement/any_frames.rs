//! Whatever the frames say: the rules hold.

use std::collections::BTreeSet;

use proptest::prelude::*;
use record::*;
use scanner::{
    Symbol::{Nw7, Qr},
    agreement::*,
    *,
};

use crate::desk::*;

/// Few numbers, so that frames meet: two good ones, one off by a digit, one of another municipality, one that
/// cannot be.
fn any_reading() -> impl Strategy<Value = Reading> {
    let lines =
        [X, Y, "231310160000123486", "231311300000123456", "231310170000123456", "831310160000123456"];
    let one = (0_usize..3, 0_usize..lines.len(), any::<bool>()).prop_map(move |(symbol, line, whole)| {
        let digits = if whole { lines[line] } else { &lines[line][8..] };
        sighting(Symbol::ALL[symbol], digits)
    });
    (proptest::collection::vec(one, 0..4), proptest::bool::weighted(0.1)).prop_map(
        |(sightings, has_poster)| Reading {
            capture: CaptureId(0),
            sightings,
            foreign_qr: if has_poster { poster_text() } else { None },
            in_view: InView::SymbolLike,
            guidance: None,
        },
    )
}

/// The rule, written once more and independently: each digit is said by two kinds of print, or by one where
/// it is among the first eight and these are what the day expects; nobody says another.
fn may_be_accepted(line: &str, reading: &Reading) -> bool {
    let expected = line[..1].contains(['1', '2']) && &line[1..8] == "3131016";
    let parsed: OcrLine = line.parse().unwrap();
    let exists = MunicipalityTable::shipped().find(parsed.municipality()).is_some();
    exists
        && line[..1].contains(['1', '2'])
        && (0..18).all(|place| {
            let said = reading.sightings.iter().filter_map(|one| Some((one.symbol, one.digits.at(place)?)));
            let (agree, differ): (Vec<_>, Vec<_>) =
                said.partition(|(_, digit)| *digit == line.as_bytes()[place]);
            let kinds: BTreeSet<Symbol> = agree.into_iter().map(|(symbol, _)| symbol).collect();
            let enough = if place < 8 && expected { 1 } else { 2 };
            differ.is_empty() && kinds.len() >= enough
        })
}

proptest! {
    #[test]
    fn nothing_is_accepted_that_its_own_frame_does_not_witness(
        readings in proptest::collection::vec(any_reading(), 1..80),
    ) {
        let mut agreement = Agreement::new();
        for (at, reading) in readings.into_iter().enumerate() {
            let reading = Reading { capture: CaptureId(at as u64), ..reading };
            match agreement.observe(&reading, &expectation()) {
                Verdict::Accepted(acceptance) => {
                    prop_assert_eq!(acceptance.capture, reading.capture);
                    prop_assert_eq!(&acceptance.sightings, &reading.sightings);
                    prop_assert!(may_be_accepted(&acceptance.line.to_string(), &reading));
                }
                Verdict::ForPerson(dispute) => {
                    prop_assert_eq!(dispute.capture, reading.capture);
                    prop_assert_eq!(&dispute.sightings, &reading.sightings);
                    // Whatever the person decides can be kept, and says who decided it.
                    let line: OcrLine = Y.parse().unwrap();
                    let witnessing = dispute.settle(line).unwrap();
                    for (state, set) in dispute.digits.iter().zip(witnessing.sets()) {
                        prop_assert!(matches!(state, DigitState::Settled(_)) || set.has(Witness::Person));
                    }
                }
                _ => {}
            }
        }
    }

    #[test]
    fn one_paper_is_reported_at_most_once_however_its_symbols_flicker(
        shown in proptest::collection::vec((any::<bool>(), any::<bool>()), 1..200),
        other in any::<bool>(),
    ) {
        let ten = if other { Y_TEN } else { X_TEN };
        let mut desk = Desk::new();
        let mut reports = 0;
        let mut clear = 0;
        for (qr, nw7) in shown {
            let mut symbols = Vec::new();
            if qr { symbols.push((Qr, X)); }
            if nw7 { symbols.push((Nw7, ten)); }
            clear = if symbols.is_empty() { clear + 1 } else { 0 };
            if clear >= CLEAR_FRAMES { break; }
            let verdict = desk.see(&symbols);
            reports += u32::from(matches!(verdict, Verdict::Accepted(_) | Verdict::ForPerson(_)));
            // A report of one symbol does not know the other, which may then be reported on its own.
            if other && reports > 0 { break; }
        }
        prop_assert!(reports <= 1);
    }

    #[test]
    fn a_new_paper_is_never_called_reported(
        first in proptest::collection::vec(Just([(Qr, X), (Nw7, X_TEN)]), 1..30),
        second in proptest::collection::vec(0_usize..4, 1..30),
    ) {
        let mut desk = Desk::new();
        let frames_of_first = CaptureId(first.len() as u64);
        for symbols in first {
            desk.see(&symbols);
        }
        for which in second {
            let symbols: &[(Symbol, &str)] = match which {
                0 => &[(Qr, Y)],
                1 => &[(Nw7, Y_TEN)],
                2 => &[(Qr, Y), (Nw7, Y_TEN)],
                _ => &[(Qr, X), (Nw7, Y_TEN)],
            };
            match desk.see(symbols) {
                Verdict::AlreadyReported { reported, .. } => prop_assert!(reported > frames_of_first),
                Verdict::Accepted(acceptance) => prop_assert_eq!(acceptance.line.to_string(), Y),
                _ => {}
            }
        }
    }
}
