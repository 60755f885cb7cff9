//! From the question to the answer: who spares, who is short, the network between them, and what its solution says.
//!
//! Must not: depend on the order in which anything was given.

use std::collections::{BTreeMap, BTreeSet};

use record::CalendarDate;

use crate::{
    amount::Amount,
    demand::{Outlook, Wanted},
    product::Unit,
    proposal::{
        Answer, Carriage, Proposal, Question, QuestionError, Reach, Site, StaysShort, Why,
        candidates::{Link, Lot, Map, Receiver, Wanting, first_served},
        flow::{Network, Node, PipeId},
    },
    transfer::prefecture,
};

/// So many links of each receiver, nearest first, are solved before all are: each beside those before.
const FIRST_LINKS: [usize; 3] = [2, 6, 15];

pub(super) fn solve(question: &Question) -> Result<Answer, QuestionError> {
    let today = CalendarDate::in_japan(question.now).map_err(|_| QuestionError::OutsideCalendar)?;
    let mut sites: Vec<&Site> = question.sites.iter().collect();
    sites.sort_by_key(|site| site.code);
    if let Some(pair) = sites.windows(2).find(|pair| pair[0].code == pair[1].code) {
        return Err(QuestionError::Twice(pair[0].code));
    }
    let mut answer = Answer::default();
    let mut circles: BTreeMap<Option<String>, Circle<'_>> = BTreeMap::new();
    for site in sites {
        let outlook = Outlook::of(&site.stock, &site.bookings, &site.arrivals, today);
        (answer.short, answer.spare) =
            (added(answer.short, outlook.short())?, added(answer.spare, outlook.spared())?);
        circles.entry(circle_of(question, site)).or_default().take(question, site, outlook);
    }
    for circle in circles.values() {
        circle.solve(question, today, &mut answer);
    }
    answer.proposals.sort_by(|one, other| order(one).cmp(&order(other)));
    answer.stay_short.sort_by_key(|site| site.facility);
    Ok(answer)
}

fn added(sum: u64, more: u64) -> Result<u64, QuestionError> {
    sum.checked_add(more).filter(|sum| *sum <= Network::MOST_UNITS).ok_or(QuestionError::TooMuch)
}

/// Only those of one circle help each other.
fn circle_of(question: &Question, site: &Site) -> Option<String> {
    match question.travel.reach {
        Reach::Municipality => Some(site.municipality.to_string()),
        Reach::Prefecture => Some(format!("{:02}", prefecture(site.municipality))),
        Reach::Nation => None,
    }
}

fn order(proposal: &Proposal) -> impl Ord + '_ {
    (proposal.from.0, proposal.to.0, &proposal.lot, proposal.storage, proposal.why.good_until)
}

#[derive(Default)]
struct Circle<'a> {
    lots: Vec<Lot<'a>>,
    receivers: Vec<Receiver<'a>>,
}

impl<'a> Circle<'a> {
    fn take(&mut self, question: &Question, site: &'a Site, outlook: Outlook) {
        let rule = &question.rule;
        let (short, wanted) = (outlook.short(), outlook.wanted(rule.packaging.doses_of(rule.least)));
        self.lots.extend(outlook.spare.into_iter().map(|spare| Lot::of(site, spare, question)));
        if short > 0 {
            self.receivers.push(Receiver { site, wanted, short });
        }
    }

    fn solve(&self, question: &Question, today: CalendarDate, answer: &mut Answer) {
        let everyone = Map::of(&self.lots, 0..self.lots.len());
        let mut plan = Plan::of(question, self, today);
        let mut known = BTreeSet::new();
        let mut found = Vec::new();
        for (index, receiver) in self.receivers.iter().enumerate() {
            let open = vec![true; receiver.wanted.len()];
            let wanting = Wanting { index, receiver, open: &open };
            found.push(everyone.look(question, &self.lots, wanting, &known).links);
        }
        // What most use is solved first, while the network is small: it is as good in the end, and found sooner.
        for nearest in FIRST_LINKS {
            for links in &mut found {
                let rest = links.split_off(nearest.min(links.len()));
                plan.add(std::mem::replace(links, rest));
            }
            plan.network.solve();
        }
        found.into_iter().for_each(|links| plan.add(links));
        for round in 0.. {
            plan.network.solve();
            let further = self.further(&plan, &mut known, round);
            if further.is_empty() {
                break;
            }
            plan.add(further);
        }
        plan.tell(&everyone, answer);
    }

