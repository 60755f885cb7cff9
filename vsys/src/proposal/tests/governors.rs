//! The first case of the governors' paper: 975 doses each, one with 25 to spare, one with 25 too few, and no way to move them.
//! Carried out through transfers and the ledger until nobody is short and nothing is left over.

use std::collections::BTreeMap;

use super::*;
use crate::{
    book::{Book, Conservation},
    ledger::{Event, Line, StockKey},
    transfer::{Handover, Plan, Receipt, State, Step, Transfer, TransferId},
};

const A: u32 = 1;
const B: u32 = 2;

/// Who gives how many doses: A and three sites that it serves, and B.
const PEOPLE: [(u32, FacilityKind, u64); 5] = [
    (A, FacilityKind::Core, 500),
    (B, FacilityKind::Core, 1_000),
    (11, FacilityKind::Linked, 50),
    (12, FacilityKind::Satellite, 200),
    (13, FacilityKind::Satellite, 200),
];

fn key(site: &Site) -> StockKey {
    StockKey {
        facility: site.code,
        product: rule().product,
        lot: "SAMPLE-1".parse().unwrap(),
        storage: Storage::Thawed,
    }
}

fn sites() -> Vec<Site> {
    let place = |(number, kind, people): (u32, FacilityKind, u64)| {
        let north = i32::try_from(number).unwrap();
        booked(Site { kind, ..site(number, north) }, 3, people)
    };
    PEOPLE.map(place).to_vec()
}

fn write(book: &mut Book, key: StockKey, event: Event) {
    let line = Line { key, event, at: MIDNIGHT, by: "officer-1".parse().unwrap(), reason: None };
    book.add(&line).unwrap();
}

/// What the books say of each facility.
fn as_the_books_say(book: &Book, mut sites: Vec<Site>) -> Vec<Site> {
    for site in &mut sites {
        let amount = book.on_hand(&key(site));
        site.stock = if amount.is_none() { Vec::new() } else { vec![thawed("SAMPLE-1", amount, 20)] };
    }
    sites
}

/// Plans, approves, sends and receives it.
fn carry_out(book: &mut Book, proposal: &Proposal, number: u8) {
    let mut transfer = Transfer::planned(Plan {
        id: TransferId::from_bytes([number; 16]),
        from: proposal.from,
        to: proposal.to,
        product: rule().product,
        lot: proposal.lot.clone(),
        storage: proposal.storage,
        amount: proposal.amount,
        parent: None,
    });
    for approver in transfer.plan.approvers() {
        transfer.step(&Step::Approved(approver)).unwrap();
    }
    let why = &proposal.why;
    let sent = Step::Sent(Handover {
        at: why.arrives_at.plus_ms(-why.way_ms),
        amount: proposal.amount,
        cold_chain: why.cold_chain,
        thawed_at: None,
        good_until: why.good_until,
        container: None,
        logger: None,
        carrier: "見本運送".parse().unwrap(),
        by: "officer-1".parse().unwrap(),
    });
    let receipt = Receipt {
        at: why.arrives_at,
        amount: proposal.amount,
        storage: proposal.storage,
        by: "officer-2".parse().unwrap(),
    };
    let (key, event) = transfer.step(&sent).unwrap().unwrap();
    write(book, key, event);
    assert_eq!(transfer.concerns(&receipt), []);
    let (key, event) = transfer.step(&Step::Received(receipt)).unwrap().unwrap();
    write(book, key, event);
    assert_eq!(transfer.state, State::Closed);
}

#[test]
fn twenty_five_doses_go_where_people_are_and_nothing_is_left_over() {
    let (mut book, sites) = (Book::default(), sites());
    for core in &sites[..2] {
        write(&mut book, key(core), Event::Delivered { amount: Amount::of_vials(195, 5) });
    }
    let question = ask(rule(), as_the_books_say(&book, sites.clone()));
    let answer = propose(&question).unwrap();
    let ways: BTreeMap<_, _> =
        moved(&answer).into_iter().map(|(from, to, _, doses)| ((from, to), doses)).collect();
    let from_a = |to: &str| ways[&("01".to_owned(), to.to_owned())];
    assert_eq!(["02", "11", "12", "13"].map(from_a), [25, 50, 200, 200]);
    assert_eq!((ways.len(), answer.short, answer.spare, answer.still_short()), (4, 475, 475, 0));
    let to_b = answer.proposals.iter().find(|proposal| proposal.to.0 == sites[1].code).unwrap();
    assert_eq!((to_b.amount, to_b.why.short, to_b.why.spare), (Amount::of_vials(5, 5), 25, 475));
    assert_eq!(to_b.why.between, (FacilityKind::Core, FacilityKind::Core));

    for (proposal, number) in answer.proposals.iter().zip(1..) {
        carry_out(&mut book, proposal, number);
    }
    let after = propose(&ask(rule(), as_the_books_say(&book, sites.clone()))).unwrap();
    assert_eq!(after, Answer::default(), "nobody is short and nobody has anything to spare");
    for (site, (_, _, people)) in sites.iter().zip(PEOPLE) {
        write(&mut book, key(site), Event::Given { doses: people });
        assert_eq!(book.on_hand(&key(site)).doses, 0);
    }
    let sums: Conservation = book.accounts().collect();
    assert_eq!(sums.unbalanced(), []);
    let lot = sums.lot(&rule().product, &"SAMPLE-1".parse().unwrap());
    assert_eq!((lot.given.doses, lot.shortfall.doses, lot.on_hand.doses), (1_950, 0, 0));
}

#[test]
fn where_no_core_site_may_pass_on_to_another_b_is_told_why() {
    let mut strict = rule();
    strict.may_pass.remove(&(FacilityKind::Core, FacilityKind::Core));
    let mut sites = sites();
    for core in &mut sites[..2] {
        core.stock.push(thawed("SAMPLE-1", Amount::of_vials(195, 5), 20));
    }
    let answer = propose(&ask(strict, sites)).unwrap();
    let [b] = answer.stay_short.as_slice() else { panic!("{:?}", answer.stay_short) };
    assert_eq!((b.doses, b.from), (25, day(3)));
    assert_eq!(b.obstacles, BTreeMap::from([(Obstacle::NotBetweenKinds, 1)]));
}
