//! 封緘ファイル記録簿: every line, the newest first.
//!
//! Must not: show another municipality's, or leave a line out.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    facts::{Around, address, unavailable},
    phrases,
    words::MediaWords,
};
use crate::{
    console::{
        language::Chosen,
        page::{Frame, page},
    },
    media::{event::About, ledger},
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
    storage::{MediaLine, StorageError},
};

/// Lines on a page.
const MOST: u32 = 100;

#[derive(Template)]
#[template(path = "media_ledger.html")]
struct LedgerPage {
    frame: Frame,
    own: &'static Words,
    media: &'static MediaWords,
    bar: Bar,
    rows: Vec<Row>,
    older: Option<u64>,
    is_older: bool,
}

/// One line, as it is shown here and on a work record.
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) at: String,
    pub(super) by: String,
    pub(super) what: String,
    pub(super) file: Option<(String, String)>,
    pub(super) link: String,
}

/// Which page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    before: Option<u64>,
}

/// A page of it.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    let around = Around::of(&officer, chosen.language);
    let lines = central.storage.latest_media_lines(officer.municipality, asked.before, MOST).await;
    let rows = lines.and_then(|lines| lines.iter().map(|line| row(chosen, &around, line)).collect());
    let rows: Vec<Row> = match rows {
        Ok(rows) => rows,
        Err(error) => return unavailable(&error),
    };
    let older = rows.last().map(|row| row.number).filter(|number| *number > 1);
    let template = LedgerPage {
        frame: around.frame,
        own: around.own,
        media: around.media,
        bar: around.bar,
        rows,
        older,
        is_older: asked.before.is_some(),
    };
    page(StatusCode::OK, chosen, &template, [])
}

pub(super) fn row(chosen: Chosen, around: &Around, kept: &MediaLine) -> Result<Row, StorageError> {
    let line = ledger::read(kept)?;
    Ok(Row {
        number: line.number,
        at: phrases::at(line.at),
        by: line.by.to_string(),
        what: phrases::event(chosen.language, around.media, &line.event),
        file: match line.about {
            About::File(id) => Some((id.short(), address(id))),
            About::Card | About::Unreadable => None,
        },
        link: crate::archive::hex(&kept.link.0)[..8].to_owned(),
    })
}
