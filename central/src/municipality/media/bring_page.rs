//! 取込み: a sealed file of people is brought to the central.
//!
//! Must not: let anything of it hold; that is another person's, on the file's page.

use askama::Template;
use axum::{
    extract::{Multipart, State, multipart::MultipartRejection},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use record::envelope::EnvelopeId;
use seal::random::{SystemRandom, bytes};

use super::{
    facts::{Around, account, address, unavailable},
    refused::{Failure, Refused},
    upload,
    words::MediaWords,
};
use crate::{
    console::{
        language::Chosen,
        page::{Frame, page},
    },
    media::{
        cards,
        refusal::Reason,
        taking_in::{self, TakingInError},
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
};

#[derive(Template)]
#[template(path = "media_bring.html")]
struct BringPage {
    frame: Frame,
    own: &'static Words,
    media: &'static MediaWords,
    bar: Bar,
    message: Option<&'static str>,
    has_card: bool,
}

/// The form.
pub(crate) async fn form(State(central): State<Central>, officer: Officer, chosen: Chosen) -> Response {
    answer(&central, &officer, chosen, None).await
}

/// Takes the file.
pub(crate) async fn enter(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    match take(&central, &officer, form).await {
        Ok(id) => Redirect::to(&address(id)).into_response(),
        Err(Failure::Refused(refused)) => answer(&central, &officer, chosen, Some(refused)).await,
        Err(Failure::Storage(error)) => unavailable(&error),
    }
}

async fn take(
    central: &Central,
    officer: &Officer,
    form: Result<Multipart, MultipartRejection>,
) -> Result<EnvelopeId, Failure> {
    let form = form.map_err(|_| Refused::BrokenOff)?;
    let name = bytes::<16>(&mut SystemRandom::default()).map_err(|_| Failure::from(Reason::Cryptography))?;
    let spool = &central.media.spool;
    let arriving = Arriving { spool, path: spool.arriving(EnvelopeId::from_bytes(name)) };
    upload::gather(officer, form, spool, &arriving.path).await?;
    let begun = taking_in::begin(central, officer.municipality, account(officer)?, &arriving.path).await;
    begun.map_err(|error| match error {
        TakingInError::Refused(reason) => reason.into(),
        TakingInError::Storage(error) => error.into(),
    })
}

/// What is gathered of a file: gone when the request ends, also where the browser went away; unless it got its number.
struct Arriving<'a> {
    spool: &'a crate::media::spool::Spool,
    path: std::path::PathBuf,
}

impl Drop for Arriving<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.spool.remove(&self.path) {
            tracing::error!(%error, "a file that was half brought cannot be removed");
        }
    }
}

async fn answer(central: &Central, officer: &Officer, chosen: Chosen, refused: Option<Refused>) -> Response {
    let around = Around::of(officer, chosen.language);
    let has_card = match cards::registered(&*central.storage, officer.municipality).await {
        Ok(known) => known.is_some(),
        Err(error) => return unavailable(&error),
    };
    let message = refused.map(|refused| refused.sentence(chosen.language, around.media));
    let status = refused.map_or(StatusCode::OK, Refused::status);
    page(
        status,
        chosen,
        &BringPage {
            frame: around.frame,
            own: around.own,
            media: around.media,
            bar: around.bar,
            message,
            has_card,
        },
        [],
    )
}
