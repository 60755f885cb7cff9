//! Windows: the kind of drive, as the system tells it. A disk on a USB cable counts as fixed there.
//!
//! Must not: call the system but through `winsafe`.

use std::path::{Component, Path, Prefix};

use winsafe::{GetDriveType, co};

use super::Place;

pub(super) fn of(path: &Path) -> Place {
    let Some(Component::Prefix(prefix)) = path.components().next() else { return Place::Unknown };
    let letter = match prefix.kind() {
        Prefix::Disk(letter) | Prefix::VerbatimDisk(letter) => char::from(letter),
        _ => return Place::Unknown,
    };
    match GetDriveType(Some(&format!("{letter}:\\"))) {
        co::DRIVE::FIXED | co::DRIVE::RAMDISK => Place::Fixed,
        co::DRIVE::REMOVABLE | co::DRIVE::CDROM => Place::Removable,
        _ => Place::Unknown,
    }
}
