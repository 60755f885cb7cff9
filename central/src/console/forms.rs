//! Forms that change something: each carries a word that only a page of ours could have put there, and must come
//! from our own origin.
//!
//! Must not: be the only guard; the cookies are SameSite as well.

use axum::{
    extract::Request,
    http::{
        Method, StatusCode,
        header::{HeaderValue, ORIGIN},
    },
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use seal::{password::constant_time_equal, token};

use crate::authority::authority_of;

/// The word a form carries, made from a secret that only the browser's cookie holds (a session's or a visit's).
pub(crate) fn word(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(token::digest(&format!("vrs form 1\n{secret}")))
}

/// Whether a form brought the word that belongs to its cookie.
pub(crate) fn brings_word(secret: Option<&str>, brought: &str) -> bool {
    secret.is_some_and(|secret| constant_time_equal(word(secret).as_bytes(), brought.as_bytes()))
}

/// Answers 403 to a form that another site's page sent.
pub(crate) async fn only_our_origin(request: Request, next: Next) -> Response {
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return next.run(request).await;
    }
    let expected = authority_of(&request).map(|authority| format!("https://{authority}"));
    let origin = request.headers().get(ORIGIN).map(HeaderValue::as_bytes);
    match (expected, origin) {
        (Some(expected), Some(origin)) if origin == expected.as_bytes() => next.run(request).await,
        _ => {
            tracing::warn!("form from another origin refused");
            StatusCode::FORBIDDEN.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_belongs_to_one_secret() {
        assert!(brings_word(Some("secret"), &word("secret")));
        assert!(!brings_word(Some("secret"), &word("other")));
        assert!(!brings_word(Some("secret"), ""));
        assert!(!brings_word(None, &word("secret")));
        assert!(!word("secret").contains("secret"));
    }
}
