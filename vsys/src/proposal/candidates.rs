//! Whose lots can help whom: what the rule, the reach, the time, the cold chain and the shelf life leave, nearest first.
//!
//! Must not: decide who is helped.

use std::collections::{BTreeMap, BTreeSet};

use record::{CalendarDate, WallTime};
use rstar::{RTree, primitives::GeomWithData};

use crate::{
    demand::{self, Spare, Wanted},
    facility::Coordinates,
    ledger::Storage,
    proposal::{Carriage, Obstacle, Question, Site},
};

/// What one facility can spare of one lot.
#[derive(Debug)]
pub(super) struct Lot<'a> {
    pub(super) site: &'a Site,
    pub(super) spare: Spare,
    /// Whole units that the rule lets it pass on.
    pub(super) units: u64,
    /// Why there are none.
    unpassable: Obstacle,
}

/// A facility that is short.
#[derive(Debug)]
pub(super) struct Receiver<'a> {
    pub(super) site: &'a Site,
    /// In the order of days.
    pub(super) wanted: Vec<Wanted>,
    /// Doses that are short in all.
    pub(super) short: u64,
}

/// Whom to look for help for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanting<'a> {
    /// Which of the receivers.
    pub(super) index: usize,
    pub(super) receiver: &'a Receiver<'a>,
    /// Which of what it wants is looked for; one for each.
    pub(super) open: &'a [bool],
}

/// A way in which a lot can help.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) lot: usize,
    pub(super) receiver: usize,
    pub(super) km: u32,
    pub(super) carriage: Carriage,
    pub(super) way_ms: i64,
    pub(super) arrives_at: WallTime,
    pub(super) good_until: WallTime,
    /// What of the receiver's it can serve, both ends included.
    pub(super) serves: (usize, usize),
}

/// What was found for one receiver.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) links: Vec<Link>,
    /// What stood in the way of how many facilities, of those up to the last that was looked at.
    pub(super) obstacles: BTreeMap<Obstacle, u32>,
    /// The nearest that has anything, where it lies beyond the longest way and nobody lies within.
    pub(super) beyond_km: Option<u32>,
}

/// The lots by where they lie.
pub(super) struct Map(RTree<GeomWithData<[f64; 3], Vec<usize>>>);

impl<'a> Lot<'a> {
    pub(super) fn of(site: &'a Site, spare: Spare, question: &Question) -> Self {
        let rule = &question.rule;
        let units = |again| spare.units(rule.packaging, rule.least, again);
        let unpassable = if units(true) == 0 { Obstacle::LessThanAUnit } else { Obstacle::NotAgain };
        Self { site, units: units(rule.may_pass_again), unpassable, spare }
    }
}

