//! Opening an envelope, in three steps that cannot be taken in another order: the head as its sender signed it, whether it may
//! be opened here and now, and the content.
//!
//! Must not: call content verified before the last byte; whoever takes the parts keeps them aside until then.

use std::io::{self, Read, Write};

use record::{
    WallTime,
    bytes::ContentDigest,
    envelope::{Card, Manifest, Part, RowCounter, SealedTo},
};

use super::{Refusal, approval, sha256, signed, writing};
use crate::{digest::Sha256, sealed::Identity, sealed_stream::Opening};

/// A clock here may lie this much behind the sender's: a day.
const CLOCKS_DIFFER_MS: i64 = 24 * 60 * 60 * 1000;
const AT_ONCE: usize = 1 << 16;

/// A head that the key it names has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    manifest: Manifest,
    digest: ContentDigest,
    bytes: u64,
}

/// A head of a known sender, for this recipient, approved by two people, in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged(Head);

/// All parts were read and are what the manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The manifest.
    pub manifest: Manifest,
    /// Its SHA-256, which the receipt names.
    pub digest: ContentDigest,
}

/// Reads the head and leaves the source where the sealed stream begins.
///
/// # Errors
/// [`Refusal::OtherKind`], [`Refusal::UnknownVersion`], [`Refusal::Truncated`], [`Refusal::Altered`],
/// [`Refusal::NotAllowed`] or [`Refusal::Read`].
pub fn read_head(source: &mut impl Read) -> Result<Head, Refusal> {
    let read = signed::read(writing::MAGIC, source)?;
    let manifest = Manifest::from_json(read.json())?;
    read.verify(&manifest.outline.sender.key)?;
    Ok(Head { digest: sha256(read.json().as_bytes()), bytes: read.length(), manifest })
}

impl Head {
    /// What it says. Who says so is only known once it was judged.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
    /// SHA-256 of the manifest.
    #[must_use]
    pub fn digest(&self) -> ContentDigest {
        self.digest
    }
    /// Bytes that the whole file has, by what it says.
    #[must_use]
    pub fn file_bytes(&self) -> u64 {
        self.bytes.saturating_add(self.manifest.sealed_bytes)
    }

    /// Whether the sealed stream is the one that the manifest names; needs no key.
    ///
    /// # Errors
    /// [`Refusal::Truncated`], [`Refusal::TooLong`], [`Refusal::Altered`] or [`Refusal::Read`].
    pub fn check_sealed(&self, sealed: impl Read, mut progress: impl FnMut(u64)) -> Result<(), Refusal> {
        let mut tally = Tally::default();
        let mut source = Source::new(sealed, self.manifest.sealed_bytes, &mut tally);
        let mut buffer = vec![0; AT_ONCE];
        loop {
            match source.read(&mut buffer).map_err(|error| Refusal::Read(error.kind()))? {
                0 => break,
                read => progress(read as u64),
            }
        }
        source.end(&self.manifest)
    }

    /// Whether the card's office sent it and two of its people approved; says nothing of recipient and time.
    ///
    /// # Errors
    /// [`Refusal::UnknownSender`], [`Refusal::SamePerson`], [`Refusal::ApprovalInvalid`] or [`Refusal::UnknownApprover`].
    pub fn is_from(&self, cards: &[Card]) -> Result<(), Refusal> {
        let sender = &self.manifest.outline.sender;
        let card = cards
            .iter()
            .find(|card| card.office == sender.office && card.signing_key == sender.key)
            .ok_or(Refusal::UnknownSender)?;
        approval::judge(&self.manifest, card)
    }

    /// Whether it may be opened by whom it is `sealed_to`, now.
    ///
    /// # Errors
    /// As [`Head::is_from`]; [`Refusal::OtherRecipient`], [`Refusal::Expired`] or [`Refusal::FromFuture`].
    pub fn judge(self, cards: &[Card], sealed_to: &SealedTo, now: WallTime) -> Result<Judged, Refusal> {
        self.is_from(cards)?;
        if self.manifest.outline.recipient.key != *sealed_to {
            return Err(Refusal::OtherRecipient);
        }
        if now >= self.manifest.outline.expires_at {
            return Err(Refusal::Expired);
        }
        if self.manifest.made_at > now.plus_ms(CLOCKS_DIFFER_MS) {
            return Err(Refusal::FromFuture);
        }
        Ok(Judged(self))
    }
}

