//! 需要と余剰: what a facility will be short of, and what it can spare, from its bookings, its stock and what arrives, day by
//! day. What spoils first is used first.
//!
//! Must not: book anything; look beyond the bookings that it is given.

use record::{CalendarDate, WallTime, day::LotNumber};
use serde::{Deserialize, Serialize};

use crate::{
    amount::Amount,
    ledger::Storage,
    product::{Packaging, Unit},
};

/// 在庫 of one product at one facility: one lot, kept in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// Which lot.
    pub lot: LotNumber,
    /// How it is kept.
    pub storage: Storage,
    /// From when on it is no longer good: its effective expiry.
    pub expires_at: WallTime,
    /// From when on it is no longer good because it was thawed; none for what is frozen.
    pub thawed_until: Option<WallTime>,
    /// How much is there.
    pub amount: Amount,
    /// How much of it came by a transfer: passing that on is 再融通.
    pub received: Amount,
}

impl Stock {
    /// From when on it is no longer good, where it stays as it is.
    #[must_use]
    pub fn good_until(&self) -> WallTime {
        self.thawed_until.map_or(self.expires_at, |thawed| thawed.min(self.expires_at))
    }
    /// Whether it is good until that day is over.
    #[must_use]
    pub fn is_good_on(&self, on: CalendarDate) -> bool {
        is_good_on(self.good_until(), on)
    }
}

/// 予約: doses that people are booked for on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Booking {
    /// On which day.
    pub on: CalendarDate,
    /// How many doses.
    pub doses: u64,
}

/// 入荷予定: a delivery or a transfer that is expected on a day, and counts from that day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrival {
    /// On which day.
    pub on: CalendarDate,
    /// What.
    pub stock: Stock,
}

/// 不足: doses of one day for which there is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// On which day.
    pub on: CalendarDate,
    /// How many doses, at least 1.
    pub doses: u64,
}

/// Whole units that are short alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// They must be there on this day.
    pub from: CalendarDate,
    /// They must be good on this day still.
    pub until: CalendarDate,
    /// How many units, at least 1.
    pub units: u64,
    /// Doses that are short of each, at least 1; fewer than a unit holds where the last is not used up.
    pub doses: u64,
}

/// 余剰: stock on hand that no booking here uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spare {
    /// Of which stock, as it is now.
    pub of: Stock,
    /// Doses that are left of it.
    pub doses: u64,
}

/// 見通し of one facility.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outlook {
    /// By day.
    pub needs: Vec<Need>,
    /// Of what is on hand, first what spoils first. What has yet to arrive cannot be passed on.
    pub spare: Vec<Spare>,
}

impl Outlook {
    /// Looks at every booking from today on, in the order of days. On each day what spoils first is used first, which
    /// leaves as few doses short as can be.
    #[must_use]
    pub fn of(stock: &[Stock], bookings: &[Booking], arrivals: &[Arrival], today: CalendarDate) -> Self {
        let mut sources = sources(stock, arrivals);
        let mut needs = Vec::new();
        for Booking { on, doses } in by_day(bookings, today) {
            let mut short = doses;
            let usable = |source: &&mut Source<'_>| {
                source.from.is_none_or(|from| from <= on) && source.stock.is_good_on(on)
            };
            for source in sources.iter_mut().filter(usable) {
                let used = short.min(source.left);
                (source.left, short) = (source.left - used, short - used);
            }
            if short > 0 {
                needs.push(Need { on, doses: short });
            }
        }
        let spare = sources
            .into_iter()
            .filter(|source| source.from.is_none() && source.left > 0 && source.stock.is_good_on(today))
            .map(|source| Spare { of: source.stock.clone(), doses: source.left })
            .collect();
        Self { needs, spare }
    }

    /// All that is short, in doses.
    #[must_use]
    pub fn short(&self) -> u64 {
        self.needs.iter().map(|need| need.doses).fold(0, u64::saturating_add)
    }

    /// All that can be spared, in doses.
    #[must_use]
    pub fn spared(&self) -> u64 {
        self.spare.iter().map(|spare| spare.doses).fold(0, u64::saturating_add)
    }

    /// What is short in whole units, in the order of days: as few units as hold all of it. A unit that is not used up on one
    /// day serves the next days too, and must be good for as long.
    #[must_use]
    pub fn wanted(&self, unit_doses: u64) -> Vec<Wanted> {
        let unit_doses = unit_doses.max(1);
        let mut wanted = Vec::new();
        let mut begun: Option<Wanted> = None;
        for &Need { on, mut doses } in &self.needs {
            if let Some(unit) = &mut begun {
                let more = doses.min(unit_doses - unit.doses);
                (unit.until, unit.doses, doses) = (on, unit.doses + more, doses - more);
            }
            if doses == 0 {
                continue;
            }
            wanted.extend(begun.take());
            if doses >= unit_doses {
                wanted.push(Wanted { from: on, until: on, units: doses / unit_doses, doses: unit_doses });
            }
            let rest = doses % unit_doses;
            begun = (rest > 0).then_some(Wanted { from: on, until: on, units: 1, doses: rest });
        }
        wanted.extend(begun);
        wanted
    }
}

impl Spare {
    /// How many whole units can leave. Where `again` is not allowed, only of what did not come by a transfer.
    #[must_use]
    pub fn units(&self, packaging: Packaging, unit: Unit, again: bool) -> u64 {
        let passable = if again { self.of.amount } else { self.of.amount.beyond(self.of.received) };
        let doses = self.doses.min(passable.doses) / packaging.doses_of(unit).max(1);
        match packaging.vials_of(unit) {
            0 => doses,
            vials => doses.min(passable.vials / vials),
        }
    }
}

/// Whether what is good until that instant is good until that day is over in Japan.
pub(crate) fn is_good_on(good_until: WallTime, on: CalendarDate) -> bool {
    // An instant beyond the calendar lies before or after all of its days.
    CalendarDate::in_japan(good_until).map_or(good_until.unix_ms() > 0, |last| last > on)
}

struct Source<'a> {
    stock: &'a Stock,
    /// None for what is there.
    from: Option<CalendarDate>,
    left: u64,
}

/// What spoils first stands first; of two that spoil together, what is there already stands last, so that it can be spared.
fn sources<'a>(stock: &'a [Stock], arrivals: &'a [Arrival]) -> Vec<Source<'a>> {
    let on_hand = stock.iter().map(|stock| Source { stock, from: None, left: stock.amount.doses });
    let arriving = arrivals.iter().map(|arrival| Source {
        stock: &arrival.stock,
        from: Some(arrival.on),
        left: arrival.stock.amount.doses,
    });
    let mut sources: Vec<_> = on_hand.chain(arriving).collect();
    sources.sort_by_key(|source| {
        let Stock { lot, storage, amount, received, .. } = source.stock;
        let figures = (amount.doses, amount.vials, received.doses, received.vials);
        (source.stock.good_until(), source.from.is_none(), lot, *storage, source.from, figures)
    });
    sources
}

/// One booking a day, from today on.
fn by_day(bookings: &[Booking], today: CalendarDate) -> Vec<Booking> {
    let mut sorted: Vec<Booking> =
        bookings.iter().filter(|booking| booking.doses > 0 && booking.on >= today).copied().collect();
    sorted.sort_unstable();
    sorted.dedup_by(|later, earlier| {
        let same = later.on == earlier.on;
        if same {
            earlier.doses = earlier.doses.saturating_add(later.doses);
        }
        same
    });
    sorted
}

#[cfg(test)]
mod tests;
