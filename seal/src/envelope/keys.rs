//! The keys on an office's computer: each person's own, under their passphrase, and the office's, sealed to its people.
//!
//! Must not: be shown or kept open; `{:?}` hides them.

use std::{fmt, str::FromStr};

use record::{
    bundle::WrappedIdentity,
    bytes::PublicKey,
    envelope::{AccountName, SealedTo},
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    Error,
    device::SigningKey,
    pin,
    random::Random,
    sealed::{self, Addressee, Identity},
};

/// パスフレーズ: 12 to 200 characters in one line. Without a device that counts attempts it must be longer than a PIN.
#[derive(Clone, PartialEq, Eq)]
pub struct Passphrase(Zeroizing<String>);

impl FromStr for Passphrase {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let is_line = !text.chars().any(char::is_control) && text.trim() == text;
        if (12..=200).contains(&text.chars().count()) && is_line {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(Error::WrongPin)
        }
    }
}
impl fmt::Debug for Passphrase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Passphrase(..)")
    }
}

/// A person's keys: one to agree with, one to open the office's.
#[derive(Debug)]
pub struct PersonKeys {
    /// Agrees.
    pub signing: SigningKey,
    /// Opens the office's keys.
    pub identity: Identity,
}

/// A person's keys as they lie on the disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedPerson {
    /// Whose.
    pub account: AccountName,
    /// The key their approvals are checked with.
    pub key: PublicKey,
    /// The key the office's keys are sealed to for them.
    pub sealed_to: SealedTo,
    /// Both private keys, under the passphrase.
    pub wrapped: WrappedIdentity,
}

/// The office's keys.
#[derive(Debug)]
pub struct OfficeKeys {
    /// Signs envelopes, receipts and the card.
    pub signing: SigningKey,
    /// Opens what is sealed to the office.
    pub identity: Identity,
}

fn to_bytes(signing: &SigningKey, identity: &Identity) -> Zeroizing<Vec<u8>> {
    let text = identity.to_text();
    let mut plain = Zeroizing::new(Vec::with_capacity(32 + text.len()));
    plain.extend_from_slice(signing.seed());
    plain.extend_from_slice(text.as_bytes());
    plain
}

fn from_bytes(plain: &[u8]) -> Result<(SigningKey, Identity), Error> {
    let (seed, text) = plain.split_first_chunk::<32>().ok_or(Error::KeyMaterial)?;
    let text = std::str::from_utf8(text).map_err(|_| Error::KeyMaterial)?;
    Ok((SigningKey::from_seed(*seed)?, Identity::from_text(text)?))
}

/// The public half, as a manifest names it.
fn sealed_to(identity: &Identity) -> Result<SealedTo, Error> {
    identity.addressee().to_string().parse().map_err(|_| Error::KeyMaterial)
}

/// Binds a locked person's public halves to what is locked.
fn owner(account: &AccountName, key: &PublicKey, sealed_to: &SealedTo) -> String {
    format!("vrs envelope person 1\n{account}\n{key}\n{sealed_to}")
}

impl PersonKeys {
    /// Fresh ones.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn generate(random: &mut dyn Random) -> Result<Self, Error> {
        Ok(Self { signing: SigningKey::generate(random)?, identity: Identity::generate() })
    }
    /// Locks them under a passphrase.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn lock(
        &self,
        account: &AccountName,
        passphrase: &Passphrase,
        random: &mut dyn Random,
    ) -> Result<LockedPerson, Error> {
        let (key, sealed_to) = (self.signing.public(), sealed_to(&self.identity)?);
        let owner = owner(account, &key, &sealed_to);
        let plain = to_bytes(&self.signing, &self.identity);
        let wrapped = pin::wrap_secret(&plain, &owner, passphrase.0.as_bytes(), random)?;
        Ok(LockedPerson { account: account.clone(), key, sealed_to, wrapped })
    }
}

impl LockedPerson {
    /// Unlocks them; takes about 0.1 s on purpose.
    ///
    /// # Errors
    /// [`Error::WrongPin`]; [`Error::KeyMaterial`] where the file is not in form.
    pub fn unlock(&self, passphrase: &Passphrase) -> Result<PersonKeys, Error> {
        let owner = owner(&self.account, &self.key, &self.sealed_to);
        let plain = pin::unwrap_secret(&self.wrapped, &owner, passphrase.0.as_bytes())?;
        let (signing, identity) = from_bytes(&plain)?;
        Ok(PersonKeys { signing, identity })
    }
}

impl OfficeKeys {
    /// Fresh ones.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn generate(random: &mut dyn Random) -> Result<Self, Error> {
        Ok(Self { signing: SigningKey::generate(random)?, identity: Identity::generate() })
    }
    /// The key that files for this office are sealed to.
    ///
    /// # Errors
    /// [`Error::KeyMaterial`], which no key of ours gives.
    pub fn sealed_to(&self) -> Result<SealedTo, Error> {
        sealed_to(&self.identity)
    }
    /// Sealed to each of its people.
    ///
    /// # Errors
    /// [`Error::KeyMaterial`] without a person.
    pub fn seal(&self, people: &[SealedTo]) -> Result<Vec<u8>, Error> {
        let addressees: Result<Vec<Addressee>, Error> =
            people.iter().map(|person| person.as_str().parse()).collect();
        sealed::seal(&addressees?, &to_bytes(&self.signing, &self.identity))
    }
    /// Opens them as one of its people.
    ///
    /// # Errors
    /// [`Error::Unopenable`] or [`Error::KeyMaterial`].
    pub fn open(file: &[u8], person: &PersonKeys) -> Result<Self, Error> {
        let (signing, identity) = from_bytes(&sealed::open(&person.identity, file)?)?;
        Ok(Self { signing, identity })
    }
}
