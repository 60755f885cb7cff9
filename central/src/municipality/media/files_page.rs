//! 封緘ファイル: the recent ones in a list, with what waits for whom.
//!
//! Must not: show another municipality's.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use super::{
    facts::{Around, recent, unavailable},
    phrases,
    words::MediaWords,
};
use crate::{
    console::{
        language::Chosen,
        page::{Frame, page},
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
};

#[derive(Template)]
#[template(path = "media_files.html")]
struct FilesPage {
    frame: Frame,
    own: &'static Words,
    media: &'static MediaWords,
    bar: Bar,
    rows: Vec<Row>,
}

struct Row {
    address: String,
    short: String,
    content: String,
    mark: &'static str,
    stage: &'static str,
    by: String,
    at: String,
}

/// The list.
pub(crate) async fn show(State(central): State<Central>, officer: Officer, chosen: Chosen) -> Response {
    let language = chosen.language;
    let around = Around::of(&officer, language);
    let files = match recent(&*central.storage, officer.municipality).await {
        Ok(files) => files,
        Err(error) => return unavailable(&error),
    };
    let words = around.media;
    let rows = files
        .into_iter()
        .map(|(id, file)| {
            let content = match (&file.asked, &file.manifest) {
                (Some((_, content)), _) => phrases::content(language, words, *content),
                (None, Some(manifest)) => phrases::kind(words, manifest.outline.kind).to_owned(),
                (None, None) => "–".to_owned(),
            };
            let (mark, stage) = phrases::stage(words, file.stage);
            Row {
                address: super::facts::address(id),
                short: id.short(),
                content,
                mark,
                stage,
                by: file.by.to_string(),
                at: phrases::at(file.at),
            }
        })
        .collect();
    page(
        StatusCode::OK,
        chosen,
        &FilesPage { frame: around.frame, own: around.own, media: around.media, bar: around.bar, rows },
        [],
    )
}
