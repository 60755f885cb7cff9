//! What national administrators do with a cycle: compute, move boxes, take that back, publish, call off.
//!
//! Must not: publish without a word that it may become final.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use vsys::{
    OfficerName,
    allocation::{Party, Supply},
};

use super::{
    cycle_page::{self, Asked},
    cycles_page::PAGE,
    phrases::read_party,
    refused::Refused,
};
use crate::{
    console::{forms, language::Chosen, session::SignedIn},
    municipality::stock::{inputs, nav::unavailable},
    state::Central,
    stock::{allocating::step::CycleAct, moments},
    storage::{CycleStepped, NewCycleStep, StorageError},
};

/// What the forms of the page send.
#[derive(Deserialize, Default)]
pub(crate) struct Entered {
    #[serde(default)]
    word: String,
    #[serde(default)]
    seen: String,
    #[serde(default)]
    what: String,
    #[serde(default)]
    pub(super) from: String,
    #[serde(default)]
    pub(super) to: String,
    #[serde(default)]
    pub(super) boxes: String,
    #[serde(default)]
    pub(super) reason: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    sure: String,
}

/// Takes a step.
pub(crate) async fn act(
    State(central): State<Central>,
    signed_in: SignedIn,
    chosen: Chosen,
    Path(cycle): Path<String>,
    Form(entered): Form<Entered>,
) -> Response {
    match acted(&central, &signed_in, &cycle, &entered).await {
        Ok(Ok(())) => {
            tracing::info!(cycle, what = entered.what, "a step of a cycle of allocation was taken");
            Redirect::to(&format!("{PAGE}/{cycle}")).into_response()
        }
        Ok(Err(refused)) => {
            let asked = Asked::default();
            cycle_page::answer(&central, &signed_in, chosen, &cycle, asked, Some(refused), entered).await
        }
        Err(error) => unavailable(&error),
    }
}

async fn acted(
    central: &Central,
    signed_in: &SignedIn,
    cycle: &str,
    entered: &Entered,
) -> Result<Result<(), Refused>, StorageError> {
    if !forms::brings_word(Some(&signed_in.secret), &entered.word) {
        return Ok(Err(Refused::StaleForm));
    }
    let Ok(cycle) = cycle.parse() else { return Ok(Err(Refused::Unknown)) };
    let Ok(seen) = entered.seen.parse() else { return Ok(Err(Refused::StaleForm)) };
    let act = match read(entered) {
        Ok(act) => act,
        Err(refused) => return Ok(Err(refused)),
    };
    let by: OfficerName = signed_in.name.as_str().parse().map_err(|_| StorageError::Inconsistent("name"))?;
    let step = NewCycleStep { cycle, seen, act, by, at: central.clock.now() };
    Ok(match central.storage.step_cycle(step).await? {
        CycleStepped::Taken => Ok(()),
        CycleStepped::Refused(refused) => Err(refused.into()),
        CycleStepped::Overtaken => Err(Refused::Overtaken),
        CycleStepped::Unknown => Err(Refused::Unknown),
    })
}

fn read(entered: &Entered) -> Result<CycleAct, Refused> {
    let reason = || entered.reason.parse().map_err(|_| Refused::Reason);
    match entered.what.as_str() {
        "compute" => Ok(CycleAct::Compute),
        "undo" => Ok(CycleAct::Undo),
        "move" => {
            let boxes = inputs::count(&entered.boxes).map_err(|_| Refused::Boxes)?;
            if boxes == 0 || boxes > Supply::MOST_BOXES {
                return Err(Refused::Boxes);
            }
            Ok(CycleAct::Move {
                from: whom(&entered.from)?,
                to: whom(&entered.to)?,
                boxes,
                reason: reason()?,
            })
        }
        "publish" if entered.sure == "yes" => Ok(CycleAct::Publish),
        "publish" => Err(Refused::NotSure),
        "revise" => {
            let boxes = inputs::count(&entered.boxes).map_err(|_| Refused::Boxes)?;
            if boxes == 0 || boxes > Supply::MOST_BOXES {
                return Err(Refused::Boxes);
            }
            let orders_until = moments::read(entered.until.trim()).ok_or(Refused::Deadline)?;
            Ok(CycleAct::Revise { boxes, orders_until, reason: reason()? })
        }
        "call_off" => Ok(CycleAct::CallOff { reason: reason()? }),
        _ => Err(Refused::StaleForm),
    }
}

/// Nothing stands for boxes that nobody gets.
fn whom(typed: &str) -> Result<Option<Party>, Refused> {
    if typed.trim().is_empty() { Ok(None) } else { read_party(typed).map(Some).ok_or(Refused::Party) }
}
