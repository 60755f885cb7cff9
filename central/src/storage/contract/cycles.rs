//! 配分: cycles, orders, what is computed from books and populations, and that a published cycle never changes.
//!
//! Must not: know how a page asks for it.

use std::collections::BTreeMap;

use record::{WallTime, day::FacilityCode};
use vsys::{
    Amount, Event, Storage as Kept,
    allocation::{How, Party, Share, StockRate, Supply},
};

use super::{
    entries::day,
    sample::{NOON, enrolled},
    stock::{OTHER, OWN, delivered, noted, registered, site, take_in},
};
use crate::{
    audit::Act,
    stock::allocating::{
        cycle::Opened,
        figures::{OrderLine, counted},
        lines::lines,
        step::{CycleAct, CycleRefused, CycleStage},
    },
    storage::{
        CycleStepped, LineAdded, NewCycle, NewCycleStep, NewOrders, NewPopulations, OrdersPlaced, Place,
        Storage,
    },
};

const UNTIL: WallTime = NOON.plus_ms(3_600_000);
const LATER: WallTime = NOON.plus_ms(2 * 3_600_000);

async fn opened(storage: &dyn Storage, boxes: u64) -> u32 {
    let supply = Supply { boxes, doses_per_box: 1_170, by_population_percent: 80 };
    let opened = Opened { product: day().vaccine.product, supply, orders_until: UNTIL };
    storage.open_cycle(NewCycle { opened, by: "nation-1".parse().unwrap(), at: NOON }).await.unwrap()
}

fn line(facility: Option<FacilityCode>, boxes: u64, people: Option<u64>) -> OrderLine {
    OrderLine { facility, boxes, people }
}

async fn order_at(
    storage: &dyn Storage,
    cycle: u32,
    owner: &str,
    at: WallTime,
    lines: &[OrderLine],
) -> OrdersPlaced {
    let municipality = owner.parse().unwrap();
    let noted = Act::Ordered { cycle, lines: 1 }.line(municipality, "staff-1", at);
    let lines = lines.to_vec();
    let by = "staff-1".parse().unwrap();
    storage.place_orders(NewOrders { cycle, municipality, lines, by, at, noted }).await.unwrap()
}

async fn order(storage: &dyn Storage, cycle: u32, owner: &str, lines: &[OrderLine]) -> OrdersPlaced {
    order_at(storage, cycle, owner, NOON, lines).await
}

async fn step(storage: &dyn Storage, cycle: u32, seen: u32, act: CycleAct) -> CycleStepped {
    let by = "nation-1".parse().unwrap();
    storage.step_cycle(NewCycleStep { cycle, seen, act, by, at: LATER }).await.unwrap()
}

async fn shares(storage: &dyn Storage, cycle: u32) -> Vec<Share> {
    let kept = storage.cycle(cycle).await.unwrap().unwrap();
    storage.shares(cycle, kept.computation().unwrap(), None).await.unwrap()
}

fn party(owner: &str) -> Party {
    Party { municipality: owner.parse().unwrap(), facility: None }
}

fn moved(from: &str, to: &str, boxes: u64) -> CycleAct {
    let (from, to) = (Some(party(from)), Some(party(to)));
    CycleAct::Move { from, to, boxes, reason: "離島のため".parse().unwrap() }
}

