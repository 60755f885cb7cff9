//! What an officer writes about a facility: a change of kind, or a line of the ledger.
//!
//! Must not: write for a facility of another municipality, without the account of who says so, or what `vsys` refuses.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use record::{WallTime, day::Product};
use serde::Deserialize;
use vsys::{Event, FacilityKind, Line, Reason, StockKey, Storage, facility::OfficerName};

use super::{
    event_words::DISCARD_REASONS,
    facility_page::{answer, look, own_facility},
    inputs,
    nav::{facility_address, unavailable},
    refused::Refused,
};
use crate::{
    audit::{Act, StockAct},
    console::language::Chosen,
    municipality::officer::Officer,
    state::Central,
    stock::accounts,
    storage::{KindChanged, LineAdded, NewKind, Place, StorageError, ToldKey},
};

/// A form's minute is the whole minute, and clocks differ by some.
const AHEAD_MS: i64 = 5 * 60_000;

/// Kinds with the word a form sends.
pub(super) const KINDS: [(&str, FacilityKind); 3] =
    [("core", FacilityKind::Core), ("linked", FacilityKind::Linked), ("satellite", FacilityKind::Satellite)];

/// What a form sends.
#[derive(Deserialize, Default)]
pub(crate) struct Entered {
    #[serde(default)]
    word: String,
    #[serde(default)]
    pub(super) what: String,
    #[serde(default)]
    pub(super) product: String,
    #[serde(default)]
    pub(super) lot: String,
    #[serde(default)]
    pub(super) storage: String,
    #[serde(default)]
    pub(super) vials: String,
    #[serde(default)]
    pub(super) doses: String,
    #[serde(default)]
    pub(super) at: String,
    #[serde(default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) discarded: String,
    #[serde(default)]
    pub(super) reason: String,
    /// An act of a tablet: its entry, and when it was recorded.
    #[serde(default)]
    entry: String,
    #[serde(default)]
    recorded_at: i64,
}

/// Writes, and shows the facility as it is then.
pub(crate) async fn act(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(code): Path<String>,
    Form(entered): Form<Entered>,
) -> Response {
    let place = match own_facility(&central, &officer, &code).await {
        Ok(Some(kept)) => kept.place(),
        Ok(None) => return answer(chosen, &officer, None, central.clock.now(), None),
        Err(error) => return unavailable(&error),
    };
    match done(&central, &officer, place, &entered).await {
        Ok(Ok(())) => Redirect::to(&facility_address(place.facility)).into_response(),
        Ok(Err(refused)) => match look(&central, &officer, chosen.language, &code, None).await {
            Ok(looked) => answer(chosen, &officer, looked, central.clock.now(), Some((refused, entered))),
            Err(error) => unavailable(&error),
        },
        Err(error) => unavailable(&error),
    }
}

async fn done(
    central: &Central,
    officer: &Officer,
    place: Place,
    entered: &Entered,
) -> Result<Result<(), Refused>, StorageError> {
    if !officer.sent(&entered.word) {
        return Ok(Err(Refused::StaleForm));
    }
    let Ok(by) = officer.name.as_str().parse::<OfficerName>() else {
        return Err(StorageError::Inconsistent("name"));
    };
    if entered.what == "kind" {
        return change_kind(central, officer, place, entered, by).await;
    }
    if entered.what == "settled" {
        return settle(central, officer, place, entered).await;
    }
    let rules = central.storage.product_rules().await?;
    let now = central.clock.now();
    let (line, what) = match read_line(place, entered, &rules, now, by) {
        Ok(read) => read,
        Err(refused) => return Ok(Err(refused)),
    };
    let noted = Act::StockRecorded { facility: place.facility, what };
    let noted = noted.line(officer.municipality, officer.name.as_str(), now);
    Ok(match central.storage.add_stock_line(officer.municipality, line, now, noted).await? {
        LineAdded::Added(number) => {
            tracing::info!(facility = %place.facility, number, "a line of stock was added");
            Ok(())
        }
        LineAdded::Refused(error) => Err(error.into()),
        LineAdded::NoFacility => Err(Refused::Unknown),
    })
}

