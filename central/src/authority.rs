//! Under which name a request was sent, and that the name is one of ours: a request signed for another central, or
//! a page of another site that points its name at us, gets nothing.
//!
//! Must not: believe a header that a proxy may add.

use axum::{
    extract::{Request, State},
    http::{StatusCode, header::HOST},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::state::Central;

/// `:authority` of HTTP/2 or the Host header of HTTP/1.1, lower case.
#[must_use]
pub(crate) fn authority_of(request: &Request) -> Option<String> {
    let from_uri = request.uri().authority().map(axum::http::uri::Authority::as_str);
    let from_header = || request.headers().get(HOST).and_then(|value| value.to_str().ok());
    from_uri.or_else(from_header).map(str::to_ascii_lowercase)
}

/// The authority without its port; an IPv6 address without its brackets.
fn host_of(authority: &str) -> &str {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !host.ends_with(':') => host,
        _ => authority,
    };
    host.trim_start_matches('[').trim_end_matches(']')
}

/// Answers 421 to what was not sent to one of our names.
pub(crate) async fn only_our_names(State(central): State<Central>, request: Request, next: Next) -> Response {
    let ours = authority_of(&request)
        .is_some_and(|authority| central.hosts.iter().any(|host| host == host_of(&authority)));
    if ours { next.run(request).await } else { StatusCode::MISDIRECTED_REQUEST.into_response() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_the_authority_without_its_port() {
        for (authority, host) in [
            ("central.example", "central.example"),
            ("central.example:8443", "central.example"),
            ("127.0.0.1:1", "127.0.0.1"),
            ("[::1]:8443", "::1"),
            ("[::1]", "::1"),
        ] {
            assert_eq!(host_of(authority), host);
        }
    }
}
