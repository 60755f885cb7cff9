//! A transfer from the governors' paper: 25 doses from one 基本型 to another, and what happens where it goes wrong.

use proptest::prelude::*;

use super::*;
use crate::{
    book::{Book, Conservation},
    ledger::Line,
};

fn plan(to: &str) -> Plan {
    Plan {
        id: TransferId::from_bytes([1; 16]),
        from: ("1311300001".parse().unwrap(), "131130".parse().unwrap()),
        to: ("1311300002".parse().unwrap(), to.parse().unwrap()),
        product: "見本一号".parse().unwrap(),
        lot: "SAMPLE-1".parse().unwrap(),
        storage: Storage::Thawed,
        amount: Amount::of_vials(5, 5),
        parent: None,
    }
}

fn handover(amount: Amount) -> Handover {
    Handover {
        at: WallTime::from_unix_ms(0),
        amount,
        cold_chain: CHILLED,
        thawed_at: Some(WallTime::from_unix_ms(-3_600_000)),
        good_until: WallTime::from_unix_ms(30 * 86_400_000),
        container: None,
        logger: None,
        carrier: "見本運送".parse().unwrap(),
        by: "officer-1".parse().unwrap(),
    }
}

fn receipt(amount: Amount) -> Step {
    Step::Received(received_at(3_600_000, amount, Storage::Thawed))
}

fn received_at(ms: i64, amount: Amount, storage: Storage) -> Receipt {
    Receipt { at: WallTime::from_unix_ms(ms), amount, storage, by: "officer-2".parse().unwrap() }
}

fn approved(to: &str) -> Transfer {
    let mut transfer = Transfer::planned(plan(to));
    for approver in transfer.plan.approvers() {
        transfer.step(&Step::Approved(approver)).unwrap();
    }
    assert_eq!(transfer.state, State::Approved);
    transfer
}

fn line((key, event): (StockKey, Event)) -> Line {
    Line { key, event, at: WallTime::from_unix_ms(1), by: "officer-1".parse().unwrap(), reason: None }
}

fn book() -> Book {
    let mut book = Book::default();
    let delivered = Event::Delivered { amount: Amount { vials: 195, doses: 975 } };
    book.add(&line((plan("131130").sent(), delivered))).unwrap();
    book
}

#[test]
fn twenty_five_doses_go_from_one_core_site_to_another() {
    let (mut transfer, mut book) = (approved("131130"), book());
    for step in [Step::Sent(handover(Amount::of_vials(5, 5))), receipt(Amount::of_vials(5, 5))] {
        let told = transfer.step(&step).unwrap().unwrap();
        book.add(&line(told)).unwrap();
    }
    assert_eq!(transfer.state, State::Closed);
    let here = StockKey { facility: transfer.plan.to.0, ..transfer.plan.sent() };
    assert_eq!(book.on_hand(&here), Amount::of_vials(5, 5));
    assert_eq!(book.on_hand(&transfer.plan.sent()).doses, 950);
    assert_eq!(book.accounts().collect::<Conservation>().unbalanced(), []);
}

#[test]
fn who_must_approve_depends_on_what_it_crosses() {
    let municipality = |code: &str| Approver::Municipality(code.parse().unwrap());
    assert_eq!(plan("131130").approvers(), BTreeSet::from([municipality("131130")]));
    let across = BTreeSet::from([municipality("131130"), Approver::Prefecture(13)]);
    assert_eq!(plan("131016").approvers(), across);
    let far = BTreeSet::from([municipality("131130"), Approver::Prefecture(13), Approver::Prefecture(27)]);
    assert_eq!(plan("271004").approvers(), far);
    let mut transfer = Transfer::planned(plan("131016"));
    transfer.step(&Step::Approved(municipality("131130"))).unwrap();
    let sent = transfer.step(&Step::Sent(handover(Amount::of_vials(5, 5))));
    assert_eq!(sent, Err(TransferError::NotNow(State::Planned)), "the prefecture has not approved");
    let stranger = transfer.step(&Step::Approved(municipality("131016")));
    assert_eq!(stranger, Err(TransferError::NotTheirs));
}

