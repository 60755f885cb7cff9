//! Whatever happens to stock, what came is somewhere; a dose is never refused; no transfer and no discard goes below zero.

use proptest::prelude::*;
use record::WallTime;

use super::*;
use crate::{
    ledger::{DiscardReason, Event, Storage},
    transfer::TransferId,
};

fn key(facility: usize, storage: Storage) -> StockKey {
    StockKey {
        facility: format!("131130000{facility}").parse().unwrap(),
        product: "見本一号".parse().unwrap(),
        lot: "SAMPLE-1".parse().unwrap(),
        storage,
    }
}

fn line(key: StockKey, event: Event) -> Line {
    Line { key, event, at: WallTime::from_unix_ms(1), by: "officer-1".parse().unwrap(), reason: None }
}

fn transfer(number: u8) -> TransferId {
    TransferId::from_bytes([number; 16])
}

fn thawed(facility: usize) -> StockKey {
    key(facility, Storage::Thawed)
}

fn shortfall(book: &Book) -> Balance {
    book.held(&Account::From(Origin::Shortfall, thawed(1)))
}

#[test]
fn a_dose_beyond_the_books_is_kept_and_the_shortfall_is_seen() {
    let mut book = Book::default();
    book.add(&line(thawed(1), Event::Delivered { amount: Amount::of_vials(1, 5) })).unwrap();
    book.add(&line(thawed(1), Event::Given { doses: 7 })).unwrap();
    assert_eq!(shortfall(&book), Balance { vials: 0, doses: 2 });
    assert_eq!(book.on_hand(&thawed(1)).doses, 0);
    let sums: Conservation = book.accounts().collect();
    assert_eq!(sums.unbalanced(), []);
    // A person finds the delivery that nobody had entered.
    let explained = |doses| line(thawed(1), Event::ShortfallExplained { amount: Amount::of_doses(doses) });
    assert_eq!(book.add(&explained(3)), Err(LedgerError::MoreThanShortfall));
    book.add(&explained(2)).unwrap();
    assert_eq!(shortfall(&book), Balance::NONE);
    // Or the entry is taken back.
    book.add(&line(thawed(1), Event::Given { doses: 1 })).unwrap();
    book.add(&line(thawed(1), Event::NoLongerGiven { doses: 1 })).unwrap();
    assert_eq!(shortfall(&book), Balance::NONE);
    assert_eq!(book.accounts().collect::<Conservation>().unbalanced(), []);
}

#[test]
fn a_vial_that_gives_more_or_less_is_a_line_of_its_own() {
    let mut book = Book::default();
    book.add(&line(thawed(1), Event::Delivered { amount: Amount::of_vials(2, 6) })).unwrap();
    book.add(&line(thawed(1), Event::Given { doses: 7 })).unwrap();
    book.add(&line(thawed(1), Event::Opened { vials: 1, expected: 6, gave: 7 })).unwrap();
    assert_eq!(book.on_hand(&thawed(1)), Amount { vials: 1, doses: 6 });
    book.add(&line(thawed(1), Event::Given { doses: 5 })).unwrap();
    book.add(&line(thawed(1), Event::Opened { vials: 1, expected: 6, gave: 5 })).unwrap();
    assert_eq!(book.on_hand(&thawed(1)), Amount::default());
    let totals = book.accounts().collect::<Conservation>().lot(&thawed(1).product, &thawed(1).lot);
    assert_eq!((totals.gained.doses, totals.discarded.doses, totals.shortfall), (1, 1, Balance::NONE));
}

#[test]
fn what_a_closing_made_anew_took_before_comes_back_also_where_it_was_used_meanwhile() {
    for (expected, gave) in [(12, 12), (12, 9), (12, 14)] {
        let mut book = Book::default();
        book.add(&line(thawed(1), Event::Delivered { amount: Amount::of_vials(2, 6) })).unwrap();
        let before = book.on_hand(&thawed(1));
        book.add(&line(thawed(1), Event::Opened { vials: 3, expected, gave })).unwrap();
        let back = Event::NoLongerOpened { vials: 3, expected, gave };
        book.add(&line(thawed(1), back.clone())).unwrap();
        assert_eq!((book.on_hand(&thawed(1)), shortfall(&book)), (before, Balance::NONE));
        assert_eq!(book.add(&line(thawed(1), back)), Err(LedgerError::MoreThanGiven), "once");
    }
    // What was gained was given before it turned out that it had not been there.
    let mut book = Book::default();
    book.add(&line(thawed(1), Event::Delivered { amount: Amount::of_vials(1, 6) })).unwrap();
    book.add(&line(thawed(1), Event::Opened { vials: 1, expected: 6, gave: 7 })).unwrap();
    book.add(&line(thawed(1), Event::Given { doses: 7 })).unwrap();
    book.add(&line(thawed(1), Event::NoLongerOpened { vials: 1, expected: 6, gave: 7 })).unwrap();
    assert_eq!(shortfall(&book), Balance { vials: 0, doses: 1 });
    assert_eq!(book.accounts().collect::<Conservation>().unbalanced(), []);
}

