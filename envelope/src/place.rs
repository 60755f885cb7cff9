//! Whether a folder lies on something that can be carried away.
//!
//! Must not: guess. What cannot be told is `Unknown`, and the commands say so.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(windows)]
mod windows;

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Where something lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the computer.
    Fixed,
    /// On a stick, a card, a disc or a disk on a cable.
    Removable,
    /// On a network, or where the system does not tell.
    Unknown,
}

/// Where this path lies, or where it would come to lie.
pub(crate) fn of(path: &Path) -> Place {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let existing = absolute.ancestors().find_map(|above| above.canonicalize().ok());
    existing.map_or(Place::Unknown, |existing: PathBuf| system(&existing))
}

#[cfg(target_os = "linux")]
use linux::of as system;
#[cfg(windows)]
use windows::of as system;

#[cfg(not(any(target_os = "linux", windows)))]
fn system(_: &Path) -> Place {
    Place::Unknown
}

/// Plain text may be written there.
pub(crate) fn for_plain_text(path: &Path, a_person_says_it_is_fixed: bool) -> Result<(), Failure> {
    match of(path) {
        Place::Fixed => Ok(()),
        Place::Removable => Err(Failure::RemovablePlace),
        Place::Unknown if a_person_says_it_is_fixed => Ok(()),
        Place::Unknown => Err(Failure::UnknownPlace),
    }
}
