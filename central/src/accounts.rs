//! コンソールのアカウント: made on the server, with a password that is shown once. Whoever signs in first with it sets
//! the second factor up.
//!
//! Must not: keep or log a password.

use record::WallTime;
use seal::{password, random::Random};
use zeroize::Zeroizing;

use crate::{
    plain_letters,
    roles::Role,
    storage::{Account, AccountName, KeptAccount, Storage, StorageError},
};

/// A chosen password is no shorter and no longer than this.
const CHOSEN: std::ops::RangeInclusive<usize> = 12..=200;

/// Where the password comes from.
pub enum InitialPassword {
    /// Made here and shown once: four groups of five letters, 99 bits.
    Generated,
    /// Chosen by whoever makes the account.
    Chosen(Zeroizing<String>),
}

/// An account cannot be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The name is taken.
    #[error("an account of that name is there already")]
    NameTaken,
    /// No such account.
    #[error("there is no account of that name")]
    Unknown,
    /// Too short or too long.
    #[error("a password has 12 to 200 characters")]
    PasswordLength,
    /// No randomness.
    #[error(transparent)]
    Seal(#[from] seal::Error),
    /// The register.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Makes an account; its password, to be shown once.
///
/// # Errors
/// [`AccountError`].
pub async fn add(
    storage: &dyn Storage,
    name: AccountName,
    role: Role,
    initial: InitialPassword,
    now: WallTime,
    random: &mut (dyn Random + Send),
) -> Result<Zeroizing<String>, AccountError> {
    let (password, password_hash) = initial.into_password(random)?;
    let added = storage.add_account(Account { name, role, password_hash, created_at: now }).await?;
    if added { Ok(password) } else { Err(AccountError::NameTaken) }
}

/// Lets an account in no more, from now on and wherever it is signed in. What it did stays.
///
/// # Errors
/// [`AccountError::Unknown`] or [`AccountError::Storage`].
pub async fn disable(storage: &dyn Storage, name: AccountName, now: WallTime) -> Result<(), AccountError> {
    if storage.disable_account(name, now).await? { Ok(()) } else { Err(AccountError::Unknown) }
}

/// Begins an account anew, for who lost the password or the authenticator: a new password, to be shown once, and no
/// second factor until the next sign-in. A disabled account lets in again.
///
/// # Errors
/// [`AccountError`].
pub async fn reset(
    storage: &dyn Storage,
    name: AccountName,
    initial: InitialPassword,
    random: &mut (dyn Random + Send),
) -> Result<Zeroizing<String>, AccountError> {
    let (password, password_hash) = initial.into_password(random)?;
    let found = storage.reset_account(name, password_hash).await?;
    if found { Ok(password) } else { Err(AccountError::Unknown) }
}

/// An account in one line, for whoever keeps them: name, role, municipality, and what is particular about it.
#[must_use]
pub fn line(account: &KeptAccount) -> String {
    let mut line = format!("{}\t{}", account.name.as_str(), account.role.kind());
    let municipality = account.role.municipality().map_or_else(|| "-".to_owned(), |code| code.to_string());
    line.push_str(&format!("\t{municipality}"));
    let second_factor =
        if account.has_second_factor { "second factor set up" } else { "second factor not set up" };
    let state = if account.disabled_at.is_some() { "disabled" } else { second_factor };
    line.push_str(&format!("\t{state}"));
    line
}

impl InitialPassword {
    fn into_password(self, random: &mut dyn Random) -> Result<(Zeroizing<String>, String), AccountError> {
        let password = match self {
            Self::Generated => plain_letters::draw(4, 5, random)?,
            Self::Chosen(chosen) if CHOSEN.contains(&chosen.chars().count()) => chosen,
            Self::Chosen(_) => return Err(AccountError::PasswordLength),
        };
        let hash = password::hash(&password, random)?;
        Ok((password, hash))
    }
}
