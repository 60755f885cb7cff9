//! One paper after another: each is reported once, and nothing of one reaches the next.

use scanner::Symbol::{Nw7, Qr};
use scanner::{agreement::*, *};

use crate::desk::*;

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
