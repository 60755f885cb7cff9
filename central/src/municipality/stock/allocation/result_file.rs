//! 配分の結果 as a file, for the national administrators. It holds municipalities and numbers, and nobody's data.
//!
//! Must not: write a result that was not computed.

use axum::{
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

use super::{cycles_page, refused::Refused};
use crate::{
    console::{language::Chosen, session::SignedIn},
    municipality::stock::nav::unavailable,
    state::Central,
    stock::{
        allocating::{files::write_result, lines::lines},
        files::rows::FileForm,
    },
    storage::StorageError,
};

/// In which form.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    form: String,
}

/// The file.
pub(crate) async fn download(
    State(central): State<Central>,
    signed_in: SignedIn,
    chosen: Chosen,
    Path(cycle): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let read = async {
        let Ok(number) = cycle.parse() else { return Ok::<_, StorageError>(None) };
        let Some(kept) = central.storage.cycle(number).await? else { return Ok(None) };
        let Some(computation) = kept.computation() else { return Ok(None) };
        let shares = central.storage.shares(number, computation, None).await?;
        Ok(Some((kept, shares)))
    };
    let (kept, shares) = match read.await {
        Ok(Some(read)) => read,
        Ok(None) => {
            let typed = cycles_page::Typed::default();
            return cycles_page::list(&central, &signed_in, chosen, None, Some(Refused::Unknown), typed)
                .await;
        }
        Err(error) => return unavailable(&error),
    };
    let (form, ending, kind) = match asked.form.as_str() {
        "json" => (FileForm::Json, "json", "application/json"),
        _ => (FileForm::Csv, "csv", "text/csv; charset=utf-8"),
    };
    let mut file = Vec::new();
    if let Err(error) = write_result(&mut file, form, &lines(&kept, &shares)) {
        tracing::error!(%error, "the result of a cycle cannot be written");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let name = format!("attachment; filename=\"allocation-{}.{ending}\"", kept.number);
    match HeaderValue::from_str(&name) {
        Ok(name) => {
            let headers =
                [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, name)];
            (headers, file).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
