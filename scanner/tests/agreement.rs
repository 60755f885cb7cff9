//! What readings lead to: two witnesses for each digit in one frame, or a person, and each paper once.

#![expect(clippy::unwrap_used, reason = "what cannot be fails the test")]

use std::collections::BTreeSet;

use Symbol::{Nw7, OcrLine as Line, Qr};
use proptest::prelude::*;
use record::{MunicipalityTable, OcrLine, Witness};
use scanner::{
    Agreement, CaptureId, Cause, Confidence, DigitState, Expectation, ForeignText, InView, Point, Reading,
    SettleError, Sighting, Symbol, TypedCode, Verdict,
    agreement::{
        CHANGE_FRAMES, CLEAR_FRAMES, GRACE_FRAMES, LONGEST_WAIT_FRAMES, MIXED_FRAMES, PATIENCE_FRAMES,
        UNREAD_FRAMES,
    },
    heard::HEARD_FRAMES,
};

const X: &str = "231310160000123456";
const X_TEN: &str = "0000123456";
const Y: &str = "231310169876543210";
const Y_TEN: &str = "9876543210";

fn expectation() -> Expectation {
    Expectation {
        kinds: Some(["1", "2"].map(|kind| kind.parse().unwrap()).into()),
        dose: Some(3.try_into().unwrap()),
        municipalities: Some(BTreeSet::from(["131016".parse().unwrap()])),
    }
}

fn sighting(symbol: Symbol, digits: &str) -> Sighting {
    let corners = [(0.0, 0.0), (90.0, 0.0), (90.0, 20.0), (0.0, 20.0)].map(|(x, y)| Point { x, y });
    Sighting { symbol, digits: digits.parse().unwrap(), corners, confidence: Confidence::CERTAIN }
}

fn poster_text() -> Option<ForeignText> {
    Some(ForeignText::new("https://example.jp/".to_owned()))
}

/// Feeds readings and numbers their captures.
struct Desk {
    agreement: Agreement,
    next: u64,
}

impl Desk {
    fn new() -> Self {
        Self { agreement: Agreement::new(), next: 0 }
    }
    fn observe(&mut self, reading: Reading) -> Verdict {
        self.next += 1;
        self.agreement.observe(&Reading { capture: CaptureId(self.next), ..reading }, &expectation())
    }
    fn see(&mut self, symbols: &[(Symbol, &str)]) -> Verdict {
        self.observe(reading(symbols))
    }
    fn see_for(&mut self, frames: u32, symbols: &[(Symbol, &str)]) -> Verdict {
        (0..frames).map(|_| self.see(symbols)).last().unwrap()
    }
    fn capture(&self) -> CaptureId {
        CaptureId(self.next)
    }
}

fn reading(symbols: &[(Symbol, &str)]) -> Reading {
    Reading {
        capture: CaptureId(0),
        sightings: symbols.iter().map(|(symbol, digits)| sighting(*symbol, digits)).collect(),
        foreign_qr: None,
        in_view: if symbols.is_empty() { InView::NothingSeen } else { InView::SymbolLike },
        guidance: None,
    }
}

fn witnessed(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Accepted(acceptance) => acceptance.witnessed.to_string(),
        other => panic!("not accepted: {other:?}"),
    }
}

fn cause(verdict: &Verdict) -> Cause {
    match verdict {
        Verdict::ForPerson(dispute) => dispute.cause,
        other => panic!("not for a person: {other:?}"),
    }
}

#[test]
fn two_readings_of_all_digits_are_accepted_at_once() {
    for (one, other, text) in [(Qr, Nw7, "18NQ"), (Qr, Line, "18OQ"), (Nw7, Line, "18NO")] {
        let mut desk = Desk::new();
        let verdict = desk.see(&[(one, X), (other, X)]);
        assert_eq!(witnessed(&verdict), text);
        let Verdict::Accepted(acceptance) = verdict else { unreachable!() };
        assert_eq!((acceptance.line.to_string().as_str(), acceptance.capture), (X, desk.capture()));
    }
    assert_eq!(witnessed(&Desk::new().see(&[(Qr, X), (Nw7, X_TEN), (Line, X)])), "8OQ,10NOQ");
}