#[test]
fn what_was_sent_is_on_its_way_until_it_arrives_or_is_lost() {
    let mut book = Book::default();
    book.add(&line(thawed(1), Event::Delivered { amount: Amount::of_vials(5, 5) })).unwrap();
    let sent = |vials| Event::Sent { transfer: transfer(1), amount: Amount::of_vials(vials, 5) };
    assert_eq!(book.add(&line(thawed(1), sent(6))), Err(LedgerError::MoreThanOnHand));
    book.add(&line(thawed(1), sent(5))).unwrap();
    let received = |at, vials, number| {
        let amount = Amount::of_vials(vials, 5);
        line(thawed(at), Event::Received { transfer: transfer(number), sent: thawed(1), amount })
    };
    assert_eq!(book.add(&received(2, 6, 1)), Err(LedgerError::MoreThanInTransit));
    assert_eq!(book.add(&received(2, 1, 2)), Err(LedgerError::MoreThanInTransit), "by another transfer");
    assert_eq!(book.add(&received(1, 1, 1)), Err(LedgerError::NotWhatLeft), "where it left");
    book.add(&received(2, 4, 1)).unwrap();
    let lost = Event::LostInTransit { transfer: transfer(1), amount: Amount::of_vials(1, 5) };
    book.add(&line(thawed(1), lost.clone())).unwrap();
    assert_eq!(book.add(&line(thawed(1), lost)), Err(LedgerError::MoreThanInTransit));
    assert_eq!(book.on_hand(&thawed(2)), Amount::of_vials(4, 5));
    assert_eq!(book.accounts().collect::<Conservation>().unbalanced(), []);
}

#[test]
fn what_does_not_add_up_is_named() {
    let mut book = Book::default();
    book.add(&line(thawed(1), Event::Delivered { amount: Amount::of_vials(5, 5) })).unwrap();
    let mut sums: Conservation = book.accounts().collect();
    sums.take(&Account::OnHand(thawed(1)), Balance { vials: 0, doses: -1 });
    let (product, lot) = (thawed(1).product, thawed(1).lot);
    assert_eq!(
        sums.unbalanced(),
        [
            Unbalanced::Lot(product.clone(), lot.clone()),
            Unbalanced::Facility(thawed(1).facility, product, lot)
        ]
    );
}

/// Something that may happen at one of three facilities, by one of two transfers.
fn anything() -> impl Strategy<Value = Line> {
    let amount = (0_u64..6, 0_u64..40).prop_map(|(vials, doses)| Amount { vials, doses });
    let stock = (0_usize..3, any::<bool>())
        .prop_map(|(facility, frozen)| key(facility, if frozen { Storage::Frozen } else { Storage::Thawed }));
    let event = (0_usize..13, amount, stock.clone(), 1_u8..3, 0_u64..40).prop_map(
        |(which, amount, sent, number, doses)| match which {
            0 => Event::Delivered { amount },
            1 => Event::Sent { transfer: transfer(number), amount },
            2 => Event::Received { transfer: transfer(number), sent, amount },
            3 => Event::LostInTransit { transfer: transfer(number), amount },
            4 => Event::Given { doses },
            5 => Event::NoLongerGiven { doses },
            6 => Event::Opened { vials: amount.vials, expected: amount.doses, gave: doses },
            7 => Event::Discarded { amount, reason: DiscardReason::Broken },
            8 => Event::Counted { amount },
            9 => Event::Thawed { amount },
            10 => Event::NoLongerOpened { vials: amount.vials, expected: amount.doses, gave: doses },
            11 => Event::Returned { transfer: transfer(number), amount },
            _ => Event::ShortfallExplained { amount },
        },
    );
    (stock, event).prop_map(|(key, event)| line(key, event))
}

proptest! {
    #[test]
    fn whatever_happens_everything_that_came_is_somewhere(lines in prop::collection::vec(anything(), 0..80)) {
        let mut book = Book::default();
        for line in lines {
            let before = book.clone();
            let added = book.add(&line);
            if added.is_err() {
                prop_assert_eq!(&book, &before, "what is refused moves nothing");
            }
            if let Event::Given { doses } = line.event
                && doses > 0
            {
                prop_assert!(added.is_ok(), "a dose that was given is never refused");
            }
            for (account, balance) in book.accounts() {
                prop_assert!(balance.vials >= 0 && balance.doses >= 0, "{:?} {:?}", account, balance);
            }
            prop_assert_eq!(book.accounts().collect::<Conservation>().unbalanced(), []);
        }
    }

    #[test]
    fn after_a_count_the_books_say_what_was_counted(
        lines in prop::collection::vec(anything(), 0..40),
        vials in 0_u64..9,
        doses in 0_u64..60,
    ) {
        let mut book = Book::default();
        for line in lines {
            let _ = book.add(&line);
        }
        let amount = Amount { vials, doses };
        book.add(&line(thawed(1), Event::Counted { amount })).unwrap();
        prop_assert_eq!(book.on_hand(&thawed(1)), amount);
    }
}
