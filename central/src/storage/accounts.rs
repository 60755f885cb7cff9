//! コンソールのアカウント: who may look, and the sessions that are open.
//!
//! Must not: hold a password or a session's cookie; only what proves them.

use record::WallTime;

use super::{Answer, NameError, short};

/// Accounts and sessions of the console.
pub trait Accounts {
    /// A console account; false, and nothing changed, where the name is taken.
    fn add_account(&self, account: Account) -> Answer<'_, bool>;
    /// What is kept of an account's password.
    fn account_password(&self, name: AccountName) -> Answer<'_, Option<String>>;
    /// Opens a session and forgets those that ended before.
    fn open_session(&self, session: Session) -> Answer<'_, ()>;
    /// Whose session it is, if it has not ended at `now`.
    fn session(&self, digest: [u8; 32], now: WallTime) -> Answer<'_, Option<OpenSession>>;
    /// Ends a session.
    fn close_session(&self, digest: [u8; 32]) -> Answer<'_, ()>;
}

/// アカウント名 of the console: 1 to 40 of `a-z 0-9 . -`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName(String);

impl AccountName {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl std::str::FromStr for AccountName {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let allowed =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-';
        if short(text, allowed) { Ok(Self(text.to_owned())) } else { Err(NameError("an account name")) }
    }
}

/// A console account.
#[derive(Clone)]
pub struct Account {
    /// Its name.
    pub name: AccountName,
    /// What `seal::password` keeps of the password.
    pub password_hash: String,
    /// When it was made.
    pub created_at: WallTime,
}

/// A console session as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie.
    pub digest: [u8; 32],
    /// Whose it is.
    pub name: AccountName,
    /// When it began.
    pub opened_at: WallTime,
    /// When it ends.
    pub expires_at: WallTime,
}

/// A session that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// Whose it is.
    pub name: AccountName,
    /// When it ends.
    pub expires_at: WallTime,
}
