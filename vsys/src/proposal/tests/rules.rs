//! Whatever is asked: nothing is made or lost, nobody is made short, the rule holds, and the order of the question is nothing.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::demand::{Outlook, Spare};

#[derive(Debug, Clone)]
struct Drawn {
    kind: usize,
    place: Option<(i32, i32)>,
    town: usize,
    freezer_room: u64,
    /// Lot, whether frozen, vials, doses short of whole vials, days that it is good, vials of it that were received.
    stock: Vec<(u8, bool, u64, u64, i64, u64)>,
    bookings: Vec<(i64, u64)>,
    arrivals: Vec<(i64, u64)>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let place = prop::option::weighted(0.9, (0_i32..60, 0_i32..60));
    let stock = (0_u8..2, any::<bool>(), 1_u64..40, 0_u64..5, 0_i64..8, 0_u64..40);
    (
        0_usize..3,
        place,
        0_usize..3,
        0_u64..60,
        prop::collection::vec(stock, 0..3),
        prop::collection::vec((-1_i64..7, 0_u64..90), 0..4),
        prop::collection::vec((0_i64..5, 0_u64..8), 0..2),
    )
        .prop_map(|(kind, place, town, freezer_room, stock, bookings, arrivals)| Drawn {
            kind,
            place,
            town,
            freezer_room,
            stock,
            bookings,
            arrivals,
        })
}

fn built(number: u32, drawn: &Drawn) -> Site {
    let mut site = site(number, 0);
    site.kind = FacilityKind::ALL[drawn.kind];
    site.municipality = ["131130", "131016", "271004"][drawn.town].parse().unwrap();
    site.position = drawn.place.map(|(north, east)| Coordinates {
        latitude: 35_000_000 + north * 20_000,
        longitude: 139_000_000 + east * 20_000,
    });
    site.freezer_room = drawn.freezer_room;
    let mut lots = std::collections::BTreeSet::new();
    for (lot, is_frozen, vials, opened, good, received) in &drawn.stock {
        if !lots.insert((lot, is_frozen)) {
            continue;
        }
        let amount = Amount { vials: *vials, doses: vials * 5 - opened };
        let name = format!("LOT-{lot}");
        let mut stock = if *is_frozen { frozen(&name, amount) } else { thawed(&name, amount, *good) };
        stock.received = Amount::of_vials((*received).min(*vials), 5).within(amount);
        site.stock.push(stock);
    }
    site.bookings =
        drawn.bookings.iter().map(|(on, doses)| Booking { on: day(*on), doses: *doses }).collect();
    let arrival = |(on, vials): &(i64, u64)| Arrival {
        on: day(*on),
        stock: thawed("NEXT-1", Amount::of_vials(*vials, 5), 30),
    };
    site.arrivals = drawn.arrivals.iter().map(arrival).collect();
    site
}

fn any_question() -> impl Strategy<Value = Question> {
    let pairs = prop::collection::btree_set((0_usize..3, 0_usize..3), 0..9);
    (prop::collection::vec(drawn(), 0..9), pairs, any::<bool>(), 0_usize..3, 0_usize..3, 1_usize..4).prop_map(
        |(sites, pairs, again, least, reach, nearest)| {
            let sites = sites.iter().zip(1..).map(|(drawn, number)| built(number, drawn)).collect();
            let kinds = |(from, to)| (FacilityKind::ALL[from], FacilityKind::ALL[to]);
            let rule = ProductRule {
                may_pass: pairs.into_iter().map(kinds).collect(),
                may_pass_again: again,
                least: unit(least),
                ..rule()
            };
            let mut question = ask(rule, sites);
            question.travel.reach = [Reach::Municipality, Reach::Prefecture, Reach::Nation][reach];
            question.travel.nearest = nearest;
            question
        },
    )
}