impl Map {
    /// Of those lots, which stand in the order of facilities; those of a facility without a position are left out.
    pub(super) fn of(lots: &[Lot<'_>], which: impl Iterator<Item = usize>) -> Self {
        let mut places: Vec<GeomWithData<[f64; 3], Vec<usize>>> = Vec::new();
        let mut last = None;
        for lot in which {
            let site = lots[lot].site;
            let Some(position) = site.position else { continue };
            match places.last_mut().filter(|_| last == Some(site.code)) {
                Some(place) => place.data.push(lot),
                None => places.push(GeomWithData::new(on_the_ball(position), vec![lot])),
            }
            last = Some(site.code);
        }
        Self(RTree::bulk_load(places))
    }

    /// The nearest facilities of which a lot can help; of those that are known only that there are such.
    pub(super) fn look(
        &self,
        question: &Question,
        lots: &[Lot<'_>],
        wanting: Wanting<'_>,
        known: &BTreeSet<(usize, usize)>,
    ) -> Found {
        let mut found = Found::default();
        let site = wanting.receiver.site;
        let Some(here) = site.position else { return found };
        let (mut helpers, mut is_alone) = (0, true);
        for place in self.0.nearest_neighbor_iter(on_the_ball(here)) {
            let giver = lots[place.data[0]].site;
            let Some(there) = giver.position.filter(|_| giver.code != site.code) else { continue };
            let km = there.km_to(here);
            if km > question.travel.most_km {
                found.beyond_km = is_alone.then_some(km);
                break;
            }
            is_alone = false;
            let links_before = found.links.len();
            let mut outcome = Obstacle::LessThanAUnit;
            for lot in &place.data {
                match link(question, &lots[*lot], wanting, km) {
                    Ok(link) => {
                        outcome = Obstacle::AllProposed;
                        if !known.contains(&(*lot, wanting.index)) {
                            found.links.push(Link { lot: *lot, ..link });
                        }
                    }
                    Err(obstacle) => outcome = outcome.max(obstacle),
                }
            }
            *found.obstacles.entry(outcome).or_default() += 1;
            helpers += usize::from(found.links.len() > links_before);
            if helpers == question.travel.nearest.max(1) {
                break;
            }
        }
        found
    }
}

/// A place on the unit ball: what lies nearer in space lies nearer on the ground.
fn on_the_ball(position: Coordinates) -> [f64; 3] {
    let radians = |millionths: i32| (f64::from(millionths) / 1e6).to_radians();
    let (latitude, longitude) = (radians(position.latitude), radians(position.longitude));
    [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
}

fn link(question: &Question, lot: &Lot<'_>, wanting: Wanting<'_>, km: u32) -> Result<Link, Obstacle> {
    let (travel, rule, receiver) = (&question.travel, &question.rule, wanting.receiver);
    if lot.units == 0 {
        return Err(lot.unpassable);
    }
    if !rule.may_pass.contains(&(lot.site.kind, receiver.site.kind)) {
        return Err(Obstacle::NotBetweenKinds);
    }
    let way_ms = travel.way_ms(km);
    let leaves_at = question.now.plus_ms(travel.until_it_leaves_ms);
    let arrives_at = leaves_at.plus_ms(way_ms);
    let stock = &lot.spare.of;
    let is_frozen = stock.storage == Storage::Frozen;
    let (carriage, good_until) =
        if is_frozen && way_ms <= travel.freezer.most_ms && has_room(question, receiver) {
            (Carriage::Frozen, stock.good_until())
        } else if way_ms > travel.chilled.most_ms {
            return Err(Obstacle::ColdChain);
        } else if is_frozen {
            (Carriage::Chilled, stock.good_until().min(leaves_at.plus_ms(travel.thawed_life_ms)))
        } else {
            (Carriage::Chilled, stock.good_until())
        };
    let serves = serves(&receiver.wanted, wanting.open, arrives_at, good_until)?;
    Ok(Link { lot: 0, receiver: wanting.index, km, carriage, way_ms, arrives_at, good_until, serves })
}

/// Whether its deep freezer can take all that it is short of.
fn has_room(question: &Question, receiver: &Receiver<'_>) -> bool {
    let packaging = question.rule.packaging;
    let units: u64 = receiver.wanted.iter().map(|wanted| wanted.units).sum();
    let vials = match packaging.vials_of(question.rule.least) {
        0 => units.div_ceil(u64::from(packaging.doses_per_vial).max(1)),
        vials => units.saturating_mul(vials),
    };
    vials <= receiver.site.freezer_room
}

/// The first of what is wanted that something from so far away reaches in time; as many as are wanted where it reaches none.
pub(super) fn first_served(question: &Question, receiver: &Receiver<'_>, km: u32) -> usize {
    let travel = &question.travel;
    first_in_time(&receiver.wanted, question.now.plus_ms(travel.until_it_leaves_ms + travel.way_ms(km)))
}

fn first_in_time(wanted: &[Wanted], arrives_at: WallTime) -> usize {
    CalendarDate::in_japan(arrives_at)
        .map_or(wanted.len(), |arrives_on| wanted.partition_point(|wanted| wanted.from < arrives_on))
}

/// What is wanted that it reaches in time and for which it is good long enough: a part without a gap, because neither day of
/// what is wanted ever goes back.
fn serves(
    wanted: &[Wanted],
    open: &[bool],
    arrives_at: WallTime,
    good_until: WallTime,
) -> Result<(usize, usize), Obstacle> {
    let first = first_in_time(wanted, arrives_at);
    if !open[first..].contains(&true) {
        return Err(Obstacle::TooLate);
    }
    let beyond = wanted.partition_point(|wanted| demand::is_good_on(good_until, wanted.until));
    match open.get(first..beyond) {
        Some(served) if served.contains(&true) => Ok((first, beyond - 1)),
        _ => Err(Obstacle::NotGoodLongEnough),
    }
}
