//! All boxes go out as far as they are ordered, in proportion, lowest stock first; and a published allocation stays.

use std::cmp::Ordering;

use proptest::prelude::*;
use record::WallTime;

use super::*;

fn party(number: u32) -> Party {
    Party {
        municipality: "131130".parse().unwrap(),
        facility: Some(format!("13113{number:05}").parse().unwrap()),
    }
}

fn order(number: u32, boxes: u64, people: u64, delivered: u64, recorded: u64) -> Order {
    Order { party: party(number), boxes, people, delivered, recorded }
}

fn supply(boxes: u64, by_population_percent: u8) -> Supply {
    Supply { boxes, doses_per_box: 975, by_population_percent }
}

fn boxes(computed: &Computed) -> Vec<(u64, u64)> {
    computed.shares.iter().map(|share| (share.by_population.boxes, share.by_stock_rate)).collect()
}

#[test]
fn eighty_of_a_hundred_go_by_population_and_the_rest_to_the_lowest_stock_rate() {
    let orders = [
        order(1, 100, 60_000, 60_000, 20_000),
        order(2, 100, 30_000, 30_000, 28_000),
        order(3, 100, 10_000, 10_000, 5_000),
    ];
    let computed = compute(supply(100, Supply::USUAL_PERCENT), &orders).unwrap();
    // 80 boxes are 48, 24 and 8; with those, stock is 86,800 of 120,000, 25,400 of 60,000 and 12,800 of 20,000.
    assert_eq!(boxes(&computed), [(48, 0), (24, 18), (8, 2)]);
    let [one, two, three] = computed.shares.as_slice() else { panic!() };
    assert_eq!(one.by_population.how, How::Shared { of_boxes: 80, of_people: 100_000, is_rounded_up: false });
    assert_eq!(two.rate_before, StockRate { stock: 2_000, needed: 60_000 });
    assert_eq!(two.rate_before.per_mille(), Some(33));
    assert_eq!(two.rate_after.stock, 2_000 + 42 * 975);
    assert_eq!(three.rate_after.per_mille(), Some(737));
    assert_eq!(computed.left(), 0);
}

#[test]
fn the_largest_fractions_are_rounded_up() {
    let orders = [order(1, 9, 1, 0, 0), order(2, 9, 1, 0, 0), order(3, 9, 1, 0, 0), order(4, 9, 4, 0, 0)];
    let computed = compute(supply(5, 100), &orders).unwrap();
    // 5/7, 5/7, 5/7 and 20/7.
    assert_eq!(boxes(&computed), [(1, 0), (1, 0), (0, 0), (3, 0)]);
    let rounded = |index: usize| computed.shares[index].by_population.how;
    assert_eq!(rounded(0), How::Shared { of_boxes: 5, of_people: 7, is_rounded_up: true });
    assert_eq!(rounded(2), How::Shared { of_boxes: 5, of_people: 7, is_rounded_up: false });
}

#[test]
fn nobody_gets_more_than_was_ordered_and_others_share_what_one_does_not_need() {
    let orders = [order(1, 2, 90_000, 0, 0), order(2, 50, 10_000, 0, 0), order(3, 50, 10_000, 0, 0)];
    let computed = compute(supply(22, 100), &orders).unwrap();
    assert_eq!(boxes(&computed), [(2, 0), (10, 0), (10, 0)]);
    assert_eq!(computed.shares[0].by_population.how, How::AllOrdered);
    let plenty = compute(supply(200, 80), &orders).unwrap();
    assert_eq!((plenty.shares.iter().map(Share::boxes).sum::<u64>(), plenty.left()), (102, 98));
}

#[test]
fn where_nobody_lives_is_served_last() {
    let orders = [order(1, 5, 0, 0, 0), order(2, 5, 10, 0, 0)];
    assert_eq!(boxes(&compute(supply(5, 0), &orders).unwrap()), [(0, 0), (0, 5)]);
    assert_eq!(boxes(&compute(supply(8, 50), &orders).unwrap()), [(0, 3), (4, 1)]);
    assert_eq!(StockRate { stock: 1, needed: 0 }.per_mille(), None);
}

#[test]
fn what_is_beyond_bounds_is_refused() {
    let twice = [order(1, 5, 1, 0, 0), order(1, 6, 1, 0, 0)];
    assert_eq!(compute(supply(5, 80), &twice), Err(ComputeError::Twice(party(1))));
    assert_eq!(compute(supply(5, 101), &[]), Err(ComputeError::Supply));
    assert_eq!(compute(Supply { doses_per_box: 0, ..supply(5, 80) }, &[]), Err(ComputeError::Supply));
    assert_eq!(compute(supply(Supply::MOST_BOXES + 1, 80), &[]), Err(ComputeError::Supply));
    let beyond = [order(1, 5, u64::MAX, 0, 0)];
    assert_eq!(compute(supply(5, 80), &beyond), Err(ComputeError::Figure(party(1))));
}

fn adjustment(number: u32, boxes: i64) -> Adjustment {
    Adjustment {
        party: party(number),
        boxes,
        by: "officer-1".parse().unwrap(),
        at: WallTime::from_unix_ms(1),
        reason: "離島のため次回分を先に送る".parse().unwrap(),
    }
}

