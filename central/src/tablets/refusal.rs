//! Why a request as a whole was refused: a status and a short code. What is not known is logged once and
//! answered by a bare 500.
//!
//! Must not: say in an answer what went wrong inside, or anything of an entry.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use record::wire::problem::{Problem, ProblemCode};

use crate::{intake::BodyError, metrics, storage::StorageError};

/// A tablet that was told to come back does so after this; it adds jitter of its own.
const RETRY_AFTER_S: HeaderValue = HeaderValue::from_static("15");

/// A refused request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Who is not known, or cannot prove it.
    Unproven(ProblemCode),
    /// The body is not what it should be.
    Malformed,
    /// The body, or what it decompresses to, is too large.
    TooLarge,
    /// There is no such part for that tablet.
    UnknownPart,
    /// The body came too slowly.
    TooSlow,
    /// Its address sends more than it may.
    TooMany,
    /// Nothing can be kept now.
    Unavailable,
    /// A defect; was logged.
    Internal,
}

impl Refusal {
    /// The status it is answered with.
    pub(super) fn status(&self) -> StatusCode {
        self.status_and_code().0
    }

    fn status_and_code(&self) -> (StatusCode, Option<ProblemCode>) {
        match self {
            Self::Unproven(code) => (StatusCode::UNAUTHORIZED, Some(*code)),
            Self::Malformed => (StatusCode::BAD_REQUEST, Some(ProblemCode::Malformed)),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, Some(ProblemCode::TooLarge)),
            Self::UnknownPart => (StatusCode::NOT_FOUND, Some(ProblemCode::UnknownPart)),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, Some(ProblemCode::Unavailable)),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, Some(ProblemCode::Unavailable)),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, Some(ProblemCode::Unavailable)),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, None),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        let Some(code) = code else { return status.into_response() };
        tracing::info!(status = status.as_u16(), ?code, "request refused");
        let mut response = (status, Json(Problem { code })).into_response();
        if code == ProblemCode::Unavailable {
            response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_S);
        }
        response
    }
}

impl From<StorageError> for Refusal {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Busy => {
                metrics::busy();
                Self::Unavailable
            }
            StorageError::Stopped | StorageError::Database(_) | StorageError::Unsafe(_) => {
                tracing::error!(%error, "nothing can be kept");
                Self::Unavailable
            }
            StorageError::NewerDatabase { .. }
            | StorageError::NotARegister
            | StorageError::Inconsistent(_) => {
                tracing::error!(%error, "the register does not hold together");
                Self::Internal
            }
        }
    }
}

impl From<seal::Error> for Refusal {
    fn from(error: seal::Error) -> Self {
        match error {
            seal::Error::RequestTime => Self::Unproven(ProblemCode::ClockOutsideWindow),
            _ => Self::Unproven(ProblemCode::BadSignature),
        }
    }
}

impl From<BodyError> for Refusal {
    fn from(error: BodyError) -> Self {
        tracing::info!(%error, "body refused");
        match error {
            BodyError::TooLarge => Self::TooLarge,
            BodyError::NotZstd | BodyError::Batch(_) | BodyError::Position | BodyError::Head => {
                Self::Malformed
            }
        }
    }
}
