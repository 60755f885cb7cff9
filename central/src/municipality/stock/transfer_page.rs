//! 移送: one transfer as it stands, what was done, and the forms of what is to be done next by whoever looks.
//!
//! Must not: show it to a municipality that neither gives nor receives; offer a step that is another's.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use record::{MunicipalityCode, WallTime};
use vsys::transfer::{Approver, State as Stage};

use super::{
    event_words::{amount, slip_number, storage_word},
    nav::{Around, unavailable},
    refused::Refused,
    transfer_acting::Entered,
    transfer_rows::{self, Names, StepRow},
    transfer_words::{self, TransferWords, transfer_words},
    words::{StockWords, stock_words},
};
use crate::{
    console::{
        language::{Chosen, Language},
        page::{Frame, page},
        phrases,
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    roles::RoleKind,
    state::Central,
    stock::{folded::KeptTransfer, moments},
    storage::StorageError,
};

#[derive(Template)]
#[template(path = "transfer.html")]
struct TransferPage {
    frame: Frame,
    own: &'static Words,
    stock: &'static StockWords,
    words: &'static TransferWords,
    bar: Bar,
    title: String,
    address: String,
    mark: &'static str,
    state: &'static str,
    waits: Option<&'static str>,
    facts: Vec<(&'static str, String)>,
    steps: Vec<StepRow>,
    may: May,
    message: Option<&'static str>,
    seen: usize,
    typed: Entered,
    now: String,
}

#[derive(Template)]
#[template(path = "no_transfer.html")]
struct NoTransferPage {
    frame: Frame,
    own: &'static Words,
    words: &'static TransferWords,
    bar: Bar,
}

/// What whoever looks may do now.
#[derive(Default)]
pub(super) struct May {
    pub(super) approve: bool,
    pub(super) cancel: bool,
    pub(super) send: bool,
    pub(super) receive: bool,
    pub(super) settle: bool,
    pub(super) explain: bool,
}

impl May {
    /// By state and side.
    pub(super) fn now(officer: &Officer, kept: &KeptTransfer) -> Self {
        let transfer = &kept.transfer;
        let (gives, receives) =
            (transfer.plan.from.1 == officer.municipality, transfer.plan.to.1 == officer.municipality);
        let is_under_way = matches!(transfer.state, Stage::Sent | Stage::Disputed);
        let own = Approver::Municipality(officer.municipality);
        Self {
            approve: gives
                && transfer.state == Stage::Planned
                && !transfer.approved.contains(&own)
                && officer.role.kind() == RoleKind::MunicipalityApprover
                && kept.planned_by.as_str() != officer.name.as_str(),
            cancel: gives && matches!(transfer.state, Stage::Planned | Stage::Approved),
            send: gives && transfer.state == Stage::Approved,
            receive: receives && is_under_way,
            settle: gives && is_under_way && !transfer.on_its_way.is_none(),
            explain: receives && !transfer.surplus.is_none(),
        }
    }
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path((from, id)): Path<(String, String)>,
) -> Response {
    match look(&central, &officer, &from, &id).await {
        Ok(looked) => answer(chosen, &officer, looked, central.clock.now(), None),
        Err(error) => unavailable(&error),
    }
}

/// A transfer in which the officer's municipality gives or receives; none of any other.
pub(super) async fn look(
    central: &Central,
    officer: &Officer,
    from: &str,
    id: &str,
) -> Result<Option<(KeptTransfer, Names)>, StorageError> {
    let (Ok(from), Ok(id)) = (from.parse::<MunicipalityCode>(), id.parse()) else { return Ok(None) };
    let found = central.storage.transfer(from, id).await?;
    let concerns = |kept: &KeptTransfer| {
        [kept.transfer.plan.from.1, kept.transfer.plan.to.1].contains(&officer.municipality)
    };
    let Some(kept) = found.filter(concerns) else { return Ok(None) };
    let names = transfer_rows::names(&*central.storage, std::slice::from_ref(&kept)).await?;
    Ok(Some((kept, names)))
}

pub(super) fn answer(
    chosen: Chosen,
    officer: &Officer,
    looked: Option<(KeptTransfer, Names)>,
    now: WallTime,
    refused: Option<(Refused, Entered)>,
) -> Response {
    let language = chosen.language;
    let words = transfer_words(language);
    let Around { frame, own, stock, bar } = Around::new(officer, language);
    let Some((kept, names)) = looked else {
        return page(StatusCode::NOT_FOUND, chosen, &NoTransferPage { frame, own, words, bar }, []);
    };
    let status = refused.as_ref().map_or(StatusCode::OK, |(refused, _)| refused.status());
    let (mark, state) = transfer_words::state(language, kept.transfer.state);
    let template = TransferPage {
        frame,
        own,
        stock,
        words,
        bar,
        title: format!("{} {}", words.number, slip_number(kept.transfer.plan.id)),
        address: transfer_rows::address(&kept),
        mark,
        state,
        waits: waits(words, &kept),
        facts: facts(language, &kept, &names, now),
        steps: transfer_rows::steps(language, &kept, now),
        may: May::now(officer, &kept),
        message: refused.as_ref().map(|(refused, _)| refused.sentence(language)),
        seen: kept.steps.len(),
        typed: refused.map(|(_, typed)| typed).unwrap_or_default(),
        now: moments::written(now),
    };
    page(status, chosen, &template, [])
}

/// Whom it waits for.
fn waits(words: &TransferWords, kept: &KeptTransfer) -> Option<&'static str> {
    let transfer = &kept.transfer;
    let own = Approver::Municipality(transfer.plan.from.1);
    match transfer.state {
        Stage::Planned if !transfer.approved.contains(&own) => Some(words.waits_approver),
        Stage::Planned => Some(words.waits_prefecture),
        Stage::Approved => Some(words.waits_sender),
        Stage::Sent => Some(words.waits_receiver),
        Stage::Disputed if !transfer.on_its_way.is_none() => Some(words.waits_reason),
        Stage::Disputed => Some(words.waits_surplus),
        Stage::Closed | Stage::Cancelled => None,
    }
}

fn facts(
    language: Language,
    kept: &KeptTransfer,
    names: &Names,
    now: WallTime,
) -> Vec<(&'static str, String)> {
    let (words, stock) = (transfer_words(language), stock_words(language));
    let transfer = &kept.transfer;
    let plan = &transfer.plan;
    let mut facts = vec![
        (words.number, slip_number(plan.id)),
        (words.from, transfer_rows::place(names, plan.from)),
        (words.to, transfer_rows::place(names, plan.to)),
        (stock.product, plan.product.to_string()),
        (stock.lot, plan.lot.to_string()),
        (stock.storage, storage_word(language, plan.storage).to_owned()),
        (words.planned, amount(language, plan.amount)),
        (words.planned_at, format!("{} {}", phrases::at(kept.planned_at, now), kept.planned_by)),
    ];
    if let Some(parent) = plan.parent {
        facts.push((words.parent, slip_number(parent)));
    }
    for (word, much) in [
        (words.on_its_way, transfer.on_its_way),
        (words.arrived, transfer.arrived),
        (words.surplus, transfer.surplus),
    ] {
        if !much.is_none() {
            facts.push((word, amount(language, much)));
        }
    }
    facts
}
