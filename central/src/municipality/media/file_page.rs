//! One sealed file: what it is, how far it has come, and what may be done with it by whom.
//!
//! Must not: show a person, or another municipality's file.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use record::envelope::EnvelopeId;

use super::{
    facts::{Around, address, unavailable},
    ledger_page::{Row, row},
    phrases,
    progress::{Progress, working},
    refused::Refused,
    summary::{May, Preview, facts, may, preview, recipient_number, what},
    words::MediaWords,
};
use crate::{
    console::{
        language::Chosen,
        page::{Frame, page},
    },
    media::{
        event::About,
        file::{SealedFile, Stage},
        jobs::Of,
        ledger,
    },
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
    storage::StorageError,
};

#[derive(Template)]
#[template(path = "media_file.html")]
struct FilePage {
    frame: Frame,
    own: &'static Words,
    media: &'static MediaWords,
    bar: Bar,
    message: Option<&'static str>,
    address: String,
    title: String,
    mark: &'static str,
    stage: &'static str,
    reason: Option<&'static str>,
    said: Option<String>,
    facts: Vec<(&'static str, String)>,
    progress: Option<Progress>,
    preview: Option<Preview>,
    may: May,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "media_no_file.html")]
struct NoFilePage {
    frame: Frame,
    own: &'static Words,
    media: &'static MediaWords,
    bar: Bar,
}

/// A file and its lines.
pub(super) struct Looked {
    pub(super) id: EnvelopeId,
    pub(super) file: SealedFile,
    rows: Vec<Row>,
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(id): Path<String>,
) -> Response {
    answer(&central, &officer, chosen, &id, None).await
}

/// What is known of a file of the officer's municipality; none of any other.
pub(super) async fn look(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    id: &str,
) -> Result<Option<Looked>, StorageError> {
    let Ok(id) = id.parse::<EnvelopeId>() else { return Ok(None) };
    let around = Around::of(officer, chosen.language);
    let about = About::File(id).to_string();
    let kept = central.storage.media_lines_about(officer.municipality, about).await?;
    let lines: Result<Vec<_>, _> = kept.iter().map(ledger::read).collect();
    let Some(file) = SealedFile::of(&lines?) else { return Ok(None) };
    let rows: Result<Vec<_>, _> = kept.iter().map(|line| row(chosen, &around, line)).collect();
    Ok(Some(Looked { id, file, rows: rows? }))
}

pub(super) async fn answer(
    central: &Central,
    officer: &Officer,
    chosen: Chosen,
    id: &str,
    refused: Option<Refused>,
) -> Response {
    let language = chosen.language;
    let around = Around::of(officer, language);
    // Asked before the ledger: work that ends in between is then seen as its line tells, not as if it had never begun.
    let progress = id.parse().ok().and_then(|id| working(central, officer, language, Of::File(id)));
    let found = async {
        let Some(looked) = look(central, officer, chosen, id).await? else { return Ok(None) };
        let number = recipient_number(central, officer, &looked.file).await?;
        let people = central.storage.count_people(officer.municipality).await?;
        Ok::<_, StorageError>(Some((looked, people, number)))
    };
    let (looked, people, check_number) = match found.await {
        Ok(Some(found)) => found,
        Ok(None) => {
            return page(
                StatusCode::NOT_FOUND,
                chosen,
                &NoFilePage { frame: around.frame, own: around.own, media: around.media, bar: around.bar },
                [],
            );
        }
        Err(error) => return unavailable(&error),
    };
    let Looked { id, file, rows } = looked;
    let words = around.media;
    let is_stuck = progress.is_none() && matches!(file.stage, Stage::Making | Stage::Reading);
    let progress = progress.or_else(|| is_stuck.then(|| Progress::unknown(words)));
    let (mark, stage) = phrases::stage(words, file.stage);
    let template = FilePage {
        message: refused.map(|refused| refused.sentence(language, words)),
        address: address(id),
        title: format!("{} {}", what(language, &around, &file), id.short()),
        mark,
        stage,
        reason: file.reason.map(|reason| phrases::reason(language, reason)),
        said: file.said.as_ref().map(|said| phrases::sentence(language, said).to_owned()),
        facts: facts(language, &around, &file, people, check_number),
        preview: preview(language, &around, &file),
        may: if progress.is_some() { May::default() } else { may(central, officer, id, &file) },
        progress,
        rows,
        frame: around.frame,
        own: around.own,
        media: around.media,
        bar: around.bar,
    };
    page(refused.map_or(StatusCode::OK, Refused::status), chosen, &template, [])
}
