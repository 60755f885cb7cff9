//! `POST /v1/enrolment`: a tablet makes its key known, once, with the token of its bundle. The request is signed by
//! the key it brings, so that nobody can enrol a key they do not hold.
//!
//! Must not: keep or log the token.

use axum::{Json, extract::State, http::HeaderMap};
use record::wire::{
    content_type,
    enrolment::{EnrolmentAnswer, EnrolmentRequest},
    problem::ProblemCode,
};
use seal::token;

use super::{
    described::SignatureHeaders,
    refusal::Refusal,
    signed::{SignedRequest, expect_content_type},
};
use crate::{
    metrics,
    state::Central,
    storage::{Enrolment, EnrolmentVerdict, ProgramVersion},
};

/// Answers a tablet's first contact; the same again if the same key asks again.
///
/// # Errors
/// [`Refusal`].
#[utoipa::path(
    post,
    path = "/v1/enrolment",
    tag = "tablets",
    summary = "A tablet makes its key known, once, with its token",
    params(SignatureHeaders),
    request_body(content = EnrolmentRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "enrolled; the same again for the same key", body = EnrolmentAnswer),
        Refusal
    )
)]
pub(crate) async fn enrol(
    State(central): State<Central>,
    headers: HeaderMap,
    request: SignedRequest,
) -> Result<Json<EnrolmentAnswer>, Refusal> {
    expect_content_type(&headers, content_type::JSON)?;
    let brought: EnrolmentRequest = serde_json::from_slice(&request.body).map_err(|_| Refusal::Malformed)?;
    let program: ProgramVersion = brought.program.parse().map_err(|_| Refusal::Malformed)?;
    let now = central.clock.now();
    if request.tablet_id() != brought.tablet_id {
        return Err(Refusal::Unproven(ProblemCode::BadSignature));
    }
    request.verify(&brought.device_key, now)?;
    let tablet_id = brought.tablet_id;
    let enrolment = Enrolment {
        tablet_id,
        token_digest: token::digest(brought.token.reveal()),
        device_key: brought.device_key,
        program,
        at: now,
    };
    match central.storage.enrol(enrolment).await? {
        EnrolmentVerdict::Enrolled { enrolled_at } => {
            tracing::info!(%tablet_id, "tablet enrolled");
            metrics::enrolment("enrolled");
            // Nobody may be watching the console; then there is nobody to tell.
            let _ = central.changed.send(tablet_id);
            Ok(Json(EnrolmentAnswer { enrolled_at }))
        }
        EnrolmentVerdict::Refused => {
            tracing::warn!(%tablet_id, "enrolment refused");
            metrics::enrolment("refused");
            Err(Refusal::Unproven(ProblemCode::TokenRefused))
        }
    }
}
