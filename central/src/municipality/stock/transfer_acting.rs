//! Steps of a transfer that officers take, each side its own.
//!
//! Must not: take the other side's step, or move stock but by a step.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use record::WallTime;
use serde::Deserialize;
use vsys::{
    Amount, OfficerName,
    facility::Label,
    transfer::{Approver, CHILLED, FREEZER, Handover, Receipt, Step},
};

use super::{
    inputs,
    nav::unavailable,
    refused::Refused,
    transfer_page::{answer, look},
    transfer_rows,
};
use crate::{
    audit::{Act, TransferAct, TransferNumber},
    console::language::Chosen,
    municipality::officer::Officer,
    roles::RoleKind,
    state::Central,
    stock::{
        accounts,
        folded::{KeptStep, KeptTransfer},
    },
    storage::{NewStep, StepTaken, StorageError},
};

/// A form's minute is the whole minute, and clocks differ by some.
const AHEAD_MS: i64 = 5 * 60_000;

/// What a form sends.
#[derive(Deserialize, Default)]
pub(crate) struct Entered {
    #[serde(default)]
    word: String,
    /// How many steps the page showed.
    #[serde(default)]
    seen: String,
    #[serde(default)]
    pub(super) what: String,
    #[serde(default)]
    pub(super) vials: String,
    #[serde(default)]
    pub(super) doses: String,
    #[serde(default)]
    pub(super) at: String,
    #[serde(default)]
    pub(super) storage: String,
    #[serde(default)]
    pub(super) cold_chain: String,
    #[serde(default)]
    pub(super) thawed_at: String,
    #[serde(default)]
    pub(super) good_until: String,
    #[serde(default)]
    pub(super) container: String,
    #[serde(default)]
    pub(super) logger: String,
    #[serde(default)]
    pub(super) carrier: String,
    #[serde(default)]
    pub(super) reason: String,
}

/// Takes a step of either side.
pub(crate) async fn act(
    state: State<Central>,
    officer: Officer,
    chosen: Chosen,
    place: Path<(String, String)>,
    Form(entered): Form<Entered>,
) -> Response {
    taken(state, officer, chosen, place, entered).await
}

/// Approves for the municipality that gives.
pub(crate) async fn approve(
    state: State<Central>,
    officer: Officer,
    chosen: Chosen,
    place: Path<(String, String)>,
    Form(entered): Form<Entered>,
) -> Response {
    taken(state, officer, chosen, place, Entered { what: "approve".to_owned(), ..entered }).await
}

async fn taken(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path((from, id)): Path<(String, String)>,
    entered: Entered,
) -> Response {
    let now = central.clock.now();
    let kept = match look(&central, &officer, &from, &id).await {
        Ok(Some((kept, _))) => kept,
        Ok(None) => return answer(chosen, &officer, None, now, None),
        Err(error) => return unavailable(&error),
    };
    match done(&central, &officer, &kept, &entered, now).await {
        Ok(Ok(())) => Redirect::to(&transfer_rows::address(&kept)).into_response(),
        Ok(Err(refused)) => match look(&central, &officer, &from, &id).await {
            Ok(looked) => answer(chosen, &officer, looked, now, Some((refused, entered))),
            Err(error) => unavailable(&error),
        },
        Err(error) => unavailable(&error),
    }
}

async fn done(
    central: &Central,
    officer: &Officer,
    kept: &KeptTransfer,
    entered: &Entered,
    now: WallTime,
) -> Result<Result<(), Refused>, StorageError> {
    if !officer.sent(&entered.word) {
        return Ok(Err(Refused::StaleForm));
    }
    let Ok(seen) = entered.seen.parse::<u32>() else { return Ok(Err(Refused::StaleForm)) };
    let by: OfficerName = officer.name.as_str().parse().map_err(|_| StorageError::Inconsistent("name"))?;
    let rules = central.storage.product_rules().await?;
    let (step, what) = match read(officer, kept, entered, &rules, now, &by) {
        Ok(read) => read,
        Err(refused) => return Ok(Err(refused)),
    };
    let plan = &kept.transfer.plan;
    let act = Act::TransferActed { transfer: TransferNumber(plan.id), what };
    let new = NewStep {
        from: plan.from.1,
        id: plan.id,
        seen,
        taken: KeptStep { step, by, at: now },
        noted: Some(act.line(officer.municipality, officer.name.as_str(), now)),
    };
    Ok(came_to(central.storage.step_transfer(new).await?))
}

