//! Who may ask for what: held once, before a handler runs, by what `routes` says of each route.
//!
//! Must not: leave a decision to a handler. A handler that asks for [`SignedIn`] on a route that lets anybody in
//! answers 500.

use askama::Template;
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, StatusCode, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use seal::token;

use super::{
    cookies,
    language::Chosen,
    page::{Frame, page},
    session::{HalfSignedIn, SIGN_IN, SignedIn},
};
use crate::{
    roles::RoleKind,
    state::Central,
    storage::{OpenSession, Stage, StorageError},
};

/// Where a code is asked for.
pub(crate) const CODE: &str = "/console/code";
/// Where the second factor is set up.
pub(crate) const SET_UP: &str = "/console/second-factor";

/// Who may ask for a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody.
    Anybody,
    /// An enrolled tablet, by the signature that the handler itself checks, or a tablet's one-time token.
    Tablet,
    /// Somebody whose password was right, or whom the identity provider named, and who owes the second factor.
    HalfSignedIn,
    /// Somebody who is signed in, in one of these roles.
    Roles(&'static [RoleKind]),
}

/// What the guard of one route knows.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) central: Central,
    pub(crate) who: Who,
}

#[derive(Template)]
#[template(path = "not_allowed.html")]
struct NotAllowedPage {
    frame: Frame,
}

/// Lets through who may, and hands on who they are.
pub(crate) async fn hold(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let found = find(&guard.central, request.headers()).await;
    let (secret, open) = match found {
        Ok(Some(found)) => found,
        Ok(None) => return to_sign_in(request.headers()),
        Err(error) => {
            tracing::error!(%error, "session cannot be looked up");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    match (guard.who, open.stage) {
        (Who::Roles(roles), Stage::Open) if roles.contains(&open.role.kind()) => {
            let (name, role, expires_at) = (open.name, open.role, open.expires_at);
            request.extensions_mut().insert(SignedIn { name, role, expires_at, secret });
            next.run(request).await
        }
        (Who::Roles(_), Stage::Open) => not_allowed(request).await,
        (Who::Roles(_), stage) => elsewhere(request.headers(), place_of(&stage)),
        (Who::HalfSignedIn, Stage::Open) => elsewhere(request.headers(), "/"),
        (Who::HalfSignedIn, stage) => {
            request.extensions_mut().insert(HalfSignedIn { name: open.name, stage, secret });
            next.run(request).await
        }
        (Who::Anybody | Who::Tablet, _) => next.run(request).await,
    }
}

/// Where somebody goes on who is in the middle of signing in.
pub(super) fn place_of(stage: &Stage) -> &'static str {
    match stage {
        Stage::SettingUp(_) => SET_UP,
        Stage::AwaitingCode => CODE,
        Stage::Open => "/",
    }
}

async fn find(central: &Central, headers: &HeaderMap) -> Result<Option<(String, OpenSession)>, StorageError> {
    let Some(secret) = cookies::value(headers, cookies::SESSION) else { return Ok(None) };
    let secret = secret.to_owned();
    let open = central.storage.session(token::digest(&secret), central.clock.now()).await?;
    Ok(open.map(|open| (secret, open)))
}

/// 403, with a sentence and a way on.
async fn not_allowed(request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let Ok(chosen) = Chosen::from_request_parts(&mut parts, &()).await;
    page(StatusCode::FORBIDDEN, chosen, &NotAllowedPage { frame: Frame::new(chosen.language) }, [])
}

fn to_sign_in(headers: &HeaderMap) -> Response {
    elsewhere(headers, SIGN_IN)
}

/// A page is sent there; a fragment asks the page around it to go.
fn elsewhere(headers: &HeaderMap, place: &'static str) -> Response {
    if headers.contains_key("hx-request") {
        (StatusCode::UNAUTHORIZED, [("hx-redirect", place)]).into_response()
    } else {
        Redirect::to(place).into_response()
    }
}

fn handed_on<T: Clone + Send + Sync + 'static>(parts: &Parts) -> Result<T, StatusCode> {
    parts.extensions.get::<T>().cloned().ok_or_else(|| {
        tracing::error!("a route hands nobody on to its handler");
        StatusCode::INTERNAL_SERVER_ERROR
    })
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = StatusCode;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        handed_on(parts)
    }
}

impl<S: Sync> FromRequestParts<S> for HalfSignedIn {
    type Rejection = StatusCode;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        handed_on(parts)
    }
}
