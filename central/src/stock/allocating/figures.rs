//! 配分の基になる数: orders as they count, with the people and the doses of who ordered.
//!
//! Must not: make a figure up, or count a dose or a person for two.

use std::collections::BTreeMap;

use record::{MunicipalityCode, WallTime, day::FacilityCode};
use vsys::{
    OfficerName,
    allocation::{Order, Party},
};

/// 要望 as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptOrder {
    /// Whose.
    pub municipality: MunicipalityCode,
    /// 1, 2, 3 … of the municipality in this cycle.
    pub number: u64,
    /// What is ordered.
    pub line: OrderLine,
    /// Who ordered, by account.
    pub by: OfficerName,
    /// When.
    pub at: WallTime,
}

/// What one order says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderLine {
    /// For which facility; none for the municipality as a whole.
    pub facility: Option<FacilityCode>,
    /// Boxes; none takes back what was ordered before.
    pub boxes: u64,
    /// 12歳以上人口 that is vaccinated with it; none where the file of populations says it.
    pub people: Option<u64>,
}

impl KeptOrder {
    /// For whom.
    #[must_use]
    pub fn party(&self) -> Party {
        Party { municipality: self.municipality, facility: self.line.facility }
    }
}

/// Of each the last order, by party, without those that were taken back.
#[must_use]
pub fn counted(history: &[KeptOrder]) -> BTreeMap<Party, &KeptOrder> {
    let mut last: BTreeMap<Party, &KeptOrder> = BTreeMap::new();
    for order in history {
        let known = last.entry(order.party()).or_insert(order);
        if order.number > known.number {
            *known = order;
        }
    }
    last.retain(|_, order| order.line.boxes > 0);
    last
}

/// Doses of one facility's books, over its lots.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BookedDoses {
    /// Delivered, with what came by transfers and without what others received from it; below zero where more was passed on
    /// than ever came.
    pub delivered: i64,
    /// Given, by the register.
    pub recorded: i64,
}

impl BookedDoses {
    /// With what stands in such an account.
    pub(crate) fn add(&mut self, account: &str, doses: i64) {
        match account {
            "delivered" | "received" => self.delivered = self.delivered.saturating_add(doses),
            "handed_over" => self.delivered = self.delivered.saturating_sub(doses),
            "given" => self.recorded = self.recorded.saturating_add(doses),
            _ => {}
        }
    }
}

/// All that a cycle is computed from.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Every order of the cycle, in any order.
    pub orders: Vec<KeptOrder>,
    /// 12歳以上人口 of municipalities, as the file said last.
    pub populations: BTreeMap<MunicipalityCode, u64>,
    /// What the books of each facility say of the product.
    pub booked: BTreeMap<(MunicipalityCode, FacilityCode), BookedDoses>,
}

impl Figures {
    /// The orders with their figures, by party. A facility that is ordered for has its own people and doses; its
    /// municipality has those of the others.
    #[must_use]
    pub fn orders(&self) -> Vec<Order> {
        let counted = counted(&self.orders);
        let mut of_facilities: BTreeMap<MunicipalityCode, u64> = BTreeMap::new();
        for (party, order) in counted.iter().filter(|(party, _)| party.facility.is_some()) {
            let sum = of_facilities.entry(party.municipality).or_default();
            *sum = sum.saturating_add(order.line.people.unwrap_or(0));
        }
        let people = |party: &Party, told: Option<u64>| match self.populations.get(&party.municipality) {
            Some(all) if party.facility.is_none() => {
                all.saturating_sub(of_facilities.get(&party.municipality).copied().unwrap_or(0))
            }
            _ => told.unwrap_or(0),
        };
        let mut booked: BTreeMap<Party, BookedDoses> = BTreeMap::new();
        for ((municipality, facility), doses) in &self.booked {
            let own = Party { municipality: *municipality, facility: Some(*facility) };
            let party = if counted.contains_key(&own) { own } else { Party { facility: None, ..own } };
            let sum = booked.entry(party).or_default();
            sum.delivered = sum.delivered.saturating_add(doses.delivered);
            sum.recorded = sum.recorded.saturating_add(doses.recorded);
        }
        let order = |(party, order): (&Party, &&KeptOrder)| {
            let doses = booked.get(party).copied().unwrap_or_default();
            Order {
                party: *party,
                boxes: order.line.boxes,
                people: people(party, order.line.people),
                delivered: u64::try_from(doses.delivered).unwrap_or(0),
                recorded: u64::try_from(doses.recorded).unwrap_or(0),
            }
        };
        counted.iter().map(order).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(municipality: &str, facility: Option<&str>) -> Party {
        Party {
            municipality: municipality.parse().unwrap(),
            facility: facility.map(|code| code.parse().unwrap()),
        }
    }

    fn order(number: u64, party: Party, boxes: u64, people: Option<u64>) -> KeptOrder {
        KeptOrder {
            municipality: party.municipality,
            number,
            line: OrderLine { facility: party.facility, boxes, people },
            by: "staff-1".parse().unwrap(),
            at: WallTime::from_unix_ms(0),
        }
    }

    #[test]
    fn the_last_order_of_each_counts_and_nothing_is_an_order_taken_back() {
        let (own, other) = (party("131130", None), party("131016", None));
        let history = [order(2, own, 3, None), order(1, own, 9, None), order(1, other, 4, None)];
        let boxes: Vec<_> = counted(&history).values().map(|order| order.line.boxes).collect();
        assert_eq!(boxes, [4, 3]);
        let taken_back = [history.as_slice(), &[order(3, own, 0, None)]].concat();
        assert!(!counted(&taken_back).contains_key(&own));
    }

    #[test]
    fn a_facility_that_is_ordered_for_has_its_own_people_and_doses_and_nobody_counts_twice() {
        let (whole, one) = (party("131130", None), party("131130", Some("1311300001")));
        let unordered: FacilityCode = "1311300002".parse().unwrap();
        let booked = |delivered, recorded| BookedDoses { delivered, recorded };
        let figures = Figures {
            orders: vec![order(1, whole, 9, None), order(2, one, 2, Some(3_000))],
            populations: BTreeMap::from([(whole.municipality, 10_000)]),
            booked: BTreeMap::from([
                ((one.municipality, one.facility.unwrap()), booked(1_170, 170)),
                ((one.municipality, unordered), booked(2_000, 500)),
            ]),
        };
        let said: Vec<_> = figures
            .orders()
            .into_iter()
            .map(|order| (order.party, order.people, order.delivered, order.recorded))
            .collect();
        assert_eq!(said, [(whole, 7_000, 2_000, 500), (one, 3_000, 1_170, 170)]);
        let alone = Figures { orders: vec![order(1, whole, 9, None)], ..figures };
        let said: Vec<_> =
            alone.orders().into_iter().map(|order| (order.people, order.delivered, order.recorded)).collect();
        assert_eq!(said, [(10_000, 3_170, 670)]);
    }
}
