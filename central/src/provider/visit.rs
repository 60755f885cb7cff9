//! One way to the provider and back. All that belongs to it follows from what the browser alone keeps in its cookie:
//! random words, when they expire, and the language of its pages. Nothing is kept here until somebody comes back.
//!
//! Must not: be good in another browser, after its time, or twice (`Accounts::spend_state`).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use record::WallTime;
use seal::{password::constant_time_equal, random::Random, token};

use crate::console::language::Language;

/// Time to identify oneself with the provider, to install an authenticator there for one.
pub(crate) const LASTS_MS: i64 = 10 * 60_000;
/// 256 bits in base64url.
const RANDOM_CHARACTERS: usize = 43;

/// The way. No `Debug`: it is a secret of the browser.
pub(crate) struct Visit {
    cookie: String,
    expires_at: WallTime,
    language: Language,
}

impl Visit {
    /// One that begins now.
    pub(crate) fn fresh(
        now: WallTime,
        language: Language,
        random: &mut dyn Random,
    ) -> Result<Self, seal::Error> {
        let expires_at = now.plus_ms(LASTS_MS);
        let cookie = format!("{}.{}.{}", token::fresh(random)?, expires_at.unix_ms(), language.tag());
        Ok(Self { cookie, expires_at, language })
    }

    /// The one that a browser kept; none where that is not whole.
    pub(crate) fn of_cookie(cookie: &str) -> Option<Self> {
        let mut parts = cookie.split('.');
        let (random, expires_at, language) = (parts.next()?, parts.next()?, parts.next()?);
        if random.len() != RANDOM_CHARACTERS || parts.next().is_some() {
            return None;
        }
        let expires_at = WallTime::from_unix_ms(expires_at.parse().ok()?);
        Some(Self { cookie: cookie.to_owned(), expires_at, language: Language::from_tag(language)? })
    }

    /// What the browser keeps.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }
    /// When it ends.
    pub(crate) fn expires_at(&self) -> WallTime {
        self.expires_at
    }
    /// The language of the pages on the way.
    pub(crate) fn language(&self) -> Language {
        self.language
    }
    /// What the provider hands back unchanged.
    pub(crate) fn state(&self) -> String {
        self.derived("state")
    }
    /// What its token must hold.
    pub(crate) fn nonce(&self) -> String {
        self.derived("nonce")
    }
    /// What proves to the provider that the code is brought by whoever asked for it (RFC 7636).
    pub(crate) fn verifier(&self) -> String {
        self.derived("verifier")
    }
    /// SHA-256 of the verifier.
    pub(crate) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(token::digest(&self.verifier()))
    }
    /// What to remember of it once it was gone to its end.
    pub(crate) fn digest(&self) -> [u8; 32] {
        token::digest(&self.state())
    }
    /// Whether that state is this way's, in time.
    pub(crate) fn is_answered_by(&self, state: &str, now: WallTime) -> bool {
        let left_ms = self.expires_at.ms_since(now);
        (1..=LASTS_MS).contains(&left_ms) && constant_time_equal(self.state().as_bytes(), state.as_bytes())
    }

    fn derived(&self, purpose: &str) -> String {
        URL_SAFE_NO_PAD.encode(token::digest(&format!("vrs provider {purpose} 1\n{}", self.cookie)))
    }
}

#[cfg(test)]
mod tests {
    use seal::random::SystemRandom;

    use super::*;

    const NOW: WallTime = WallTime::from_unix_ms(1_637_545_200_000);

    fn visit() -> Visit {
        Visit::fresh(NOW, Language::English, &mut SystemRandom::default()).unwrap()
    }

    #[test]
    fn a_way_is_good_for_its_browser_and_its_time() {
        let (one, other) = (visit(), visit());
        let again = Visit::of_cookie(one.cookie()).unwrap();
        assert_eq!(again.language(), Language::English);
        let state = one.state();
        assert!(again.is_answered_by(&state, NOW));
        assert!(again.is_answered_by(&state, NOW.plus_ms(LASTS_MS - 1)));
        assert!(!again.is_answered_by(&state, NOW.plus_ms(LASTS_MS)));
        assert!(!again.is_answered_by(&state, NOW.plus_ms(-1)), "it has not begun");
        assert!(!other.is_answered_by(&state, NOW), "another browser's");
        assert!(!again.is_answered_by("", NOW));
        let longer = one.cookie().replace(&one.expires_at().unix_ms().to_string(), "1637545799999");
        assert!(
            !Visit::of_cookie(&longer).unwrap().is_answered_by(&state, NOW),
            "nobody makes it last longer"
        );
    }

    #[test]
    fn nothing_that_is_sent_away_tells_another() {
        let visit = visit();
        let words = [visit.state(), visit.nonce(), visit.verifier(), visit.challenge()];
        for (index, word) in words.iter().enumerate() {
            assert_eq!(word.len(), RANDOM_CHARACTERS);
            assert!(!visit.cookie().contains(word.as_str()));
            assert!(!words[index + 1..].contains(word));
        }
    }

    #[test]
    fn a_cookie_that_is_not_whole_is_none() {
        let whole = visit().cookie().to_owned();
        for cookie in ["", "a.1.ja", &whole[1..], &whole[..whole.len() - 1], &format!("{whole}.x"), "..."] {
            assert!(Visit::of_cookie(cookie).is_none(), "{cookie}");
        }
    }
}
