//! 鍵カード: the central's to fetch, the municipality's own to register.
//!
//! Must not: register a card whose 確認番号 no person compared.

use askama::Template;
use axum::{
    Form,
    extract::{Multipart, State, multipart::MultipartRejection},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use record::envelope::Approvers;
use serde::Deserialize;

use super::{
    facts::{Around, account, unavailable},
    phrases,
    refused::{Failure, Refused},
    sent, upload,
    words::MediaWords,
};
use crate::{
    console::{
        forms,
        language::Chosen,
        page::{Frame, page},
    },
    media::{
        cards::{self, Offered},
        event::{About, Event},
        ledger,
        refusal::Reason,
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
};

#[derive(Template)]
#[template(path = "media_cards.html")]
struct CardsPage {
    frame: Frame,
    own: &'static Words,
    media: &'static MediaWords,
    bar: Bar,
    message: Option<&'static str>,
    central_number: String,
    registered: Option<Registered>,
    joined: Vec<String>,
}

struct Registered {
    office: String,
    check_number: String,
    by: String,
    at: String,
    people: Vec<String>,
}

/// What the form that withdraws a card sends.
#[derive(Deserialize)]
pub(crate) struct Entered {
    word: String,
}

/// The page.
pub(crate) async fn show(State(central): State<Central>, officer: Officer, chosen: Chosen) -> Response {
    answer(&central, &officer, chosen, None, Vec::new()).await
}

/// The central's card.
pub(crate) async fn central_card(State(central): State<Central>, _: Officer) -> Response {
    sent::small("central.vrscard", central.media.office.card_file.clone())
}

/// Registers a card.
pub(crate) async fn enter(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    match take(&central, &officer, form).await {
        Ok(None) => Redirect::to("/municipality/media/cards").into_response(),
        Ok(Some(joined)) => {
            let refused = Refused::Reason(Reason::PeopleJoined);
            answer(&central, &officer, chosen, Some(refused), joined).await
        }
        Err(Failure::Refused(refused)) => answer(&central, &officer, chosen, Some(refused), Vec::new()).await,
        Err(Failure::Storage(error)) => unavailable(&error),
    }
}

/// Registers it, or says who joined.
async fn take(
    central: &Central,
    officer: &Officer,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Option<Vec<String>>, Failure> {
    let form = upload::small(officer, form.map_err(|_| Refused::BrokenOff)?).await?;
    let (storage, now) = (&*central.storage, central.clock.now());
    let known = cards::registered(storage, officer.municipality).await?.map(|known| known.card);
    let typed = &form.check_number;
    let offered = cards::judge(&form.file, known.as_ref(), officer.municipality, typed, form.is_confirmed);
    match offered {
        Offered::Fits(_) => {
            cards::register(storage, officer.municipality, &form.file, (account(officer)?, now)).await?;
            Ok(None)
        }
        Offered::Joined(people) => Ok(Some(people.iter().map(ToString::to_string).collect())),
        Offered::Refused(reason) => {
            let event = Event::Refused { reason, said: None };
            let who = (account(officer)?, now);
            ledger::add(storage, officer.municipality, About::Unreadable, who, event).await?;
            Err(reason.into())
        }
    }
}

/// Withdraws the card.
pub(crate) async fn withdraw(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Form(entered): Form<Entered>,
) -> Response {
    if !forms::brings_word(Some(&officer.secret), &entered.word) {
        return answer(&central, &officer, chosen, Some(Refused::StaleForm), Vec::new()).await;
    }
    let withdrawn = async {
        if cards::registered(&*central.storage, officer.municipality).await?.is_none() {
            return Err(Failure::Refused(Refused::Overtaken));
        }
        let who = (account(&officer)?, central.clock.now());
        ledger::add(&*central.storage, officer.municipality, About::Card, who, Event::CardWithdrawn).await?;
        Ok(())
    };
    match withdrawn.await {
        Ok(()) => Redirect::to("/municipality/media/cards").into_response(),
        Err(Failure::Refused(refused)) => answer(&central, &officer, chosen, Some(refused), Vec::new()).await,
        Err(Failure::Storage(error)) => unavailable(&error),
    }
}

async fn answer(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    refused: Option<Refused>,
    joined: Vec<String>,
) -> Response {
    let language = chosen.language;
    let around = Around::of(officer, language);
    let known = match cards::registered(&*central.storage, officer.municipality).await {
        Ok(known) => known,
        Err(error) => return unavailable(&error),
    };
    let registered = known.map(|known| Registered {
        office: phrases::office(language, known.card.office),
        check_number: seal::bundle::check_number(&known.card.signing_key),
        by: known.by.to_string(),
        at: phrases::at(known.at),
        people: match known.card.approvers {
            Approvers::Signed { people } => people.iter().map(|person| person.account.to_string()).collect(),
            Approvers::Attested => Vec::new(),
        },
    });
    let template = CardsPage {
        message: refused.map(|refused| refused.sentence(language, around.media)),
        central_number: central.media.office.check_number(),
        registered,
        joined,
        frame: around.frame,
        own: around.own,
        media: around.media,
        bar: around.bar,
    };
    page(refused.map_or(StatusCode::OK, Refused::status), chosen, &template, [])
}
