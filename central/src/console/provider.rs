//! 外部IDでログイン: to the identity provider and back. Whoever it names is let in as the account that is bound to that
//! identity, and owes our own second factor unless the provider proves one.
//!
//! Must not: lead anywhere but to the configured provider and to pages of ours; let a way back count twice, in another
//! browser or after its time; or log who it was.

use std::{
    net::{IpAddr, SocketAddr},
    sync::PoisonError,
};

use askama::Template;
use axum::{
    extract::{ConnectInfo, Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use record::WallTime;
use seal::{
    id_token::{Identified, Subject},
    random::SystemRandom,
};
use serde::Deserialize;

use super::{
    cookies,
    guard::place_of,
    language::{Chosen, Language},
    page::{Frame, page, with_cookies},
    phrases,
    provider_words::provider_words,
    session::{self, Fresh},
    sign_in::{self, Said},
};
use crate::{
    provider::{Provider, ProviderError, Visit},
    second_factor,
    state::Central,
    storage::{Stage, StorageError},
};

/// A longer code is none.
const MOST_CODE: usize = 4_096;

/// From here on the browser goes by itself. The way back came from another site, and on it, as on each redirect that
/// follows from it, a browser sends no cookie that is `SameSite=Strict`; from a page of ours it does.
#[derive(Template)]
#[template(path = "provider_return.html")]
struct ReturnPage {
    frame: Frame,
    title: &'static str,
    lead: &'static str,
    onwards: &'static str,
    place: &'static str,
}

/// What a browser brings back. No `Debug`: a code lets in.
#[derive(Deserialize)]
pub(crate) struct Brought {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    iss: Option<String>,
    #[serde(default)]
    error: Option<String>,
}

/// Why nobody is signed in.
enum Refused {
    /// No provider is set up.
    NotOffered,
    /// Too many failures from that address; milliseconds to wait.
    Wait(i64),
    /// Not the browser, not the time, or not the first time.
    Stale,
    /// The person or the provider declined.
    Declined,
    /// The provider cannot be had now.
    Unreachable,
    /// What it says is not believed.
    NotBelieved,
    /// It is believed, and no account of ours is that person's.
    NoAccount(Subject),
    /// Something else is wrong, and was logged.
    Unavailable,
}

impl From<StorageError> for Refused {
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "signing in is not possible");
        Self::Unavailable
    }
}
impl From<seal::Error> for Refused {
    fn from(error: seal::Error) -> Self {
        tracing::error!(%error, "signing in is not possible");
        Self::Unavailable
    }
}
impl From<ProviderError> for Refused {
    fn from(error: ProviderError) -> Self {
        tracing::warn!(%error, "the identity provider signs nobody in");
        match error {
            ProviderError::Unreachable { .. } => Self::Unreachable,
            ProviderError::Refused => Self::Declined,
            ProviderError::Answer(_) | ProviderError::Token(_) => Self::NotBelieved,
        }
    }
}

impl Refused {
    fn said(self, language: Language) -> (StatusCode, Said) {
        let (own, words) = (provider_words(language), super::words::words(language));
        let (status, message) = match self {
            Self::NotOffered => (StatusCode::NOT_FOUND, own.not_offered),
            Self::Stale => (StatusCode::FORBIDDEN, own.stale),
            Self::Declined => (StatusCode::FORBIDDEN, own.declined),
            Self::Unreachable => (StatusCode::BAD_GATEWAY, own.unreachable),
            Self::NotBelieved => (StatusCode::FORBIDDEN, own.not_believed),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, words.unavailable),
            Self::Wait(ms) => {
                let message = phrases::wait_for_provider(language, ms);
                return (StatusCode::TOO_MANY_REQUESTS, Said { message, identity: None });
            }
            Self::NoAccount(subject) => {
                let (message, identity) = (own.no_account.to_owned(), Some(subject.as_str().to_owned()));
                return (StatusCode::FORBIDDEN, Said { message, identity });
            }
        };
        (status, Said { message: message.to_owned(), identity: None })
    }
}

/// To the provider.
pub(crate) async fn leave(
    State(central): State<Central>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    chosen: Chosen,
    headers: HeaderMap,
) -> Response {
    match leading_away(&central, from.ip(), chosen.language).await {
        Ok((address, visit)) => {
            let seconds = crate::provider::LASTS_MS / 1_000;
            let cookie = cookies::set_for_return(cookies::PROVIDER, visit.cookie(), seconds);
            with_cookies(Redirect::to(&address).into_response(), [cookie])
        }
        Err(refused) => refuse(&central, chosen, &headers, refused),
    }
}

async fn leading_away(
    central: &Central,
    from: IpAddr,
    language: Language,
) -> Result<(String, Visit), Refused> {
    let (provider, now) = (offered(central)?, central.clock.now());
    may_try(central, from, now)?;
    let visit = Visit::fresh(now, language, &mut SystemRandom::default())?;
    Ok((provider.address(&visit, now).await?, visit))
}