pub(crate) async fn a_cycle_goes_from_orders_to_its_publication_and_then_never_changes(
    storage: &dyn Storage,
) {
    let cycle = opened(storage, 10).await;
    assert_eq!(opened(storage, 3).await, cycle + 1, "numbers follow each other");
    for owner in [OWN, OTHER] {
        assert_eq!(order(storage, cycle, owner, &[line(None, 8, Some(10_000))]).await, OrdersPlaced::Placed);
    }
    assert_eq!(
        step(storage, cycle, 0, CycleAct::Publish).await,
        CycleStepped::Refused(CycleRefused::NotComputed)
    );
    assert_eq!(step(storage, cycle, 0, CycleAct::Compute).await, CycleStepped::Taken);
    assert_eq!(step(storage, cycle, 0, CycleAct::Publish).await, CycleStepped::Overtaken);
    assert_eq!(step(storage, cycle, 1, moved(OTHER, OWN, 2)).await, CycleStepped::Taken);
    assert_eq!(step(storage, cycle, 2, moved(OTHER, OWN, 1)).await, CycleStepped::Taken);
    assert_eq!(step(storage, cycle, 3, CycleAct::Undo).await, CycleStepped::Taken);
    assert_eq!(step(storage, cycle, 4, CycleAct::Publish).await, CycleStepped::Taken);
    for act in [CycleAct::Compute, CycleAct::Undo, moved(OWN, OTHER, 1), CycleAct::Publish] {
        assert!(matches!(step(storage, cycle, 5, act).await, CycleStepped::Refused(_)));
    }
    let kept = storage.cycle(cycle).await.unwrap().unwrap();
    assert_eq!((kept.stage(NOON), kept.steps.len()), (CycleStage::Published, 5));
    let shares = shares(storage, cycle).await;
    let boxes: Vec<_> = lines(&kept, &shares).iter().map(|line| (line.share.boxes(), line.boxes())).collect();
    assert_eq!(boxes, [(5, 3), (5, 7)], "what was computed stands beside what was moved");
    let closed = order_at(storage, cycle, OWN, NOON, &[line(None, 9, Some(1))]).await;
    assert_eq!(closed, OrdersPlaced::Closed);
    let numbers: Vec<u32> = storage.cycles(None, 9).await.unwrap().iter().map(|kept| kept.number).collect();
    assert_eq!(numbers, [cycle + 1, cycle]);
    let older = storage.cycles(Some(cycle + 1), 9).await.unwrap();
    assert_eq!(older, [kept]);
    assert_eq!(storage.cycle(cycle + 9).await.unwrap(), None);
    assert_eq!(step(storage, cycle + 9, 0, CycleAct::Compute).await, CycleStepped::Unknown);
}

/// A cycle that is published, with a population that was told.
pub(crate) async fn published(storage: &dyn Storage) -> u32 {
    let people = BTreeMap::from([(OWN.parse().unwrap(), 10_000)]);
    let told = NewPopulations { people, by: "nation-1".parse().unwrap(), at: NOON };
    storage.tell_populations(told).await.unwrap();
    let cycle = opened(storage, 10).await;
    assert_eq!(order(storage, cycle, OWN, &[line(None, 8, None)]).await, OrdersPlaced::Placed);
    assert_eq!(step(storage, cycle, 0, CycleAct::Compute).await, CycleStepped::Taken);
    assert_eq!(step(storage, cycle, 1, CycleAct::Publish).await, CycleStepped::Taken);
    cycle
}

/// What nobody may do with the tables of allocation once a cycle is published.
pub(crate) fn forbidden() -> Vec<String> {
    let mut all = vec![
        "INSERT INTO allocation_steps VALUES (1, 3, 'undone', 0, 'x', '{\"what\":\"undone\"}')".to_owned(),
        "INSERT INTO allocation_shares VALUES ('131016', 1, 1, '', '{}')".to_owned(),
    ];
    let tables = ["cycles", "steps", "orders", "shares", "populations"];
    let columns = ["opened_by", "taken_by", "ordered_by", "share", "told_by"];
    for (table, column) in tables.into_iter().zip(columns) {
        all.push(format!("UPDATE allocation_{table} SET {column} = 'x'"));
        all.push(format!("DELETE FROM allocation_{table}"));
    }
    all
}