/// What a tablet told was dealt with. It stays among its entries; only this page no longer asks.
async fn settle(
    central: &Central,
    officer: &Officer,
    place: Place,
    entered: &Entered,
) -> Result<Result<(), Refused>, StorageError> {
    let Ok(entry_id) = entered.entry.parse() else { return Ok(Err(Refused::Unknown)) };
    let recorded_at = WallTime::from_unix_ms(entered.recorded_at);
    let told = ToldKey { municipality: officer.municipality, recorded_at, entry_id };
    let noted = Act::StockRecorded { facility: place.facility, what: StockAct::ToldSettled };
    let noted = noted.line(officer.municipality, officer.name.as_str(), central.clock.now());
    let is_settled = central.storage.settle_told(told, place.facility, noted).await?;
    Ok(if is_settled { Ok(()) } else { Err(Refused::Overtaken) })
}

async fn change_kind(
    central: &Central,
    officer: &Officer,
    place: Place,
    entered: &Entered,
    by: OfficerName,
) -> Result<Result<(), Refused>, StorageError> {
    let now = central.clock.now();
    let read = || {
        let kind = KINDS.iter().find(|(code, _)| *code == entered.kind).ok_or(Refused::NothingChosen)?.1;
        Ok(NewKind {
            product: inputs::text(&entered.product, Refused::Product)?,
            kind,
            effective_from: inputs::moment(&entered.at)?,
            decided_at: now,
            by,
            reason: inputs::text(&entered.reason, Refused::Reason)?,
        })
    };
    let new = match read() {
        Ok(new) => new,
        Err(refused) => return Ok(Err(refused)),
    };
    let (facility, product, becomes) = (place.facility, new.product.clone(), new.kind);
    let noted = Act::KindChanged { facility, product, becomes };
    let noted = noted.line(officer.municipality, officer.name.as_str(), now);
    Ok(match central.storage.change_kind(place, new, noted).await? {
        KindChanged::Changed => Ok(()),
        KindChanged::Refused(error) => Err(Refused::Kind(error)),
        KindChanged::NoFacility => Err(Refused::Unknown),
    })
}

fn read_line(
    place: Place,
    entered: &Entered,
    rules: &[vsys::ProductRule],
    now: WallTime,
    by: OfficerName,
) -> Result<(Line, StockAct), Refused> {
    let product: Product = inputs::text(&entered.product, Refused::Product)?;
    let lot = inputs::text(&entered.lot, Refused::Lot)?;
    let amount = inputs::amount(&entered.vials, &entered.doses, &product, rules)?;
    let at = inputs::moment(&entered.at)?.unwrap_or(now);
    if at > now.plus_ms(AHEAD_MS) {
        return Err(Refused::InTheFuture);
    }
    let storage = || accounts::storage(&entered.storage).ok_or(Refused::NothingChosen);
    let (storage, event, what) = match entered.what.as_str() {
        "delivered" => (storage()?, Event::Delivered { amount }, StockAct::Delivered),
        "discarded" => {
            let found = DISCARD_REASONS.iter().find(|(code, _)| *code == entered.discarded);
            let reason = found.ok_or(Refused::NothingChosen)?.1;
            (storage()?, Event::Discarded { amount, reason }, StockAct::Discarded)
        }
        "counted" => (storage()?, Event::Counted { amount }, StockAct::Counted),
        "thawed" => (Storage::Frozen, Event::Thawed { amount }, StockAct::Thawed),
        "explained" => (storage()?, Event::ShortfallExplained { amount }, StockAct::ShortfallExplained),
        _ => return Err(Refused::NothingChosen),
    };
    // Why it was thrown away is chosen; why the books were wrong is said.
    let reason: Option<Reason> = match (entered.reason.trim().is_empty(), what) {
        (true, StockAct::Delivered | StockAct::Thawed | StockAct::Discarded) => None,
        _ => Some(inputs::text(&entered.reason, Refused::Reason)?),
    };
    let key = StockKey { facility: place.facility, product, lot, storage };
    Ok((Line { key, event, at, by, reason }, what))
}
