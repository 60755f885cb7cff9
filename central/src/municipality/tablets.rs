//! タブレットと設定ファイル: the municipality's own tablets in a list.
//!
//! Must not: show another municipality's.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use super::{
    officer::{Bar, Officer},
    tablet_words::{TabletWords, tablet_words},
    words::{Words, words},
};
use crate::{
    console::{
        language::Chosen,
        page::{Frame, page},
        phrases::number,
    },
    fleet::{TabletState, TabletStatus},
    state::Central,
};

#[derive(Template)]
#[template(path = "municipal_tablets.html")]
struct TabletsPage {
    frame: Frame,
    own: &'static Words,
    tablets: &'static TabletWords,
    bar: Bar,
    rows: Vec<Row>,
}

struct Row {
    tablet_id: String,
    name: String,
    state: Standing,
    missing: Option<String>,
}

/// How a tablet stands, as mark and word.
pub(super) struct Standing {
    pub(super) mark: &'static str,
    pub(super) word: &'static str,
}

/// The list.
pub(crate) async fn show(State(central): State<Central>, officer: Officer, chosen: Chosen) -> Response {
    let fleet = match central.fleet.fresh(&*central.storage).await {
        Ok(fleet) => fleet,
        Err(error) => {
            tracing::error!(%error, "tablets cannot be read");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let language = chosen.language;
    let tablets = tablet_words(language);
    let own = fleet.iter().filter(|status| status.tablet_id.municipality() == officer.municipality);
    let template = TabletsPage {
        frame: Frame::new(language),
        own: words(language),
        tablets,
        bar: officer.bar(language),
        rows: own.map(|status| row(tablets, status)).collect(),
    };
    page(StatusCode::OK, chosen, &template, [])
}

fn row(words: &TabletWords, status: &TabletStatus) -> Row {
    let missing = match &status.state {
        TabletState::Enrolled(tablet) => Some(tablet.missing()).filter(|missing| *missing > 0),
        TabletState::Invited { .. } => None,
    };
    Row {
        tablet_id: status.tablet_id.to_string(),
        name: status.name.to_string(),
        state: state(words, status),
        missing: missing.map(number),
    }
}

/// How it stands.
pub(super) fn state(words: &TabletWords, status: &TabletStatus) -> Standing {
    match &status.state {
        TabletState::Invited { .. } => Standing { mark: "awaited", word: words.invited },
        TabletState::Enrolled(tablet) if tablet.replaced.is_some() => {
            Standing { mark: "awaited", word: words.replaced }
        }
        TabletState::Enrolled(_) => Standing { mark: "safe", word: words.at_work },
    }
}
