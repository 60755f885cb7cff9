//! Randomness as an argument, so that a simulator can replay a day from one seed.
//!
//! Must not: be seeded in a product; only [`SystemRandom`] is for that.

use record::{EntryId, bytes::Nonce};
use ring::rand::SecureRandom as _;

use crate::Error;

/// A source of random bytes.
pub trait Random {
    /// Fills the buffer.
    ///
    /// # Errors
    /// [`Error::Randomness`] where the source gives none.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Error>;
}

/// The operating system's.
#[derive(Debug)]
pub struct SystemRandom(ring::rand::SystemRandom);

impl Default for SystemRandom {
    fn default() -> Self {
        Self(ring::rand::SystemRandom::new())
    }
}

impl Random for SystemRandom {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Error> {
        self.0.fill(buffer).map_err(|_| Error::Randomness)
    }
}

/// `N` random bytes.
///
/// # Errors
/// As [`Random::fill`].
pub fn bytes<const N: usize>(random: &mut dyn Random) -> Result<[u8; N], Error> {
    let mut buffer = [0; N];
    random.fill(&mut buffer)?;
    Ok(buffer)
}

/// A fresh 記録番号.
///
/// # Errors
/// As [`Random::fill`].
pub fn entry_id(random: &mut dyn Random) -> Result<EntryId, Error> {
    bytes(random).map(EntryId::from_bytes)
}

/// A fresh nonce.
///
/// # Errors
/// As [`Random::fill`].
pub fn nonce(random: &mut dyn Random) -> Result<Nonce, Error> {
    bytes(random).map(Nonce)
}