#[test]
fn the_day_stands_in_for_the_first_eight_digits_only() {
    assert_eq!(witnessed(&Desk::new().see(&[(Qr, X), (Nw7, X_TEN)])), "8EQ,10NQ");
    let mut desk = Desk::new();
    assert_eq!(cause(&desk.see_for(PATIENCE_FRAMES, &[(Qr, X)])), Cause::OneWitness);
}

#[test]
fn first_digits_that_the_day_does_not_expect_go_to_a_person() {
    // Another dose, another municipality that exists (渋谷区), and both kinds of mistakes of the code.
    for (digits, expected) in [
        ("221310160000123456", Cause::LeadingUnexpected),
        ("231311300000123456", Cause::LeadingUnexpected),
        ("531310160000123456", Cause::UnexpectedKind),
        ("201310160000123456", Cause::DoseZero),
        ("231310170000123456", Cause::MunicipalityCheckDigit),
        ("239999970000123456", Cause::UnknownMunicipality),
    ] {
        let mut desk = Desk::new();
        let seen = [(Qr, digits), (Nw7, X_TEN)];
        for frame in 1..PATIENCE_FRAMES {
            let verdict = desk.see(&seen);
            assert_eq!(verdict, Verdict::Something { capture: desk.capture(), frames: frame });
        }
        let verdict = desk.see(&seen);
        assert_eq!(cause(&verdict), expected, "{digits}");
        let Verdict::ForPerson(dispute) = verdict else { unreachable!() };
        assert!(dispute.digits[8..].iter().all(|state| matches!(state, DigitState::Settled(_))));
        assert!(dispute.digits[..8].iter().any(|state| matches!(state, DigitState::Open(_))));
    }
}

#[test]
fn two_readings_do_not_make_an_impossible_line_good() {
    for (digits, expected) in [
        ("531310160000123456", Cause::UnexpectedKind),
        ("221310160000123456", Cause::UnexpectedDose),
        ("201310160000123456", Cause::DoseZero),
        ("231310170000123456", Cause::MunicipalityCheckDigit),
        ("239999970000123456", Cause::UnknownMunicipality),
    ] {
        let seen = [(Qr, digits), (Nw7, digits)];
        assert_eq!(cause(&Desk::new().see_for(PATIENCE_FRAMES, &seen)), expected, "{digits}");
    }
    // A visitor's coupon is certain when both readings have it whole.
    let visitor = "231311300000123456";
    assert_eq!(witnessed(&Desk::new().see(&[(Qr, visitor), (Nw7, visitor)])), "18NQ");
}

#[test]
fn a_late_second_witness_is_awaited() {
    let mut desk = Desk::new();
    desk.see_for(PATIENCE_FRAMES - 1, &[(Qr, X)]);
    assert_eq!(witnessed(&desk.see(&[(Qr, X), (Nw7, X_TEN)])), "8EQ,10NQ");
}

#[test]
fn a_person_is_shown_the_frame_with_most_symbols() {
    let mut desk = Desk::new();
    desk.see(&[(Qr, X), (Nw7, Y_TEN)]);
    let verdict = desk.see_for(PATIENCE_FRAMES, &[(Qr, X)]);
    assert!(matches!(verdict, Verdict::Something { .. }), "one symbol is less than was seen before");
    assert_eq!(cause(&desk.see(&[(Qr, X), (Nw7, Y_TEN)])), Cause::Disagreement);
    // Where it never comes back, what there is must do.
    let mut desk = Desk::new();
    desk.see(&[(Qr, X), (Nw7, Y_TEN)]);
    assert_eq!(cause(&desk.see_for(PATIENCE_FRAMES + GRACE_FRAMES - 1, &[(Qr, X)])), Cause::OneWitness);
}

