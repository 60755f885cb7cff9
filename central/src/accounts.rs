//! コンソールのアカウント: made by whoever keeps them, with a password that is shown once or bound to an identity of the
//! provider. Whoever signs in first sets the second factor up, unless the provider proves one.
//!
//! Must not: keep or log a password, log an identity, or take a role from anywhere but here.

use record::WallTime;
use seal::{password, random::Random};
use zeroize::Zeroizing;

use crate::{
    plain_letters,
    roles::Role,
    storage::{
        Account, AccountName, Added, BegunAnew, Credential, Identity, KeptAccount, Storage, StorageError,
    },
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
    /// One identity, one account.
    #[error("another account is bound to that identity")]
    IdentityTaken,
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
    let credential = Credential::Password(password_hash);
    keep(storage, Account { name, role, credential, created_at: now }).await?;
    Ok(password)
}

/// Makes an account that the identity provider signs in; it has no password.
///
/// # Errors
/// [`AccountError`].
pub async fn add_bound(
    storage: &dyn Storage,
    name: AccountName,
    role: Role,
    identity: Identity,
    now: WallTime,
) -> Result<(), AccountError> {
    let credential = Credential::Identity(identity);
    keep(storage, Account { name, role, credential, created_at: now }).await
}

async fn keep(storage: &dyn Storage, account: Account) -> Result<(), AccountError> {
    match storage.add_account(account).await? {
        Added::Added => Ok(()),
        Added::NameTaken => Err(AccountError::NameTaken),
        Added::IdentityTaken => Err(AccountError::IdentityTaken),
    }
}

/// Lets an account in no more, from now on and wherever it is signed in. What it did stays.
///
/// # Errors
/// [`AccountError::Unknown`] or [`AccountError::Storage`].
pub async fn disable(storage: &dyn Storage, name: AccountName, now: WallTime) -> Result<(), AccountError> {
    if storage.disable_account(name, now).await? { Ok(()) } else { Err(AccountError::Unknown) }
}

/// Begins an account anew, for who lost the password or the authenticator: a new password, to be shown once, and no
/// second factor until the next sign-in. A disabled account lets in again; one that was bound to an identity no longer
/// is.
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
    begin_anew(storage, name, Credential::Password(password_hash)).await?;
    Ok(password)
}

/// Begins an account anew as one that the identity provider signs in: its password and second factor go. A disabled
/// account lets in again.
///
/// # Errors
/// [`AccountError::Unknown`], [`AccountError::IdentityTaken`] or [`AccountError::Storage`].
pub async fn bind(storage: &dyn Storage, name: AccountName, identity: Identity) -> Result<(), AccountError> {
    begin_anew(storage, name, Credential::Identity(identity)).await
}

async fn begin_anew(
    storage: &dyn Storage,
    name: AccountName,
    credential: Credential,
) -> Result<(), AccountError> {
    match storage.reset_account(name, credential).await? {
        BegunAnew::Begun => Ok(()),
        BegunAnew::Unknown => Err(AccountError::Unknown),
        BegunAnew::IdentityTaken => Err(AccountError::IdentityTaken),
    }
}

/// An account in one line, for whoever keeps them: name, role, municipality, and what is particular about it.
#[must_use]
pub fn line(account: &KeptAccount) -> String {
    let mut line = format!("{}\t{}", account.name.as_str(), account.role.kind());
    let municipality = account.role.municipality().map_or_else(|| "-".to_owned(), |code| code.to_string());
    line.push_str(&format!("\t{municipality}"));
    let state = match (&account.credential, account.disabled_at, account.has_second_factor) {
        (_, Some(_), _) => "disabled",
        (Credential::Identity(_), None, _) => "signed in by the identity provider",
        (Credential::Password(_), None, true) => "second factor set up",
        (Credential::Password(_), None, false) => "second factor not set up",
    };
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
