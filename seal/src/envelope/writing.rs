//! Making an envelope. The content is sealed as it comes; the manifest, which stands before it in the file, is made when its
//! length and digest are known.
//!
//! Must not: keep content in memory; a million rows flow through.

use std::io::{self, Write};

use record::{
    WallTime,
    bytes::ContentDigest,
    envelope::{
        Approval, MOST_PARTS, Manifest, ManifestError, Outline, Part, PartName, Recipient, RowCounter,
    },
};

use super::{Refusal, sha256, signed};
use crate::{device::SigningKey, digest::Sha256, sealed::Addressee, sealed_stream::Sealing};

pub(super) const MAGIC: &str = "VRS-ENVELOPE";

/// The first line inside the seal: which outline this content belongs to.
pub(super) fn first_line(outline: &Outline) -> String {
    format!("VRS-INSIDE-1 {}\n", sha256(outline.to_json().as_bytes()))
}

/// What was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The parts, in order.
    pub parts: Vec<Part>,
    /// Size of the sealed stream.
    pub sealed_bytes: u64,
    /// SHA-256 of the sealed stream.
    pub sealed_sha256: ContentDigest,
}

/// Seals parts one after the other: [`Sealer::part`] begins one, what is written then belongs to it.
pub struct Sealer<W: Write> {
    sealing: Sealing<Counted<W>>,
    done: Vec<Part>,
    open: Option<OpenPart>,
}

struct OpenPart {
    name: PartName,
    rows: RowCounter,
    bytes: u64,
    digest: Sha256,
}

impl OpenPart {
    fn close(self) -> Part {
        let sha256 = ContentDigest(self.digest.finish());
        Part { name: self.name, rows: self.rows.rows(), bytes: self.bytes, sha256 }
    }
}

struct Counted<W> {
    out: W,
    bytes: u64,
    digest: Sha256,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn write_error(error: &io::Error) -> Refusal {
    Refusal::Write(error.kind())
}

impl<W: Write> Sealer<W> {
    /// Begins the sealed stream of that outline.
    ///
    /// # Errors
    /// [`Refusal::Cryptography`] where the recipient's key is none; [`Refusal::Write`].
    pub fn begin(outline: &Outline, out: W) -> Result<Self, Refusal> {
        let Recipient { key, .. } = &outline.recipient;
        let addressee: Addressee = key.as_str().parse().map_err(|_| Refusal::Cryptography)?;
        let counted = Counted { out, bytes: 0, digest: Sha256::default() };
        let mut sealing = Sealing::begin(&[addressee], counted).map_err(|_| Refusal::Cryptography)?;
        sealing.write_all(first_line(outline).as_bytes()).map_err(|error| write_error(&error))?;
        Ok(Self { sealing, done: Vec::new(), open: None })
    }

    /// Ends the part before, if any, and begins the next.
    ///
    /// # Errors
    /// [`Refusal::OutOfBounds`] for more than [`MOST_PARTS`], or a name that was there.
    pub fn part(&mut self, name: PartName) -> Result<(), Refusal> {
        self.done.extend(self.open.take().map(OpenPart::close));
        if self.done.len() == MOST_PARTS || self.done.iter().any(|part| part.name == name) {
            return Err(Refusal::OutOfBounds);
        }
        let rows = RowCounter::of(&name);
        self.open = Some(OpenPart { name, rows, bytes: 0, digest: Sha256::default() });
        Ok(())
    }

    /// Ends the sealed stream.
    ///
    /// # Errors
    /// [`Refusal::OutOfBounds`] without a part; [`Refusal::Write`].
    pub fn finish(mut self) -> Result<(Content, W), Refusal> {
        self.done.extend(self.open.take().map(OpenPart::close));
        if self.done.is_empty() {
            return Err(Refusal::OutOfBounds);
        }
        let Counted { mut out, bytes, digest } =
            self.sealing.finish().map_err(|error| write_error(&error))?;
        out.flush().map_err(|error| write_error(&error))?;
        let sealed_sha256 = ContentDigest(digest.finish());
        Ok((Content { parts: self.done, sealed_bytes: bytes, sealed_sha256 }, out))
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, plain: &[u8]) -> io::Result<usize> {
        let Some(part) = &mut self.open else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no part was begun"));
        };
        let written = self.sealing.write(plain)?;
        part.rows.take(&plain[..written]);
        part.digest.update(&plain[..written]);
        part.bytes += written as u64;
        Ok(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.sealing.flush()
    }
}

/// The head of the file: what stands before the sealed stream. With it the manifest that it holds.
///
/// # Errors
/// [`Refusal::OutOfBounds`] where the manifest breaks its bounds.
pub fn head(
    key: &SigningKey,
    outline: Outline,
    (asked, allowed): (Approval, Approval),
    content: Content,
    made_at: WallTime,
) -> Result<(Vec<u8>, Manifest), Refusal> {
    let Content { parts, sealed_bytes, sealed_sha256 } = content;
    let manifest = Manifest { outline, asked, allowed, made_at, parts, sealed_bytes, sealed_sha256 };
    let json = manifest.to_json();
    let is_ours = manifest.outline.sender.key == key.public();
    match Manifest::from_json(&json) {
        Ok(_) if is_ours => Ok((signed::sign(MAGIC, key, &json), manifest)),
        Ok(_) => Err(Refusal::Cryptography),
        Err(ManifestError::Malformed | ManifestError::UnknownVersion | ManifestError::NotAllowed) => {
            Err(Refusal::OutOfBounds)
        }
    }
}
