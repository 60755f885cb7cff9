//! 作業記録票: what the ledger says of one file, to print, with room for names, times and seals of those who carry it.
//!
//! Must not: show what the ledger does not hold.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use record::envelope::EnvelopeId;

use super::{
    facts::{Around, unavailable},
    ledger_page::{Row, row},
    summary::{facts, recipient_number, what},
    words::MediaWords,
};
use crate::{
    console::{
        language::Chosen,
        page::{Frame, page},
    },
    media::{event::About, file::SealedFile, ledger},
    municipality::{
        officer::{Bar, Officer},
        words::Words,
    },
    state::Central,
    storage::StorageError,
};

#[derive(Template)]
#[template(path = "media_sheet.html")]
struct SheetPage {
    frame: Frame,
    media: &'static MediaWords,
    bar: Bar,
    address: String,
    what: String,
    facts: Vec<(&'static str, String)>,
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

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(id): Path<String>,
) -> Response {
    let around = Around::of(&officer, chosen.language);
    let found = async {
        let Ok(id) = id.parse::<EnvelopeId>() else { return Ok(None) };
        let about = About::File(id).to_string();
        let kept = central.storage.media_lines_about(officer.municipality, about).await?;
        let lines: Result<Vec<_>, _> = kept.iter().map(ledger::read).collect();
        let Some(file) = SealedFile::of(&lines?) else { return Ok(None) };
        let rows: Result<Vec<_>, StorageError> = kept.iter().map(|line| row(chosen, &around, line)).collect();
        let number = recipient_number(&central, &officer, &file).await?;
        let people = central.storage.count_people(officer.municipality).await?;
        Ok::<_, StorageError>(Some((file, rows?, people, number)))
    };
    match found.await {
        Ok(Some((file, rows, people, number))) => {
            let (what, facts) = (
                what(chosen.language, &around, &file),
                facts(chosen.language, &around, &file, people, number),
            );
            let address = format!("/municipality/media/files/{id}");
            page(
                StatusCode::OK,
                chosen,
                &SheetPage {
                    frame: around.frame,
                    media: around.media,
                    bar: around.bar,
                    address,
                    what,
                    facts,
                    rows,
                },
                [],
            )
        }
        Ok(None) => page(
            StatusCode::NOT_FOUND,
            chosen,
            &NoFilePage { frame: around.frame, own: around.own, media: around.media, bar: around.bar },
            [],
        ),
        Err(error) => unavailable(&error),
    }
}
