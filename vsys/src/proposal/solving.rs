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
        candidates::{Link, Lot, Map, Receiver, Wanting},
        flow::{Flows, Network, Node, PipeId},
    },
    transfer::prefecture,
};

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
        let mut known = BTreeSet::new();
        let mut links = Vec::new();
        for (index, receiver) in self.receivers.iter().enumerate() {
            let open = vec![true; receiver.wanted.len()];
            links.extend(
                everyone.look(question, &self.lots, Wanting { index, receiver, open: &open }, &known).links,
            );
        }
        for round in 0.. {
            let solved = Solved::of(question, self, &links, today);
            let further = self.further(question, &solved, &links, &mut known, round);
            if further.is_empty() {
                solved.tell(question, self, &links, &everyone, answer);
                return;
            }
            links.extend(further);
        }
    }

    /// Lots with units left that can help who stays short, and were not looked at because others were nearer.
    fn further(
        &self,
        question: &Question,
        solved: &Solved,
        links: &[Link],
        known: &mut BTreeSet<(usize, usize)>,
        round: u32,
    ) -> Vec<Link> {
        let left = solved.left(self, links);
        let map = Map::of(&self.lots, (0..self.lots.len()).filter(|lot| left[*lot] > 0));
        let mut further = Vec::new();
        let short: BTreeSet<usize> =
            (0..self.receivers.len()).filter(|receiver| solved.open(*receiver).contains(&true)).collect();
        let of_short = links.iter().filter(|link| short.contains(&link.receiver));
        known.extend(of_short.map(|link| (link.lot, link.receiver)));
        for index in short {
            let receiver = &self.receivers[index];
            // At first also for what is served already: another lot may then be free for what is not.
            let open = if round < 2 { vec![true; receiver.wanted.len()] } else { solved.open(index) };
            further.extend(
                map.look(question, &self.lots, Wanting { index, receiver, open: &open }, known).links,
            );
        }
        further
    }
}

struct Solved {
    flows: Flows,
    /// Of each link.
    links: Vec<PipeId>,
    /// Of each receiver, for each of what it wants: the pipe, and units that are wanted.
    wanted: Vec<Vec<(PipeId, u64)>>,
}

impl Solved {
    fn of(question: &Question, circle: &Circle<'_>, links: &[Link], today: CalendarDate) -> Self {
        let mut network = Network::default();
        let (source, sink) = (network.node(), network.node());
        let lots: Vec<_> = circle.lots.iter().map(|_| network.node()).collect();
        for (lot, node) in circle.lots.iter().zip(&lots) {
            network.pipe(source, *node, lot.units, 0);
        }
        let mut ends = Vec::new();
        let mut wanted: Vec<Vec<_>> = Vec::new();
        for receiver in &circle.receivers {
            let nodes: Vec<_> = receiver.wanted.iter().map(|_| network.node()).collect();
            let pipe = |(want, node): (&Wanted, &Node)| {
                let waiting = question.preference.of_waiting(want.from.days_since(today));
                (network.pipe(*node, sink, want.units, waiting), want.units)
            };
            wanted.push(receiver.wanted.iter().zip(&nodes).map(pipe).collect());
            ends.push(nodes);
        }
        let mut stairs = BTreeMap::new();
        let mut pipes = Vec::new();
        for link in links {
            let (first, last) = link.serves;
            let of = &ends[link.receiver];
            let stair = stairs.entry((link.receiver, first)).or_insert_with(|| {
                // What serves a later day can go down to each earlier one that it reaches.
                let steps: Vec<_> = of[first..].iter().map(|_| network.node()).collect();
                for (step, end) in steps.iter().zip(&of[first..]) {
                    network.pipe(*step, *end, Network::MOST_UNITS, 0);
                }
                for pair in steps.windows(2) {
                    network.pipe(pair[1], pair[0], Network::MOST_UNITS, 0);
                }
                steps
            });
            let lot = &circle.lots[link.lot];
            let to = circle.receivers[link.receiver].site.municipality;
            let days = link.good_until.ms_since(link.arrives_at) / 86_400_000;
            let cost = question.preference.of_way(link.km, lot.site.municipality, to)
                + question.preference.of_shelf_life(days);
            pipes.push(network.pipe(lots[link.lot], stair[last - first], lot.units, cost));
        }
        Self { flows: network.solve(source, sink), links: pipes, wanted }
    }

    /// Units that are left of each lot.
    fn left(&self, circle: &Circle<'_>, links: &[Link]) -> Vec<u64> {
        let mut left: Vec<u64> = circle.lots.iter().map(|lot| lot.units).collect();
        for (link, pipe) in links.iter().zip(&self.links) {
            left[link.lot] -= self.flows.through(*pipe);
        }
        left
    }

    /// Of what a receiver wants, which is not served whole.
    fn open(&self, receiver: usize) -> Vec<bool> {
        self.wanted[receiver].iter().map(|(pipe, units)| self.flows.through(*pipe) < *units).collect()
    }

    fn tell(
        &self,
        question: &Question,
        circle: &Circle<'_>,
        links: &[Link],
        everyone: &Map,
        answer: &mut Answer,
    ) {
        for (link, pipe) in links.iter().zip(&self.links) {
            let units = self.flows.through(*pipe);
            if units > 0 {
                answer.proposals.push(proposal(question, circle, link, units));
            }
        }
        for (index, receiver) in circle.receivers.iter().enumerate() {
            let wanted = receiver.wanted.iter().zip(&self.wanted[index]);
            let short: Vec<_> = wanted
                .map(|(want, (pipe, units))| (want, units - self.flows.through(*pipe)))
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
