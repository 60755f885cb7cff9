//! Making a central's directory of what a backup holds.
//!
//! Must not: give it its name before all of it is there.

use std::{
    fs,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::{
    DataDirectory, DirectoryError, REGISTER,
    keys::{KEY_FILES, LATER_KEY_FILES},
    unfinished,
};
use crate::secret_files::{file_error, secret_file, write_text};

/// A directory that is being filled from a backup; what was begun goes again unless it is finished.
pub struct Restoring {
    directory: DataDirectory,
    path: PathBuf,
    is_finished: bool,
}

impl Restoring {
    /// The directory, still under another name.
    #[must_use]
    pub fn directory(&self) -> &DataDirectory {
        &self.directory
    }

    /// Everything is there: the directory gets its name.
    ///
    /// # Errors
    /// [`DirectoryError::File`].
    pub fn finish(mut self) -> Result<(), DirectoryError> {
        fs::rename(&self.directory.path, &self.path).map_err(file_error(&self.path))?;
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for Restoring {
    fn drop(&mut self) {
        if !self.is_finished {
            // The first failure says more than that this failed too.
            let _ = fs::remove_dir_all(&self.directory.path);
        }
    }
}

impl DataDirectory {
    /// Begins to make a directory of what a backup holds; it has its name only once all of it is there.
    ///
    /// # Errors
    /// [`DirectoryError::AlreadyThere`] where there is something, else whatever fails.
    pub fn begin_restoring(
        path: &Path,
        files: &[(String, Zeroizing<String>)],
        settings: Option<&str>,
    ) -> Result<Restoring, DirectoryError> {
        if path.exists() {
            return Err(DirectoryError::AlreadyThere(path.to_owned()));
        }
        let directory = Self { path: unfinished(path) };
        fs::DirBuilder::new().mode(0o700).create(&directory.path).map_err(file_error(&directory.path))?;
        let restoring = Restoring { directory, path: path.to_owned(), is_finished: false };
        let directory = &restoring.directory.path;
        for name in KEY_FILES {
            let file = files.iter().find(|(known, _)| known == name);
            let (_, content) = file.ok_or_else(|| DirectoryError::Malformed(directory.join(name)))?;
            write_text(directory, name, content)?;
        }
        for (name, content) in files.iter().filter(|(name, _)| LATER_KEY_FILES.contains(&name.as_str())) {
            write_text(directory, name, content)?;
        }
        match settings {
            Some(settings) => restoring.directory.put_settings(settings)?,
            None => drop(secret_file(&directory.join(REGISTER))?),
        }
        Ok(restoring)
    }
}
