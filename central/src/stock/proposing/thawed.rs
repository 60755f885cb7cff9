//! 解凍後の期限: until when what lies thawed is good, read from the lines of the ledger by which it came to be thawed.
//!
//! Must not: say that anything is good for longer than a line allows.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use record::{WallTime, day::FacilityCode};
use vsys::{
    Amount, Event, Line, StockKey, Storage as Kept, TransferId,
    ledger::{Account, Held as _},
};

use crate::storage::{Place, StockMoment, Storage, StorageError};

/// Lines that are read at once, and pages of them at most: what was thawed longer ago is no longer good.
const LINES: u32 = 200;
const MOST_PAGES: u32 = 20;
/// Facilities whose lines are read side by side.
const AT_ONCE: usize = 4;

/// From when on each is no longer good because it was thawed; what is not in it was never seen to be thawed.
pub(super) type Limits = BTreeMap<StockKey, WallTime>;

/// The limits of everything that lies thawed at that moment.
pub(super) async fn limits(
    storage: &dyn Storage,
    moment: &StockMoment,
    life_ms: i64,
) -> Result<Limits, StorageError> {
    let book: vsys::Book = moment.accounts.iter().cloned().collect();
    let thawed = moment.accounts.iter().filter_map(|(account, _)| match account {
        Account::OnHand(key) if key.storage == Kept::Thawed => {
            let on_hand = book.held(account).amount();
            (on_hand.doses > 0).then(|| (key.clone(), on_hand))
        }
        _ => None,
    });
    let places: BTreeMap<FacilityCode, Place> =
        moment.facilities.iter().map(|kept| (kept.facility.code, kept.place())).collect();
    let place = |key: &StockKey| places.get(&key.facility).copied();
    let all: Vec<_> = thawed.filter_map(|(key, on_hand)| Some((place(&key)?, key, on_hand))).collect();
    let found: Vec<Option<(StockKey, WallTime)>> = stream::iter(all)
        .map(|(place, key, on_hand)| async move {
            let limit = limit_of(storage, place, &key, on_hand, life_ms).await?;
            Ok::<_, StorageError>(limit.map(|limit| (key, limit)))
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(found.into_iter().flatten().collect())
}

async fn limit_of(
    storage: &dyn Storage,
    place: Place,
    key: &StockKey,
    on_hand: Amount,
    life_ms: i64,
) -> Result<Option<WallTime>, StorageError> {
    let mut looked = Looked { on_hand: on_hand.doses, found: 0, limit: None };
    let mut before = None;
    for _ in 0..MOST_PAGES {
        let page = storage.stock_lines(place, before, LINES).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.number);
        for kept in &page {
            let Some((amount, transfer)) = thaws(&kept.line, key) else { continue };
            let mut limit = kept.line.at.plus_ms(life_ms);
            if let Some((transfer, from)) = transfer
                && let Some(good_until) = good_until(storage, transfer, from).await?
            {
                limit = limit.min(good_until);
            }
            looked.take(limit, amount.doses);
            if looked.is_enough() {
                return Ok(looked.limit);
            }
        }
    }
    Ok(looked.limit)
}

/// What was thawed first is used first: what is there came by the last lines that hold as much.
struct Looked {
    on_hand: u64,
    found: u64,
    limit: Option<WallTime>,
}

impl Looked {
    fn take(&mut self, limit: WallTime, doses: u64) {
        self.found = self.found.saturating_add(doses);
        self.limit = Some(self.limit.map_or(limit, |before| before.min(limit)));
    }
    fn is_enough(&self) -> bool {
        self.found >= self.on_hand
    }
}

/// How much of that stock lies thawed since that line, and by which transfer it came, where it did.
fn thaws(line: &Line, key: &StockKey) -> Option<(Amount, Option<(TransferId, FacilityCode)>)> {
    let is_of_lot = line.key.product == key.product && line.key.lot == key.lot;
    if !is_of_lot {
        return None;
    }
    match &line.event {
        Event::Thawed { amount } => Some((*amount, None)),
        Event::Delivered { amount } if line.key.storage == Kept::Thawed => Some((*amount, None)),
        Event::Received { transfer, sent, amount } if line.key.storage == Kept::Thawed => {
            Some((*amount, Some((*transfer, sent.facility))))
        }
        _ => None,
    }
}

/// Until when what came by that transfer is good, as it was written down where it left.
async fn good_until(
    storage: &dyn Storage,
    transfer: TransferId,
    from: FacilityCode,
) -> Result<Option<WallTime>, StorageError> {
    let Some(giver) = storage.facility(from).await? else { return Ok(None) };
    let kept = storage.transfer(giver.facility.municipality, transfer).await?;
    Ok(kept.and_then(|kept| kept.transfer.handover).map(|handover| handover.good_until))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn key(storage: Kept) -> StockKey {
        StockKey {
            facility: "1311300001".parse().unwrap(),
            product: "見本一号".parse().unwrap(),
            lot: "SAMPLE-1".parse().unwrap(),
            storage,
        }
    }

    #[test]
    fn what_is_there_came_by_the_last_lines_that_hold_as_much_and_spoils_with_the_first_of_them() {
        let day = |day: i64| WallTime::from_unix_ms(day * DAY);
        let mut looked = Looked { on_hand: 12, found: 0, limit: None };
        looked.take(day(40), 10);
        assert!(!looked.is_enough());
        looked.take(day(38), 10);
        assert_eq!((looked.is_enough(), looked.limit), (true, Some(day(38))));
    }

    #[test]
    fn only_what_makes_that_stock_thawed_counts() {
        let amount = Amount::of_vials(2, 6);
        let line = |storage, event| Line {
            key: key(storage),
            event,
            at: WallTime::from_unix_ms(0),
            by: "staff-1".parse().unwrap(),
            reason: None,
        };
        let counts = |storage, event| thaws(&line(storage, event), &key(Kept::Thawed)).is_some();
        assert!(counts(Kept::Frozen, Event::Thawed { amount }));
        assert!(counts(Kept::Thawed, Event::Delivered { amount }));
        assert!(!counts(Kept::Frozen, Event::Delivered { amount }));
        assert!(!counts(Kept::Thawed, Event::Given { doses: 6 }));
        let mut other = line(Kept::Frozen, Event::Thawed { amount });
        other.key.lot = "SAMPLE-2".parse().unwrap();
        assert!(thaws(&other, &key(Kept::Thawed)).is_none());
    }
}
