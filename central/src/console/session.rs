//! Who is signed in. The cookie is 256 random bits; the storage keeps their digest and an end.
//!
//! Must not: outlive a working day, or be prolonged by use.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, request::Parts},
    response::{IntoResponse as _, Redirect, Response},
};
use record::WallTime;
use seal::{random::Random, token};

use super::cookies;
use crate::{
    state::Central,
    storage::{AccountName, Session},
};

/// A working day with its breaks.
pub(crate) const LASTS_MS: i64 = 10 * 3_600_000;
/// Where to sign in.
pub(crate) const SIGN_IN: &str = "/console/sign-in";

/// Somebody who is signed in.
pub(crate) struct SignedIn {
    /// The account.
    pub(crate) name: AccountName,
    /// When the session ends.
    pub(crate) expires_at: WallTime,
    /// The session's cookie; secret.
    pub(crate) secret: String,
}

/// A fresh session: what is kept, and the cookie.
pub(crate) fn fresh(
    name: AccountName,
    now: WallTime,
    random: &mut dyn Random,
) -> Result<(Session, String), seal::Error> {
    let secret = token::fresh(random)?;
    let digest = token::digest(&secret);
    Ok((Session { digest, name, opened_at: now, expires_at: now.plus_ms(LASTS_MS) }, secret))
}

impl FromRequestParts<Central> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, central: &Central) -> Result<Self, Response> {
        let Some(secret) = cookies::value(&parts.headers, cookies::SESSION) else {
            return Err(to_sign_in(&parts.headers));
        };
        match central.storage.session(token::digest(secret), central.clock.now()).await {
            Ok(Some(open)) => {
                Ok(Self { name: open.name, expires_at: open.expires_at, secret: secret.to_owned() })
            }
            Ok(None) => Err(to_sign_in(&parts.headers)),
            Err(error) => {
                tracing::error!(%error, "session cannot be looked up");
                Err(StatusCode::SERVICE_UNAVAILABLE.into_response())
            }
        }
    }
}

/// A page is sent to the sign-in page; a fragment asks the page around it to go there.
fn to_sign_in(headers: &HeaderMap) -> Response {
    if headers.contains_key("hx-request") {
        (StatusCode::UNAUTHORIZED, [("hx-redirect", SIGN_IN)]).into_response()
    } else {
        Redirect::to(SIGN_IN).into_response()
    }
}
