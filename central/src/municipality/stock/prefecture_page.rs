//! 市区町村をまたぐ移送の承認, for the prefectures: the national administrator approves for both.
//!
//! Must not: show a transfer within one municipality, or what anybody has in stock.

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use record::MunicipalityCode;
use serde::Deserialize;
use vsys::{
    OfficerName, TransferId,
    transfer::{Approver, Step},
};

use super::{
    nav::unavailable,
    refused::Refused,
    transfer_acting::came_to,
    transfer_rows::{TransferRow, names, row},
    transfer_words::{TransferWords, transfer_words},
};
use crate::{
    console::{
        forms,
        language::Chosen,
        page::{Frame, page},
        session::SignedIn,
    },
    state::Central,
    stock::folded::{KeptStep, KeptTransfer},
    storage::{AccountName, NewStep, StorageError},
};

const PAGE: &str = "/console/transfers";
/// Transfers of the page; the oldest first.
const ROWS: u32 = 200;

#[derive(Template)]
#[template(path = "transfers_to_approve.html")]
struct ApprovalPage {
    frame: Frame,
    words: &'static TransferWords,
    account: AccountName,
    word: String,
    rows: Vec<Row>,
    message: Option<&'static str>,
}

struct Row {
    shown: TransferRow,
    from: MunicipalityCode,
    id: TransferId,
    seen: usize,
}

/// What the form sends.
#[derive(Deserialize)]
pub(crate) struct Entered {
    #[serde(default)]
    word: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    seen: String,
}

/// The page.
pub(crate) async fn show(State(central): State<Central>, signed_in: SignedIn, chosen: Chosen) -> Response {
    list(&central, &signed_in, chosen, None).await
}

/// Approves one for every prefecture that has to.
pub(crate) async fn approve(
    State(central): State<Central>,
    signed_in: SignedIn,
    chosen: Chosen,
    Form(entered): Form<Entered>,
) -> Response {
    match approved(&central, &signed_in, &entered).await {
        Ok(Ok(())) => Redirect::to(PAGE).into_response(),
        Ok(Err(refused)) => list(&central, &signed_in, chosen, Some(refused)).await,
        Err(error) => unavailable(&error),
    }
}

async fn approved(
    central: &Central,
    signed_in: &SignedIn,
    entered: &Entered,
) -> Result<Result<(), Refused>, StorageError> {
    if !forms::brings_word(Some(&signed_in.secret), &entered.word) {
        return Ok(Err(Refused::StaleForm));
    }
    let Ok(mut seen) = entered.seen.parse::<u32>() else { return Ok(Err(Refused::StaleForm)) };
    let (Ok(from), Ok(id)) = (entered.from.parse::<MunicipalityCode>(), entered.id.parse::<TransferId>())
    else {
        return Ok(Err(Refused::Unknown));
    };
    let Some(kept) = central.storage.transfer(from, id).await? else { return Ok(Err(Refused::Unknown)) };
    let by: OfficerName = signed_in.name.as_str().parse().map_err(|_| StorageError::Inconsistent("name"))?;
    for approver in waiting(&kept) {
        let step = Step::Approved(approver);
        let taken = KeptStep { step, by: by.clone(), at: central.clock.now() };
        let new = NewStep { from, id, seen, taken, noted: None };
        if let Err(refused) = came_to(central.storage.step_transfer(new).await?) {
            return Ok(Err(refused));
        }
        seen += 1;
    }
    tracing::info!(transfer = %id, "a transfer between municipalities was approved");
    Ok(Ok(()))
}

/// The prefectures that have not approved yet.
fn waiting(kept: &KeptTransfer) -> Vec<Approver> {
    let needed = kept.transfer.plan.approvers();
    let is_prefecture = |approver: &&Approver| matches!(approver, Approver::Prefecture(_));
    needed.difference(&kept.transfer.approved).filter(is_prefecture).copied().collect()
}

async fn list(central: &Central, signed_in: &SignedIn, chosen: Chosen, refused: Option<Refused>) -> Response {
    let read = async {
        let mut found = central.storage.transfers_to_approve(ROWS).await?;
        found.retain(|kept| !waiting(kept).is_empty());
        let names = names(&*central.storage, &found).await?;
        Ok::<_, StorageError>((found, names))
    };
    let (found, names) = match read.await {
        Ok(read) => read,
        Err(error) => return unavailable(&error),
    };
    let (language, now) = (chosen.language, central.clock.now());
    let shown = |kept: &KeptTransfer| Row {
        shown: row(language, kept, &names, now),
        from: kept.transfer.plan.from.1,
        id: kept.transfer.plan.id,
        seen: kept.steps.len(),
    };
    let template = ApprovalPage {
        frame: Frame::new(language).seen_by(signed_in.role),
        words: transfer_words(language),
        account: signed_in.name.clone(),
        word: forms::word(&signed_in.secret),
        rows: found.iter().map(shown).collect(),
        message: refused.map(|refused| refused.sentence(language)),
    };
    page(refused.map_or(StatusCode::OK, Refused::status), chosen, &template, [])
}
