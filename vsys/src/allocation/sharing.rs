//! The arithmetic: shares by population with the largest remainders, then box after box to the lowest stock rate.
//!
//! Must not: use a fraction that is not exact.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

use crate::{
    allocation::{ByPopulation, ComputeError, Computed, How, Order, Party, Share, StockRate, Supply},
    amount::Amount,
};

/// Computes the shares. The order in which they ordered changes nothing; of two who are alike the smaller code is first.
///
/// By population: in proportion to people, whole boxes by largest remainder, never more than was ordered; what one does not
/// need is shared among the others. The rest, and what nobody could get by population: box after box to the lowest stock
/// rate, counting the boxes of this cycle.
///
/// # Errors
/// [`ComputeError`].
pub fn compute(supply: Supply, orders: &[Order]) -> Result<Computed, ComputeError> {
    if supply.boxes > Supply::MOST_BOXES || supply.doses_per_box == 0 || supply.by_population_percent > 100 {
        return Err(ComputeError::Supply);
    }
    if supply.doses_per_box > Amount::MOST {
        return Err(ComputeError::Supply);
    }
    let mut orders = orders.to_vec();
    orders.sort_by_key(|order| order.party);
    if let Some(pair) = orders.windows(2).find(|pair| pair[0].party == pair[1].party) {
        return Err(ComputeError::Twice(pair[0].party));
    }
    let is_beyond = |order: &&Order| {
        [order.boxes, order.people, order.delivered, order.recorded]
            .iter()
            .any(|figure| *figure > Amount::MOST)
    };
    if let Some(order) = orders.iter().find(is_beyond) {
        return Err(ComputeError::Figure(order.party));
    }
    let for_people = supply.boxes * u64::from(supply.by_population_percent) / 100;
    let by_population = by_population(for_people, &orders);
    let given: u64 = by_population.iter().map(|part| part.boxes).sum();
    let by_stock_rate = by_stock_rate(supply.boxes - given, supply.doses_per_box, &orders, &by_population);
    let share = |(order, (by_population, by_stock_rate)): (Order, (ByPopulation, u64))| {
        let rate_before = StockRate::of(&order);
        let doses = (by_population.boxes + by_stock_rate) * supply.doses_per_box;
        Share { order, by_population, by_stock_rate, rate_before, rate_after: rate_before.with(doses) }
    };
    let parts = by_population.into_iter().zip(by_stock_rate);
    Ok(Computed { supply, shares: orders.into_iter().zip(parts).map(share).collect() })
}

fn by_population(boxes: u64, orders: &[Order]) -> Vec<ByPopulation> {
    let mut parts = vec![ByPopulation { boxes: 0, how: How::Nothing }; orders.len()];
    let mut sharing: Vec<usize> = (0..orders.len()).filter(|index| orders[*index].people > 0).collect();
    let mut left = boxes;
    loop {
        let people: u64 = sharing.iter().map(|index| orders[*index].people).sum();
        let enough = |index: &usize| {
            let order = &orders[*index];
            u128::from(left) * u128::from(order.people) >= u128::from(order.boxes) * u128::from(people)
        };
        let (served, others): (Vec<usize>, Vec<usize>) = sharing.iter().copied().partition(enough);
        if served.is_empty() {
            share_out(left, people, &others, orders, &mut parts);
            return parts;
        }
        for index in served {
            parts[index] = ByPopulation { boxes: orders[index].boxes, how: How::AllOrdered };
            left -= orders[index].boxes;
        }
        sharing = others;
    }
}

/// Each the whole boxes of its share; one more to those with the largest fractions until none is left.
fn share_out(boxes: u64, people: u64, sharing: &[usize], orders: &[Order], parts: &mut [ByPopulation]) {
    if people == 0 {
        return;
    }
    let exact = |index: usize| u128::from(boxes) * u128::from(orders[index].people);
    let mut fractions: Vec<(Reverse<u128>, Party, usize)> = Vec::new();
    let mut left = boxes;
    for index in sharing {
        // At most `boxes`.
        let whole = u64::try_from(exact(*index) / u128::from(people)).unwrap_or(boxes);
        left -= whole;
        fractions.push((Reverse(exact(*index) % u128::from(people)), orders[*index].party, *index));
        let how = How::Shared { of_boxes: boxes, of_people: people, is_rounded_up: false };
        parts[*index] = ByPopulation { boxes: whole, how };
    }
    fractions.sort_unstable();
    for (_, _, index) in fractions.into_iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        let how = How::Shared { of_boxes: boxes, of_people: people, is_rounded_up: true };
        parts[index] = ByPopulation { boxes: parts[index].boxes + 1, how };
    }
}

/// One who could take another box; the greatest in the heap is the lowest rate.
struct Waiting {
    rate: StockRate,
    party: Party,
    index: usize,
    more: u64,
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        other.rate.compared(self.rate).then_with(|| other.party.cmp(&self.party))
    }
}
impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Waiting {}

fn by_stock_rate(boxes: u64, doses_per_box: u64, orders: &[Order], given: &[ByPopulation]) -> Vec<u64> {
    let mut parts = vec![0; orders.len()];
    let waiting = |(index, order): (usize, &Order)| Waiting {
        rate: StockRate::of(order).with(given[index].boxes * doses_per_box),
        party: order.party,
        index,
        more: order.boxes - given[index].boxes,
    };
    let mut heap: BinaryHeap<Waiting> =
        orders.iter().enumerate().map(waiting).filter(|waiting| waiting.more > 0).collect();
    for _ in 0..boxes {
        let Some(lowest) = heap.pop() else { break };
        parts[lowest.index] += 1;
        if lowest.more > 1 {
            heap.push(Waiting { rate: lowest.rate.with(doses_per_box), more: lowest.more - 1, ..lowest });
        }
    }
    parts
}
