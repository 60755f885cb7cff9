//! Forms that bring a file of populations or orders: the word first, then the file.
//!
//! Must not: read a file before the form's word is known.

use axum::extract::{Multipart, multipart::MultipartRejection};

use super::refused::Refused;
use crate::{console::forms, stock::files::rows::FileForm};

/// The file, and its form: JSON where it begins as an array does.
pub(super) async fn gather(
    secret: &str,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(Vec<u8>, FileForm), Refused> {
    let mut form = form.map_err(|_| Refused::NoFile)?;
    let first = form.next_field().await.map_err(|_| Refused::NoFile)?;
    let word = match first {
        Some(field) if field.name() == Some("word") => field.text().await.map_err(|_| Refused::NoFile)?,
        _ => return Err(Refused::StaleForm),
    };
    if !forms::brings_word(Some(secret), &word) {
        return Err(Refused::StaleForm);
    }
    while let Some(field) = form.next_field().await.map_err(|_| Refused::NoFile)? {
        if field.name() != Some("file") {
            continue;
        }
        let bytes = field.bytes().await.map_err(|_| Refused::NoFile)?.to_vec();
        let is_json = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
        let form = if is_json { FileForm::Json } else { FileForm::Csv };
        return if bytes.is_empty() { Err(Refused::NoFile) } else { Ok((bytes, form)) };
    }
    Err(Refused::NoFile)
}
