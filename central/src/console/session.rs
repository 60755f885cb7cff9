//! Who is signed in, and who is on the way. The cookie is 256 random bits, new at every step; the storage keeps its
//! digest and an end.
//!
//! Must not: outlive a working day, or be prolonged by use.

use axum::http::HeaderValue;
use record::WallTime;
use seal::{random::Random, token};

use super::cookies;
use crate::{
    roles::Role,
    storage::{AccountName, Session, Stage},
};

/// A working day with its breaks.
const LASTS_MS: i64 = 10 * 3_600_000;
/// Time to take the authenticator out, or to install one.
const HALF_LASTS_MS: i64 = 15 * 60_000;
/// Where to sign in.
pub(crate) const SIGN_IN: &str = "/console/sign-in";

/// Somebody who is signed in.
#[derive(Clone)]
pub(crate) struct SignedIn {
    /// The account.
    pub(crate) name: AccountName,
    /// What they may do.
    pub(crate) role: Role,
    /// When the session ends.
    pub(crate) expires_at: WallTime,
    /// The session's cookie; secret.
    pub(crate) secret: String,
}

/// Somebody whose password was right, or whom the identity provider named, and no more yet.
#[derive(Clone)]
pub(crate) struct HalfSignedIn {
    /// The account.
    pub(crate) name: AccountName,
    /// What is to come: never [`Stage::Open`].
    pub(crate) stage: Stage,
    /// The session's cookie; secret.
    pub(crate) secret: String,
}

/// A session that begins now: what is kept, and the cookie.
pub(crate) struct Fresh {
    /// What is kept.
    pub(crate) session: Session,
    /// The cookie.
    pub(crate) cookie: Option<HeaderValue>,
}

/// A fresh session at that stage.
pub(crate) fn fresh(
    name: AccountName,
    stage: Stage,
    now: WallTime,
    random: &mut dyn Random,
) -> Result<Fresh, seal::Error> {
    let secret = token::fresh(random)?;
    let lasts_ms = if stage == Stage::Open { LASTS_MS } else { HALF_LASTS_MS };
    let cookie = cookies::set(cookies::SESSION, &secret, lasts_ms / 1_000);
    let (digest, expires_at) = (token::digest(&secret), now.plus_ms(lasts_ms));
    Ok(Fresh { session: Session { digest, name, stage, opened_at: now, expires_at }, cookie })
}

/// Where somebody of that role begins.
pub(crate) fn home(role: Role) -> &'static str {
    match role {
        Role::Support | Role::NationalAdministrator => "/console/fleet",
        Role::MunicipalityStaff(_) | Role::MunicipalityApprover(_) => "/municipality/reviews",
    }
}
