//! Files sealed to addressees (the age format, where they are recipients): whoever holds one of the private keys can
//! open them.
//!
//! Must not: invent a format; any age program opens what this makes.

use std::{fmt, io::Write as _, str::FromStr};

use age::{
    Decryptor, Encryptor,
    secrecy::{ExposeSecret, SecretString},
    x25519,
};
use zeroize::Zeroizing;

use crate::Error;

/// A public key that files are sealed to (`age1…`).
#[derive(Clone)]
pub struct Addressee(x25519::Recipient);

/// A private key that opens what is sealed to its addressee.
pub struct Identity(x25519::Identity);

impl Identity {
    /// A fresh one.
    #[must_use]
    pub fn generate() -> Self {
        Self(x25519::Identity::generate())
    }
    /// Its public half.
    #[must_use]
    pub fn addressee(&self) -> Addressee {
        Addressee(self.0.to_public())
    }
    /// Its text form (`AGE-SECRET-KEY-1…`), for a file that only its owner reads; secret.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        self.with_text(|text| Zeroizing::new(text.to_owned()))
    }
    /// From its text form.
    ///
    /// # Errors
    /// [`Error::KeyMaterial`] if it is none.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        x25519::Identity::from_str(text).map(Self).map_err(|_| Error::KeyMaterial)
    }
    fn reveal(&self) -> SecretString {
        self.0.to_string()
    }
    pub(crate) fn identity(&self) -> &dyn age::Identity {
        &self.0
    }
    pub(crate) fn with_text<T>(&self, using: impl FnOnce(&str) -> T) -> T {
        using(self.reveal().expose_secret())
    }
}
impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Identity(..)")
    }
}
impl Addressee {
    pub(crate) fn recipient(&self) -> &dyn age::Recipient {
        &self.0
    }
}
impl FromStr for Addressee {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        x25519::Recipient::from_str(text).map(Self).map_err(|_| Error::KeyMaterial)
    }
}
impl fmt::Display for Addressee {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}
impl fmt::Debug for Addressee {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Addressee({})", self.0)
    }
}

/// Seals `plain` once for each addressee.
///
/// # Errors
/// [`Error::KeyMaterial`] without an addressee.
pub fn seal(addressees: &[Addressee], plain: &[u8]) -> Result<Vec<u8>, Error> {
    let each = addressees.iter().map(Addressee::recipient);
    let encryptor = Encryptor::with_recipients(each).map_err(|_| Error::KeyMaterial)?;
    let mut sealed = Vec::new();
    let mut writer = encryptor.wrap_output(&mut sealed).map_err(|_| Error::Randomness)?;
    writer.write_all(plain).map_err(|_| Error::Randomness)?;
    writer.finish().map_err(|_| Error::Randomness)?;
    Ok(sealed)
}

/// Opens what was sealed to this identity.
///
/// # Errors
/// [`Error::Unopenable`] if it is damaged or sealed to others.
pub fn open(identity: &Identity, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    use std::io::Read as _;
    let decryptor = Decryptor::new_buffered(sealed).map_err(|_| Error::Unopenable)?;
    let mut reader =
        decryptor.decrypt(std::iter::once(identity.identity())).map_err(|_| Error::Unopenable)?;
    let mut plain = Zeroizing::new(Vec::new());
    reader.read_to_end(&mut plain).map_err(|_| Error::Unopenable)?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_addressee_opens_it_and_nobody_else() {
        let (one, two, other) = (Identity::generate(), Identity::generate(), Identity::generate());
        let sealed = seal(&[one.addressee(), two.addressee()], b"plain").unwrap();
        assert_eq!(&**open(&one, &sealed).unwrap(), b"plain");
        assert_eq!(&**open(&two, &sealed).unwrap(), b"plain");
        assert_eq!(open(&other, &sealed), Err(Error::Unopenable));
    }

    #[test]
    fn a_file_altered_in_any_byte_does_not_open() {
        let identity = Identity::generate();
        let sealed = seal(&[identity.addressee()], b"plain").unwrap();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(open(&identity, &altered), Err(Error::Unopenable), "byte {at}");
        }
        for length in 0..sealed.len() {
            assert_eq!(open(&identity, &sealed[..length]), Err(Error::Unopenable), "length {length}");
        }
    }
}
