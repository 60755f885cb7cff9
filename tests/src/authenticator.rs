//! 認証アプリ: what somebody holds beside their password, for tests and demos that sign in as people do.
//!
//! Must not: know anything that a page did not show.

use record::WallTime;
use seal::totp::{Secret, Step};

/// An app that was set up for one account.
pub struct Authenticator {
    secret: Secret,
    last: Option<Step>,
}

impl Authenticator {
    /// Set up with the key that the page shows.
    ///
    /// # Panics
    /// Where it is no key.
    pub fn with_key(shown: &str) -> Self {
        let shown: String = shown.split_whitespace().collect();
        Self { secret: shown.parse().unwrap(), last: None }
    }

    /// The code it shows; where that one was used, whoever reads it waits for the next.
    pub fn code(&mut self, now: WallTime) -> String {
        let present = Step::at(now);
        let next = self.last.map_or(present, |last| Step::from_number(last.number() + 1).max(present));
        self.last = Some(next);
        self.secret.code(next).to_string()
    }
}
