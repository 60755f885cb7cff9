//! コンソールのアカウント: who may look, their second factor, and the sessions that are open.
//!
//! Must not: hold a password, a recovery code or a session's cookie, only what proves them; or an authenticator's
//! secret that is not sealed.

use record::WallTime;
use seal::{id_token::Subject, totp::Step};

use super::{Answer, NameError, short};
use crate::roles::Role;

/// Accounts and sessions of the console.
pub trait Accounts {
    /// A console account; nothing is changed where its name or its identity is taken.
    fn add_account(&self, account: Account) -> Answer<'_, Added>;
    /// One account.
    fn account(&self, name: AccountName) -> Answer<'_, Option<KeptAccount>>;
    /// The account that is bound to that identity.
    fn account_of(&self, identity: Identity) -> Answer<'_, Option<KeptAccount>>;
    /// Every account, in order of name.
    fn accounts(&self) -> Answer<'_, Vec<KeptAccount>>;
    /// Lets an account in no more and ends its sessions; false where there is none. Its row stays.
    fn disable_account(&self, name: AccountName, at: WallTime) -> Answer<'_, bool>;
    /// Begins an account anew with that credential: its second factor and its sessions go, and it may sign in again
    /// where it was disabled. Nothing is changed where there is none, or where another account has the identity.
    fn reset_account(&self, name: AccountName, credential: Credential) -> Answer<'_, BegunAnew>;
    /// The second factor that an account has set up.
    fn second_factor(&self, name: AccountName) -> Answer<'_, Option<SecondFactor>>;
    /// Sets an account's second factor up; false, and nothing changed, where it has one.
    fn set_second_factor(&self, name: AccountName, factor: FreshFactor) -> Answer<'_, bool>;
    /// Marks a code as used; false where it, or a later one, was used before.
    fn use_code(&self, name: AccountName, step: Step) -> Answer<'_, bool>;
    /// Marks a recovery code as used; false where it is none of this account's, or was used.
    fn use_recovery_code(&self, name: AccountName, digest: [u8; 32], at: WallTime) -> Answer<'_, bool>;
    /// Opens a session and forgets those that ended before.
    fn open_session(&self, session: Session) -> Answer<'_, ()>;
    /// Ends a session and opens another in its place; false, and nothing changed, where the first has ended.
    fn replace_session(&self, ended: [u8; 32], session: Session) -> Answer<'_, bool>;
    /// Whose session it is, if it has not ended at `now` and its account was not disabled.
    fn session(&self, digest: [u8; 32], now: WallTime) -> Answer<'_, Option<OpenSession>>;
    /// Ends a session.
    fn close_session(&self, digest: [u8; 32]) -> Answer<'_, ()>;
    /// Notes that a way to the provider and back was gone to its end, and forgets those that have expired at `now`;
    /// false where it was gone before.
    fn spend_state(&self, digest: [u8; 32], expires_at: WallTime, now: WallTime) -> Answer<'_, bool>;
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

/// ログイン方法: by what somebody proves first that an account is theirs.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// パスワード; what `seal::password` keeps of it.
    Password(String),
    /// 外部ID: who the identity provider says it is.
    Identity(Identity),
}

/// 外部ID: a person as one provider knows them.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// Whom it means.
    pub subject: Subject,
}

/// What became of an account that was to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is there.
    Added,
    /// Another one has that name.
    NameTaken,
    /// Another one is bound to that identity.
    IdentityTaken,
}

/// What became of an account that was to begin anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BegunAnew {
    /// It did.
    Begun,
    /// There is none.
    Unknown,
    /// Another one is bound to that identity.
    IdentityTaken,
}

/// A console account to be made.
#[derive(Clone)]
pub struct Account {
    /// Its name.
    pub name: AccountName,
    /// What it may do.
    pub role: Role,
    /// How it is signed in to.
    pub credential: Credential,
    /// When it was made.
    pub created_at: WallTime,
}

/// A console account as it is kept.
#[derive(Clone)]
pub struct KeptAccount {
    /// Its name.
    pub name: AccountName,
    /// What it may do.
    pub role: Role,
    /// How it is signed in to.
    pub credential: Credential,
    /// When it was made.
    pub created_at: WallTime,
    /// Since when it lets nobody in.
    pub disabled_at: Option<WallTime>,
    /// Whether its second factor is set up.
    pub has_second_factor: bool,
}

/// 二段階認証 of an account.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The authenticator's secret, sealed by `seal::kept` to the account's name.
    pub sealed_secret: Vec<u8>,
    /// The last code that was used.
    pub last_step: Step,
}

/// A second factor that was just set up.
#[derive(Clone)]
pub struct FreshFactor {
    /// The authenticator's secret, sealed to the account's name.
    pub sealed_secret: Vec<u8>,
    /// The code that proved it.
    pub step: Step,
    /// Digests of the recovery codes.
    pub recovery: Vec<[u8; 32]>,
    /// When.
    pub at: WallTime,
}

/// How far somebody has come with signing in.
#[derive(Clone, PartialEq, Eq)]
pub enum Stage {
    /// Password or provider are right; the second factor is to be set up with this secret (sealed).
    SettingUp(Vec<u8>),
    /// Password or provider are right; a code is to come.
    AwaitingCode,
    /// Signed in.
    Open,
}

/// A console session as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie.
    pub digest: [u8; 32],
    /// Whose it is.
    pub name: AccountName,
    /// How far it has come.
    pub stage: Stage,
    /// When it began.
    pub opened_at: WallTime,
    /// When it ends.
    pub expires_at: WallTime,
}

/// A session that has not ended.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// Whose it is.
    pub name: AccountName,
    /// What they may do.
    pub role: Role,
    /// How far it has come.
    pub stage: Stage,
    /// When it ends.
    pub expires_at: WallTime,
}