#[test]
fn what_is_adjusted_stands_beside_what_was_computed_and_within_what_there_is() {
    let orders = [order(1, 10, 10_000, 0, 0), order(2, 10, 10_000, 0, 0)];
    let mut cycle = Cycle::draft(compute(supply(10, 80), &orders).unwrap());
    assert_eq!((cycle.stage(), cycle.left()), (Stage::Draft, 0));
    assert_eq!(cycle.adjust(adjustment(1, 1)), Err(CycleError::MoreThanSupply));
    assert_eq!(cycle.adjust(adjustment(1, -6)), Err(CycleError::BelowZero));
    assert_eq!(cycle.adjust(adjustment(1, 0)), Err(CycleError::Nothing));
    assert_eq!(cycle.adjust(adjustment(3, 1)), Err(CycleError::NotOrdered));
    cycle.adjust(adjustment(2, -3)).unwrap();
    cycle.adjust(adjustment(1, 2)).unwrap();
    assert_eq!((cycle.stage(), cycle.left()), (Stage::Adjusted, 1));
    assert_eq!(cycle.boxes().into_values().collect::<Vec<_>>(), [7, 2]);
    assert_eq!(cycle.computed().shares[0].boxes(), 5, "as it was computed");
    assert_eq!(cycle.adjust(adjustment(1, 4)), Err(CycleError::MoreThanOrdered));

    let publication = Publication { by: "officer-2".parse().unwrap(), at: WallTime::from_unix_ms(2) };
    cycle.publish(publication.clone()).unwrap();
    let published = cycle.clone();
    assert_eq!(cycle.adjust(adjustment(1, 1)), Err(CycleError::Published));
    assert_eq!(cycle.publish(publication), Err(CycleError::Published));
    assert_eq!((cycle.stage(), &cycle), (Stage::Published, &published));
}

fn any_orders() -> impl Strategy<Value = Vec<Order>> {
    let figures = (0_u64..30, 0_u64..50_000, 0_u64..40_000, 0_u64..40_000);
    prop::collection::vec(figures, 0..12).prop_map(|all| {
        let orders = (1..).zip(all);
        orders
            .map(|(number, (boxes, people, delivered, recorded))| {
                order(number, boxes, people, delivered, recorded)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn every_box_goes_out_as_far_as_it_is_ordered(
        orders in any_orders(), there in 0_u64..200, percent in 0_u8..=100,
    ) {
        let computed = compute(supply(there, percent), &orders).unwrap();
        let given: u64 = computed.shares.iter().map(Share::boxes).sum();
        let ordered: u64 = orders.iter().map(|order| order.boxes).sum();
        prop_assert_eq!(given, there.min(ordered));
        let by_population: u64 = computed.shares.iter().map(|share| share.by_population.boxes).sum();
        prop_assert!(by_population <= there * u64::from(percent) / 100);
        for share in &computed.shares {
            prop_assert!(share.boxes() <= share.order.boxes);
            prop_assert_eq!(share.rate_after, share.rate_before.with(share.boxes() * 975));
        }
    }

    #[test]
    fn whole_boxes_by_population_are_within_one_of_the_exact_share(orders in any_orders(), there in 0_u64..200) {
        let computed = compute(supply(there, 100), &orders).unwrap();
        for share in &computed.shares {
            if let How::Shared { of_boxes, of_people, is_rounded_up } = share.by_population.how {
                let (exact, people) = (of_boxes * share.order.people, of_people);
                let boxes = share.by_population.boxes;
                prop_assert_eq!(boxes, exact / people + u64::from(is_rounded_up));
                prop_assert!(boxes * people < exact + people);
            }
        }
    }

    #[test]
    fn nobody_who_wants_more_has_a_lower_rate_than_another_before_its_last_box(
        orders in any_orders(), there in 0_u64..200, percent in 0_u8..=100,
    ) {
        let computed = compute(supply(there, percent), &orders).unwrap();
        for got in computed.shares.iter().filter(|share| share.by_stock_rate > 0) {
            let before_last = got.rate_before.with((got.boxes() - 1) * 975);
            for waits in computed.shares.iter().filter(|share| share.boxes() < share.order.boxes) {
                prop_assert_ne!(waits.rate_after.compared(before_last), Ordering::Less);
            }
        }
    }

    #[test]
    fn the_order_in_which_they_ordered_changes_nothing(orders in any_orders(), there in 0_u64..200) {
        let mut reversed = orders.clone();
        reversed.reverse();
        prop_assert_eq!(compute(supply(there, 80), &reversed), compute(supply(there, 80), &orders));
    }

    #[test]
    fn whatever_is_adjusted_no_more_goes_out_than_there_is(
        orders in any_orders(), there in 0_u64..100, steps in prop::collection::vec((1_u32..13, -9_i64..9), 0..20),
    ) {
        let mut cycle = Cycle::draft(compute(supply(there, 80), &orders).unwrap());
        let computed = cycle.computed().clone();
        for (number, boxes) in steps {
            let before = cycle.clone();
            if cycle.adjust(adjustment(number, boxes)).is_err() {
                prop_assert_eq!(&cycle, &before);
            }
            let now = cycle.boxes();
            prop_assert!(now.values().sum::<u64>() + cycle.left() == there);
            prop_assert!(computed.shares.iter().all(|share| now[&share.order.party] <= share.order.boxes));
        }
        prop_assert_eq!(cycle.computed(), &computed);
    }
}
