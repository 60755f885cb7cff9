//! 端末からの在庫の記録の取込み: each act that a tablet told becomes a line of the ledger or a step of its transfer, once; what cannot
//! waits, or is for a person, with its reason.
//!
//! Must not: drop an act, or hold up the others for one.

use record::{
    EntryContent, WallTime,
    stock::{Deed, SlipNumber, StockAct},
};
use vsys::{
    Amount, Event, Line, OfficerName, StockKey, Storage as Kept,
    facility::Label,
    transfer::{CHILLED, FREEZER, Handover, Receipt, State, Step},
};

use super::folded::{KeptStep, KeptTransfer};
use crate::storage::{
    LineAdded, NewStep, NotBooked, Place, StepTaken, Storage, StorageError, ToldAct, ToldKey, Which,
};

/// Acts of a page.
const AT_ONCE: u32 = 200;
/// The most open transfers of a municipality that are looked through for a slip.
const MOST_OPEN: u32 = 10_000;
/// Who carried it, where only a tablet wrote it down.
const CARRIER: &str = "（端末で記録）";

/// Takes in what waits, in the order in which it was recorded; how many acts came into the books.
///
/// # Errors
/// [`StorageError`]; what was taken in by then stays.
pub async fn take_in(storage: &dyn Storage, now: WallTime) -> Result<u64, StorageError> {
    let (mut taken, mut after) = (0, None);
    loop {
        let page = storage.told_waiting(after, AT_ONCE).await?;
        let Some(last) = page.last() else { return Ok(taken) };
        after = Some(last.key);
        for told in page {
            match take_one(storage, &told, now).await? {
                None => taken += 1,
                Some(why) => storage.leave_told(told.key, why).await?,
            }
        }
    }
}

/// Why it did not come into the books, where it did not.
async fn take_one(
    storage: &dyn Storage,
    told: &ToldAct,
    now: WallTime,
) -> Result<Option<NotBooked>, StorageError> {
    let EntryContent::Stock(act) = &told.entry.content else {
        return Err(StorageError::Inconsistent("entry"));
    };
    let place = Place { municipality: told.key.municipality, facility: act.site.facility_code };
    let known = storage.facility(place.facility).await?;
    if known.is_none_or(|kept| kept.place() != place) {
        return Ok(Some(NotBooked::NoFacility));
    }
    // A tablet's clock may run ahead; nothing in the books lies in the future.
    let at = told.entry.recorded_at.min(now);
    let by: OfficerName = format!("{} {}", told.tablet, told.entry.staff_id)
        .parse()
        .map_err(|_| StorageError::Inconsistent("staff_id"))?;
    let event = match act.deed {
        Deed::Received { slip: None } => Event::Delivered { amount: amount(act) },
        Deed::Counted {} => Event::Counted { amount: amount(act) },
        Deed::Discarded { reason } => Event::Discarded { amount: amount(act), reason },
        Deed::Received { slip: Some(slip) } | Deed::Sent { slip, .. } => {
            return take_step(storage, told.key, place, act, slip, KeptAt { at, now, by }).await;
        }
    };
    let line = Line { key: key(act), event, at, by, reason: None };
    Ok(match storage.book_told(told.key, line, now).await? {
        LineAdded::Added(_) => None,
        LineAdded::Refused(_) => Some(NotBooked::MoreThanOnHand),
        LineAdded::NoFacility => Some(NotBooked::NoFacility),
    })
}

/// When a step happened, when it is written down, and who says so.
struct KeptAt {
    at: WallTime,
    now: WallTime,
    by: OfficerName,
}

async fn take_step(
    storage: &dyn Storage,
    told: ToldKey,
    place: Place,
    act: &StockAct,
    slip: SlipNumber,
    KeptAt { at, now, by }: KeptAt,
) -> Result<Option<NotBooked>, StorageError> {
    let open = storage.transfers(place.municipality, Which::Open, None, MOST_OPEN).await?;
    let kept = match asked_for(&open, place, act, slip) {
        Ok(kept) => kept,
        Err(why) => return Ok(Some(why)),
    };
    let step = match act.deed {
        Deed::Sent { good_until, .. } => Step::Sent(Handover {
            at,
            amount: amount(act),
            cold_chain: if act.storage == Kept::Frozen { FREEZER } else { CHILLED },
            thawed_at: None,
            good_until: good_until.ends_in_japan(),
            container: None,
            logger: None,
            carrier: CARRIER.parse::<Label>().map_err(|_| StorageError::Inconsistent("carrier"))?,
            by: by.clone(),
        }),
        _ => Step::Received(Receipt { at, amount: amount(act), storage: act.storage, by: by.clone() }),
    };
    let plan = &kept.transfer.plan;
    let seen = u32::try_from(kept.steps.len()).unwrap_or(u32::MAX);
    let taken = KeptStep { step, by, at: now };
    let new = NewStep { from: plan.from.1, id: plan.id, seen, taken, noted: None };
    Ok(match storage.step_told(told, new).await? {
        StepTaken::Taken(_) => None,
        // Somebody took a step meanwhile: it is looked at again next time.
        StepTaken::Overtaken => Some(NotBooked::NotYet),
        StepTaken::Unknown => Some(NotBooked::UnknownSlip),
        StepTaken::Refused(_) => Some(NotBooked::MoreThanPlanned),
        StepTaken::NotInTheBooks(_) => Some(NotBooked::MoreThanOnHand),
    })
}

/// The transfer of that slip, where it can take the step now.
fn asked_for<'a>(
    open: &'a [KeptTransfer],
    place: Place,
    act: &StockAct,
    slip: SlipNumber,
) -> Result<&'a KeptTransfer, NotBooked> {
    let sends = matches!(act.deed, Deed::Sent { .. });
    let is_it = |kept: &&KeptTransfer| {
        let plan = &kept.transfer.plan;
        let side = if sends { plan.from } else { plan.to };
        slip_of(kept) == slip && side == (place.facility, place.municipality)
    };
    let kept = open.iter().find(is_it).ok_or(NotBooked::UnknownSlip)?;
    let plan = &kept.transfer.plan;
    let is_same = plan.product == act.vaccine.product && plan.lot == act.lot;
    if !is_same || (sends && plan.storage != act.storage) {
        return Err(NotBooked::OtherStock);
    }
    match (kept.transfer.state, sends) {
        (State::Planned, true) => Err(NotBooked::NotApproved),
        (State::Planned | State::Approved, false) => Err(NotBooked::NotSent),
        (State::Approved, true) | (State::Sent | State::Disputed, false) => Ok(kept),
        (State::Sent | State::Disputed | State::Closed | State::Cancelled, _) => Err(NotBooked::UnknownSlip),
    }
}

/// 移送伝票番号 of a transfer.
#[must_use]
pub fn slip_of(kept: &KeptTransfer) -> SlipNumber {
    SlipNumber::of_id(kept.transfer.plan.id.as_bytes())
}

fn amount(act: &StockAct) -> Amount {
    Amount { vials: act.vials.into(), doses: act.doses.into() }
}

fn key(act: &StockAct) -> StockKey {
    StockKey {
        facility: act.site.facility_code,
        product: act.vaccine.product.clone(),
        lot: act.lot.clone(),
        storage: act.storage,
    }
}
