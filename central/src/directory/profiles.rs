//! The profiles of files of people: as a file beside the settings says, which whoever keeps the central has mended, else the
//! default.
//!
//! Must not: fall back to the default where a file is there and cannot be used.

use std::{fs, io, path::Path};

use super::DirectoryError;
use crate::{people::profile::ProfileError, secret_files::file_error};

/// Names of columns of files that come in.
pub(super) const PEOPLE: &str = "people.toml";
/// Form of files that go out.
pub(super) const OUTGOING: &str = "outgoing.toml";

/// The profile in that file of the directory, or the default.
///
/// # Errors
/// [`DirectoryError::Profile`], [`DirectoryError::File`].
pub(super) fn read<T>(
    directory: &Path,
    name: &str,
    default: &str,
    from_toml: fn(&str) -> Result<T, ProfileError>,
) -> Result<T, DirectoryError> {
    let path = directory.join(name);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => default.to_owned(),
        Err(error) => return Err(file_error(&path)(error)),
    };
    from_toml(&text).map_err(|error| DirectoryError::Profile { path, error })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{
        outgoing_profile::{self, OutgoingProfile},
        profile::{self, Profile},
    };

    #[test]
    fn a_mended_profile_holds_and_one_that_cannot_be_used_is_refused_by_name() {
        let files = tempfile::tempdir().unwrap();
        let people = || read(files.path(), PEOPLE, profile::DEFAULT, Profile::from_toml);
        let outgoing = || read(files.path(), OUTGOING, outgoing_profile::DEFAULT, OutgoingProfile::from_toml);
        assert_eq!(outgoing().unwrap().dose_groups, 9, "the default, where there is no file");
        people().unwrap();
        let mended = profile::DEFAULT.replace("\"住所\"", "\"住所\", \"現住所\"");
        fs::write(files.path().join(PEOPLE), mended).unwrap();
        let names = people().unwrap().columns.address.names;
        assert!(names.iter().any(|name| name == "現住所"), "{names:?}");
        fs::write(
            files.path().join(OUTGOING),
            outgoing_profile::DEFAULT.replace("dose_groups = 9", "dose_groups = 3"),
        )
        .unwrap();
        assert_eq!(outgoing().unwrap().dose_groups, 3);
        fs::write(files.path().join(PEOPLE), "encoding = \"latin\"").unwrap();
        let said = people().unwrap_err().to_string();
        assert!(said.contains("people.toml") && said.contains("直すか"), "{said}");
    }
}
