//! From a template to an answer, and the frame that all pages share.
//!
//! Must not: hold a page's own content.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};

use super::{
    account_words::account_words,
    assets::{Assets, assets},
    fleet_words::{FleetWords, fleet_words},
    language::{Chosen, Language},
    words::{Words, words},
};
use crate::roles::Role;

/// What every template is given.
pub(crate) struct Frame {
    pub(crate) language: Language,
    pub(crate) words: &'static Words,
    pub(crate) fleet: &'static FleetWords,
    pub(crate) assets: &'static Assets,
    /// What the way to the accounts is called, for who keeps them.
    pub(crate) accounts: Option<&'static str>,
}

impl Frame {
    /// The frame in that language.
    pub(crate) fn new(language: Language) -> Self {
        Self {
            language,
            words: words(language),
            fleet: fleet_words(language),
            assets: assets(),
            accounts: None,
        }
    }
    /// With the ways that are open to that role.
    pub(crate) fn seen_by(self, role: Role) -> Self {
        let accounts = match role {
            Role::NationalAdministrator => Some(account_words(self.language).accounts),
            Role::Support | Role::MunicipalityStaff(_) | Role::MunicipalityApprover(_) => None,
        };
        Self { accounts, ..self }
    }
    /// `ja` or `en`.
    pub(crate) fn tag(&self) -> &'static str {
        self.language.tag()
    }
    /// The language one may switch to.
    pub(crate) fn other_tag(&self) -> &'static str {
        match self.language {
            Language::Japanese => Language::English.tag(),
            Language::English => Language::Japanese.tag(),
        }
    }
}

/// A page, with the cookies it sets.
pub(crate) fn page(
    status: StatusCode,
    chosen: Chosen,
    template: &impl Template,
    set_cookies: impl IntoIterator<Item = Option<HeaderValue>>,
) -> Response {
    match template.render() {
        Ok(html) => {
            let set_cookies = set_cookies.into_iter().chain([chosen.cookie()]);
            with_cookies((status, Html(html)).into_response(), set_cookies)
        }
        Err(error) => {
            tracing::error!(%error, "page cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// An answer that sets cookies.
pub(crate) fn with_cookies(
    mut response: Response,
    set_cookies: impl IntoIterator<Item = Option<HeaderValue>>,
) -> Response {
    for cookie in set_cookies.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