#[test]
fn a_disagreement_names_the_digits_and_who_says_what() {
    let other = "0000123486";
    let mut desk = Desk::new();
    let Verdict::ForPerson(dispute) = desk.see_for(PATIENCE_FRAMES, &[(Qr, X), (Nw7, other)]) else {
        panic!("a disagreement goes to a person")
    };
    assert_eq!((dispute.cause, dispute.capture), (Cause::Disagreement, desk.capture()));
    for (place, state) in dispute.digits.iter().enumerate().skip(8) {
        match state {
            DigitState::Open(candidates) => {
                assert_eq!(place, 16, "only the seventeenth digit differs");
                let said: Vec<_> = candidates.iter().map(|one| (one.digit, one.witnesses)).collect();
                assert_eq!(said.len(), 2);
                assert!(said.iter().any(|(digit, who)| *digit == b'5' && who.has(Witness::Qr)));
                assert!(said.iter().any(|(digit, who)| *digit == b'8' && who.has(Witness::Nw7)));
            }
            DigitState::Settled(one) => assert_eq!(one.digit, X.as_bytes()[place]),
        }
    }
    assert_eq!(dispute.proposal()[16], None);
    assert_eq!(dispute.proposal()[17], Some(b'6'));
    let shown = format!("{dispute:?}");
    assert!(!shown.contains(X_TEN) && !shown.contains("digit: 5") && !shown.contains("53"), "{shown}");
}

#[test]
fn ten_digits_alone_leave_the_first_eight_to_a_person() {
    let Verdict::ForPerson(dispute) = Desk::new().see_for(PATIENCE_FRAMES, &[(Nw7, X_TEN)]) else {
        panic!("one witness goes to a person")
    };
    assert_eq!(dispute.cause, Cause::OneWitness);
    assert!(dispute.digits[..8].iter().all(|state| *state == DigitState::Open(Vec::new())));
    let line: OcrLine = X.parse().unwrap();
    assert_eq!(dispute.settle(line).unwrap().to_string(), "8P,10NP");
    let Verdict::ForPerson(dispute) = Desk::new().see_for(PATIENCE_FRAMES, &[(Nw7, X_TEN), (Line, X_TEN)])
    else {
        panic!("the first eight digits are missing")
    };
    assert_eq!(dispute.cause, Cause::LeadingUnread);
    assert_eq!(dispute.settle(line).unwrap().to_string(), "8P,10NO");
}

#[test]
fn what_a_person_settles_keeps_the_readings_that_say_the_same() {
    let Verdict::ForPerson(dispute) = Desk::new().see_for(PATIENCE_FRAMES, &[(Qr, X), (Nw7, "0000123486")])
    else {
        panic!("a disagreement goes to a person")
    };
    let settled = |text: &str| dispute.settle(text.parse().unwrap()).map(|witnessing| witnessing.to_string());
    assert_eq!(settled(X).unwrap(), "8PQ,8NQ,1PQ,1NQ");
    assert_eq!(settled("231310160000123486").unwrap(), "8PQ,8NQ,1NP,1NQ");
    // A person may overrule what the readings had settled; then the person alone stands for it.
    assert_eq!(settled("231310160000123457").unwrap(), "8PQ,8NQ,1PQ,1P");
    assert_eq!(settled("239999970000123456"), Err(SettleError::UnknownMunicipality));
}

#[test]
fn votes_do_not_cross_frames() {
    let mut desk = Desk::new();
    for _ in 0..PATIENCE_FRAMES {
        assert!(!matches!(desk.see(&[(Qr, X)]), Verdict::Accepted(_)));
        assert!(!matches!(desk.see(&[(Nw7, X_TEN)]), Verdict::Accepted(_)));
    }
}

#[test]
fn a_paper_is_reported_once_until_it_leaves() {
    let mut desk = Desk::new();
    let both = [(Qr, X), (Nw7, X_TEN)];
    assert_eq!(witnessed(&desk.see(&both)), "8EQ,10NQ");
    let reported = desk.capture();
    for symbols in [&both[..], &both[..1], &both[1..], &[]].repeat(20) {
        let verdict = desk.see(symbols);
        let expected = match symbols {
            [] => Verdict::Nothing,
            _ => Verdict::AlreadyReported { capture: desk.capture(), reported },
        };
        assert_eq!(verdict, expected);
    }
    desk.see_for(CLEAR_FRAMES, &[]);
    assert_eq!(witnessed(&desk.see(&both)), "8EQ,10NQ", "put there again it is a new paper");
}

