//! 認証コード: the second step of signing in.
//!
//! Must not: take a code twice, forget failures before somebody is in, or say which of code and recovery code was
//! wrong.

use std::{net::SocketAddr, sync::PoisonError};

use askama::Template;
use axum::{
    Form,
    extract::{ConnectInfo, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use record::WallTime;
use seal::{random::SystemRandom, token};
use serde::Deserialize;

use super::{
    forms,
    guard::place_of,
    language::Chosen,
    page::{Frame, page, with_cookies},
    phrases,
    session::{self, Fresh, HalfSignedIn, SIGN_IN},
};
use crate::{
    second_factor::{self, Typed},
    state::Central,
    storage::{Stage, StorageError},
};

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage {
    frame: Frame,
    word: String,
    message: Option<String>,
}

/// What the form sends. No `Debug`: it holds a code.
#[derive(Deserialize)]
pub(crate) struct Entered {
    code: String,
    word: String,
}

/// Why somebody is not in yet.
pub(super) enum Refused {
    /// The code is not the one, or was used.
    Wrong,
    /// Milliseconds to wait before the next try.
    Wait(i64),
    /// The page lay open too long, or was another session's.
    StaleForm,
    /// The session ended meanwhile, or its account is set up already: sign in again.
    Ended,
    /// Something else is wrong, and was logged.
    Unavailable,
}

impl From<StorageError> for Refused {
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "the second factor cannot be checked");
        Self::Unavailable
    }
}
impl From<seal::Error> for Refused {
    fn from(error: seal::Error) -> Self {
        tracing::error!(%error, "the second factor cannot be checked");
        Self::Unavailable
    }
}

/// The form.
pub(crate) async fn form(half: HalfSignedIn, chosen: Chosen) -> Response {
    if half.stage != Stage::AwaitingCode {
        return Redirect::to(place_of(&half.stage)).into_response();
    }
    show(chosen, &half, StatusCode::OK, None)
}

fn show(chosen: Chosen, half: &HalfSignedIn, status: StatusCode, message: Option<String>) -> Response {
    let template = CodePage { frame: Frame::new(chosen.language), word: forms::word(&half.secret), message };
    page(status, chosen, &template, [])
}

/// What was entered.
pub(crate) async fn enter(
    State(central): State<Central>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    half: HalfSignedIn,
    chosen: Chosen,
    Form(entered): Form<Entered>,
) -> Response {
    if half.stage != Stage::AwaitingCode {
        return Redirect::to(place_of(&half.stage)).into_response();
    }
    match try_code(&central, from, &half, &entered).await {
        Ok(Fresh { cookie, .. }) => with_cookies(Redirect::to("/").into_response(), [cookie]),
        Err(refused) => {
            refuse(chosen, &refused, |status, message| show(chosen, &half, status, Some(message)))
        }
    }
}

async fn try_code(
    central: &Central,
    from: SocketAddr,
    half: &HalfSignedIn,
    entered: &Entered,
) -> Result<Fresh, Refused> {
    if !forms::brings_word(Some(&half.secret), &entered.word) {
        return Err(Refused::StaleForm);
    }
    let (name, now) = (&half.name, central.clock.now());
    may_try(central, half, from, now)?;
    let is_right = match Typed::of(name, &entered.code) {
        Typed::Recovery(digest) => central.storage.use_recovery_code(name.clone(), digest, now).await?,
        Typed::Code(code) => {
            let Some(kept) = central.storage.second_factor(name.clone()).await? else {
                return Err(Refused::Ended);
            };
            let secret = second_factor::open(&central.keeping_key, name, &kept.sealed_secret)?;
            match secret.accepts(&code, now, Some(kept.last_step)) {
                Some(step) => central.storage.use_code(name.clone(), step).await?,
                None => false,
            }
        }
    };
    if !is_right {
        failed(central, half, from, now);
        return Err(Refused::Wrong);
    }
    let fresh = signed_in(central, half, now).await?;
    succeeded(central, half, from);
    Ok(fresh)
}

/// Milliseconds to wait count for the account wherever it is tried from: who comes this far knows its password.
pub(super) fn may_try(
    central: &Central,
    half: &HalfSignedIn,
    from: SocketAddr,
    now: WallTime,
) -> Result<(), Refused> {
    let throttle = central.throttle.lock().unwrap_or_else(PoisonError::into_inner);
    match throttle.code_wait_ms(&half.name, from.ip(), now) {
        0 => Ok(()),
        ms => Err(Refused::Wait(ms)),
    }
}

pub(super) fn failed(central: &Central, half: &HalfSignedIn, from: SocketAddr, now: WallTime) {
    central.throttle.lock().unwrap_or_else(PoisonError::into_inner).code_failed(&half.name, from.ip(), now);
    tracing::warn!("a code was wrong");
}

pub(super) fn succeeded(central: &Central, half: &HalfSignedIn, from: SocketAddr) {
    central.throttle.lock().unwrap_or_else(PoisonError::into_inner).succeeded(&half.name, from.ip());
    tracing::info!("signed in");
}

/// The half session ends and a whole one begins, under another cookie.
pub(super) async fn signed_in(
    central: &Central,
    half: &HalfSignedIn,
    now: WallTime,
) -> Result<Fresh, Refused> {
    let fresh = session::fresh(half.name.clone(), Stage::Open, now, &mut SystemRandom::default())?;
    let ended = token::digest(&half.secret);
    if central.storage.replace_session(ended, fresh.session.clone()).await? {
        Ok(fresh)
    } else {
        Err(Refused::Ended)
    }
}

/// The same page with what was wrong, or the way back to the beginning.
pub(super) fn refuse(
    chosen: Chosen,
    refused: &Refused,
    show: impl FnOnce(StatusCode, String) -> Response,
) -> Response {
    let words = super::words::words(chosen.language);
    match refused {
        Refused::Ended => Redirect::to(SIGN_IN).into_response(),
        Refused::Wrong => show(StatusCode::FORBIDDEN, words.wrong_code.to_owned()),
        Refused::StaleForm => show(StatusCode::FORBIDDEN, words.stale_code_form.to_owned()),
        Refused::Unavailable => show(StatusCode::SERVICE_UNAVAILABLE, words.unavailable.to_owned()),
        Refused::Wait(ms) => {
            let mut response =
                show(StatusCode::TOO_MANY_REQUESTS, phrases::wait_for_code(chosen.language, *ms));
            let seconds = HeaderValue::from(u64::try_from(ms.saturating_add(999) / 1_000).unwrap_or(1));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
            response
        }
    }
}
