//! How far work has come that goes on beside the pages, as a fragment that asks for itself again.
//!
//! Must not: show work of another municipality.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderValue, StatusCode},
    response::{IntoResponse as _, Response},
};
use record::envelope::EnvelopeId;

use super::{
    facts::address,
    phrases,
    words::{MediaWords, media_words},
};
use crate::{
    console::{
        language::{Chosen, Language},
        page::page,
    },
    media::jobs::Of,
    municipality::officer::Officer,
    state::Central,
};

#[derive(Template)]
#[template(path = "media_progress.html")]
struct ProgressFragment {
    media: &'static MediaWords,
    address: String,
    progress: Progress,
}

pub(super) struct Progress {
    pub(super) sentence: String,
    pub(super) can_be_stopped: bool,
    pub(super) done: u64,
    pub(super) of: u64,
}

impl Progress {
    /// Work of which the ledger alone knows: another process is at it, or was.
    pub(super) fn unknown(words: &MediaWords) -> Self {
        Self { sentence: words.is_working.to_owned(), can_be_stopped: true, done: 0, of: 0 }
    }
}

/// What goes on here; none where nothing does.
pub(super) fn working(central: &Central, officer: &Officer, language: Language, of: Of) -> Option<Progress> {
    let job = central.media.jobs.find(officer.municipality, of)?;
    let (done, of) = job.progress();
    let is_stopped = job.is_stopped();
    let sentence = if is_stopped {
        phrases::stopping(language).to_owned()
    } else {
        phrases::progress(language, job.work(), (done, of))
    };
    Some(Progress { sentence, can_be_stopped: !is_stopped, done, of })
}

/// Of a sealed file.
pub(crate) async fn of_file(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(id): Path<String>,
) -> Response {
    let of = id.parse::<EnvelopeId>().ok().map(|id| (Of::File(id), address(id)));
    fragment(&central, &officer, chosen, of)
}

/// Of the open data.
pub(crate) async fn of_open_data(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
) -> Response {
    fragment(&central, &officer, chosen, Some((Of::OpenData, super::open_data::ADDRESS.to_owned())))
}

/// The page is asked for again when the work has ended.
fn fragment(central: &Central, officer: &Officer, chosen: Chosen, of: Option<(Of, String)>) -> Response {
    let found = of.and_then(|(of, address)| {
        working(central, officer, chosen.language, of).map(|progress| (progress, address))
    });
    match found {
        Some((progress, address)) => {
            let media = media_words(chosen.language);
            page(StatusCode::OK, chosen, &ProgressFragment { media, address, progress }, [])
        }
        None => ([("hx-refresh", HeaderValue::from_static("true"))], "").into_response(),
    }
}
