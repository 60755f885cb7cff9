//! `POST /v1/heartbeats`: how a tablet stands, in numbers. Signed like a batch.
//!
//! Must not: log more than that it came; what it says is on the console.

use axum::{Json, extract::State, http::HeaderMap};
use record::wire::{
    content_type,
    heartbeat::{Heartbeat, HeartbeatAnswer},
};

use super::{
    described::SignatureHeaders,
    refusal::Refusal,
    signed::{SignedRequest, expect_content_type},
};
use crate::{fleet::heartbeat::Heard, metrics, state::Central};

/// Receives a heartbeat.
///
/// # Errors
/// [`Refusal`].
#[utoipa::path(
    post,
    path = "/v1/heartbeats",
    tag = "tablets",
    summary = "How a tablet stands: counts and sizes, nothing of a person",
    params(SignatureHeaders),
    request_body(content = Heartbeat, content_type = "application/json"),
    responses(
        (status = 200, description = "heard", body = HeartbeatAnswer),
        Refusal
    )
)]
pub(crate) async fn receive(
    State(central): State<Central>,
    headers: HeaderMap,
    request: SignedRequest,
) -> Result<Json<HeartbeatAnswer>, Refusal> {
    expect_content_type(&headers, content_type::JSON)?;
    let received_at = central.clock.now();
    let tablet_id = request.proven(&central, received_at).await?;
    let heartbeat: Heartbeat = serde_json::from_slice(&request.body).map_err(|_| Refusal::Malformed)?;
    if heartbeat.tablet_id != tablet_id {
        return Err(Refusal::Malformed);
    }
    central.storage.keep_heartbeat(Heard { heartbeat, received_at }).await?;
    metrics::heartbeat();
    tracing::debug!(%tablet_id, "heartbeat kept");
    // Nobody may be watching the console; then there is nobody to tell.
    let _ = central.changed.send(tablet_id);
    Ok(Json(HeartbeatAnswer { received_at }))
}
