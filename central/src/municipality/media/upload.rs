//! Forms that bring a file: the word first, then the file in pieces – onto the disk where it may be large, and sealed it is.
//!
//! Must not: take a byte of a file before the form's word is known, or hold a large file in memory.

use std::path::Path;

use axum::extract::{Multipart, multipart::MultipartError};
use tokio::io::AsyncWriteExt as _;

use super::refused::Refused;
use crate::{console::forms, media::spool::Spool, municipality::officer::Officer};

/// The most bytes of a card or a receipt with the form around it.
pub(crate) const MOST_SMALL_FILE_BYTES: usize = 128 * 1024;
/// The most bytes of a sealed file with the form around it: a million people are a third of it.
pub(crate) const MOST_SEALED_FILE_BYTES: usize = 512 * 1024 * 1024;

/// A small form: its texts, and its file where one was chosen.
#[derive(Default)]
pub(super) struct SmallForm {
    pub(super) file: Vec<u8>,
    pub(super) check_number: String,
    pub(super) is_confirmed: bool,
}

/// Reads a small form.
pub(super) async fn small(officer: &Officer, mut form: Multipart) -> Result<SmallForm, Refused> {
    word(officer, &mut form).await?;
    let mut read = SmallForm::default();
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" => read.file = field.bytes().await.map_err(|error| broken(&error))?.to_vec(),
            "check_number" => read.check_number = field.text().await.map_err(|error| broken(&error))?,
            "confirmed" => {
                read.is_confirmed = field.text().await.map_err(|error| broken(&error))? == "yes";
            }
            _ => {}
        }
    }
    if read.file.is_empty() { Err(Refused::NoFile) } else { Ok(read) }
}

/// Gathers a form's file at `path`.
pub(super) async fn gather(
    officer: &Officer,
    mut form: Multipart,
    spool: &Spool,
    path: &Path,
) -> Result<(), Refused> {
    word(officer, &mut form).await?;
    let mut field = match form.next_field().await.map_err(|error| broken(&error))? {
        Some(field) if field.name() == Some("file") => field,
        _ => return Err(Refused::NoFile),
    };
    let file = spool.create(path).map_err(|error| unwritten(&error))?;
    let mut file = tokio::fs::File::from_std(file);
    let mut bytes = 0_u64;
    while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
        bytes += piece.len() as u64;
        file.write_all(&piece).await.map_err(|error| unwritten(&error))?;
    }
    file.flush().await.map_err(|error| unwritten(&error))?;
    if bytes == 0 { Err(Refused::NoFile) } else { Ok(()) }
}

/// The form's word, which stands first.
async fn word(officer: &Officer, form: &mut Multipart) -> Result<(), Refused> {
    let field = form.next_field().await.map_err(|error| broken(&error))?;
    let Some(field) = field.filter(|field| field.name() == Some("word")) else {
        return Err(Refused::StaleForm);
    };
    let word = field.text().await.map_err(|error| broken(&error))?;
    if forms::brings_word(Some(&officer.secret), &word) { Ok(()) } else { Err(Refused::StaleForm) }
}

fn broken(error: &MultipartError) -> Refused {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        Refused::TooLarge
    } else {
        Refused::BrokenOff
    }
}

fn unwritten(error: &std::io::Error) -> Refused {
    tracing::error!(%error, "a file that is brought cannot be kept");
    Refused::Reason(crate::media::refusal::Reason::System)
}
