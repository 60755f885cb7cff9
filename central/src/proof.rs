//! 本人の確認: that a person who stands at the server and not at a page is who an account says, by its password and a code of its
//! authenticator. Each code counts once, here and on the pages.
//!
//! Must not: keep, print or log a password or a code; or say which of the two was wrong.

use record::WallTime;
use seal::{kept::KeepingKey, password, totp::Step};
use zeroize::Zeroizing;

use crate::{
    second_factor,
    storage::{AccountName, Credential, KeptAccount, Storage, StorageError},
};

/// What somebody typed to prove who they are. No `Debug`: both are secret.
pub struct Proof {
    /// Which account.
    pub account: AccountName,
    /// Its password.
    pub password: Zeroizing<String>,
    /// 認証コード: six digits of the authenticator, not used before.
    pub code: Zeroizing<String>,
}

/// It is not proven.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// Password or code are wrong, or the code was used before.
    #[error(
        "password or code of {0} are wrong, or the code was used before: wait for the next code and try again / \
         {0} のパスワードか認証コードが違うか、使用済みです。次の認証コードを待って、もう一度行ってください"
    )]
    Wrong(String),
    /// The account has no password of its own, or no authenticator yet.
    #[error(
        "{0} has no password or no authenticator: sign in to the console once, or name another account / \
         {0} にはパスワードか認証アプリがありません。一度ログインして設定するか、別のアカウントを指定してください"
    )]
    NotSetUp(String),
    /// Keys.
    #[error(transparent)]
    Seal(#[from] seal::Error),
    /// The register.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Whether somebody is who that account says; their code, which [`spend`] makes count once.
///
/// # Errors
/// [`ProofError`]; nothing is spent.
pub async fn prove(
    storage: &dyn Storage,
    keeping: &KeepingKey,
    account: &KeptAccount,
    proof: &Proof,
    now: WallTime,
) -> Result<Step, ProofError> {
    let name = || proof.account.as_str().to_owned();
    let Credential::Password(hash) = &account.credential else { return Err(ProofError::NotSetUp(name())) };
    let Some(kept) = storage.second_factor(proof.account.clone()).await? else {
        return Err(ProofError::NotSetUp(name()));
    };
    if !password::verifies(&proof.password, hash) {
        return Err(ProofError::Wrong(name()));
    }
    let secret = second_factor::open(keeping, &proof.account, &kept.sealed_secret)?;
    let typed = second_factor::digits(&proof.code);
    secret.accepts(&typed, now, Some(kept.last_step)).ok_or_else(|| ProofError::Wrong(name()))
}

/// Spends a code that proved somebody, once everything else is proven too.
///
/// # Errors
/// [`ProofError::Wrong`] where it was used meanwhile.
pub async fn spend(storage: &dyn Storage, account: &AccountName, step: Step) -> Result<(), ProofError> {
    let is_first = storage.use_code(account.clone(), step).await?;
    if is_first { Ok(()) } else { Err(ProofError::Wrong(account.as_str().to_owned())) }
}
