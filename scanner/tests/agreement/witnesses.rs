//! One paper: which digits are accepted, and why a person is asked.

use record::*;
use scanner::Symbol::{Nw7, OcrLine as Line, Qr};
use scanner::{agreement::*, *};

use crate::desk::*;

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
