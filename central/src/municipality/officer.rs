//! 市区町村の担当者: who is signed in for a municipality.
//!
//! Must not: take a municipality from anything but the account's own role.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use record::{Municipality, MunicipalityCode, MunicipalityTable};

use crate::{
    audit::{self, Act},
    console::{account_words::account_words, forms, language::Language, session::SignedIn},
    people::sealing::{MunicipalKeys, SealingError},
    roles::Role,
    state::Central,
    storage::{About, AccountName, StorageError},
};

/// Somebody of one municipality.
pub(crate) struct Officer {
    pub(super) name: AccountName,
    pub(super) municipality: MunicipalityCode,
    pub(super) role: Role,
    /// The session's cookie; secret.
    pub(super) secret: String,
}

/// What the head of each page says of them.
pub(super) struct Bar {
    pub(super) account: String,
    pub(super) role: &'static str,
    pub(super) municipality: String,
    /// The word of the forms.
    pub(super) word: String,
}

impl Officer {
    pub(super) fn bar(&self, language: Language) -> Bar {
        let municipality = MunicipalityTable::shipped().find(self.municipality);
        Bar {
            account: self.name.as_str().to_owned(),
            role: account_words(language).role(self.role.kind()),
            municipality: municipality.map_or_else(|| self.municipality.to_string(), Municipality::full_name),
            word: forms::word(&self.secret),
        }
    }
}

impl Officer {
    /// The keys of the municipality's people; none where it registered nobody.
    pub(super) async fn keys(&self, central: &Central) -> Result<Option<MunicipalKeys>, SealingError> {
        MunicipalKeys::existing(&*central.storage, &central.keeping_key, self.municipality).await
    }

    /// Records what they do, before they are shown what comes of it.
    pub(super) async fn note(
        &self,
        central: &Central,
        act: &Act,
        about: Option<About>,
    ) -> Result<(), StorageError> {
        let now = central.clock.now();
        let line = act.line_about(self.municipality, self.name.as_str(), now, about);
        audit::note(&*central.storage, line).await
    }

    /// Whether a form brought the word of their session.
    pub(super) fn sent(&self, word: &str) -> bool {
        forms::brings_word(Some(&self.secret), word)
    }
}

impl<S: Sync> FromRequestParts<S> for Officer {
    type Rejection = StatusCode;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        let SignedIn { name, role, secret, .. } = SignedIn::from_request_parts(parts, state).await?;
        let municipality = role.municipality().ok_or_else(|| {
            tracing::error!("a municipality's page is open to a role without one");
            StatusCode::INTERNAL_SERVER_ERROR
        })?;
        Ok(Self { name, municipality, role, secret })
    }
}
