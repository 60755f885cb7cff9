//! `GET /v1/clock?nonce=…`: the central's time, signed together with the question. Asked by a tablet whose own
//! clock may be wrong by years, so the question itself is not signed.
//!
//! Must not: cost more than one signature, or answer without a nonce.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use record::{bytes::Nonce, wire::clock::ClockAnswer};
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
pub(crate) async fn tell(
    State(central): State<Central>,
    question: Result<Query<Question>, QueryRejection>,
) -> Result<Json<ClockAnswer>, Refusal> {
    let Query(Question { nonce }) = question.map_err(|_| Refusal::Malformed)?;
    Ok(Json(seal::clock::answer(&central.receipt_signer.key, nonce, central.clock.now())))
}
