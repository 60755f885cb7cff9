//! タブレットの状況: the page, and its rows alone for the live refresh.
//!
//! Must not: ask the storage for anything an entry says.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

use super::{
    fleet_rows::{Mark, Rows, rows},
    forms,
    language::Chosen,
    page::{Frame, page},
    session::SignedIn,
};
use crate::{
    state::Central,
    storage::{AccountName, StorageError},
};

#[derive(Template)]
#[template(path = "fleet.html")]
struct FleetPage {
    frame: Frame,
    word: String,
    account: AccountName,
    rows: Rows,
}

#[derive(Template)]
#[template(path = "fleet_rows.html")]
struct RowsPage {
    frame: Frame,
    rows: Rows,
}

/// Which page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    page: usize,
}

/// The whole page.
pub(crate) async fn show(
    State(central): State<Central>,
    signed_in: SignedIn,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    let frame = Frame::new(chosen.language);
    match rows(&central, &frame, asked.page).await {
        Ok(rows) => {
            let word = forms::word(&signed_in.secret);
            page(StatusCode::OK, chosen, &FleetPage { frame, word, account: signed_in.name, rows }, [])
        }
        Err(error) => unavailable(&error),
    }
}

/// The rows alone.
pub(crate) async fn show_rows(
    State(central): State<Central>,
    _signed_in: SignedIn,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    let frame = Frame::new(chosen.language);
    match rows(&central, &frame, asked.page).await {
        Ok(rows) => page(StatusCode::OK, chosen, &RowsPage { frame, rows }, []),
        Err(error) => unavailable(&error),
    }
}

fn unavailable(error: &StorageError) -> Response {
    tracing::error!(%error, "the fleet cannot be read");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
