//! タブレットの状況: the page with its conditions, and its rows alone for the live refresh.
//!
//! Must not: ask the storage for anything an entry says.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use super::{
    asked::Asked,
    fleet_rows::{Rows, Told, rows},
    forms,
    language::Chosen,
    mark::Mark,
    need_words,
    page::{Frame, page},
    session::SignedIn,
    tablet_phrases,
};
use crate::{
    fleet::{needs::Need, question::SILENT_HOURS},
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

/// One choice of a list.
struct Choice {
    value: String,
    word: String,
    is_chosen: bool,
}

impl FleetPage {
    fn needs(&self) -> Vec<Choice> {
        let choice = |need: Need| Choice {
            value: need.code().to_owned(),
            word: need_words::state(self.frame.language, need).to_owned(),
            is_chosen: self.rows.question.need == Some(need),
        };
        Need::ALL.map(choice).into()
    }
    fn silences(&self) -> Vec<Choice> {
        let choice = |hours: i64| Choice {
            value: hours.to_string(),
            word: tablet_phrases::silence(self.frame.language, hours),
            is_chosen: self.rows.question.silent_hours == hours,
        };
        SILENT_HOURS.map(choice).into()
    }
}

/// The whole page.
pub(crate) async fn show(
    State(central): State<Central>,
    signed_in: SignedIn,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    let frame = Frame::new(chosen.language).seen_by(signed_in.role);
    match rows(&central, &frame, asked.question(), asked.page(), Told::Opened).await {
        Ok(rows) => {
            let word = forms::word(&signed_in.secret);
            let template = FleetPage { frame, word, account: signed_in.name, rows };
            page(StatusCode::OK, chosen, &template, [])
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
    match rows(&central, &frame, asked.question(), asked.page(), Told::Changed).await {
        Ok(rows) => page(StatusCode::OK, chosen, &RowsPage { frame, rows }, []),
        Err(error) => unavailable(&error),
    }
}

/// The storage cannot be read now.
pub(super) fn unavailable(error: &StorageError) -> Response {
    tracing::error!(%error, "the fleet cannot be read");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