/// Why a step was not taken.
pub(super) fn came_to(taken: StepTaken) -> Result<(), Refused> {
    match taken {
        StepTaken::Taken(_) => Ok(()),
        StepTaken::Refused(error) => Err(Refused::Transfer(error)),
        StepTaken::NotInTheBooks(error) => Err(Refused::Ledger(error)),
        StepTaken::Overtaken => Err(Refused::Overtaken),
        StepTaken::Unknown => Err(Refused::Unknown),
    }
}

fn read(
    officer: &Officer,
    kept: &KeptTransfer,
    entered: &Entered,
    rules: &[vsys::ProductRule],
    now: WallTime,
    by: &OfficerName,
) -> Result<(Step, TransferAct), Refused> {
    let plan = &kept.transfer.plan;
    let gives = plan.from.1 == officer.municipality;
    let amount = || inputs::amount(&entered.vials, &entered.doses, &plan.product, rules);
    let reason = || inputs::text(&entered.reason, Refused::Reason);
    let only = |may: bool| if may { Ok(()) } else { Err(Refused::NotYours) };
    match entered.what.as_str() {
        "approve" if gives && kept.planned_by == *by => Err(Refused::SamePerson),
        "approve" => {
            only(gives && officer.role.kind() == RoleKind::MunicipalityApprover)?;
            Ok((Step::Approved(Approver::Municipality(officer.municipality)), TransferAct::Approved))
        }
        "cancel" => {
            only(gives)?;
            Ok((Step::Cancelled { reason: reason()? }, TransferAct::Cancelled))
        }
        "send" => {
            only(gives)?;
            Ok((Step::Sent(handover(entered, amount()?, now, by)?), TransferAct::Sent))
        }
        "receive" => {
            only(plan.to.1 == officer.municipality)?;
            let receipt = Receipt {
                at: past(&entered.at, now)?,
                amount: amount()?,
                storage: accounts::storage(&entered.storage).ok_or(Refused::NothingChosen)?,
                by: by.clone(),
            };
            Ok((Step::Received(receipt), TransferAct::Received))
        }
        "returned" => {
            only(gives)?;
            Ok((Step::Returned { amount: amount()? }, TransferAct::Returned))
        }
        "lost" => {
            only(gives)?;
            let lost = Step::DeclaredLost { amount: amount()?, reason: reason()? };
            Ok((lost, TransferAct::DeclaredLost))
        }
        "explain" => {
            only(plan.to.1 == officer.municipality)?;
            Ok((Step::SurplusExplained { reason: reason()? }, TransferAct::SurplusExplained))
        }
        _ => Err(Refused::NothingChosen),
    }
}

fn handover(entered: &Entered, amount: Amount, now: WallTime, by: &OfficerName) -> Result<Handover, Refused> {
    let label = |typed: &str| -> Result<Option<Label>, Refused> {
        if typed.trim().is_empty() { Ok(None) } else { inputs::text(typed, Refused::Label).map(Some) }
    };
    Ok(Handover {
        at: past(&entered.at, now)?,
        amount,
        cold_chain: match entered.cold_chain.as_str() {
            "chilled" => CHILLED,
            "freezer" => FREEZER,
            _ => return Err(Refused::NothingChosen),
        },
        thawed_at: inputs::moment(&entered.thawed_at)?,
        good_until: inputs::moment(&entered.good_until)?.ok_or(Refused::Moment)?,
        container: label(&entered.container)?,
        logger: label(&entered.logger)?,
        carrier: label(&entered.carrier)?.ok_or(Refused::Label)?,
        by: by.clone(),
    })
}

fn past(typed: &str, now: WallTime) -> Result<WallTime, Refused> {
    let at = inputs::moment(typed)?.unwrap_or(now);
    if at > now.plus_ms(AHEAD_MS) { Err(Refused::InTheFuture) } else { Ok(at) }
}
