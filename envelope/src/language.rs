//! In which language the program speaks: Japanese, unless it is asked for English.
//!
//! Must not: hold a word; a sentence stands where it is said, always in both.

use std::env;

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Japanese,
    English,
}

impl Language {
    /// The one of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "ja" => Some(Self::Japanese),
            "en" => Some(Self::English),
            _ => None,
        }
    }
    /// What the system is set to; Japanese where it does not say English.
    pub(crate) fn of_system() -> Self {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| env::var(name).ok().filter(|it| !it.is_empty()));
        if set.is_some_and(|set| set.starts_with("en")) { Self::English } else { Self::Japanese }
    }
    /// The one that is spoken.
    pub(crate) fn pick<T>(self, japanese: T, english: T) -> T {
        match self {
            Self::Japanese => japanese,
            Self::English => english,
        }
    }
}
