//! ログイン: its page, the password as the first of two steps, and ログアウト. The other way in is in `provider`.
//!
//! Must not: open a session that shows anything; or tell an unknown or disabled account from a wrong password – not by
//! words, not by time – or log either.

use std::{
    net::{IpAddr, SocketAddr},
    sync::PoisonError,
    time::Duration,
};

use askama::Template;
use axum::{
    Form,
    extract::{ConnectInfo, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use record::WallTime;
use seal::{password, random::SystemRandom, token};
use serde::Deserialize;

use super::{
    cookies, forms,
    guard::place_of,
    language::{Chosen, Language},
    page::{Frame, page, with_cookies},
    phrases,
    provider_words::{ProviderWords, provider_words},
    session::{self, Fresh, SIGN_IN, SignedIn},
};
use crate::{
    second_factor,
    state::Central,
    storage::{AccountName, Credential, Stage, StorageError},
};

/// How long a sign-in form may lie open.
const VISIT_S: i64 = 3_600;
/// How long a try waits for others to be checked.
const PERMIT_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    own: &'static ProviderWords,
    word: String,
    said: Option<Said>,
    shows_identity: bool,
    provider: Option<String>,
}

/// What the page says above the form.
pub(super) struct Said {
    /// What was wrong, and what to do.
    pub(super) message: String,
    /// Whom the provider named, for that person alone to pass on.
    pub(super) identity: Option<String>,
}

/// What the form sends. No `Debug`: it holds a password.
#[derive(Deserialize)]
pub(crate) struct Entered {
    name: String,
    password: String,
    word: String,
}

/// What the sign-out form sends.
#[derive(Deserialize)]
pub(crate) struct Leaving {
    word: String,
}

/// Why somebody is not signed in.
enum Refused {
    Wrong,
    Wait(i64),
    StaleForm,
    Unavailable,
}

impl From<StorageError> for Refused {
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "signing in is not possible");
        Self::Unavailable
    }
}

impl Refused {
    fn status_and_message(&self, language: Language) -> (StatusCode, String) {
        let words = super::words::words(language);
        match self {
            Self::Wrong => (StatusCode::FORBIDDEN, words.wrong_entry.to_owned()),
            Self::Wait(ms) => (StatusCode::TOO_MANY_REQUESTS, phrases::wait(language, *ms)),
            Self::StaleForm => (StatusCode::FORBIDDEN, words.stale_form.to_owned()),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, words.unavailable.to_owned()),
        }
    }
}

/// `/`: to where that role begins.
pub(crate) async fn front(signed_in: SignedIn) -> Redirect {
    Redirect::to(session::home(signed_in.role))
}

/// The form.
pub(crate) async fn form(State(central): State<Central>, chosen: Chosen, headers: HeaderMap) -> Response {
    show(&central, chosen, &headers, StatusCode::OK, None)
}

