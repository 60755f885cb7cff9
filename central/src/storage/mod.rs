//! 台帳の保管: what the central keeps, as a trait, because a pilot keeps it in one file and a nation does not.
//!
//! Must not: judge an entry (`intake::judge` does, inside the transaction an implementation opens), read a
//! clock, or change or delete what was kept. The municipality that owns a row stands first in its key.

#[cfg(test)]
pub(crate) mod contract;
pub mod sqlite;

use std::{future::Future, pin::Pin};

use record::{
    CouponNumber, EntryId, Epoch, MunicipalityCode, Outcome, Position, TabletId, WallTime,
    bundle::TabletName,
    bytes::{EntryHash, PublicKey},
    entry::Vaccination,
};

use crate::{
    fleet::{Missing, TabletStatus},
    intake::ReadBatch,
};

/// What a storage answers, later.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StorageError>> + Send + 'a>>;

/// What the central keeps. Every implementation passes `storage::contract`.
pub trait Storage: Send + Sync + 'static {
    /// A bundle was made for a tablet: its name and its one-time token become known.
    fn invite(&self, invitation: Invitation) -> Answer<'_, ()>;
    /// A tablet brings its key. The first key under a good token stays the tablet's for ever.
    fn enrol(&self, enrolment: Enrolment) -> Answer<'_, EnrolmentVerdict>;
    /// The key of an enrolled tablet.
    fn device_key(&self, tablet_id: TabletId) -> Answer<'_, Option<PublicKey>>;

    /// Keeps a batch: judges and writes all of it in one transaction, and answers after the commit with one
    /// outcome for each entry.
    fn keep(&self, batch: ReadBatch) -> Answer<'_, Vec<Outcome>>;
    /// Every kept entry of one epoch, in order of position.
    fn kept(&self, tablet_id: TabletId, epoch: Epoch) -> Answer<'_, Vec<KeptEntry>>;
    /// The doses that stand for a coupon: delivered, and neither replaced nor taken back.
    fn standing_doses(&self, coupon: CouponKey) -> Answer<'_, Vec<StandingDose>>;

    /// Every tablet that was invited, in order of its id.
    fn fleet(&self) -> Answer<'_, Vec<TabletStatus>>;
    /// The first `most` runs of positions that are missing below the highest kept one.
    fn missing(&self, tablet_id: TabletId, epoch: Epoch, most: u32) -> Answer<'_, Vec<Missing>>;

    /// Whether it can be read and written now.
    fn check(&self) -> Answer<'_, ()>;

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

/// A bundle was made for this tablet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The tablet.
    pub tablet_id: TabletId,
    /// What people call it.
    pub name: TabletName,
    /// SHA-256 of its one-time token.
    pub token_digest: [u8; 32],
    /// When the bundle was made.
    pub issued_at: WallTime,
    /// From then on the token lets nobody in for the first time.
    pub expires_at: WallTime,
}

/// A tablet brings its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The tablet.
    pub tablet_id: TabletId,
    /// SHA-256 of the token it brings.
    pub token_digest: [u8; 32],
    /// Its key.
    pub device_key: PublicKey,
    /// Version of its program.
    pub program: ProgramVersion,
    /// The central's clock.
    pub at: WallTime,
}

/// What became of an enrolment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrolmentVerdict {
    /// The key is the tablet's.
    Enrolled {
        /// Since when; a repetition answers what the first one did.
        enrolled_at: WallTime,
    },
    /// The token is not this tablet's, is too old, or the tablet has another key.
    Refused,
}

/// A kept entry without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEntry {
    /// Its place.
    pub position: Position,
    /// Hash of its bytes.
    pub hash: EntryHash,
    /// Its id; none where the bytes are no entry.
    pub entry_id: Option<EntryId>,
    /// What the central said of it.
    pub outcome: Outcome,
    /// When it came.
    pub received_at: WallTime,
}

/// 接種券: the municipality that issued it and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CouponKey {
    /// Who issued the coupon; owns the record of its doses.
    pub municipality: MunicipalityCode,
    /// 券番号.
    pub number: CouponNumber,
}

/// A dose that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingDose {
    /// The entry that says so.
    pub entry_id: EntryId,
    /// What it says.
    pub vaccination: Vaccination,
}

/// アカウント名 of the console: 1 to 40 of `a-z 0-9 . -`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName(String);

/// Version of a tablet's program: 1 to 40 of `A-Z a-z 0-9 . + -`, so that it can carry nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramVersion(String);

/// A text is not of that type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not {0}")]
pub struct NameError(&'static str);

fn short(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(allowed)
}

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

impl ProgramVersion {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl std::str::FromStr for ProgramVersion {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".+-".contains(&byte);
        if short(text, allowed) { Ok(Self(text.to_owned())) } else { Err(NameError("a program version")) }
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

/// Nothing was kept, or nothing could be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// More waits to be written than can be held; come back in a moment.
    #[error("too much is waiting to be written")]
    Busy,
    /// The writer has ended, or gave the work up before it was begun.
    #[error("the writer has stopped")]
    Stopped,
    /// The database was written by a later version of this program.
    #[error("the database has version {found}, this program knows up to {known}")]
    NewerDatabase {
        /// Its version.
        found: i64,
        /// The last one known here.
        known: i64,
    },
    /// The file is a database of something else.
    #[error("the database is not a central register")]
    NotARegister,
    /// A kept value does not hold; names the column.
    #[error("kept value of {0} does not hold")]
    Inconsistent(&'static str),
    /// The database itself failed; holds its own words, which name tables and columns but no values.
    #[error("database: {0}")]
    Database(String),
}
