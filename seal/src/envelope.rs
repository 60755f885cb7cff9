//! 封緘ファイル (envelope): files for removable media. A readable head – a manifest with the sender's signature – and
//! behind it an age file to one recipient, which the manifest names by length and digest. `docs/envelope.md` has it byte
//! by byte.
//!
//! Must not: keep a ledger, read a clock or write a file; the programs do. Must not give out a part as verified before the
//! whole was read.

mod approval;
mod card;
mod keys;
mod ledger;
mod reading;
mod receipt;
mod signed;
mod writing;

use std::io;

use record::envelope::ManifestError;

pub use self::{
    approval::{Request, allow, ask, attested},
    card::{read_card, sign_card},
    keys::{LockedPerson, OfficeKeys, Passphrase, PersonKeys},
    ledger::ledger_link,
    reading::{Head, Judged, Opened, read_head},
    receipt::{read_receipt, sign_receipt},
    writing::{Content, Sealer, head},
};

/// Why an envelope, a card or a receipt is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It does not begin as one does.
    #[error("file is of another kind")]
    OtherKind,
    /// Of a version this program does not know.
    #[error("version is not known")]
    UnknownVersion,
    /// It ends before it is whole.
    #[error("file is cut short")]
    Truncated,
    /// More follows than it says.
    #[error("file is longer than it says")]
    TooLong,
    /// Something in it is not as it was signed or sealed.
    #[error("file was altered")]
    Altered,
    /// Signed by nobody whose card is known.
    #[error("sender is not known")]
    UnknownSender,
    /// Sealed to somebody else.
    #[error("sealed to another recipient")]
    OtherRecipient,
    /// Nobody allowed what was asked for.
    #[error("second approval is missing")]
    NotAllowed,
    /// The same person asked and allowed.
    #[error("asked and allowed by the same person")]
    SamePerson,
    /// An approval's signature does not fit, or it is not of the form that the sender's card tells.
    #[error("approval does not hold")]
    ApprovalInvalid,
    /// Somebody approved who does not stand on the sender's card.
    #[error("approver is not on the sender's card")]
    UnknownApprover,
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// Made more than a day after what the clock here says.
    #[error("made in the future")]
    FromFuture,
    /// A part is not what the manifest says, although the sender sealed it so.
    #[error("content is not what the manifest says")]
    OtherContent,
    /// It has more parts or bytes than the format allows, or none.
    #[error("beyond the bounds of the format")]
    OutOfBounds,
    /// Key material or randomness failed.
    #[error("cryptography failed")]
    Cryptography,
    /// The system could not read.
    #[error("cannot read: {0}")]
    Read(io::ErrorKind),
    /// The system could not write.
    #[error("cannot write: {0}")]
    Write(io::ErrorKind),
}

impl From<ManifestError> for Refusal {
    fn from(error: ManifestError) -> Self {
        match error {
            ManifestError::Malformed => Self::Altered,
            ManifestError::UnknownVersion => Self::UnknownVersion,
            ManifestError::NotAllowed => Self::NotAllowed,
        }
    }
}

impl From<crate::Error> for Refusal {
    fn from(_: crate::Error) -> Self {
        Self::Cryptography
    }
}

/// SHA-256 of a manifest as it is signed, which a receipt names.
#[must_use]
pub fn manifest_digest(manifest: &record::envelope::Manifest) -> record::bytes::ContentDigest {
    sha256(manifest.to_json().as_bytes())
}

fn sha256(bytes: &[u8]) -> record::bytes::ContentDigest {
    let mut digest = crate::digest::Sha256::default();
    digest.update(bytes);
    record::bytes::ContentDigest(digest.finish())
}

#[cfg(test)]
mod tests;