pub(crate) async fn orders_are_made_anew_until_the_deadline_and_not_later(storage: &dyn Storage) {
    let cycle = opened(storage, 10).await;
    let place = registered(storage, site(), OWN).await;
    let placed = order(storage, cycle, OWN, &[line(None, 9, None)]).await;
    assert_eq!(placed, OrdersPlaced::NoPeople, "nobody has said how many people");
    let elsewhere = order(storage, cycle, OTHER, &[line(Some(place.facility), 1, Some(10))]).await;
    assert_eq!(elsewhere, OrdersPlaced::NoFacility(place.facility), "it is another's");
    assert_eq!(storage.orders(cycle, None).await.unwrap(), []);
    let both = [line(None, 9, Some(10_000)), line(Some(place.facility), 2, Some(500))];
    assert_eq!(order(storage, cycle, OWN, &both).await, OrdersPlaced::Placed);
    assert_eq!(
        order_at(storage, cycle, OWN, UNTIL, &[line(None, 4, Some(10_000))]).await,
        OrdersPlaced::Placed
    );
    assert_eq!(
        order_at(storage, cycle, OWN, UNTIL, &[line(Some(place.facility), 0, None)]).await,
        OrdersPlaced::Placed
    );
    let late = order_at(storage, cycle, OWN, UNTIL.plus_ms(1), &[line(None, 5, Some(10_000))]).await;
    assert_eq!(late, OrdersPlaced::Closed);
    let own = storage.orders(cycle, Some(place.municipality)).await.unwrap();
    assert_eq!(
        own.iter().map(|order| order.number).collect::<Vec<_>>(),
        [1, 2, 3, 4],
        "nothing is overwritten"
    );
    let counts: Vec<_> =
        counted(&own).values().map(|order| (order.line.facility, order.line.boxes)).collect();
    assert_eq!(counts, [(None, 4)]);
    assert_eq!(storage.orders(cycle, Some(OTHER.parse().unwrap())).await.unwrap(), []);
    assert_eq!(order(storage, cycle + 1, OWN, &[line(None, 1, Some(1))]).await, OrdersPlaced::Unknown);
    let asked = crate::storage::LineQuestion {
        municipality: place.municipality,
        kinds: vec!["ordered"],
        account: None,
        person: None,
        before: None,
        most: 9,
    };
    assert_eq!(storage.lines(asked).await.unwrap().len(), 3, "each that was taken has its line of the audit");
}

