//! Facilities as the rules see them: kind, place, room, stock, bookings and what arrives, for one product at one moment.
//!
//! Must not: leave anything out without saying so.

use std::collections::BTreeMap;

use record::{
    CalendarDate, MunicipalityCode, WallTime,
    day::{FacilityCode, LotNumber, Product},
};
use vsys::{
    Amount, StockKey, Storage as Kept,
    demand::{Arrival, Booking, Stock},
    ledger::{Account, Origin},
    proposal::Site,
    transfer::State,
};

use super::{
    lots::{Known, Lots},
    thawed::Limits,
};
use crate::{
    stock::folded::KeptTransfer,
    storage::{BookedDay, StockMoment},
};

/// For so long what is expected to be delivered is taken to be good: longer than anybody books ahead.
const DELIVERY_IS_GOOD_MS: i64 = 366 * 86_400_000;

/// Something that takes no part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Where.
    pub facility: FacilityCode,
    /// Why.
    pub missing: Missing,
}

/// What is missing, or stands against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The facility is of no kind for the product: all of it is left out.
    Kind,
    /// Nobody has said where it stands: it can neither help nor be helped.
    Position,
    /// Nobody has said until when the lot is good: the lot is left out.
    Expiry(LotNumber),
    /// Nobody has said when it was thawed: what lies thawed of the lot is left out.
    ThawedAt(LotNumber),
    /// The lot is recalled.
    Recalled(LotNumber),
}

/// Whether what it moves counts as moved already: planned, approved or on its way. What is in dispute counts nowhere.
pub(super) fn counts(kept: &KeptTransfer) -> bool {
    matches!(kept.transfer.state, State::Planned | State::Approved | State::Sent)
}

/// One product at one instant.
pub(super) struct At<'a> {
    pub(super) product: &'a Product,
    pub(super) now: WallTime,
    pub(super) today: CalendarDate,
}

/// The facilities that take part, and what is left out of them.
pub(super) fn sites(
    at: &At<'_>,
    moment: &StockMoment,
    transfers: &[KeptTransfer],
    thawed: &Limits,
) -> (Vec<Site>, Vec<LeftOut>) {
    let lots = Lots::of(moment, at.product, at.now);
    let mut gathered = Gathered::default();
    gathered.take_stock(moment, &lots, thawed);
    for kept in transfers {
        gathered.take_transfer(kept, &lots, at.today);
    }
    for day in &moment.booked {
        // Stock is less by what was given today already; those people are booked no longer.
        let given = moment.given.get(&day.place.facility).copied().filter(|_| day.on == at.today);
        let doses = day.doses.saturating_sub(given.unwrap_or(0));
        gathered.take_booking(&BookedDay { doses, ..day.clone() }, at.now);
    }
    let mut sites = Vec::new();
    for kept in &moment.facilities {
        let facility = &kept.facility;
        let Some(Parts { stock, bookings, arrivals }) = gathered.parts.remove(&facility.code) else {
            continue;
        };
        let mut miss = |missing| gathered.left_out.push(LeftOut { facility: facility.code, missing });
        let kinds = moment.kinds.get(&facility.code);
        let Some(kind) = kinds.and_then(|kinds| kinds.kind_at(at.product, at.now)) else {
            miss(Missing::Kind);
            continue;
        };
        if facility.position.is_none() {
            miss(Missing::Position);
        }
        let frozen = moment.frozen_vials.get(&facility.code).copied().unwrap_or(0);
        sites.push(Site {
            code: facility.code,
            municipality: facility.municipality,
            kind,
            position: facility.position,
            freezer_room: u64::from(facility.freezer_vials).saturating_sub(frozen),
            stock,
            bookings,
            arrivals,
        });
    }
    gathered.left_out.sort_by_key(|left| left.facility);
    (sites, gathered.left_out)
}

#[derive(Default)]
struct Parts {
    stock: Vec<Stock>,
    bookings: Vec<Booking>,
    arrivals: Vec<Arrival>,
}

#[derive(Default)]
struct Gathered {
    parts: BTreeMap<FacilityCode, Parts>,
    left_out: Vec<LeftOut>,
}

