//! What stands in the way: distance, time, cold chain, shelf life, borders, units, and what came by a transfer.

use std::collections::BTreeMap;

use super::*;

/// One that has a lot, and one that is short of ten doses on the third day.
fn pair(stock: Stock, north: i32) -> Vec<Site> {
    vec![with_stock(site(1, 0), stock), booked(site(2, north), 2, 10)]
}

fn ten() -> Amount {
    Amount::of_vials(2, 5)
}

fn obstacles(question: &Question) -> BTreeMap<Obstacle, u32> {
    let answer = propose(question).unwrap();
    assert_eq!(answer.proposals, []);
    assert_eq!(answer.still_short(), 10);
    answer.stay_short[0].obstacles.clone()
}

#[test]
fn who_is_near_enough_helps_and_who_is_too_far_is_named_by_distance() {
    let question = ask(rule(), pair(thawed("HERE-1", ten(), 20), 100));
    let answer = propose(&question).unwrap();
    assert_eq!(moved(&answer), [way("01", "02", "HERE-1", 10)]);
    let why = &answer.proposals[0].why;
    assert_eq!((why.km, why.way_ms, why.carriage), (112, 112 * 90_000, Carriage::Chilled));
    let far = ask(rule(), pair(thawed("HERE-1", ten(), 20), 120));
    assert_eq!(obstacles(&far), BTreeMap::new());
    assert_eq!(propose(&far).unwrap().stay_short[0].nearest_km, Some(134));
}

#[test]
fn a_cool_bag_is_good_for_three_hours_and_a_freezer_for_longer() {
    let slow = |mut question: Question| {
        question.travel.km_per_hour = 30;
        question
    };
    let cold_chain = BTreeMap::from([(Obstacle::ColdChain, 1)]);
    assert_eq!(obstacles(&slow(ask(rule(), pair(thawed("HERE-1", ten(), 20), 100)))), cold_chain);
    let mut sites = pair(frozen("HERE-1", ten()), 100);
    sites[1].freezer_room = 1;
    assert_eq!(obstacles(&slow(ask(rule(), sites.clone()))), cold_chain, "no room for two vials");
    sites[1].freezer_room = 2;
    let answer = propose(&slow(ask(rule(), sites))).unwrap();
    assert_eq!(answer.proposals[0].why.carriage, Carriage::Frozen);
}

#[test]
fn what_arrives_too_late_or_spoils_too_soon_helps_nobody() {
    let spoils = ask(rule(), pair(thawed("HERE-1", ten(), 2), 1));
    assert_eq!(obstacles(&spoils), BTreeMap::from([(Obstacle::NotGoodLongEnough, 1)]));
    let lasts = ask(rule(), pair(thawed("HERE-1", ten(), 3), 1));
    assert_eq!(propose(&lasts).unwrap().still_short(), 0);
    let mut late = lasts.clone();
    late.travel.until_it_leaves_ms = 3 * DAY_MS;
    assert_eq!(obstacles(&late), BTreeMap::from([(Obstacle::TooLate, 1)]));
    // Frozen stock that thaws on its way has what thawing leaves of it.
    let mut thaws = ask(rule(), pair(frozen("HERE-1", ten()), 1));
    thaws.travel.thawed_life_ms = DAY_MS;
    assert_eq!(obstacles(&thaws), BTreeMap::from([(Obstacle::NotGoodLongEnough, 1)]));
}

#[test]
fn a_lot_that_serves_the_first_day_alone_leaves_the_other_for_the_later() {
    let soon = with_stock(site(1, 1), thawed("SOON-1", ten(), 1));
    let late = with_stock(site(2, 2), thawed("LATE-1", ten(), 20));
    let short = booked(booked(site(3, 0), 0, 10), 4, 10);
    let answer = propose(&ask(rule(), vec![short, late, soon])).unwrap();
    assert_eq!(moved(&answer), [way("01", "03", "SOON-1", 10), way("02", "03", "LATE-1", 10)]);
    assert_eq!(answer.still_short(), 0);
}

