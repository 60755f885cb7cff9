//! 練習: the same screens and the same keeper over sample sheets, with a database of its own in a folder of its own,
//! under a key that is never written down. Its profile names no central, so no way to one can be built from it.
//!
//! Must not: outlive the practising, or take anything of the site's.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use record::StaffId;

use crate::profile::Profile;

/// Sample staff, site, physicians and lots.
const PROFILE: &str = include_str!("../../assets/training/profile.json");

/// What is practised with.
///
/// # Errors
/// Never in practice: the file is part of the program.
pub fn profile() -> io::Result<Profile> {
    Ok(serde_json::from_str(PROFILE)?)
}

/// Who practises: the only person of the profile.
#[must_use]
pub fn staff_id(profile: &Profile) -> Option<StaffId> {
    profile.staff.first().map(|staff| staff.staff_id.clone())
}

/// Where the database of training lies within the tablet's folder.
#[must_use]
pub fn folder(tablet: &Path) -> PathBuf {
    tablet.join("training")
}

/// Removes what was practised, also what a program that was killed has left.
///
/// # Errors
/// Where it is there and cannot be removed.
pub fn clear(tablet: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder(tablet)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_names_no_central_and_is_marked_as_a_sample() {
        let profile = profile().unwrap();
        assert!(profile.is_training());
        assert!(profile.staff.iter().all(|staff| staff.name.as_str().starts_with("見本")));
        assert!(profile.sites.iter().all(|site| site.name.as_str().starts_with("見本")));
        assert!(staff_id(&profile).is_some());
    }

    #[test]
    fn a_profile_of_training_is_never_taken_for_the_tablets_own() {
        let folder = tempfile::tempdir().unwrap();
        profile().unwrap().write(folder.path()).unwrap();
        assert_eq!(Profile::read(folder.path()).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
