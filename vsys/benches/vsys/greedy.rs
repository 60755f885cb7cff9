//! The greedy answer: each facility that is short, one after the other, takes what it can use of the nearest that has any.
//! What a person with a map would do, and as fast as it can be done: the nearest are found by the same index.
//!
//! Must not: look further ahead than the one who is short.

use record::CalendarDate;
use rstar::{RTree, primitives::GeomWithData};
use vsys::{
    Storage, Unit,
    demand::{Outlook, Stock, Wanted},
    facility::Coordinates,
    proposal::{Question, Site},
};

/// What the greedy answer reaches.
#[derive(Default)]
pub(crate) struct Helped {
    pub(crate) short: u64,
    pub(crate) moved: u64,
    pub(crate) dose_km: u64,
    pub(crate) ways: u64,
}

struct Lot {
    site: usize,
    /// As it is when it arrives.
    stock: Stock,
    units: u64,
}

/// A facility on the map, with its lots.
type Place = GeomWithData<[f64; 3], (usize, Vec<usize>)>;

/// Helps one after the other, in the order of codes. Every kind may pass on to every other, and nothing is so far that a cool
/// bag would not do: the question must be such a one.
pub(crate) fn helped(question: &Question) -> Helped {
    let today = CalendarDate::in_japan(question.now).unwrap();
    let doses_per_unit = question.rule.packaging.doses_of(question.rule.least);
    assert_eq!(question.rule.least, Unit::Vial);
    let outlook = |site: &Site| Outlook::of(&site.stock, &site.bookings, &site.arrivals, today);
    let outlooks: Vec<Outlook> = question.sites.iter().map(outlook).collect();
    let mut lots = lots(question, &outlooks);
    let mut places: Vec<Place> = Vec::new();
    for (index, lot) in lots.iter().enumerate() {
        match places.last_mut().filter(|place| place.data.0 == lot.site) {
            Some(place) => place.data.1.push(index),
            None => {
                let at = question.sites[lot.site].position.unwrap();
                places.push(GeomWithData::new(on_the_ball(at), (lot.site, vec![index])));
            }
        }
    }
    let mut map = RTree::bulk_load(places);
    let mut helped = Helped::default();
    for (to, outlook) in outlooks.iter().enumerate() {
        let mut wanted = outlook.wanted(doses_per_unit);
        let here = question.sites[to].position.unwrap();
        let mut empty = Vec::new();
        for place in map.nearest_neighbor_iter(on_the_ball(here)) {
            let km = question.sites[place.data.0].position.unwrap().km_to(here);
            if km > question.travel.most_km || wanted.iter().all(|wanted| wanted.units == 0) {
                break;
            }
            if place.data.0 == to {
                continue;
            }
            for index in &place.data.1 {
                let units = take(&mut lots[*index], &mut wanted);
                helped.moved += units * doses_per_unit;
                helped.dose_km += units * doses_per_unit * u64::from(km);
                helped.ways += u64::from(units > 0);
            }
            if place.data.1.iter().all(|lot| lots[*lot].units == 0) {
                empty.push(place.clone());
            }
        }
        for place in empty {
            map.remove(&place);
        }
        helped.short += wanted.iter().map(|wanted| wanted.units * wanted.doses).sum::<u64>();
    }
    helped
}

/// What is wanted soonest first; how many units.
fn take(lot: &mut Lot, wanted: &mut [Wanted]) -> u64 {
    let before = lot.units;
    for want in wanted.iter_mut().filter(|want| lot.stock.is_good_on(want.until)) {
        let units = want.units.min(lot.units);
        (want.units, lot.units) = (want.units - units, lot.units - units);
    }
    before - lot.units
}

fn lots(question: &Question, outlooks: &[Outlook]) -> Vec<Lot> {
    let rule = &question.rule;
    let thaws_until =
        question.now.plus_ms(question.travel.until_it_leaves_ms + question.travel.thawed_life_ms);
    let mut lots = Vec::new();
    for (site, outlook) in outlooks.iter().enumerate() {
        for spare in &outlook.spare {
            let mut stock = spare.of.clone();
            if stock.storage == Storage::Frozen {
                stock.thawed_until = Some(thaws_until);
            }
            lots.push(Lot {
                site,
                stock,
                units: spare.units(rule.packaging, rule.least, rule.may_pass_again),
            });
        }
    }
    lots
}

fn on_the_ball(position: Coordinates) -> [f64; 3] {
    let radians = |millionths: i32| (f64::from(millionths) / 1e6).to_radians();
    let (latitude, longitude) = (radians(position.latitude), radians(position.longitude));
    [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
}
