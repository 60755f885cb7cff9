//! Files that browsers save: always as an attachment, under a name that says nothing of a person.
//!
//! Must not: read a large file into memory.

use std::path::Path;

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use tokio::io::AsyncReadExt as _;

const PIECE: usize = 1 << 16;

/// A small file.
pub(super) fn small(name: &str, content: Vec<u8>) -> Response {
    attached(name, Body::from(content))
}

/// A large one, piece by piece.
pub(super) async fn large(name: &str, path: &Path) -> std::io::Result<Response> {
    let file = tokio::fs::File::open(path).await?;
    let bytes = file.metadata().await?.len();
    let pieces = stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then_some((Bytes::from(piece), file)))
    });
    let mut response = attached(name, Body::from_stream(pieces));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
    Ok(response)
}

fn attached(name: &str, body: Body) -> Response {
    let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let kind = HeaderValue::from_static("application/octet-stream");
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], body).into_response()
}