    /// Lots with units left that can help who stays short, and were not looked at because others were nearer.
    fn further(&self, plan: &Plan<'_>, known: &mut BTreeSet<(usize, usize)>, round: u32) -> Vec<Link> {
        let left = plan.left();
        let map = Map::of(&self.lots, (0..self.lots.len()).filter(|lot| left[*lot] > 0));
        let is_short = |receiver: &usize| plan.open(*receiver).contains(&true);
        let short: BTreeSet<usize> = (0..self.receivers.len()).filter(is_short).collect();
        let of_short = plan.links.iter().filter(|(link, _)| short.contains(&link.receiver));
        known.extend(of_short.map(|(link, _)| (link.lot, link.receiver)));
        let mut further = Vec::new();
        for index in short {
            let receiver = &self.receivers[index];
            // At first also for what is served already: another lot may then be free for what is not.
            let open = if round < 2 { vec![true; receiver.wanted.len()] } else { plan.open(index) };
            let wanting = Wanting { index, receiver, open: &open };
            further.extend(map.look(plan.question, &self.lots, wanting, known).links);
        }
        further
    }
}

/// The network of a circle, and which of its pipes stand for what.
struct Plan<'a> {
    question: &'a Question,
    circle: &'a Circle<'a>,
    network: Network,
    lots: Vec<Node>,
    links: Vec<(Link, PipeId)>,
    /// Of each receiver, for each of what it wants: its place and pipe, and units that are wanted.
    wanted: Vec<Vec<(Node, PipeId, u64)>>,
    /// Of a receiver, from one of what it wants on: places from which that one and the later ones are reached.
    stairs: BTreeMap<(usize, usize), Vec<Node>>,
}

