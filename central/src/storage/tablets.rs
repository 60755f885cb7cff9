//! タブレット: invited by a bundle, enrolled by their first contact, and where each stands.
//!
//! Must not: hold a token or a private key; digests and public keys only.

use record::{Epoch, TabletId, WallTime, bundle::TabletName, bytes::PublicKey};

use super::{Answer, NameError, short};
use crate::fleet::{Missing, TabletStatus};

/// The tablets of all municipalities.
pub trait Tablets {
    /// A bundle was made for a tablet: its name and its one-time token become known.
    fn invite(&self, invitation: Invitation) -> Answer<'_, ()>;
    /// A tablet brings its key. The first key under a good token stays the tablet's for ever.
    fn enrol(&self, enrolment: Enrolment) -> Answer<'_, EnrolmentVerdict>;
    /// An enrolled tablet.
    fn device(&self, tablet_id: TabletId) -> Answer<'_, Option<Device>>;
    /// Every tablet that was invited, in order of its id.
    fn fleet(&self) -> Answer<'_, Vec<TabletStatus>>;
    /// One of them; none where that number was never invited.
    fn tablet(&self, tablet_id: TabletId) -> Answer<'_, Option<TabletStatus>>;
    /// The first `most` runs of positions that are missing below the highest kept one.
    fn missing(&self, tablet_id: TabletId, epoch: Epoch, most: u32) -> Answer<'_, Vec<Missing>>;
}

/// A bundle was made for this tablet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The tablet.
    pub tablet_id: TabletId,
    /// What people call it.
    pub name: TabletName,
    /// SHA-256 of its one-time token.
    pub token_digest: [u8; 32],
    /// When the bundle was made.
    pub issued_at: WallTime,
    /// From then on the token lets nobody in for the first time.
    pub expires_at: WallTime,
}

/// An enrolled tablet, as each of its requests asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// Its key.
    pub key: PublicKey,
    /// Since when another tablet has its place.
    pub replaced_at: Option<WallTime>,
}

/// A tablet brings its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The tablet.
    pub tablet_id: TabletId,
    /// SHA-256 of the token it brings.
    pub token_digest: [u8; 32],
    /// Its key.
    pub device_key: PublicKey,
    /// Version of its program.
    pub program: ProgramVersion,
    /// The central's clock.
    pub at: WallTime,
}

/// What became of an enrolment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrolmentVerdict {
    /// The key is the tablet's.
    Enrolled {
        /// Since when; a repetition answers what the first one did.
        enrolled_at: WallTime,
    },
    /// The token is not this tablet's, is too old or was revoked, or the tablet has another key.
    Refused,
}

/// Version of a tablet's program: 1 to 40 of `A-Z a-z 0-9 . + -`, so that it can carry nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramVersion(String);

impl ProgramVersion {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl std::str::FromStr for ProgramVersion {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".+-".contains(&byte);
        if short(text, allowed) { Ok(Self(text.to_owned())) } else { Err(NameError("a program version")) }
    }
}
