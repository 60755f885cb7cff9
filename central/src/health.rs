//! `GET /healthz`: the process answers. `GET /readyz`: the register can be read and written and nobody has asked the
//! server to stop, for whoever routes requests to it.
//!
//! Must not: say anything else.

use axum::{extract::State, http::StatusCode};

use crate::state::Central;

/// 204.
#[utoipa::path(get, path = "/healthz", tag = "operations", summary = "The process answers",
    responses((status = 204, description = "it does")))]
pub(crate) async fn is_alive() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// 204, or 503.
#[utoipa::path(get, path = "/readyz", tag = "operations", summary = "The register can be read and written",
    responses((status = 204, description = "it can"), (status = 503, description = "it cannot, or the server is stopping")))]
pub(crate) async fn is_ready(State(central): State<Central>) -> StatusCode {
    if *central.stopping.borrow() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    match central.storage.check().await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(error) => {
            tracing::error!(%error, "not ready");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