/// Every facility's outlook when all of it was carried out.
fn carried_out(question: &Question, answer: &Answer) -> BTreeMap<FacilityCode, Outlook> {
    let mut sites: BTreeMap<_, _> = question.sites.iter().map(|site| (site.code, site.clone())).collect();
    for proposal in &answer.proposals {
        let from = sites.get_mut(&proposal.from.0).unwrap();
        let is_it = |stock: &&mut Stock| stock.lot == proposal.lot && stock.storage == proposal.storage;
        let stock = from.stock.iter_mut().find(is_it).unwrap();
        assert!(proposal.amount.beyond(stock.amount).is_none(), "never below zero");
        let came =
            Stock { amount: proposal.amount, thawed_until: Some(proposal.why.good_until), ..stock.clone() };
        stock.amount = stock.amount.beyond(proposal.amount);
        let on = CalendarDate::in_japan(proposal.why.arrives_at).unwrap();
        sites.get_mut(&proposal.to.0).unwrap().arrivals.push(Arrival { on, stock: came });
    }
    let outlook = |site: &Site| Outlook::of(&site.stock, &site.bookings, &site.arrivals, day(0));
    sites.into_iter().map(|(code, site)| (code, outlook(&site))).collect()
}

proptest! {
    #[test]
    fn nobody_is_made_short_and_who_is_said_to_be_helped_is(question in any_question()) {
        let answer = propose(&question).unwrap();
        let after = carried_out(&question, &answer);
        let said: BTreeMap<_, _> = answer.stay_short.iter().map(|site| (site.facility, site.doses)).collect();
        for (code, outlook) in after {
            prop_assert!(outlook.short() <= said.get(&code).copied().unwrap_or(0), "{}", code);
        }
        prop_assert!(answer.still_short() <= answer.short);
    }

    #[test]
    fn the_rule_holds_for_each_and_no_lot_gives_more_than_it_can_spare(question in any_question()) {
        let answer = propose(&question).unwrap();
        let (rule, travel) = (&question.rule, &question.travel);
        let mut of_lots: BTreeMap<_, Amount> = BTreeMap::new();
        for proposal in &answer.proposals {
            let find = |code| question.sites.iter().find(|site| site.code == code).unwrap();
            let (from, to) = (find(proposal.from.0), find(proposal.to.0));
            let stock = from.stock.iter()
                .find(|stock| stock.lot == proposal.lot && stock.storage == proposal.storage)
                .unwrap();
            prop_assert_ne!(from.code, to.code);
            prop_assert_eq!(rule.may_pass_on(from.kind, to.kind, proposal.amount, false), Ok(()));
            prop_assert!(proposal.why.km <= travel.most_km);
            prop_assert!(proposal.why.way_ms <= proposal.why.cold_chain.most_ms);
            prop_assert!(proposal.why.good_until <= stock.good_until());
            prop_assert!(proposal.why.arrives_at < proposal.why.good_until);
            let within = match travel.reach {
                Reach::Municipality => from.municipality == to.municipality,
                Reach::Prefecture => from.municipality.to_digits()[..2] == to.municipality.to_digits()[..2],
                Reach::Nation => true,
            };
            prop_assert!(within);
            let sum = of_lots.entry((from.code, &stock.lot, stock.storage)).or_default();
            *sum = Amount {
                vials: sum.vials + proposal.amount.vials,
                doses: sum.doses + proposal.amount.doses,
            };
        }
        for ((code, lot, storage), given) in of_lots {
            let site = question.sites.iter().find(|site| site.code == code).unwrap();
            let outlook = Outlook::of(&site.stock, &site.bookings, &site.arrivals, day(0));
            let is_it = |spare: &&Spare| spare.of.lot == *lot && spare.of.storage == storage;
            let Spare { of: stock, doses } = outlook.spare.iter().find(is_it).unwrap();
            prop_assert!(given.doses <= *doses);
            let passable = if rule.may_pass_again { stock.amount } else { stock.amount.beyond(stock.received) };
            prop_assert!(given.beyond(passable).is_none());
        }
    }

    #[test]
    fn the_order_in_which_it_is_asked_changes_nothing(question in any_question(), turn in 0_usize..8) {
        let mut shuffled = question.clone();
        if !shuffled.sites.is_empty() {
            let turn = turn % shuffled.sites.len();
            shuffled.sites.rotate_left(turn);
        }
        for site in &mut shuffled.sites {
            site.stock.reverse();
            site.bookings.reverse();
            site.arrivals.reverse();
        }
        prop_assert_eq!(propose(&shuffled), propose(&question));
    }
}
