//! `GET /v1/clock?nonce=…`: the central's time, signed together with the question. Asked by a tablet whose own
//! clock may be wrong by years, so the question itself is not signed.
//!
//! Must not: cost more than one signature, or answer without a nonce.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use record::{
    bytes::Nonce,
    wire::{clock::ClockAnswer, problem::Problem},
};
use serde::Deserialize;

use super::refusal::Refusal;
use crate::state::Central;

/// The question.
#[derive(Deserialize)]
pub(crate) struct Question {
    nonce: Nonce,
}

/// Says what time it is.
///
/// # Errors
/// [`Refusal::Malformed`] without a nonce.
#[utoipa::path(
    get,
    path = "/v1/clock",
    tag = "tablets",
    summary = "The central's time, signed together with the question",
    params(("nonce" = String, Query, description = "16 bytes, base64url without padding", pattern = "^[A-Za-z0-9_-]{21}[AQgw]$")),
    responses(
        (status = 200, description = "the time", body = ClockAnswer),
        (status = 400, description = "no nonce", body = Problem),
        (status = 421, description = "sent to a name that is not this central's"),
        (status = 429, description = "this address sends too much; `Retry-After`", body = Problem),
    )
)]
pub(crate) async fn tell(
    State(central): State<Central>,
    question: Result<Query<Question>, QueryRejection>,
) -> Result<Json<ClockAnswer>, Refusal> {
    let Query(Question { nonce }) = question.map_err(|_| Refusal::Malformed)?;
    Ok(Json(seal::clock::answer(&central.receipt_signer.key, nonce, central.clock.now())))
}