impl<'a> Plan<'a> {
    fn of(question: &'a Question, circle: &'a Circle<'a>, today: CalendarDate) -> Self {
        let mut network = Network::new();
        let mut come = |lot: &Lot<'_>| {
            let node = network.node();
            network.comes(node, lot.units);
            node
        };
        let lots = circle.lots.iter().map(&mut come).collect();
        let mut want = |want: &Wanted| {
            let node = network.node();
            let waiting = question.preference.of_waiting(want.from.days_since(today));
            (node, network.wanted(node, want.units, waiting), want.units)
        };
        let wanted: Vec<Vec<_>> =
            circle.receivers.iter().map(|receiver| receiver.wanted.iter().map(&mut want).collect()).collect();
        let mut stairs = BTreeMap::new();
        for (index, receiver) in circle.receivers.iter().enumerate() {
            // Where everything arrives on a day from which the same is served, the places themselves are the stair.
            let first = first_served(question, receiver, 0);
            if first_served(question, receiver, question.travel.most_km) == first {
                let steps: Vec<Node> = wanted[index][first..].iter().map(|(node, ..)| *node).collect();
                descend(&mut network, &steps);
                stairs.insert((index, first), steps);
            }
        }
        Self { question, circle, network, lots, links: Vec::new(), wanted, stairs }
    }

    fn add(&mut self, links: Vec<Link>) {
        for link in links {
            let (first, last) = link.serves;
            let network = &mut self.network;
            let stair = self.stairs.entry((link.receiver, first)).or_insert_with(|| {
                let ends = &self.wanted[link.receiver][first..];
                let steps: Vec<Node> = ends.iter().map(|_| network.node()).collect();
                for (step, (end, _, units)) in steps.iter().zip(ends) {
                    network.pipe(*step, *end, *units, 0);
                }
                descend(network, &steps);
                steps
            });
            let lot = &self.circle.lots[link.lot];
            let to = self.circle.receivers[link.receiver].site.municipality;
            let days = link.good_until.ms_since(link.arrives_at) / 86_400_000;
            let preference = &self.question.preference;
            let cost = preference.of_way(link.km, lot.site.municipality, to) + preference.of_shelf_life(days);
            let pipe = network.pipe(self.lots[link.lot], stair[last - first], lot.units, cost);
            self.links.push((link, pipe));
        }
    }

    /// Units that are left of each lot.
    fn left(&self) -> Vec<u64> {
        let mut left: Vec<u64> = self.circle.lots.iter().map(|lot| lot.units).collect();
        for (link, pipe) in &self.links {
            left[link.lot] -= self.network.through(*pipe);
        }
        left
    }

    /// Of what a receiver wants, which is not served whole.
    fn open(&self, receiver: usize) -> Vec<bool> {
        self.wanted[receiver].iter().map(|(_, pipe, units)| self.network.through(*pipe) < *units).collect()
    }

    fn tell(&self, everyone: &Map, answer: &mut Answer) {
        let (question, circle) = (self.question, self.circle);
        for (link, pipe) in &self.links {
            let units = self.network.through(*pipe);
            if units > 0 {
                answer.proposals.push(proposal(question, circle, link, units));
            }
        }
        for (index, receiver) in circle.receivers.iter().enumerate() {
            let short: Vec<_> = receiver
                .wanted
                .iter()
                .zip(&self.wanted[index])
                .map(|(want, (_, pipe, units))| (want, units - self.network.through(*pipe)))
                .filter(|(_, units)| *units > 0)
                .collect();
            let Some((first, _)) = short.first() else { continue };
            let open = self.open(index);
            let wanting = Wanting { index, receiver, open: &open };
            let found = everyone.look(question, &circle.lots, wanting, &BTreeSet::new());
            answer.stay_short.push(StaysShort {
                facility: receiver.site.code,
                municipality: receiver.site.municipality,
                doses: short.iter().map(|(want, units)| want.doses * units).sum(),
                from: first.from,
                has_no_position: receiver.site.position.is_none(),
                obstacles: found.obstacles,
                nearest_km: found.beyond_km,
            });
        }
    }
}

/// What serves a later one serves each earlier one that it reaches.
fn descend(network: &mut Network, steps: &[Node]) {
    for pair in steps.windows(2) {
        network.pipe(pair[1], pair[0], Network::MOST_UNITS, 0);
    }
}

fn proposal(question: &Question, circle: &Circle<'_>, link: &Link, units: u64) -> Proposal {
    let (lot, receiver) = (&circle.lots[link.lot], &circle.receivers[link.receiver]);
    let (rule, stock) = (&question.rule, &lot.spare.of);
    let amount = match rule.least {
        Unit::Dose => Amount::of_doses(units),
        unit => Amount::of_vials(units * rule.packaging.vials_of(unit), rule.packaging.doses_of(Unit::Vial)),
    };
    Proposal {
        from: (lot.site.code, lot.site.municipality),
        to: (receiver.site.code, receiver.site.municipality),
        lot: stock.lot.clone(),
        storage: stock.storage,
        amount,
        why: Why {
            short: receiver.short,
            short_from: receiver.wanted[0].from,
            spare: lot.spare.doses,
            between: (lot.site.kind, receiver.site.kind),
            is_again: !stock.received.is_none(),
            km: link.km,
            carriage: link.carriage,
            cold_chain: match link.carriage {
                Carriage::Chilled => question.travel.chilled,
                Carriage::Frozen => question.travel.freezer,
            },
            way_ms: link.way_ms,
            arrives_at: link.arrives_at,
            good_until: link.good_until,
        },
    }
}