impl Gathered {
    /// What is on hand and good, and how much of it was received. Where that cannot be told apart any more, as much as can be
    /// counts as received: what may not be passed on again is then surely not proposed.
    fn take_stock(&mut self, moment: &StockMoment, lots: &Lots, thawed: &Limits) {
        let owners: BTreeMap<FacilityCode, MunicipalityCode> =
            moment.facilities.iter().map(|kept| (kept.facility.code, kept.facility.municipality)).collect();
        let mut amounts: BTreeMap<&StockKey, (Amount, Amount)> = BTreeMap::new();
        for (account, balance) in &moment.accounts {
            match account {
                Account::OnHand(key) => amounts.entry(key).or_default().0 = balance.amount(),
                Account::From(Origin::Received, key) => amounts.entry(key).or_default().1 = balance.amount(),
                Account::From(..) | Account::InTransit(..) | Account::Gone(..) => {}
            }
        }
        for (key, (amount, received)) in amounts {
            let Some(owner) = owners.get(&key.facility).filter(|_| amount.doses > 0) else { continue };
            let missing = match (lots.known(*owner, &key.lot), key.storage, thawed.get(key)) {
                (Known::Recalled, ..) => Missing::Recalled(key.lot.clone()),
                (Known::Unknown, ..) => Missing::Expiry(key.lot.clone()),
                (Known::GoodUntil(_), Kept::Thawed, None) => Missing::ThawedAt(key.lot.clone()),
                (Known::GoodUntil(expires_at), storage, limit) => {
                    self.parts.entry(key.facility).or_default().stock.push(Stock {
                        lot: key.lot.clone(),
                        storage,
                        expires_at,
                        thawed_until: limit.copied().filter(|_| storage == Kept::Thawed),
                        amount,
                        received: received.within(amount),
                    });
                    continue;
                }
            };
            self.parts.entry(key.facility).or_default();
            self.left_out.push(LeftOut { facility: key.facility, missing });
        }
    }

    /// What is planned leaves the giver and arrives today at the receiver; what is on its way has left already.
    fn take_transfer(&mut self, kept: &KeptTransfer, lots: &Lots, today: CalendarDate) {
        let (plan, handover) = (&kept.transfer.plan, &kept.transfer.handover);
        let known = match lots.known(plan.from.1, &plan.lot) {
            Known::Unknown => lots.known(plan.to.1, &plan.lot),
            known => known,
        };
        let expires_at = match (known, handover) {
            (Known::Recalled, _) | (Known::Unknown, None) => None,
            (Known::GoodUntil(expires_at), None) => Some(expires_at),
            (Known::GoodUntil(expires_at), Some(sent)) => Some(sent.good_until.min(expires_at)),
            (Known::Unknown, Some(sent)) => Some(sent.good_until),
        };
        if handover.is_none()
            && let Some(parts) = self.parts.get_mut(&plan.from.0)
        {
            for stock in &mut parts.stock {
                if stock.lot == plan.lot && stock.storage == plan.storage {
                    stock.amount = stock.amount.beyond(plan.amount);
                    stock.received = stock.received.within(stock.amount);
                }
            }
        }
        let amount = if handover.is_some() { kept.transfer.on_its_way } else { plan.amount };
        let parts = self.parts.entry(plan.to.0).or_default();
        let Some(expires_at) = expires_at else { return };
        let (lot, storage) = (plan.lot.clone(), plan.storage);
        let stock = Stock { lot, storage, expires_at, thawed_until: None, amount, received: amount };
        parts.arrivals.push(Arrival { on: today, stock });
    }

    fn take_booking(&mut self, day: &BookedDay, now: WallTime) {
        let parts = self.parts.entry(day.place.facility).or_default();
        if day.doses > 0 {
            parts.bookings.push(Booking { on: day.on, doses: day.doses });
        }
        // Which lot will come nobody knows yet; what has yet to arrive is never passed on.
        if let Some(lot) = "EXPECTED".parse().ok().filter(|_| day.expected > 0) {
            let stock = Stock {
                lot,
                storage: Kept::Frozen,
                expires_at: now.plus_ms(DELIVERY_IS_GOOD_MS),
                thawed_until: None,
                amount: Amount::of_doses(day.expected),
                received: Amount::default(),
            };
            parts.arrivals.push(Arrival { on: day.on, stock });
        }
    }
}

#[cfg(test)]
mod tests;
