//! What a USB scanner typed beside what the camera reads.

use scanner::Symbol::{Nw7, OcrLine as Line, Qr};
use scanner::{agreement::*, heard::HEARD_FRAMES, *};

use crate::desk::*;

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
fn a_paper_typed_after_it_was_accepted_leaves_nothing_to_the_next() {
    let mut desk = Desk::new();
    assert_eq!(witnessed(&desk.see(&[(Qr, X), (Line, X)])), "18OQ");
    desk.agreement.hear(typed(X, None));
    assert!(matches!(desk.see(&[(Qr, X), (Line, X)]), Verdict::AlreadyReported { .. }));
    desk.see_for(CHANGE_FRAMES - 1, &[(Qr, Y), (Line, Y)]);
    assert_eq!(witnessed(&desk.see(&[(Qr, Y), (Line, Y)])), "18OQ", "no digit of X is on Y");
}

#[test]
fn what_was_typed_for_a_paper_that_is_gone_is_gone_with_it() {
    let mut desk = Desk::new();
    desk.agreement.hear(typed(X, None));
    desk.see(&[(Qr, X)]);
    desk.see_for(CLEAR_FRAMES, &[]);
    assert_eq!(witnessed(&desk.see(&[(Qr, Y), (Line, Y)])), "18OQ", "lifted");
    let mut desk = Desk::new();
    desk.agreement.hear(typed(X, None));
    desk.see(&[(Qr, X)]);
    assert_eq!(witnessed(&desk.see(&[(Qr, Y), (Line, Y)])), "18OQ", "pushed away by the next");
}

#[test]
fn a_number_typed_too_early_is_not_taken_for_the_paper_in_dispute() {
    let mut desk = Desk::new();
    desk.agreement.hear(typed(X, None));
    assert_eq!(cause(&desk.see_for(PATIENCE_FRAMES, &[(Line, Y)])), Cause::Disagreement);
    desk.see_for(CHANGE_FRAMES - 1, &[(Qr, X), (Line, X)]);
    assert_eq!(witnessed(&desk.see(&[(Qr, X), (Line, X)])), "18OQ", "X is a paper of its own");
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
