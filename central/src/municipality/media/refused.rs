//! Why something was not done, as status and sentence.
//!
//! Must not: hold anything that was entered.

use axum::http::StatusCode;

use super::{phrases, words::MediaWords};
use crate::{
    console::language::Language,
    media::{file::Conflict, ledger::LedgerError, refusal::Reason},
    storage::StorageError,
};

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    StaleForm,
    Overtaken,
    SamePerson,
    BadDocument,
    BadDays,
    NothingChosen,
    NoFile,
    NoCard,
    TooLarge,
    BrokenOff,
    Gone,
    /// It was to be stopped and had ended.
    EndedBefore,
    Reason(Reason),
}

/// Refused, or the register failed.
pub(super) enum Failure {
    Refused(Refused),
    Storage(StorageError),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}
impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Self::Refused(Refused::Reason(reason))
    }
}
impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}
impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Storage(error) => Self::Storage(error),
            LedgerError::Conflict(Conflict::SamePerson) => Self::Refused(Refused::SamePerson),
            LedgerError::Conflict(Conflict::OpenedBefore) => Reason::OpenedBefore.into(),
            LedgerError::Conflict(Conflict::BeingRead) => Reason::BeingRead.into(),
            LedgerError::Conflict(Conflict::Unknown | Conflict::Stage) => Self::Refused(Refused::Overtaken),
        }
    }
}

impl Refused {
    /// As it is answered.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::StaleForm | Self::SamePerson => StatusCode::FORBIDDEN,
            Self::Overtaken | Self::EndedBefore => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BrokenOff => StatusCode::BAD_REQUEST,
            Self::Gone => StatusCode::GONE,
            Self::BadDocument
            | Self::BadDays
            | Self::NothingChosen
            | Self::NoFile
            | Self::NoCard
            | Self::Reason(_) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// One sentence, and the next step.
    pub(super) fn sentence(self, language: Language, words: &MediaWords) -> &'static str {
        match self {
            Self::StaleForm => words.stale_form,
            Self::Overtaken => words.overtaken,
            Self::SamePerson => words.same_person,
            Self::BadDocument => words.bad_document,
            Self::BadDays => words.bad_days,
            Self::NothingChosen => words.nothing_chosen,
            Self::NoFile => words.no_file,
            Self::NoCard => words.no_card,
            Self::TooLarge => words.too_large,
            Self::BrokenOff => words.broken_off,
            Self::Gone => words.gone,
            Self::EndedBefore => words.ended_before,
            Self::Reason(reason) => phrases::reason(language, reason),
        }
    }
}
