//! カメラの選択: the cameras there are, and the one that the tablet films with. Belongs to the tablet, not to a person.
//!
//! Must not: open a camera; or fall back to another than the chosen one, which would film something else unnoticed.

use std::{fs, path::Path};

use nokhwa::utils::ApiBackend;
use serde::{Deserialize, Serialize};

use crate::platform;

const FILE: &str = "camera.json";

/// A camera as the system names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundCamera {
    /// Its number now; another one after it was plugged in elsewhere.
    pub number: u32,
    /// What its maker calls it.
    pub name: String,
}

/// Every camera there is, by number. Asks the system, so it is no work for the interface thread.
#[must_use]
pub fn cameras() -> Vec<FoundCamera> {
    let listed = nokhwa::query(ApiBackend::Video4Linux).unwrap_or_default();
    let mut found: Vec<FoundCamera> = listed
        .iter()
        .filter_map(|camera| {
            Some(FoundCamera { number: camera.index().as_index().ok()?, name: camera.human_name() })
        })
        .filter(|camera| !platform::is_side_device(camera.number))
        .collect();
    found.sort_by_key(|camera| camera.number);
    found
}

/// The chosen one among those that are there: the one of that name, the one of that number first where two have it.
pub(crate) fn pick(chosen: &FoundCamera, there: &[FoundCamera]) -> Option<u32> {
    let mut named = there.iter().filter(|camera| camera.name == chosen.name).map(|camera| camera.number);
    let first = named.clone().next();
    named.find(|number| *number == chosen.number).or(first)
}

/// What was chosen on this tablet; none for the first camera that gives pictures. A file that cannot be read says nothing of
/// any camera: then none was chosen, and the settings show so.
#[must_use]
pub fn read(folder: &Path) -> Option<FoundCamera> {
    fs::read(folder.join(FILE)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).flatten()
}

/// Keeps it. A failure only means that the next start films as before.
pub fn write(folder: &Path, chosen: Option<&FoundCamera>) {
    if let Ok(bytes) = serde_json::to_vec(&chosen) {
        let _ = crate::files::replace(&folder.join(FILE), &bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camera(number: u32, name: &str) -> FoundCamera {
        FoundCamera { number, name: name.to_owned() }
    }

    #[test]
    fn a_camera_is_known_by_its_name_and_among_equals_by_its_number() {
        let there = [camera(0, "front"), camera(2, "desk"), camera(4, "desk")];
        assert_eq!(pick(&camera(4, "desk"), &there), Some(4));
        assert_eq!(pick(&camera(9, "desk"), &there), Some(2), "plugged in elsewhere");
        assert_eq!(pick(&camera(0, "back"), &there), None, "never another one");
    }

    #[test]
    fn the_choice_is_kept_and_can_be_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()), None);
        write(folder.path(), Some(&camera(2, "desk")));
        assert_eq!(read(folder.path()), Some(camera(2, "desk")));
        write(folder.path(), None);
        assert_eq!(read(folder.path()), None);
    }
}
