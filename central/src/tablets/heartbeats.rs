//! `POST /v1/heartbeats`: how a tablet stands, in numbers. Signed like a batch.
//!
//! Must not: log more than that it came; what it says is on the console.

use axum::{Json, extract::State, http::HeaderMap};
use record::wire::{
    content_type,
    heartbeat::{Heartbeat, HeartbeatAnswer},
    problem::{Problem, ProblemCode},
};

use super::{
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
    params(
        ("content-digest" = String, Header, description = "`sha-256=:…:` over the body (RFC 9530)"),
        ("signature-input" = String, Header, description = "RFC 9421, in the one form of docs/protocol.md"),
        ("signature" = String, Header, description = "`vrs=:…:`, Ed25519 by the tablet's key"),
    ),
    request_body(content = Heartbeat, content_type = "application/json"),
    responses(
        (status = 200, description = "heard", body = HeartbeatAnswer),
        (status = 400, description = "malformed", body = Problem),
        (status = 401, description = "not known, or not proven", body = Problem),
        (status = 408, description = "the body came too slowly", body = Problem),
        (status = 413, description = "too large", body = Problem),
        (status = 421, description = "sent to a name that is not this central's"),
        (status = 429, description = "this address sends too much; `Retry-After`", body = Problem),
        (status = 503, description = "nothing can be kept now; `Retry-After`", body = Problem),
    )
)]
pub(crate) async fn receive(
    State(central): State<Central>,
    headers: HeaderMap,
    request: SignedRequest,
) -> Result<Json<HeartbeatAnswer>, Refusal> {
    expect_content_type(&headers, content_type::JSON)?;
    let tablet_id = request.tablet_id();
    let device_key = central.storage.device_key(tablet_id).await?;
    let device_key = device_key.ok_or(Refusal::Unproven(ProblemCode::UnknownTablet))?;
    let received_at = central.clock.now();
    request.verify(&device_key, received_at)?;
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
