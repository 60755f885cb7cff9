//! The allocation of one cycle for every municipality, beside rounding shares by population down and giving what is left to
//! whoever ordered most.
//!
//! Must not: leave a box out of the count.

use std::time::Instant;

use record::MunicipalityTable;
use vsys::allocation::{Order, Party, Share, StockRate, Supply, compute};

use crate::{geography::Drawn, report::Report};

/// One cycle of ten million doses.
const SUPPLY: Supply =
    Supply { boxes: 8_500, doses_per_box: 1_170, by_population_percent: Supply::USUAL_PERCENT };

pub(crate) fn measured(report: &mut Report) {
    let orders = orders();
    let began = Instant::now();
    let computed = compute(SUPPLY, &orders).unwrap();
    let seconds = began.elapsed().as_secs_f64();
    let given: u64 = computed.shares.iter().map(Share::boxes).sum();
    assert_eq!(given + computed.left(), SUPPLY.boxes);
    let began = Instant::now();
    let greedy = greedy(&orders);
    let greedy_seconds = began.elapsed().as_secs_f64();
    let what = format!("allocation of one cycle, {} municipalities", orders.len());
    report.at_most(&format!("{what}: seconds"), seconds, 5.0);
    let rates = computed.shares.iter().map(|share| (share.order, share.boxes()));
    let (lowest, greedy_lowest) = (lowest_rate(rates), lowest_rate(orders.iter().copied().zip(greedy)));
    report.note(format!(
        "{what}: {} boxes in {:.1} ms; the lowest stock rate of those who wanted more is {lowest} ‰ afterwards; shares rounded down \
         and the rest to the largest orders: {:.1} ms, {greedy_lowest} ‰",
        SUPPLY.boxes,
        seconds * 1e3,
        greedy_seconds * 1e3,
    ));
}

/// Towns of very different sizes, which stand very differently.
fn orders() -> Vec<Order> {
    let mut drawn = Drawn::from_seed(3);
    let order = |municipality: &record::Municipality| {
        let people = 2_000 + 20_000_000 / (10 + drawn.below(1_500));
        let delivered = people * drawn.below(80) / 100;
        Order {
            party: Party { municipality: municipality.code, facility: None },
            boxes: 1 + people / 6_000 + drawn.below(4),
            people,
            delivered,
            recorded: delivered * (50 + drawn.below(50)) / 100,
        }
    };
    let today = "2026-11-28".parse().unwrap();
    // Wards order through their city.
    let is_one =
        |municipality: &&record::Municipality| municipality.city.is_none() && municipality.is_valid_on(today);
    MunicipalityTable::shipped().iter().filter(is_one).map(order).collect()
}

fn greedy(orders: &[Order]) -> Vec<u64> {
    let people: u64 = orders.iter().map(|order| order.people).sum();
    let mut boxes: Vec<u64> =
        orders.iter().map(|order| (SUPPLY.boxes * order.people / people).min(order.boxes)).collect();
    let mut left = SUPPLY.boxes - boxes.iter().sum::<u64>();
    let mut by_order: Vec<usize> = (0..orders.len()).collect();
    by_order.sort_by_key(|index| std::cmp::Reverse(orders[*index].boxes));
    for index in by_order {
        let more = left.min(orders[index].boxes - boxes[index]);
        (boxes[index], left) = (boxes[index] + more, left - more);
    }
    boxes
}

fn lowest_rate(given: impl Iterator<Item = (Order, u64)>) -> i64 {
    given
        .filter(|(order, boxes)| *boxes < order.boxes)
        .filter_map(|(order, boxes)| StockRate::of(&order).with(boxes * SUPPLY.doses_per_box).per_mille())
        .min()
        .unwrap_or(i64::MAX)
}
