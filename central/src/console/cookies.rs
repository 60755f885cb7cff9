//! Cookies of the console. Each is `__Host-`: sent over TLS only, to this very host, to no other path owner.
//!
//! Must not: put anything into a cookie but random words, their end and a choice of language.

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};

/// The session: 43 random characters.
pub(crate) const SESSION: &str = "__Host-vrs-session";
/// Ties the sign-in form to the browser that asked for it: 43 random characters.
pub(crate) const VISIT: &str = "__Host-vrs-visit";
/// A way to the identity provider and back: 43 random characters, when it ends, and the language.
pub(crate) const PROVIDER: &str = "__Host-vrs-provider";
/// `ja` or `en`.
pub(crate) const LANGUAGE: &str = "__Host-vrs-language";

/// The value of a cookie; none where it is missing or stands twice.
pub(crate) fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut found = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(found, _)| *found == name)
        .map(|(_, value)| value);
    match (found.next(), found.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}

/// Sets a cookie for `seconds`; 0 takes it away.
pub(crate) fn set(name: &str, value: &str, seconds: i64) -> Option<HeaderValue> {
    with_same_site(name, value, seconds, "Strict")
}

/// The same for one that must also come along when another site leads a browser back to us by a link.
pub(crate) fn set_for_return(name: &str, value: &str, seconds: i64) -> Option<HeaderValue> {
    with_same_site(name, value, seconds, "Lax")
}

fn with_same_site(name: &str, value: &str, seconds: i64, same_site: &str) -> Option<HeaderValue> {
    let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite={same_site}");
    HeaderValue::from_str(&cookie).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_once_or_not_at_all() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; __Host-vrs-session=abc"));
        assert_eq!(value(&headers, SESSION), Some("abc"));
        assert_eq!(value(&headers, VISIT), None);
        headers.append(COOKIE, HeaderValue::from_static("__Host-vrs-session=def"));
        assert_eq!(value(&headers, SESSION), None);
    }
}