#[test]
fn only_within_the_reach_that_was_asked() {
    let mut sites = pair(thawed("HERE-1", ten(), 20), 1);
    sites[1].municipality = "131016".parse().unwrap();
    let mut question = ask(rule(), sites);
    question.travel.reach = Reach::Municipality;
    assert_eq!(obstacles(&question), BTreeMap::new());
    question.travel.reach = Reach::Prefecture;
    assert_eq!(propose(&question).unwrap().still_short(), 0);
}

#[test]
fn whole_units_only_and_no_more_than_may_be_passed_on_again() {
    let mut trays = rule();
    trays.least = Unit::Tray;
    let less = ask(trays.clone(), pair(thawed("HERE-1", Amount::of_vials(14, 5), 20), 1));
    assert_eq!(obstacles(&less), BTreeMap::from([(Obstacle::LessThanAUnit, 1)]));
    let whole = ask(trays, pair(thawed("HERE-1", Amount::of_vials(31, 5), 20), 1));
    assert_eq!(moved(&propose(&whole).unwrap()), [way("01", "02", "HERE-1", 75)], "a tray for ten doses");

    let mut once = rule();
    once.may_pass_again = false;
    let came = |vials| Stock { received: Amount::of_vials(vials, 5), ..thawed("HERE-1", ten(), 20) };
    let again = ask(once.clone(), pair(came(2), 1));
    assert_eq!(obstacles(&again), BTreeMap::from([(Obstacle::NotAgain, 1)]));
    let answer = propose(&ask(once, pair(came(1), 1))).unwrap();
    assert_eq!((answer.proposals[0].amount.vials, answer.still_short()), (1, 5));
    assert_eq!(answer.stay_short[0].obstacles, BTreeMap::from([(Obstacle::AllProposed, 1)]));
    assert!(propose(&ask(rule(), pair(came(2), 1))).unwrap().proposals[0].why.is_again);
}

#[test]
fn what_spoils_first_goes_first_and_who_is_short_first_is_helped_first() {
    let giver = with_stock(with_stock(site(1, 0), thawed("LATE-1", ten(), 40)), thawed("SOON-1", ten(), 10));
    let answer = propose(&ask(rule(), vec![giver.clone(), booked(site(2, 1), 2, 10)])).unwrap();
    assert_eq!(moved(&answer), [way("01", "02", "SOON-1", 10)]);
    let scarce = with_stock(site(1, 0), thawed("SOON-1", ten(), 10));
    let sites = vec![scarce, booked(site(2, 1), 6, 10), booked(site(3, 2), 1, 10)];
    assert_eq!(moved(&propose(&ask(rule(), sites)).unwrap()), [way("01", "03", "SOON-1", 10)]);
}

#[test]
fn who_has_no_position_is_named_so() {
    let mut sites = pair(thawed("HERE-1", ten(), 20), 1);
    sites[1].position = None;
    let answer = propose(&ask(rule(), sites.clone())).unwrap();
    assert!(answer.stay_short[0].has_no_position && answer.proposals.is_empty());
    sites.push(sites[0].clone());
    assert_eq!(propose(&ask(rule(), sites.clone())), Err(QuestionError::Twice(sites[0].code)));
}

#[test]
fn the_nearest_that_is_looked_at_first_is_not_the_last_that_can_help() {
    let full =
        (1..=3).map(|number| with_stock(site(number, 1), thawed("NEAR-1", Amount::of_vials(1, 5), 20)));
    let far = with_stock(site(9, 50), thawed("FAR-1", ten(), 20));
    let sites: Vec<Site> = full.chain([far, booked(site(5, 0), 2, 25)]).collect();
    let mut question = ask(rule(), sites);
    question.travel.nearest = 1;
    let answer = propose(&question).unwrap();
    assert_eq!((answer.still_short(), answer.proposals.len()), (0, 4));
}