/// The page, after a try with what was wrong.
pub(super) fn show(
    central: &Central,
    chosen: Chosen,
    headers: &HeaderMap,
    status: StatusCode,
    said: Option<Said>,
) -> Response {
    let kept = cookies::value(headers, cookies::VISIT).map(str::to_owned);
    let visit = match kept.map_or_else(|| token::fresh(&mut SystemRandom::default()), Ok) {
        Ok(visit) => visit,
        Err(error) => {
            tracing::error!(%error, "no sign-in form can be made");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let language = chosen.language;
    let template = SignInPage {
        frame: Frame::new(language),
        own: provider_words(language),
        word: forms::word(&visit),
        shows_identity: said.as_ref().is_some_and(|said| said.identity.is_some()),
        said,
        provider: central.provider.as_ref().map(|provider| provider.label(language).to_owned()),
    };
    page(status, chosen, &template, [cookies::set(cookies::VISIT, &visit, VISIT_S)])
}

/// What was entered.
pub(crate) async fn enter(
    State(central): State<Central>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    chosen: Chosen,
    headers: HeaderMap,
    Form(entered): Form<Entered>,
) -> Response {
    if !forms::brings_word(cookies::value(&headers, cookies::VISIT), &entered.word) {
        return refuse(&central, chosen, &headers, &Refused::StaleForm);
    }
    match try_to_sign_in(&central, from.ip(), entered).await {
        Ok(Fresh { session, cookie }) => {
            with_cookies(Redirect::to(place_of(&session.stage)).into_response(), [cookie])
        }
        Err(refused) => refuse(&central, chosen, &headers, &refused),
    }
}

fn refuse(central: &Central, chosen: Chosen, headers: &HeaderMap, refused: &Refused) -> Response {
    let (status, message) = refused.status_and_message(chosen.language);
    let mut response = show(central, chosen, headers, status, Some(Said { message, identity: None }));
    if let Refused::Wait(ms) = refused {
        let seconds = HeaderValue::from(u64::try_from(ms.saturating_add(999) / 1_000).unwrap_or(1));
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

async fn try_to_sign_in(central: &Central, from: IpAddr, entered: Entered) -> Result<Fresh, Refused> {
    let name: Option<AccountName> = entered.name.trim().parse().ok();
    let now = central.clock.now();
    may_try(central, name.as_ref(), from, now)?;
    let permit = tokio::time::timeout(PERMIT_TIMEOUT, central.password_permits.acquire()).await;
    let _permit = permit.map_err(|_| Refused::Unavailable)?.map_err(|_| Refused::Unavailable)?;
    // Those that were tried while this one waited count as well.
    may_try(central, name.as_ref(), from, now)?;
    let account = match &name {
        Some(name) => central.storage.account(name.clone()).await?,
        None => None,
    };
    let account = account.filter(|account| account.disabled_at.is_none());
    let kept = account.as_ref().and_then(|account| match &account.credential {
        Credential::Password(hash) => Some(hash),
        Credential::Identity(_) => None,
    });
    let is_by_password = kept.is_some();
    let kept = kept.unwrap_or(&central.nobody_password).clone();
    let verifying = tokio::task::spawn_blocking(move || password::verifies(&entered.password, &kept));
    let verified = verifying.await.map_err(|_| Refused::Unavailable)?;
    let Some(account) = account.filter(|_| verified && is_by_password) else {
        let mut throttle = central.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        throttle.failed(name.as_ref(), from, now);
        tracing::warn!("sign-in failed");
        return Err(Refused::Wrong);
    };
    let mut random = SystemRandom::default();
    let unavailable = |_| Refused::Unavailable;
    let stage = if account.has_second_factor {
        Stage::AwaitingCode
    } else {
        let sealed = second_factor::fresh(&central.keeping_key, &account.name, &mut random);
        Stage::SettingUp(sealed.map_err(unavailable)?)
    };
    let fresh = session::fresh(account.name, stage, now, &mut random).map_err(unavailable)?;
    central.storage.open_session(fresh.session.clone()).await?;
    tracing::info!("password was right");
    Ok(fresh)
}

fn may_try(
    central: &Central,
    name: Option<&AccountName>,
    from: IpAddr,
    now: WallTime,
) -> Result<(), Refused> {
    let throttle = central.throttle.lock().unwrap_or_else(PoisonError::into_inner);
    match throttle.wait_ms(name, from, now) {
        0 => Ok(()),
        ms => Err(Refused::Wait(ms)),
    }
}

/// Ends the session.
pub(crate) async fn leave(
    State(central): State<Central>,
    signed_in: SignedIn,
    Form(leaving): Form<Leaving>,
) -> Response {
    if !forms::brings_word(Some(&signed_in.secret), &leaving.word) {
        return StatusCode::FORBIDDEN.into_response();
    }
    if let Err(error) = central.storage.close_session(token::digest(&signed_in.secret)).await {
        tracing::error!(%error, "session cannot be ended");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    with_cookies(Redirect::to(SIGN_IN).into_response(), [cookies::set(cookies::SESSION, "", 0)])
}
