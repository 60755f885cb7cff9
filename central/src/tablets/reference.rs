//! `GET /v1/reference`: what holds for the tablet that asks, signed; `GET /v1/reference/<digest>`: one part of it, or a
//! piece. Both are signed requests: what is told of a municipality goes to its own sites' tablets alone.
//!
//! Must not: log a part, or give one to a tablet that it is not for.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use record::{
    bytes::PartDigest,
    wire::{content_type, problem::Problem, reference::ManifestAnswer},
};

use super::{described::SignatureHeaders, refusal::Refusal, signed::SignedRequest};
use crate::{reference, state::Central};

/// The most bytes of a piece: what a tablet reads of an answer.
const MOST_BYTES: u64 = 1 << 20;

/// What holds for the tablet that asks.
///
/// # Errors
/// [`Refusal`].
#[utoipa::path(
    get,
    path = "/v1/reference",
    tag = "tablets",
    summary = "What holds for the tablet that asks, signed",
    params(SignatureHeaders),
    responses(
        (status = 200, description = "the manifest", body = ManifestAnswer),
        Refusal
    )
)]
pub(crate) async fn manifest(
    State(central): State<Central>,
    request: SignedRequest,
) -> Result<Json<ManifestAnswer>, Refusal> {
    let tablet_id = request.proven(&central, central.clock.now()).await?;
    let told = central.storage.told(tablet_id).await?;
    let manifest = reference::manifest(tablet_id, told, &central.coupon_master);
    let signer = &central.receipt_signer;
    Ok(Json(seal::reference::sign(&signer.key, &signer.key_id, &manifest)))
}

/// A part, or the range of it that is asked for.
///
/// # Errors
/// [`Refusal`]; [`Refusal::UnknownPart`] where there is no such part for that tablet.
#[utoipa::path(
    get,
    path = "/v1/reference/{digest}",
    tag = "tablets",
    summary = "One part of it, or a piece",
    params(
        SignatureHeaders,
        ("digest" = String, Path, description = "SHA-256, base64url without padding"),
        ("range" = Option<String>, Header, description = "one `bytes=first-last`"),
    ),
    responses(
        (status = 206, description = "a piece of it; `Content-Range`", body = Vec<u8>, content_type = "application/vnd.vrs.part"),
        (status = 404, description = "no such part for this tablet", body = Problem),
        (status = 200, description = "the whole part", body = Vec<u8>, content_type = "application/vnd.vrs.part"),
        Refusal
    )
)]
pub(crate) async fn part(
    State(central): State<Central>,
    Path(digest): Path<String>,
    headers: HeaderMap,
    request: SignedRequest,
) -> Result<Response, Refusal> {
    let tablet_id = request.proven(&central, central.clock.now()).await?;
    let digest: PartDigest = digest.parse().map_err(|_| Refusal::UnknownPart)?;
    let (first, most) = match headers.get(header::RANGE) {
        None => (0, MOST_BYTES),
        Some(range) => range.to_str().ok().and_then(asked).ok_or(Refusal::Malformed)?,
    };
    let piece = central.storage.piece(tablet_id, digest, first, most.min(MOST_BYTES)).await?;
    let piece = piece.ok_or(Refusal::UnknownPart)?;
    let is_whole = piece.bytes.len() as u64 == piece.size;
    let status = if is_whole { StatusCode::OK } else { StatusCode::PARTIAL_CONTENT };
    let last = (first + piece.bytes.len() as u64).saturating_sub(1);
    let range = format!("bytes {first}-{last}/{}", piece.size);
    let mut response = (status, piece.bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type::PART));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if !is_whole && let Ok(range) = HeaderValue::from_str(&range) {
        headers.insert(header::CONTENT_RANGE, range);
    }
    Ok(response)
}

/// First byte and how many, of one `bytes=first-last`.
fn asked(range: &str) -> Option<(u64, u64)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    Some((first, last.checked_sub(first)?.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_of_bytes_is_understood() {
        for (range, expected) in [
            ("bytes=0-0", Some((0, 1))),
            ("bytes=131072-262143", Some((131_072, 131_072))),
            ("bytes=5-4", None),
            ("bytes=5-", None),
            ("bytes=-5", None),
            ("bytes=0-1,3-4", None),
            ("lines=0-1", None),
            ("bytes=0-18446744073709551615", Some((0, u64::MAX))),
        ] {
            assert_eq!(asked(range), expected, "{range}");
        }
    }
}