#[test]
fn a_lens_that_hunts_does_not_make_a_paper_new() {
    let blurred = Reading { in_view: InView::SymbolLike, ..reading(&[]) };
    let mut desk = Desk::new();
    desk.see(&[(Qr, X), (Nw7, X_TEN)]);
    for _ in 1..UNREAD_FRAMES {
        assert!(matches!(desk.observe(blurred.clone()), Verdict::Something { .. }), "never called reported");
    }
    assert!(matches!(desk.see(&[(Qr, X), (Nw7, X_TEN)]), Verdict::AlreadyReported { .. }));
    for _ in 0..UNREAD_FRAMES {
        desk.observe(blurred.clone());
    }
    assert!(matches!(desk.see(&[(Qr, X), (Nw7, X_TEN)]), Verdict::Accepted(_)));
}

#[test]
fn the_next_paper_is_its_own_even_without_a_gap() {
    let mut desk = Desk::new();
    desk.see(&[(Qr, X), (Nw7, X_TEN)]);
    for _ in 1..CHANGE_FRAMES {
        assert!(
            matches!(desk.see(&[(Qr, Y), (Nw7, Y_TEN)]), Verdict::Something { .. }),
            "never called reported"
        );
    }
    let Verdict::Accepted(acceptance) = desk.see(&[(Qr, Y), (Nw7, Y_TEN)]) else {
        panic!("the second paper")
    };
    assert_eq!((acceptance.line.to_string().as_str(), acceptance.capture), (Y, desk.capture()));
}

#[test]
fn a_single_frame_with_other_digits_does_not_make_a_paper_new() {
    let mut desk = Desk::new();
    desk.see(&[(Qr, X), (Nw7, X_TEN)]);
    for _ in 0..10 {
        assert!(matches!(desk.see(&[(Nw7, Y_TEN)]), Verdict::Something { .. }));
        assert!(matches!(desk.see(&[(Qr, X)]), Verdict::AlreadyReported { .. }));
    }
}

#[test]
fn a_paper_half_over_the_reported_one_is_not_taken_for_it() {
    let mut desk = Desk::new();
    desk.see(&[(Qr, X), (Nw7, X_TEN)]);
    let mixed = [(Qr, X), (Nw7, Y_TEN)];
    for _ in 1..MIXED_FRAMES {
        assert!(matches!(desk.see(&mixed), Verdict::Something { .. }));
    }
    assert_eq!(cause(&desk.see_for(PATIENCE_FRAMES, &mixed)), Cause::Disagreement);
}

#[test]
fn digits_that_flicker_reach_a_person_in_the_end() {
    let mut desk = Desk::new();
    let mut asked = 0;
    for _ in 0..LONGEST_WAIT_FRAMES {
        for symbols in [[(Qr, X)], [(Nw7, Y_TEN)]] {
            asked += u32::from(matches!(desk.see(&symbols), Verdict::ForPerson(_)));
        }
    }
    assert!(asked >= 1);
}

#[test]
fn two_papers_at_once_are_told_and_never_accepted() {
    let mut desk = Desk::new();
    for _ in 0..50 {
        let verdict = desk.see(&[(Qr, X), (Qr, Y), (Nw7, X_TEN), (Nw7, Y_TEN)]);
        assert_eq!(verdict, Verdict::SeveralPapers { capture: desk.capture() });
    }
    assert_eq!(witnessed(&desk.see(&[(Qr, X), (Nw7, X_TEN)])), "8EQ,10NQ");
}

