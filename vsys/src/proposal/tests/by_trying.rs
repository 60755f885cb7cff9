//! As many units as can be served, over ways that cost as little as can be: the same as trying every way on small cases.

use proptest::prelude::*;

use super::*;
use crate::demand::{Outlook, Wanted, is_good_on};

/// Units served, and what serving them costs: more of the first is better, then less of the second.
type Worth = (u64, i64);

struct Vial<'a> {
    site: &'a Site,
    stock: &'a Stock,
}

fn question(givers: &[(i32, u64, i64)], receivers: &[(i32, [u64; 2])]) -> Question {
    let mut sites = Vec::new();
    for ((north, vials, good), number) in givers.iter().zip(1..) {
        sites.push(with_stock(site(number, *north), thawed("HERE-1", Amount::of_vials(*vials, 5), *good)));
    }
    for ((north, [soon, late]), number) in receivers.iter().zip(50..) {
        let mut site = booked(booked(site(number, *north), 1, *soon), 3, *late);
        site.municipality = "131016".parse().unwrap();
        sites.push(site);
    }
    let mut question = ask(rule(), sites);
    question.travel.most_km = 4;
    // Which of two days is served does not stand in an answer.
    question.preference.day_sooner_km = 0;
    question
}

fn wanted(site: &Site) -> Vec<Wanted> {
    Outlook::of(&site.stock, &site.bookings, &site.arrivals, day(0)).wanted(5)
}

fn km(from: &Site, to: &Site) -> u32 {
    from.position.unwrap().km_to(to.position.unwrap())
}

fn cost(question: &Question, from: &Site, to: &Site, stock: &Stock) -> i64 {
    let km = km(from, to);
    let arrives_at = question.now.plus_ms(question.travel.until_it_leaves_ms + i64::from(km) * 90_000);
    let days = stock.good_until().ms_since(arrives_at) / DAY_MS;
    let border = if from.municipality == to.municipality { 0 } else { 10 };
    i64::from(km) + border + days
}

/// Tries everything for the first vial, and for each of that everything for the others.
fn best(question: &Question, vials: &[Vial<'_>], left: &mut [(&Site, Wanted)]) -> Worth {
    let Some((vial, others)) = vials.split_first() else { return (0, 0) };
    let mut best_so_far = best(question, others, left);
    for index in 0..left.len() {
        let (to, wanted) = left[index];
        let is_near = km(vial.site, to) <= question.travel.most_km && vial.site.code != to.code;
        if wanted.units == 0 || !is_near || !is_good_on(vial.stock.good_until(), wanted.until) {
            continue;
        }
        left[index].1.units -= 1;
        let (served, cost_of_others) = best(question, others, left);
        left[index].1.units += 1;
        let worth = (served + 1, -cost(question, vial.site, to, vial.stock) + cost_of_others);
        best_so_far = best_so_far.max(worth);
    }
    best_so_far
}

fn worth(question: &Question, answer: &Answer) -> Worth {
    let by_code = |code| question.sites.iter().find(|site| site.code == code).unwrap();
    answer.proposals.iter().fold((0, 0), |(served, worth), proposal| {
        let (from, to) = (by_code(proposal.from.0), by_code(proposal.to.0));
        let vials = proposal.amount.vials;
        let all = cost(question, from, to, &from.stock[0]) * i64::try_from(vials).unwrap();
        (served + vials, worth - all)
    })
}

proptest! {
    #[test]
    fn no_other_way_serves_more_or_as_much_for_less(
        givers in prop::collection::vec((0_i32..8, 0_u64..3, 1_i64..6), 1..4),
        receivers in prop::collection::vec((0_i32..8, [0_u64..12, 0_u64..7]), 1..3),
        nearest in 1_usize..4,
    ) {
        let mut question = question(&givers, &receivers);
        question.travel.nearest = givers.len();
        let answer = propose(&question).unwrap();
        let vials: Vec<Vial<'_>> = question.sites.iter().flat_map(|site| {
            site.stock.iter().flat_map(move |stock| (0..stock.amount.vials).map(move |_| Vial { site, stock }))
        }).collect();
        let mut left: Vec<(&Site, Wanted)> =
            question.sites.iter().flat_map(|site| wanted(site).into_iter().map(move |wanted| (site, wanted))).collect();
        let best = best(&question, &vials, &mut left);
        prop_assert_eq!(worth(&question, &answer), best);
        let units: u64 = left.iter().map(|(_, wanted)| wanted.units).sum();
        prop_assert_eq!(answer.still_short() == 0, units == best.0);
        // Where fewer are looked at first, nobody near stays with a whole vial beside somebody who could use it.
        question.travel.nearest = nearest;
        let fewer = propose(&question).unwrap();
        prop_assert!(worth(&question, &fewer).0 <= best.0);
        for short in &fewer.stay_short {
            let to = question.sites.iter().find(|site| site.code == short.facility).unwrap();
            // What is good for the last of what it wants is good for all of it.
            let last = wanted(to).last().unwrap().until;
            let has_left = |vial: &Vial<'_>| {
                let from_it = fewer.proposals.iter().filter(|proposal| proposal.from.0 == vial.site.code);
                let given: u64 = from_it.map(|proposal| proposal.amount.vials).sum();
                given < vial.stock.amount.vials
            };
            let can_help = |vial: &Vial<'_>| {
                km(vial.site, to) <= question.travel.most_km && is_good_on(vial.stock.good_until(), last)
            };
            prop_assert!(!vials.iter().any(|vial| has_left(vial) && can_help(vial)));
        }
    }
}
