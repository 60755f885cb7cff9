//! 設定ファイルの箱 (bundle box): the readable head of a file that holds sealed configuration bundles, one for each tablet.
//!
//! Must not: say anything of a person, a token or a key; whoever finds the file reads this.

use serde::{Deserialize, Serialize};

use crate::{
    bundle::{TabletName, WrappedIdentity},
    bytes::ContentDigest,
    identity::TabletId,
    moment::WallTime,
};

/// The version of a box that this program reads and writes.
pub const VERSION: u16 = 1;
/// The most tablets of one box.
pub const MOST_SLOTS: usize = 60;
/// The most bytes of a box file.
pub const MOST_BYTES: usize = 16 << 20;
/// The most bytes of a head.
pub const MOST_HEAD_BYTES: usize = 64 << 10;

/// What stands readable in front of the sealed bundles, signed as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoxHead {
    /// [`VERSION`].
    pub version: u16,
    /// When it was made.
    pub issued_at: WallTime,
    /// After this nothing in it is taken.
    pub expires_at: WallTime,
    /// One for each tablet, in the order of their sealed bundles; 1 to [`MOST_SLOTS`], no tablet twice.
    pub slots: Vec<Slot>,
}

/// 枠 (slot): one tablet's sealed bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// The tablet that it makes.
    pub tablet_id: TabletId,
    /// What people call that tablet.
    pub tablet_name: TabletName,
    /// Whether that tablet is at work already and takes new settings: no other device may take this one.
    pub renews: bool,
    /// The key that opens its bundle, wrapped by the tablet's 設定コード.
    pub wrapped: WrappedIdentity,
    /// Bytes of its sealed bundle.
    pub size: u32,
    /// SHA-256 of these bytes.
    pub digest: ContentDigest,
}

impl BoxHead {
    /// Reads a head; none where it is not one.
    #[must_use]
    pub fn from_json(bytes: &[u8]) -> Option<Self> {
        let head: Self = serde_json::from_slice(bytes).ok()?;
        let twice =
            |at: usize, slot: &Slot| head.slots[..at].iter().any(|other| other.tablet_id == slot.tablet_id);
        let is_sound = head.version == VERSION
            && (1..=MOST_SLOTS).contains(&head.slots.len())
            && !head.slots.iter().enumerate().any(|(at, slot)| twice(at, slot));
        is_sound.then_some(head)
    }

    /// Its bytes.
    ///
    /// # Panics
    /// Never: every field serialises.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("no map keys")
    }
}
