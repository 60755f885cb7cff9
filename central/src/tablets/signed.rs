//! A signed request, received whole: its body within a limit of size and time, its signature taken apart.
//!
//! Must not: be believed before `verify` was asked with the key of who claims to speak.

use std::time::Duration;

use axum::{
    RequestExt as _,
    body::Bytes,
    extract::{
        FromRequest, Request,
        rejection::{BytesRejection, FailedToBufferBody},
    },
    http::{HeaderMap, header},
};
use record::{TabletId, WallTime, bytes::PublicKey, wire::problem::ProblemCode};
use seal::request::{Claim, SignatureHeaders, Target, claim, verify};

use super::refusal::Refusal;
use crate::{authority::authority_of, state::Central, storage::Device};

/// A body must be here after this; a full batch is some 20 KB.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// A request with the three signature headers.
pub(crate) struct SignedRequest {
    pub(super) body: Bytes,
    claim: Claim,
    headers: SignatureHeaders,
    method: String,
    authority: String,
    path: String,
}

impl SignedRequest {
    /// Who claims to speak.
    pub(super) fn tablet_id(&self) -> TabletId {
        self.claim.tablet_id
    }

    /// Whether the holder of `key` signed this very request, not long before `now`.
    pub(super) fn verify(&self, key: &PublicKey, now: WallTime) -> Result<(), Refusal> {
        let target = Target { method: &self.method, authority: &self.authority, path: &self.path };
        Ok(verify(&self.claim, &self.headers, target, &self.body, key, now)?)
    }
}

impl SignedRequest {
    /// The tablet that claims to speak.
    pub(super) async fn device(&self, central: &Central) -> Result<Device, Refusal> {
        let device = central.storage.device(self.tablet_id()).await?;
        device.ok_or(Refusal::Unproven(ProblemCode::UnknownTablet))
    }

    /// Who speaks, proven to have signed this at `now`.
    pub(super) async fn proven(&self, central: &Central, now: WallTime) -> Result<TabletId, Refusal> {
        self.verify(&self.device(central).await?.key, now)?;
        Ok(self.tablet_id())
    }
}

impl FromRequest<Central> for SignedRequest {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &Central) -> Result<Self, Refusal> {
        let headers = signature_headers(request.headers())?;
        let claim = claim(&headers)?;
        let authority = authority_of(&request).ok_or(Refusal::Malformed)?;
        let method = request.method().as_str().to_owned();
        let path = request.uri().path().to_owned();
        let body = tokio::time::timeout(BODY_TIMEOUT, request.extract::<Bytes, _>())
            .await
            .map_err(|_| Refusal::TooSlow)?
            .map_err(body_refusal)?;
        Ok(Self { body, claim, headers, method, authority, path })
    }
}

fn body_refusal(rejection: BytesRejection) -> Refusal {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => Refusal::TooLarge,
        _ => Refusal::Malformed, // the connection broke; nobody hears this
    }
}

fn signature_headers(headers: &HeaderMap) -> Result<SignatureHeaders, Refusal> {
    let one = |name: &str| {
        let mut values = headers.get_all(name).iter();
        match (values.next().and_then(|value| value.to_str().ok()), values.next()) {
            (Some(value), None) => Ok(value.to_owned()),
            _ => Err(Refusal::Unproven(ProblemCode::BadSignature)),
        }
    };
    Ok(SignatureHeaders {
        content_digest: one("content-digest")?,
        signature_input: one("signature-input")?,
        signature: one("signature")?,
    })
}

/// Refuses a body of another type than `expected`.
pub(super) fn expect_content_type(headers: &HeaderMap, expected: &str) -> Result<(), Refusal> {
    match headers.get(header::CONTENT_TYPE).map(|value| value.as_bytes()) {
        Some(found) if found == expected.as_bytes() => Ok(()),
        _ => Err(Refusal::Malformed),
    }
}