impl Judged {
    /// The head that was judged.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.0
    }

    /// Opens the sealed stream: each part is written to what `place` gives for it, and `progress` is told how many bytes came.
    /// Until this returns `Ok`, nothing of what was written is verified.
    ///
    /// # Errors
    /// [`Refusal::Truncated`], [`Refusal::TooLong`], [`Refusal::Altered`], [`Refusal::OtherContent`], [`Refusal::Read`] or
    /// [`Refusal::Write`].
    pub fn open<W: Write>(
        self,
        identity: &Identity,
        sealed: impl Read,
        mut place: impl FnMut(&Part) -> io::Result<W>,
        mut progress: impl FnMut(u64),
    ) -> Result<Opened, Refusal> {
        let Self(Head { manifest, digest, .. }) = self;
        let mut tally = Tally::default();
        let read = inside(&manifest, identity, sealed, &mut tally, &mut place, &mut progress);
        match read {
            // A stream that ended too early is cut short, whatever the cipher made of it.
            Err(Refusal::Altered) if tally.ended_at(manifest.sealed_bytes) => Err(Refusal::Truncated),
            Err(refusal) => Err(refusal),
            Ok(()) => Ok(Opened { manifest, digest }),
        }
    }
}

fn inside<W: Write>(
    manifest: &Manifest,
    identity: &Identity,
    sealed: impl Read,
    tally: &mut Tally,
    place: &mut impl FnMut(&Part) -> io::Result<W>,
    progress: &mut impl FnMut(u64),
) -> Result<(), Refusal> {
    let mut source = Source::new(sealed, manifest.sealed_bytes, tally);
    let mut opening = Opening::begin(identity, &mut source).map_err(|_| Refusal::Altered)?;
    let expected = writing::first_line(&manifest.outline);
    let mut line = vec![0; expected.len()];
    opening.read_exact(&mut line).map_err(|error| unread(&error))?;
    if line != expected.as_bytes() {
        return Err(Refusal::OtherContent);
    }
    let mut buffer = vec![0; AT_ONCE];
    for part in &manifest.parts {
        let mut out = place(part).map_err(|error| Refusal::Write(error.kind()))?;
        let mut rows = RowCounter::of(&part.name);
        let mut digest = Sha256::default();
        let mut left = part.bytes;
        while left > 0 {
            let most = AT_ONCE.min(usize::try_from(left).unwrap_or(AT_ONCE));
            let read = opening.read(&mut buffer[..most]).map_err(|error| unread(&error))?;
            if read == 0 {
                return Err(Refusal::OtherContent);
            }
            let piece = &buffer[..read];
            rows.take(piece);
            digest.update(piece);
            out.write_all(piece).map_err(|error| Refusal::Write(error.kind()))?;
            left -= read as u64;
            progress(read as u64);
        }
        out.flush().map_err(|error| Refusal::Write(error.kind()))?;
        if rows.rows() != part.rows || digest.finish() != part.sha256.0 {
            return Err(Refusal::OtherContent);
        }
    }
    if opening.read(&mut buffer[..1]).map_err(|error| unread(&error))? > 0 {
        return Err(Refusal::OtherContent);
    }
    drop(opening);
    source.end(manifest)
}

/// What the cipher refuses is altered; what the system refuses is its own.
fn unread(error: &io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Refusal::Altered,
        kind => Refusal::Read(kind),
    }
}

/// What came of the sealed stream.
#[derive(Default)]
struct Tally {
    bytes: u64,
    is_at_end: bool,
}

impl Tally {
    fn ended_at(&self, expected: u64) -> bool {
        self.is_at_end && self.bytes < expected
    }
}

/// The sealed stream: as many bytes as the manifest says, and their digest.
struct Source<'a, R> {
    sealed: R,
    left: u64,
    digest: Sha256,
    tally: &'a mut Tally,
}

impl<'a, R: Read> Source<'a, R> {
    fn new(sealed: R, bytes: u64, tally: &'a mut Tally) -> Self {
        Self { sealed, left: bytes, digest: Sha256::default(), tally }
    }

    /// Everything was read: nothing is left and nothing follows.
    fn end(mut self, manifest: &Manifest) -> Result<(), Refusal> {
        if self.left > 0 {
            let mut rest = vec![0; AT_ONCE];
            while self.read(&mut rest).map_err(|error| Refusal::Read(error.kind()))? > 0 {}
        }
        if self.left > 0 {
            return Err(Refusal::Truncated);
        }
        let mut more = [0];
        if self.sealed.read(&mut more).map_err(|error| Refusal::Read(error.kind()))? > 0 {
            return Err(Refusal::TooLong);
        }
        if self.digest.finish() == manifest.sealed_sha256.0 { Ok(()) } else { Err(Refusal::Altered) }
    }
}

impl<R: Read> Read for Source<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if most == 0 {
            return Ok(0);
        }
        let read = self.sealed.read(&mut buffer[..most])?;
        self.digest.update(&buffer[..read]);
        self.left -= read as u64;
        self.tally.bytes += read as u64;
        self.tally.is_at_end = read == 0;
        Ok(read)
    }
}