#[test]
fn a_difference_stays_until_somebody_says_what_became_of_it() {
    let mut transfer = approved("131130");
    transfer.step(&Step::Sent(handover(Amount::of_vials(5, 5)))).unwrap();
    transfer.step(&receipt(Amount::of_vials(3, 5))).unwrap();
    assert_eq!((transfer.state, transfer.on_its_way), (State::Disputed, Amount::of_vials(2, 5)));
    transfer.step(&receipt(Amount::of_vials(1, 5))).unwrap();
    assert_eq!(transfer.state, State::Disputed);
    let reason: Reason = "運搬中に破損".parse().unwrap();
    let too_much = Step::DeclaredLost { amount: Amount::of_vials(2, 5), reason: reason.clone() };
    assert_eq!(transfer.step(&too_much), Err(TransferError::Amount));
    transfer.step(&Step::DeclaredLost { amount: Amount::of_vials(1, 5), reason: reason.clone() }).unwrap();
    assert_eq!(transfer.state, State::Closed);

    let mut transfer = approved("131130");
    transfer.step(&Step::Sent(handover(Amount::of_vials(4, 5)))).unwrap();
    transfer.step(&receipt(Amount::of_vials(5, 5))).unwrap();
    assert_eq!((transfer.state, transfer.surplus), (State::Disputed, Amount::of_vials(1, 5)));
    transfer.step(&Step::SurplusExplained { reason }).unwrap();
    assert_eq!(transfer.state, State::Closed);
}

#[test]
fn what_is_called_off_on_its_way_comes_back() {
    let (mut transfer, mut book) = (approved("131130"), book());
    book.add(&line(transfer.step(&Step::Sent(handover(Amount::of_vials(5, 5)))).unwrap().unwrap())).unwrap();
    let reason: Reason = "天候のため".parse().unwrap();
    let cancelled = transfer.step(&Step::Cancelled { reason });
    assert_eq!(cancelled, Err(TransferError::NotNow(State::Sent)), "it is on its way");
    let returned = Step::Returned { amount: Amount::of_vials(5, 5) };
    book.add(&line(transfer.step(&returned).unwrap().unwrap())).unwrap();
    assert_eq!(transfer.state, State::Cancelled);
    assert_eq!(book.on_hand(&transfer.plan.sent()).doses, 975);
}

#[test]
fn a_broken_cold_chain_is_said() {
    let mut transfer = approved("131130");
    transfer.step(&Step::Sent(handover(Amount::of_vials(5, 5)))).unwrap();
    let concerns = |ms, storage| transfer.concerns(&received_at(ms, Amount::of_vials(5, 5), storage));
    assert_eq!(concerns(3 * 3_600_000, Storage::Thawed), []);
    assert_eq!(concerns(3 * 3_600_000 + 1, Storage::Thawed), [Concern::TooLongOnItsWay]);
    assert_eq!(concerns(-1, Storage::Thawed), [Concern::BeforeItLeft]);
    assert_eq!(concerns(1, Storage::Frozen), [Concern::Refrozen]);
    let late = [Concern::TooLongOnItsWay, Concern::NoLongerGood];
    assert_eq!(concerns(30 * 86_400_000, Storage::Thawed), late);
}

fn any_step() -> impl Strategy<Value = Step> {
    let reason: Reason = "見本".parse().unwrap();
    (0_usize..6, 0_u64..7).prop_map(move |(which, vials)| {
        let (amount, reason) = (Amount::of_vials(vials, 5), reason.clone());
        match which {
            0 => Step::Sent(handover(amount)),
            1 => receipt(amount),
            2 => Step::Returned { amount },
            3 => Step::DeclaredLost { amount, reason },
            4 => Step::SurplusExplained { reason },
            _ => Step::Cancelled { reason },
        }
    })
}

proptest! {
    #[test]
    fn whatever_is_tried_nothing_vanishes_and_the_ledger_takes_it(steps in prop::collection::vec(any_step(), 0..12)) {
        let (mut transfer, mut book) = (approved("131130"), book());
        for step in steps {
            let before = transfer.clone();
            match transfer.step(&step) {
                Ok(Some(told)) => {
                    prop_assert!(book.add(&line(told)).is_ok());
                }
                Ok(None) => {}
                Err(_) => prop_assert_eq!(&transfer, &before),
            }
            let on_its_way = book.accounts().filter_map(|(account, balance)| {
                matches!(account, crate::ledger::Account::InTransit(..)).then_some(balance.amount())
            });
            prop_assert_eq!(on_its_way.fold(Amount::default(), sum), transfer.on_its_way);
            if matches!(transfer.state, State::Closed | State::Cancelled) {
                prop_assert!(transfer.on_its_way.is_none() && transfer.surplus.is_none());
            }
            prop_assert_eq!(book.accounts().collect::<Conservation>().unbalanced(), []);
        }
    }
}

#[test]
fn a_number_is_read_back_as_it_is_written() {
    let id = TransferId::from_bytes([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255]);
    assert_eq!(id.to_string(), "000102030405060708090a0b0c0d0eff");
    assert_eq!(id.to_string().parse(), Ok(id));
    for text in ["", "00", "+00102030405060708090a0b0c0d0eff", "000102030405060708090a0b0c0d0efg"] {
        assert_eq!(text.parse::<TransferId>(), Err(TransferIdError), "{text}");
    }
}
