//! どこからどこへ: the transfers by which a lot came and left, and what its lines say of it, at the municipality's facilities.
//!
//! Must not: tell of another municipality more than its side of a transfer.

use std::collections::BTreeMap;

use record::{
    MunicipalityCode, WallTime,
    day::{LotNumber, Product},
};
use vsys::{
    Amount, Event, TransferId,
    recall::{LotTrace, trace_within},
};

use super::super::{
    event_words::{amount, slip_number},
    transfer_rows::{address, names, place},
    transfer_words,
};
use crate::{
    console::{language::Language, phrases},
    stock::folded::KeptTransfer,
    storage::{Storage, StorageError},
};

/// The most transfers that are shown, the newest ones.
const MOST: usize = 200;

/// One transfer of the lot.
pub(in super::super) struct WayRow {
    pub(in super::super) number: String,
    pub(in super::super) address: String,
    pub(in super::super) from: String,
    pub(in super::super) to: String,
    pub(in super::super) on_its_way: Option<String>,
    pub(in super::super) arrived: String,
    pub(in super::super) mark: &'static str,
    pub(in super::super) state: &'static str,
}

/// What is told of a lot beside what remains.
pub(in super::super) struct Ways {
    pub(in super::super) rows: Vec<WayRow>,
    pub(in super::super) first: Option<String>,
    pub(in super::super) given: String,
    /// Its lines do not follow from each other.
    pub(in super::super) is_broken: bool,
}

/// Reads it.
pub(in super::super) async fn ways(
    storage: &dyn Storage,
    municipality: MunicipalityCode,
    (product, lot): (Product, LotNumber),
    language: Language,
    now: WallTime,
) -> Result<Ways, StorageError> {
    let lines = storage.lot_lines(municipality, product.clone(), lot.clone()).await?;
    let trace = trace_within(&product, &lot, lines.iter().map(|kept| &kept.line));
    if let Err(error) = &trace {
        tracing::error!(%error, "the lines of a lot do not follow from each other");
    }
    let mut transfers: BTreeMap<TransferId, MunicipalityCode> = BTreeMap::new();
    for kept in &lines {
        match &kept.line.event {
            Event::Sent { transfer, .. } => {
                transfers.insert(*transfer, municipality);
            }
            Event::Received { transfer, sent, .. } if !transfers.contains_key(transfer) => {
                if let Some(from) = storage.facility(sent.facility).await? {
                    transfers.insert(*transfer, from.facility.municipality);
                }
            }
            _ => {}
        }
    }
    let mut found: Vec<KeptTransfer> = Vec::new();
    for (id, from) in transfers {
        found.extend(storage.transfer(from, id).await?);
    }
    found.sort_by_key(|kept| std::cmp::Reverse(kept.planned_at));
    found.truncate(MOST);
    let names = names(storage, &found).await?;
    let row = |kept: &KeptTransfer| {
        let plan = &kept.transfer.plan;
        let (mark, state) = transfer_words::state(language, kept.transfer.state);
        let on_its_way = kept.transfer.on_its_way;
        WayRow {
            number: slip_number(plan.id),
            address: address(kept),
            from: place(&names, plan.from),
            to: place(&names, plan.to),
            on_its_way: (!on_its_way.is_none()).then(|| amount(language, on_its_way)),
            arrived: amount(language, arrived(kept)),
            mark,
            state,
        }
    };
    let first = trace.as_ref().ok().and_then(LotTrace::first_at).map(|at| phrases::at(at, now));
    let given = trace.as_ref().map_or(0, |trace| u64::try_from(trace.given()).unwrap_or(0));
    Ok(Ways {
        rows: found.iter().map(row).collect(),
        first,
        given: doses(language, given),
        is_broken: trace.is_err(),
    })
}

fn arrived(kept: &KeptTransfer) -> Amount {
    kept.steps.iter().fold(Amount::default(), |sum, taken| match &taken.step {
        vsys::transfer::Step::Received(receipt) => {
            Amount { vials: sum.vials + receipt.amount.vials, doses: sum.doses + receipt.amount.doses }
        }
        _ => sum,
    })
}

fn doses(language: Language, doses: u64) -> String {
    match language {
        Language::Japanese => format!("{}回", phrases::number(doses)),
        Language::English if doses == 1 => "1 dose".to_owned(),
        Language::English => format!("{} doses", phrases::number(doses)),
    }
}
