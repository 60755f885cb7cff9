//! What is done with one sealed file by a button: taken back, made, discarded, fetched; allowed or not, put into effect, undone.
//! Stopping it is in `stopping`.
//!
//! Must not: let anything be done that the ledger does not take.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use record::envelope::EnvelopeId;
use serde::Deserialize;

use super::{
    facts::{account, address, unavailable},
    file_page::answer,
    refused::{Failure, Refused},
    sent,
    stopping::stop,
    summary::recipient_number,
};
use crate::{
    console::{forms, language::Chosen},
    media::{
        effect,
        event::{About, Event},
        file::{SealedFile, Stage},
        jobs::Work,
        ledger, making,
        refusal::Reason,
        spool::Kind,
    },
    municipality::officer::Officer,
    state::Central,
};

/// What a button sends.
#[derive(Deserialize)]
pub(crate) struct Entered {
    word: String,
    #[serde(default)]
    what: String,
}

/// What any officer may do: take back, make again, stop, discard.
pub(crate) async fn act(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(id): Path<String>,
    Form(entered): Form<Entered>,
) -> Response {
    let done = acted(&central, &officer, &id, &entered).await;
    after(&central, &officer, chosen, &id, done).await
}

/// What another person decides: allow or not, take effect, undo.
pub(crate) async fn decide(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(id): Path<String>,
    Form(entered): Form<Entered>,
) -> Response {
    let done = decided(&central, &officer, &id, &entered).await;
    after(&central, &officer, chosen, &id, done).await
}

pub(super) async fn after(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    id: &str,
    done: Result<(), Failure>,
) -> Response {
    match (done, id.parse::<EnvelopeId>()) {
        (Ok(()), Ok(id)) => Redirect::to(&address(id)).into_response(),
        (Err(Failure::Refused(refused)), _) => answer(central, officer, chosen, id, Some(refused)).await,
        (Err(Failure::Storage(error)), _) => unavailable(&error),
        (Ok(()), Err(_)) => answer(central, officer, chosen, id, None).await,
    }
}

fn known(officer: &Officer, id: &str, entered: &Entered) -> Result<EnvelopeId, Failure> {
    if !forms::brings_word(Some(&officer.secret), &entered.word) {
        return Err(Refused::StaleForm.into());
    }
    id.parse().map_err(|_| Refused::Overtaken.into())
}

async fn acted(central: &Central, officer: &Officer, id: &str, entered: &Entered) -> Result<(), Failure> {
    let id = known(officer, id, entered)?;
    let (by, now) = (account(officer)?, central.clock.now());
    let (storage, municipality) = (&*central.storage, officer.municipality);
    match entered.what.as_str() {
        "withdraw" => {
            ledger::add(storage, municipality, About::File(id), (by, now), Event::Withdrawn).await?;
        }
        "make" => {
            making::begin(central, municipality, id, by).await?;
        }
        "stop" => stop(central, officer, id).await?,
        "discard" => effect::discard(central, municipality, id, by).await?,
        _ => return Err(Refused::StaleForm.into()),
    }
    Ok(())
}

async fn decided(central: &Central, officer: &Officer, id: &str, entered: &Entered) -> Result<(), Failure> {
    let id = known(officer, id, entered)?;
    let (by, now) = (account(officer)?, central.clock.now());
    let (storage, municipality) = (&*central.storage, officer.municipality);
    match entered.what.as_str() {
        "allow" => {
            let who = (by.clone(), now);
            ledger::add(storage, municipality, About::File(id), who, Event::Allowed).await?;
            making::begin(central, municipality, id, by).await?;
        }
        "decline" => {
            ledger::add(storage, municipality, About::File(id), (by, now), Event::Declined).await?;
        }
        "take-effect" => effect::begin(central, municipality, id, by, Work::TakingEffect).await?,
        "undo" => effect::begin(central, municipality, id, by, Work::Undoing).await?,
        _ => return Err(Refused::StaleForm.into()),
    }
    Ok(())
}

/// Sends the sealed file.
pub(crate) async fn download(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(id): Path<String>,
    Form(entered): Form<Entered>,
) -> Response {
    match downloaded(&central, &officer, &id, &entered).await {
        Ok(response) => response,
        Err(Failure::Refused(refused)) => answer(&central, &officer, chosen, &id, Some(refused)).await,
        Err(Failure::Storage(error)) => unavailable(&error),
    }
}

async fn downloaded(
    central: &Central,
    officer: &Officer,
    id: &str,
    entered: &Entered,
) -> Result<Response, Failure> {
    let id = known(officer, id, entered)?;
    let now = central.clock.now();
    let lines = ledger::lines_about(&*central.storage, officer.municipality, About::File(id)).await?;
    let file = SealedFile::of(&lines).filter(|file| file.stage == Stage::Made).ok_or(Refused::Overtaken)?;
    if file.outline().is_none_or(|outline| now >= outline.expires_at) {
        return Err(Reason::Expired.into());
    }
    if recipient_number(central, officer, &file).await?.is_none() {
        return Err(Reason::RecipientWithdrawn.into());
    }
    let path = central.media.spool.path(officer.municipality, id, Kind::Made);
    let name = format!("{}-{}.vrsenv", officer.municipality, id.short());
    // What lies there is opened first: a line that it was fetched is never of a file that is gone.
    let response = sent::large(&name, &path).await.map_err(|_| Refused::Gone)?;
    let who = (account(officer)?, now);
    ledger::add(&*central.storage, officer.municipality, About::File(id), who, Event::Downloaded).await?;
    Ok(response)
}