#[test]
fn without_digits_the_verdict_says_what_is_in_view() {
    let mut desk = Desk::new();
    assert_eq!(desk.see(&[]), Verdict::Nothing);
    let unread = Reading { in_view: InView::SymbolLike, ..reading(&[]) };
    for frames in 1..4 {
        let verdict = desk.observe(unread.clone());
        assert_eq!(verdict, Verdict::Something { capture: desk.capture(), frames });
    }
    let foreign = Reading { foreign_qr: poster_text(), ..unread.clone() };
    assert_eq!(desk.observe(foreign.clone()), Verdict::ForeignQr { capture: CaptureId(5) });
    assert_eq!(desk.observe(unread), Verdict::Something { capture: CaptureId(6), frames: 1 });
    let poster = Reading { foreign_qr: poster_text(), ..reading(&[(Qr, X), (Nw7, X_TEN)]) };
    assert_eq!(witnessed(&desk.observe(poster)), "8EQ,10NQ", "a poster beside the coupon changes nothing");
}

fn typed(digits: &str, symbol: Option<Symbol>) -> TypedCode {
    TypedCode { digits: digits.parse().unwrap(), symbol }
}

#[test]
fn what_a_usb_scanner_typed_is_a_witness_beside_another_print() {
    for (code, witnesses) in
        [(typed(X, None), "18NO"), (typed(X, Some(Qr)), "18OQ"), (typed(X_TEN, Some(Nw7)), "8EO,10NO")]
    {
        let mut desk = Desk::new();
        desk.agreement.hear(code);
        assert_eq!(witnessed(&desk.see(&[(Line, X)])), witnesses);
        assert!(matches!(desk.see(&[(Line, X)]), Verdict::AlreadyReported { .. }));
    }
}

#[test]
fn one_print_read_by_camera_and_usb_scanner_is_one_witness() {
    for (symbol, code) in
        [(Qr, typed(X, None)), (Qr, typed(X, Some(Qr))), (Nw7, typed(X, None)), (Nw7, typed(X, Some(Nw7)))]
    {
        let mut desk = Desk::new();
        desk.agreement.hear(code);
        let verdict = desk.see_for(PATIENCE_FRAMES, &[(symbol, X)]);
        assert_eq!(cause(&verdict), Cause::OneWitness, "{symbol:?} {code:?}");
    }
}

#[test]
fn a_typed_number_waits_for_its_paper_and_meets_no_other() {
    let mut desk = Desk::new();
    desk.agreement.hear(typed(X, None));
    assert!(matches!(desk.see(&[]), Verdict::Something { .. }));
    assert_eq!(cause(&desk.see_for(PATIENCE_FRAMES, &[(Line, Y)])), Cause::Disagreement);
    let mut desk = Desk::new();
    desk.agreement.hear(typed(X, None));
    let waiting = desk.see_for(HEARD_FRAMES - 1, &[]);
    assert!(matches!(waiting, Verdict::Something { .. }), "{waiting:?}");
    assert_eq!(cause(&desk.see(&[])), Cause::OneWitness, "no paper shows: a person is asked");
    assert_eq!(
        cause(&desk.see_for(CHANGE_FRAMES - 1 + PATIENCE_FRAMES, &[(Line, Y)])),
        Cause::OneWitness,
        "it is used up"
    );
}

#[test]
fn the_next_paper_may_be_typed_while_the_one_before_still_lies_there() {
    let mut desk = Desk::new();
    assert_eq!(witnessed(&desk.see(&[(Qr, X), (Line, X)])), "18OQ");
    desk.agreement.hear(typed(Y_TEN, Some(Nw7)));
    assert!(matches!(desk.see_for(20, &[(Qr, X), (Line, X)]), Verdict::AlreadyReported { .. }));
    desk.see_for(CHANGE_FRAMES - 1, &[(Line, Y)]);
    assert_eq!(witnessed(&desk.see(&[(Line, Y)])), "8EO,10NO");
    desk.agreement.hear(typed(Y_TEN, Some(Nw7)));
    assert!(matches!(desk.see(&[]), Verdict::AlreadyReported { .. }), "typed once more");
    assert_eq!(desk.see(&[]), Verdict::Nothing, "and forgotten");
}

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
