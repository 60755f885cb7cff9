//! コンソールのアカウント: made on the server, with a password that is shown once.
//!
//! Must not: keep or log a password.

use record::WallTime;
use seal::{password, random::Random};
use zeroize::Zeroizing;

use crate::storage::{Account, AccountName, Storage, StorageError};

/// Letters and digits that nobody confuses when copying from paper.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789-";
/// Without the hyphen there are 31, so 20 of them are 99 bits.
const LETTERS: u8 = 31;
const LENGTH: usize = 20;
/// A chosen password is no shorter and no longer than this.
const CHOSEN: std::ops::RangeInclusive<usize> = 12..=200;

/// Where the password comes from.
pub enum InitialPassword {
    /// Made here and shown once.
    Generated,
    /// Chosen by whoever makes the account.
    Chosen(Zeroizing<String>),
}

/// An account cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The name is taken.
    #[error("an account of that name is there already")]
    NameTaken,
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
    initial: InitialPassword,
    now: WallTime,
    random: &mut (dyn Random + Send),
) -> Result<Zeroizing<String>, AccountError> {
    let password = match initial {
        InitialPassword::Generated => generate(random)?,
        InitialPassword::Chosen(chosen) if CHOSEN.contains(&chosen.chars().count()) => chosen,
        InitialPassword::Chosen(_) => return Err(AccountError::PasswordLength),
    };
    let password_hash = password::hash(&password, random)?;
    let added = storage.add_account(Account { name, password_hash, created_at: now }).await?;
    if added { Ok(password) } else { Err(AccountError::NameTaken) }
}

/// Four groups of five.
fn generate(random: &mut dyn Random) -> Result<Zeroizing<String>, seal::Error> {
    let mut password = Zeroizing::new(String::with_capacity(LENGTH + 3));
    let mut letters = 0;
    while letters < LENGTH {
        let [byte] = seal::random::bytes::<1>(random)?;
        let index = byte & 31;
        if index >= LETTERS {
            continue; // every letter is as likely as the next
        }
        if letters > 0 && letters % 5 == 0 {
            password.push('-');
        }
        password.push(char::from(ALPHABET[usize::from(index)]));
        letters += 1;
    }
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::*;
    use seal::random::SystemRandom;

    #[test]
    fn a_generated_password_is_long_and_plain() {
        let password = generate(&mut SystemRandom::default()).unwrap();
        let groups: Vec<&str> = password.split('-').collect();
        assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [5; 4]);
        assert_ne!(*password, *generate(&mut SystemRandom::default()).unwrap());
    }
}
