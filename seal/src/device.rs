//! 端末の鍵: the Ed25519 key that signs what a tablet (or the central) says, and checking such signatures.
//!
//! Must not: outlive its use in memory, or be shown: `{:?}` hides it.

use record::bytes::{PublicKey, Signature};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use zeroize::Zeroizing;

use crate::{Error, random::Random};

/// An Ed25519 key pair made from 32 random bytes, its seed.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    seed: Zeroizing<[u8; 32]>,
}

impl SigningKey {
    /// A fresh key.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn generate(random: &mut dyn Random) -> Result<Self, Error> {
        Self::from_seed(crate::random::bytes(random)?)
    }
    /// The key of that seed.
    ///
    /// # Errors
    /// [`Error::KeyMaterial`] if the seed is refused.
    pub fn from_seed(seed: [u8; 32]) -> Result<Self, Error> {
        let seed = Zeroizing::new(seed);
        let pair = Ed25519KeyPair::from_seed_unchecked(&*seed).map_err(|_| Error::KeyMaterial)?;
        Ok(Self { pair, seed })
    }
    /// The seed; secret.
    #[must_use]
    pub fn seed(&self) -> &[u8; 32] {
        &self.seed
    }
    /// The public half.
    ///
    /// # Panics
    /// Never: an Ed25519 public key has 32 bytes.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey::try_from(self.pair.public_key().as_ref()).expect("an Ed25519 public key has 32 bytes")
    }
    /// Signs.
    ///
    /// # Panics
    /// Never: an Ed25519 signature has 64 bytes.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature::try_from(self.pair.sign(message).as_ref()).expect("an Ed25519 signature has 64 bytes")
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SigningKey({})", self.public())
    }
}

/// Whether `signature` is `key`'s over `message`.
#[must_use]
pub fn verifies(key: &PublicKey, message: &[u8], signature: &Signature) -> bool {
    UnparsedPublicKey::new(&ED25519, &key.0).verify(message, &signature.0).is_ok()
}
