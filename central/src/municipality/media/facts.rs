//! What every page of sealed files is given, and the recent files of a municipality.
//!
//! Must not: look at another municipality.

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use record::{
    MunicipalityCode,
    envelope::{AccountName, EnvelopeId},
};

use super::words::{MediaWords, media_words};
use crate::{
    console::{language::Language, page::Frame},
    media::{
        event::About,
        file::SealedFile,
        ledger::{self, lines_about},
    },
    municipality::{
        officer::{Bar, Officer},
        words::{Words, words},
    },
    roles::RoleKind,
    storage::{Storage, StorageError},
};

/// Files in the list.
const MOST_FILES: usize = 50;
/// Lines in which they are looked for.
const MOST_LINES: u32 = 2_000;

/// The head and foot of each page.
pub(super) struct Around {
    pub(super) frame: Frame,
    pub(super) own: &'static Words,
    pub(super) media: &'static MediaWords,
    pub(super) bar: Bar,
}

impl Around {
    pub(super) fn of(officer: &Officer, language: Language) -> Self {
        Self {
            frame: Frame::new(language),
            own: words(language),
            media: media_words(language),
            bar: officer.bar(language),
        }
    }
}

/// The officer's account, as envelopes name it.
pub(super) fn account(officer: &Officer) -> Result<AccountName, StorageError> {
    officer.name.as_str().parse().map_err(|_| StorageError::Inconsistent("name"))
}

/// Whether the officer may allow, let take effect and undo.
pub(super) fn is_approver(officer: &Officer) -> bool {
    officer.role.kind() == RoleKind::MunicipalityApprover
}

/// The files that something was done with last, the newest first.
pub(super) async fn recent(
    storage: &dyn Storage,
    municipality: MunicipalityCode,
) -> Result<Vec<(EnvelopeId, SealedFile)>, StorageError> {
    let mut ids: Vec<EnvelopeId> = Vec::new();
    for kept in storage.latest_media_lines(municipality, None, MOST_LINES).await? {
        if let About::File(id) = ledger::read(&kept)?.about
            && !ids.contains(&id)
        {
            ids.push(id);
        }
        if ids.len() == MOST_FILES {
            break;
        }
    }
    let mut files = Vec::with_capacity(ids.len());
    for id in ids {
        let lines = lines_about(storage, municipality, About::File(id)).await?;
        files.extend(SealedFile::of(&lines).map(|file| (id, file)));
    }
    Ok(files)
}

/// 503; the reason is logged and holds nothing personal.
pub(super) fn unavailable(error: &StorageError) -> Response {
    tracing::error!(%error, "sealed files cannot be read or changed");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

/// Where a file's page is.
pub(super) fn address(id: EnvelopeId) -> String {
    format!("/municipality/media/files/{id}")
}
