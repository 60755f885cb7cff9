//! The form that head, card and receipt share: `<magic>-1 <bytes>`, so many bytes of JSON, and an Ed25519 signature over both;
//! a line each.
//!
//! Must not: know what the JSON says; the caller finds the signer's key in it.

use std::io::Read;

use record::{
    bytes::{PublicKey, Signature},
    envelope::MOST_MANIFEST_BYTES,
};

use super::Refusal;
use crate::device::{SigningKey, verifies};

/// 64 bytes as base64url.
const SIGNATURE_LENGTH: usize = 86;
/// The magic, a version, a space and a count.
const MOST_FIRST_LINE: usize = 48;

pub(super) fn sign(magic: &str, key: &SigningKey, json: &str) -> Vec<u8> {
    let text = format!("{magic}-1 {}\n{json}\n", json.len());
    let signature = key.sign(text.as_bytes());
    format!("{text}{signature}\n").into_bytes()
}

/// What was read, not verified yet.
pub(super) struct Unverified {
    text: String,
    first_line: usize,
    signature: Signature,
}

impl Unverified {
    pub(super) fn json(&self) -> &str {
        &self.text[self.first_line..self.text.len() - 1]
    }
    /// Bytes of all of it in the file.
    pub(super) fn length(&self) -> u64 {
        (self.text.len() + SIGNATURE_LENGTH + 1) as u64
    }
    pub(super) fn verify(&self, key: &PublicKey) -> Result<(), Refusal> {
        if verifies(key, self.text.as_bytes(), &self.signature) { Ok(()) } else { Err(Refusal::Altered) }
    }
}

/// Reads to the end of the signature's line and no further.
pub(super) fn read(magic: &str, source: &mut impl Read) -> Result<Unverified, Refusal> {
    let mut text = Vec::new();
    while !text.ends_with(b"\n") {
        if text.len() == MOST_FIRST_LINE {
            return Err(Refusal::OtherKind);
        }
        let so_far = text.len();
        text.resize(so_far + 1, 0);
        if let Err(why) = exactly(source, &mut text[so_far..]) {
            let begun = &text[..so_far];
            let is_of_kind = so_far > 0 && magic.as_bytes().starts_with(&begun[..so_far.min(magic.len())]);
            return Err(if is_of_kind || why != Refusal::Truncated { why } else { Refusal::OtherKind });
        }
    }
    let first_line = text.len();
    let length = std::str::from_utf8(&text[..first_line - 1])
        .ok()
        .and_then(|line| line.strip_prefix(magic)?.strip_prefix('-')?.split_once(' '))
        .ok_or(Refusal::OtherKind)?;
    let length = match length {
        ("1", length) => count(length).ok_or(Refusal::Altered)?,
        (version, _) if version.parse::<u16>().is_ok() => return Err(Refusal::UnknownVersion),
        _ => return Err(Refusal::OtherKind),
    };
    text.resize(first_line + length + 1, 0);
    exactly(source, &mut text[first_line..])?;
    let mut line = [0; SIGNATURE_LENGTH + 1];
    exactly(source, &mut line)?;
    let signature = line
        .strip_suffix(b"\n")
        .and_then(|line| std::str::from_utf8(line).ok()?.parse().ok())
        .ok_or(Refusal::Altered)?;
    let text = String::from_utf8(text).map_err(|_| Refusal::Altered)?;
    if text.ends_with('\n') { Ok(Unverified { text, first_line, signature }) } else { Err(Refusal::Altered) }
}

/// A whole document, with nothing behind it.
pub(super) fn read_whole(magic: &str, mut file: &[u8]) -> Result<Unverified, Refusal> {
    let read = read(magic, &mut file)?;
    if file.is_empty() { Ok(read) } else { Err(Refusal::TooLong) }
}

/// A count in its one spelling, within bounds.
fn count(text: &str) -> Option<usize> {
    let count: usize = text.parse().ok()?;
    (count.to_string() == text && count <= MOST_MANIFEST_BYTES).then_some(count)
}

fn exactly(source: &mut impl Read, buffer: &mut [u8]) -> Result<(), Refusal> {
    source.read_exact(buffer).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Refusal::Truncated,
        kind => Refusal::Read(kind),
    })
}
