//! `GET /healthz`: whether the register can be read and written, for whoever restarts or routes.
//!
//! Must not: say anything else.

use axum::{extract::State, http::StatusCode};

use crate::state::Central;

/// 204, or 503.
pub(crate) async fn tell(State(central): State<Central>) -> StatusCode {
    match central.storage.check().await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(error) => {
            tracing::error!(%error, "not healthy");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
