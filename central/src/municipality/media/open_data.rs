//! オープンデータ: counts of doses; the one file that leaves unsealed, because nobody is in it. Counted on demand, beside the page.
//!
//! Must not: send anything but counts.

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{
    facts::Around,
    phrases,
    progress::{Progress, working},
    sent,
    words::MediaWords,
};
use crate::{
    console::{
        forms,
        language::Chosen,
        page::{Frame, page},
    },
    media::{
        counting::{self, Counted},
        jobs::Of,
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
};

/// Where its page is.
pub(super) const ADDRESS: &str = "/municipality/media/open-data";

#[derive(Template)]
#[template(path = "media_open_data.html")]
struct OpenDataPage {
    frame: Frame,
    own: &'static Words,
    media: &'static MediaWords,
    bar: Bar,
    address: &'static str,
    message: Option<&'static str>,
    progress: Option<Progress>,
    counted: Option<String>,
    lines: usize,
}

/// What the buttons send.
#[derive(Deserialize)]
pub(crate) struct Entered {
    word: String,
    #[serde(default)]
    what: String,
}

/// The page.
pub(crate) async fn show(State(central): State<Central>, officer: Officer, chosen: Chosen) -> Response {
    answer(&central, &officer, chosen, StatusCode::OK, None)
}

/// Begins to count, or stops it.
pub(crate) async fn act(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Form(entered): Form<Entered>,
) -> Response {
    let is_known = forms::brings_word(Some(&officer.secret), &entered.word);
    match entered.what.as_str() {
        "count" if is_known => counting::begin(&central, officer.municipality),
        "stop" if is_known => {
            if let Some(job) = central.media.jobs.find(officer.municipality, Of::OpenData) {
                job.stop();
            }
        }
        _ => {
            let stale = super::words::media_words(chosen.language).stale_form;
            return answer(&central, &officer, chosen, StatusCode::FORBIDDEN, Some(stale));
        }
    }
    Redirect::to(ADDRESS).into_response()
}

/// The counts of this municipality's coupons, one line of JSON each.
pub(crate) async fn file(State(central): State<Central>, officer: Officer, chosen: Chosen) -> Response {
    match central.media.counts.last(officer.municipality) {
        Some(Counted::File(file, _)) => {
            sent::small(&format!("open-data-{}.ndjson", officer.municipality), file.as_ref().clone())
        }
        _ => {
            let none = super::words::media_words(chosen.language).not_counted;
            answer(&central, &officer, chosen, StatusCode::NOT_FOUND, Some(none))
        }
    }
}

fn answer(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    status: StatusCode,
    said: Option<&'static str>,
) -> Response {
    let around = Around::of(officer, chosen.language);
    // Asked before the counts: what ends in between is then seen as it ended.
    let progress = working(central, officer, chosen.language, Of::OpenData);
    let (message, counted, lines) = match central.media.counts.last(officer.municipality) {
        _ if progress.is_some() => (None, None, 0),
        Some(Counted::File(file, at)) => {
            let lines = file.iter().filter(|byte| **byte == b'\n').count();
            (None, Some(phrases::at(at)), lines)
        }
        Some(Counted::Stopped) => (Some(around.media.counting_stopped), None, 0),
        Some(Counted::Failed) => (Some(around.media.counting_failed), None, 0),
        None => (None, None, 0),
    };
    let template = OpenDataPage {
        address: ADDRESS,
        message: said.or(message),
        progress,
        counted,
        lines,
        frame: around.frame,
        own: around.own,
        media: around.media,
        bar: around.bar,
    };
    page(status, chosen, &template, [])
}
