//! Sealed files too large for memory: sealed while they are written, opened while they are read.
//!
//! Must not: be trusted before its end was read: a file that was cut short fails there.

use std::io::{self, Read, Write};

use age::{
    Decryptor, Encryptor,
    stream::{StreamReader, StreamWriter},
};

use crate::{
    Error,
    sealed::{Addressee, Identity},
};

/// Seals what is written to it; only after [`Sealing::finish`] is it whole.
pub struct Sealing<W: Write>(StreamWriter<W>);

/// Opens what it reads.
pub struct Opening<R: Read>(StreamReader<R>);

impl<W: Write> Sealing<W> {
    /// Begins a file that each of the addressees can open.
    ///
    /// # Errors
    /// [`Error::KeyMaterial`] without an addressee, [`Error::Unopenable`] where the beginning cannot be written.
    pub fn begin(addressees: &[Addressee], out: W) -> Result<Self, Error> {
        let each = addressees.iter().map(Addressee::recipient);
        let encryptor = Encryptor::with_recipients(each).map_err(|_| Error::KeyMaterial)?;
        encryptor.wrap_output(out).map(Self).map_err(|_| Error::Unopenable)
    }

    /// Writes the end; what the file was written to.
    ///
    /// # Errors
    /// The system's.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish()
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, plain: &[u8]) -> io::Result<usize> {
        self.0.write(plain)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<R: Read> Opening<R> {
    /// Begins to open a file that was sealed to this identity.
    ///
    /// # Errors
    /// [`Error::Unopenable`] if it is not a sealed file or was sealed to others.
    pub fn begin(identity: &Identity, sealed: R) -> Result<Self, Error> {
        let decryptor = Decryptor::new(sealed).map_err(|_| Error::Unopenable)?;
        let reader = decryptor.decrypt(std::iter::once(identity.identity()));
        reader.map(Self).map_err(|_| Error::Unopenable)
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, plain: &mut [u8]) -> io::Result<usize> {
        self.0.read(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_piece_by_piece_opens_and_a_cut_shows() {
        let identity = Identity::generate();
        let plain = vec![7_u8; 200_000];
        let mut sealing = Sealing::begin(&[identity.addressee()], Vec::new()).unwrap();
        plain.chunks(999).for_each(|piece| sealing.write_all(piece).unwrap());
        let sealed = sealing.finish().unwrap();
        let mut opened = Vec::new();
        Opening::begin(&identity, sealed.as_slice()).unwrap().read_to_end(&mut opened).unwrap();
        assert_eq!(opened, plain);
        let cut = &sealed[..sealed.len() - 1];
        let mut half = Vec::new();
        assert!(Opening::begin(&identity, cut).unwrap().read_to_end(&mut half).is_err());
        assert!(Opening::begin(&Identity::generate(), sealed.as_slice()).is_err());
    }
}
