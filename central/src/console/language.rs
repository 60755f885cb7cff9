//! 表示言語: `?lang=` of the address, else the cookie, else Japanese.
//!
//! Must not: guess from the browser; staff of one office see one language.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, request::Parts},
};

use super::cookies;

const YEAR_S: i64 = 365 * 86_400;

/// A language of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// 日本語.
    Japanese,
    /// English.
    English,
}

/// The language of a page, and whether it was chosen just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// Which.
    pub(crate) language: Language,
    now: bool,
}

impl Language {
    /// As in `<html lang>`.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
        }
    }
    /// The language of that tag.
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        [Self::Japanese, Self::English].into_iter().find(|language| language.tag() == tag)
    }
}

impl Chosen {
    /// A language that was chosen before.
    pub(crate) fn of(language: Language) -> Self {
        Self { language, now: false }
    }
    /// The cookie that remembers a choice made just now.
    pub(crate) fn cookie(self) -> Option<HeaderValue> {
        self.now.then(|| cookies::set(cookies::LANGUAGE, self.language.tag(), YEAR_S)).flatten()
    }
}

impl<S: Sync> FromRequestParts<S> for Chosen {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let asked = query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(Language::from_tag);
        let kept = || cookies::value(&parts.headers, cookies::LANGUAGE).and_then(Language::from_tag);
        let language = asked.or_else(kept).unwrap_or(Language::Japanese);
        Ok(Self { language, now: asked.is_some() })
    }
}