pub(crate) async fn what_is_computed_rests_on_the_books_and_the_populations(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let place = registered(storage, site(), OWN).await;
    let second: FacilityCode = "1311300009".parse().unwrap();
    let second = registered(storage, second, OWN).await;
    delivered(storage, place, Kept::Thawed, 195).await;
    deliver_more(storage, second).await;
    tablet.send(storage, &tablet.chain(&tablet.vaccinations(3))).await;
    take_in(storage).await;
    let told = |people, at| NewPopulations {
        people: BTreeMap::from([(OWN.parse().unwrap(), people)]),
        by: "nation-1".parse().unwrap(),
        at,
    };
    storage.tell_populations(told(1, NOON)).await.unwrap();
    storage.tell_populations(told(20_000, NOON.plus_ms(1))).await.unwrap();
    let own = OWN.parse().unwrap();
    assert_eq!(
        storage.populations(Some(own)).await.unwrap(),
        BTreeMap::from([(own, 20_000)]),
        "the last counts"
    );
    assert_eq!(storage.populations(Some(OTHER.parse().unwrap())).await.unwrap(), BTreeMap::new());

    let cycle = opened(storage, 10).await;
    let own = [line(None, 9, None), line(Some(second.facility), 1, Some(5_000))];
    assert_eq!(order(storage, cycle, OWN, &own).await, OrdersPlaced::Placed);
    assert_eq!(order(storage, cycle, OTHER, &[line(None, 9, Some(5_000))]).await, OrdersPlaced::Placed);
    assert_eq!(step(storage, cycle, 0, CycleAct::Compute).await, CycleStepped::Taken);
    let all = shares(storage, cycle).await;
    let figures: Vec<_> = all
        .iter()
        .map(|share| {
            (share.order.party.facility, share.order.people, share.order.delivered, share.order.recorded)
        })
        .collect();
    let expected = [(None, 5_000, 0, 0), (None, 15_000, 1_170, 3), (Some(second.facility), 5_000, 60, 0)];
    assert_eq!(figures, expected);
    // 8 of 10 boxes by population: the facility would have 8 × 5,000 ÷ 25,000 = 1.6 and ordered 1. Of the 7 left, 20,000
    // people share: 1.75 and 5.25, so 2 and 5. Then the rates are 2,340 ÷ 10,000 = 23.40 % and (1,167 + 5,850) ÷ 30,000 =
    // 23.39 %: the ninth goes to the second (27.3 %), the tenth to the first.
    let boxes: Vec<_> = all.iter().map(|share| (share.by_population.boxes, share.by_stock_rate)).collect();
    assert_eq!(boxes, [(2, 1), (5, 1), (1, 0)]);
    assert_eq!(all[2].by_population.how, How::AllOrdered);
    assert_eq!(all[1].rate_before, StockRate { stock: 1_167, needed: 30_000 });
    // Later deliveries change nothing of what was computed.
    delivered(storage, place, Kept::Thawed, 195).await;
    assert_eq!(shares(storage, cycle).await, all);
    assert_eq!(step(storage, cycle, 1, CycleAct::Compute).await, CycleStepped::Taken);
    assert_eq!(
        shares(storage, cycle).await[1].order.delivered,
        2_340,
        "computed again it rests on what is now"
    );
    assert_eq!(storage.shares(cycle, 1, None).await.unwrap(), all, "and the first stays as it was");
    let seen = storage.shares(cycle, 1, Some(OTHER.parse().unwrap())).await.unwrap();
    assert_eq!(seen, all[..1], "each is shown its own");
}

async fn deliver_more(storage: &dyn Storage, place: Place) {
    let line = vsys::Line {
        key: super::stock::key(place.facility, Kept::Frozen),
        event: Event::Delivered { amount: Amount::of_vials(10, 6) },
        at: NOON,
        by: "staff-1".parse().unwrap(),
        reason: None,
    };
    let added = storage.add_stock_line(place.municipality, line, NOON, noted(OWN)).await.unwrap();
    assert_eq!(added, LineAdded::Added(1));
}

pub(crate) async fn of_many_who_act_on_a_cycle_at_once_one_is_first_and_no_order_is_lost(
    storage: &dyn Storage,
) {
    let cycle = opened(storage, 10).await;
    let orders = (1..=8).map(|boxes| {
        let owner = if boxes % 2 == 0 { OWN } else { OTHER };
        let lines = vec![line(None, boxes, Some(10_000))];
        async move { order(storage, cycle, owner, &lines).await }
    });
    let placed = futures_util::future::join_all(orders).await;
    assert!(placed.iter().all(|placed| *placed == OrdersPlaced::Placed), "{placed:?}");
    let kept = storage.orders(cycle, None).await.unwrap();
    let numbers: Vec<_> = kept.iter().map(|order| order.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 1, 2, 3, 4]);
    let computed =
        futures_util::future::join_all((0..6).map(|_| step(storage, cycle, 0, CycleAct::Compute))).await;
    let taken = computed.iter().filter(|stepped| **stepped == CycleStepped::Taken).count();
    let overtaken = computed.iter().filter(|stepped| **stepped == CycleStepped::Overtaken).count();
    assert_eq!((taken, overtaken), (1, 5));
    assert_eq!(shares(storage, cycle).await.len(), 2);
    let opened = futures_util::future::join_all((0..4).map(|_| opened(storage, 1))).await;
    let mut numbers = opened.clone();
    numbers.sort_unstable();
    assert_eq!(numbers, (cycle + 1..cycle + 5).collect::<Vec<_>>());
}