/// And back.
pub(crate) async fn come_back(
    State(central): State<Central>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    chosen: Chosen,
    headers: HeaderMap,
    brought: Result<Query<Brought>, QueryRejection>,
) -> Response {
    let visit = cookies::value(&headers, cookies::PROVIDER).and_then(Visit::of_cookie);
    // The cookie of the language did not come along.
    let chosen = visit.as_ref().map_or(chosen, |visit| Chosen::of(visit.language()));
    let signed_in = match brought {
        Ok(Query(brought)) => sign_in(&central, from.ip(), visit, brought).await,
        Err(_) => Err(Refused::Stale),
    };
    let response = match signed_in {
        Ok(Fresh { session, cookie }) => {
            let own = provider_words(chosen.language);
            let template = ReturnPage {
                frame: Frame::new(chosen.language),
                title: own.identified,
                lead: own.identified_lead,
                onwards: own.onwards,
                place: place_of(&session.stage),
            };
            page(StatusCode::OK, chosen, &template, [cookie])
        }
        Err(refused) => refuse(&central, chosen, &headers, refused),
    };
    with_cookies(response, [cookies::set_for_return(cookies::PROVIDER, "", 0)])
}

async fn sign_in(
    central: &Central,
    from: IpAddr,
    visit: Option<Visit>,
    brought: Brought,
) -> Result<Fresh, Refused> {
    let (provider, now) = (offered(central)?, central.clock.now());
    may_try(central, from, now)?;
    let visit = visit.filter(|visit| visit.is_answered_by(&brought.state, now)).ok_or(Refused::Stale)?;
    if !central.storage.spend_state(visit.digest(), visit.expires_at(), now).await? {
        return Err(Refused::Stale);
    }
    let identified = match identified(provider, &visit, brought, now).await {
        Ok(identified) => identified,
        Err(refused) => {
            if !matches!(refused, Refused::Unreachable) {
                failed(central, from, now);
            }
            return Err(refused);
        }
    };
    let is_proven = provider.proves_second_factor(&identified);
    let found = central.storage.account_of(provider.identity(identified.subject.clone())).await?;
    let Some(account) = found.filter(|account| account.disabled_at.is_none()) else {
        failed(central, from, now);
        tracing::warn!("the identity provider named somebody who has no account");
        return Err(Refused::NoAccount(identified.subject));
    };
    let mut random = SystemRandom::default();
    let stage = match (is_proven, account.has_second_factor) {
        (true, _) => Stage::Open,
        (false, true) => Stage::AwaitingCode,
        (false, false) => {
            Stage::SettingUp(second_factor::fresh(&central.keeping_key, &account.name, &mut random)?)
        }
    };
    let fresh = session::fresh(account.name, stage, now, &mut random)?;
    central.storage.open_session(fresh.session.clone()).await?;
    tracing::info!(second_factor = is_proven, "signed in by the identity provider");
    Ok(fresh)
}

async fn identified(
    provider: &Provider,
    visit: &Visit,
    brought: Brought,
    now: WallTime,
) -> Result<Identified, Refused> {
    provider.is_sender(brought.iss.as_deref(), now).await?;
    let code = brought.code.filter(|code| (1..=MOST_CODE).contains(&code.len()));
    match (code, brought.error) {
        (Some(code), None) => Ok(provider.identify(&code, visit, now).await?),
        _ => Err(Refused::Declined),
    }
}

fn offered(central: &Central) -> Result<&Provider, Refused> {
    central.provider.as_ref().ok_or(Refused::NotOffered)
}

fn may_try(central: &Central, from: IpAddr, now: WallTime) -> Result<(), Refused> {
    let throttle = central.throttle.lock().unwrap_or_else(PoisonError::into_inner);
    match throttle.wait_ms(None, from, now) {
        0 => Ok(()),
        ms => Err(Refused::Wait(ms)),
    }
}

fn failed(central: &Central, from: IpAddr, now: WallTime) {
    central.throttle.lock().unwrap_or_else(PoisonError::into_inner).failed(None, from, now);
}

/// The sign-in page with what was wrong: from there both ways are open.
fn refuse(central: &Central, chosen: Chosen, headers: &HeaderMap, refused: Refused) -> Response {
    let wait_s = if let Refused::Wait(ms) = refused { Some(ms.saturating_add(999) / 1_000) } else { None };
    let (status, said) = refused.said(chosen.language);
    let mut response = sign_in::show(central, chosen, headers, status, Some(said));
    if let Some(seconds) = wait_s {
        let seconds = HeaderValue::from(u64::try_from(seconds).unwrap_or(1));
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}
