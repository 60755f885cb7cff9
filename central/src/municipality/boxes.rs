//! 設定ファイルの配布: the boxes of a municipality in a list, each to be downloaded and revoked. `box_making` makes them.
//!
//! Must not: show anything of another municipality, or hold a set-up code.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use record::WallTime;
use serde::Deserialize;

use super::{
    box_list::{self, BoxShown},
    box_words::{BoxWords, box_words},
    officer::{Bar, Officer},
    words::{Words, words},
};
use crate::{
    case::{DecisionReason, MOST_REASON},
    console::{
        forms,
        language::Chosen,
        page::{Frame, page},
    },
    state::Central,
    storage::Said,
};

/// Boxes that are listed; older ones are those of tablets long set up.
const MOST_LISTED: u32 = 50;
/// Where the list lies.
const PAGE: &str = "/municipality/boxes";

#[derive(Template)]
#[template(path = "municipal_boxes.html")]
struct ListPage {
    frame: Frame,
    own: &'static Words,
    boxes: &'static BoxWords,
    bar: Bar,
    rows: Vec<BoxShown>,
    message: Option<&'static str>,
    most_reason: usize,
}

/// What the form of one box sends. No `Debug`: a reason may name somebody.
#[derive(Deserialize)]
pub(crate) struct Revoked {
    word: String,
    #[serde(default)]
    reason: String,
}

/// The list.
pub(crate) async fn show(State(central): State<Central>, officer: Officer, chosen: Chosen) -> Response {
    list(&central, &officer, chosen, None).await
}

pub(super) async fn list(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    refused: Option<(StatusCode, &'static str)>,
) -> Response {
    let language = chosen.language;
    let read = async {
        let rows = central.storage.boxes(officer.municipality, MOST_LISTED).await?;
        let fleet = central.fleet.fresh(&*central.storage).await?;
        Ok((rows, fleet))
    };
    let (rows, fleet) = match read.await {
        Ok(read) => read,
        Err(error) => return unavailable(&error),
    };
    let own = box_words(language);
    let now = central.clock.now();
    let shown = rows.iter().map(|row| box_list::shown(own, row, &fleet, now)).collect();
    let template = ListPage {
        frame: Frame::new(language),
        own: words(language),
        boxes: own,
        bar: officer.bar(language),
        rows: shown,
        message: refused.map(|(_, message)| message),
        most_reason: MOST_REASON,
    };
    page(refused.map_or(StatusCode::OK, |(status, _)| status), chosen, &template, [])
}

/// The sealed file of one box.
pub(crate) async fn file(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(issued_at): Path<String>,
) -> Response {
    let own = box_words(chosen.language);
    let unknown = Some((StatusCode::NOT_FOUND, own.unknown));
    let Some(issued_at) = moment(&issued_at) else { return list(&central, &officer, chosen, unknown).await };
    match central.storage.box_file(officer.municipality, issued_at).await {
        Ok(Some(bytes)) => {
            let name = format!("{}-{}.vrsbundle", officer.municipality, issued_at.unix_ms());
            let headers = [
                (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
            ];
            (headers, bytes).into_response()
        }
        Ok(None) => list(&central, &officer, chosen, unknown).await,
        Err(error) => unavailable(&error),
    }
}

/// Revokes what is left of a box.
pub(crate) async fn revoke(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(issued_at): Path<String>,
    Form(revoked): Form<Revoked>,
) -> Response {
    let own = box_words(chosen.language);
    if !forms::brings_word(Some(&officer.secret), &revoked.word) {
        return list(&central, &officer, chosen, Some((StatusCode::FORBIDDEN, own.stale_form))).await;
    }
    let Ok(reason) = revoked.reason.parse::<DecisionReason>() else {
        let refused = Some((StatusCode::UNPROCESSABLE_ENTITY, own.no_reason));
        return list(&central, &officer, chosen, refused).await;
    };
    let Some(issued_at) = moment(&issued_at) else {
        return list(&central, &officer, chosen, Some((StatusCode::NOT_FOUND, own.unknown))).await;
    };
    let said = Said { by: officer.name.clone(), reason, at: central.clock.now() };
    match central.storage.revoke_box(officer.municipality, issued_at, said).await {
        Ok(0) => list(&central, &officer, chosen, Some((StatusCode::CONFLICT, own.nothing_to_revoke))).await,
        Ok(ended) => {
            tracing::info!(municipality = %officer.municipality, ended, "a box was revoked");
            Redirect::to(PAGE).into_response()
        }
        Err(error) => unavailable(&error),
    }
}

fn moment(text: &str) -> Option<WallTime> {
    text.parse().ok().map(WallTime::from_unix_ms)
}

/// Where one box lies.
pub(super) fn address(issued_at: WallTime) -> String {
    format!("{PAGE}/{}", issued_at.unix_ms())
}

fn unavailable(error: &crate::storage::StorageError) -> Response {
    tracing::error!(%error, "boxes cannot be read or changed");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
