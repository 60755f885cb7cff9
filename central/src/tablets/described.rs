//! What all signed requests have in common, for the OpenAPI document: three headers, and how the whole may be refused.
//!
//! Must not: say anything of a refusal that [`Refusal`] does not answer.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use record::wire::{content_type, problem::ProblemCode};
use utoipa::{
    IntoParams, IntoResponses,
    openapi::{Content, Ref, RefOr, Response, ResponseBuilder},
};

use super::refusal::Refusal;

/// The headers of a signed request.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only described; `signed` reads them")]
pub(crate) struct SignatureHeaders {
    /// `sha-256=:…:` over the body (RFC 9530)
    #[param(rename = "content-digest")]
    content_digest: String,
    /// RFC 9421, in the one form of docs/protocol.md
    #[param(rename = "signature-input")]
    signature_input: String,
    /// `vrs=:…:`, Ed25519 by the tablet's key
    signature: String,
}

/// Why a signed request as a whole may be refused.
const REFUSALS: [(Refusal, &str); 6] = [
    (Refusal::Malformed, "malformed"),
    (Refusal::Unproven(ProblemCode::BadSignature), "not known, or not proven"),
    (Refusal::TooSlow, "the body came too slowly; `Retry-After`"),
    (Refusal::TooLarge, "too large"),
    (Refusal::TooMany, "this address sends too much; `Retry-After`"),
    (Refusal::Unavailable, "nothing can be kept now; `Retry-After`"),
];

impl IntoResponses for Refusal {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let problem = || Content::new(Some(Ref::from_schema_name("Problem")));
        let described = REFUSALS.iter().map(|(refusal, description)| {
            let response =
                ResponseBuilder::new().description(*description).content(content_type::JSON, problem());
            (refusal.status().as_str().to_owned(), response.build().into())
        });
        let elsewhere = ResponseBuilder::new().description("sent to a name that is not this central's");
        let elsewhere = (StatusCode::MISDIRECTED_REQUEST.as_str().to_owned(), elsewhere.build().into());
        described.chain([elsewhere]).collect()
    }
}
