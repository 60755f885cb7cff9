//! The folder of sealed files that are on their way: `media` in the data directory, for its owner alone.
//!
//! | name | what |
//! |---|---|
//! | `<random>.arriving` | a file that is being brought |
//! | `<municipality>-<number>.reading` | one that is being opened |
//! | `<municipality>-<number>.faulty` | its faulty rows, sealed to the central itself |
//! | `<municipality>-<number>.making`, `.joining` | one that is being made |
//! | `<municipality>-<number>.vrsenv` | one that can be fetched |
//!
//! Must not: hold a byte that is not sealed.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use record::{MunicipalityCode, envelope::EnvelopeId};

/// The folder's name.
pub const FOLDER: &str = "media";

/// The folder.
#[derive(Debug, Clone)]
pub struct Spool {
    path: PathBuf,
}

/// What a file in it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Being opened.
    Reading,
    /// Faulty rows.
    Faulty,
    /// Faulty rows that are being written.
    FaultyPart,
    /// A sealed stream that is being made.
    Making,
    /// Head and stream that are being put together.
    Joining,
    /// To be fetched.
    Made,
}

impl Kind {
    const ALL: [Self; 6] =
        [Self::Reading, Self::Faulty, Self::FaultyPart, Self::Making, Self::Joining, Self::Made];

    fn end(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Faulty => "faulty",
            Self::FaultyPart => "faulty-part",
            Self::Making => "making",
            Self::Joining => "joining",
            Self::Made => "vrsenv",
        }
    }
}

/// A file that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Whose.
    pub municipality: MunicipalityCode,
    /// Which.
    pub id: EnvelopeId,
    /// What it is.
    pub kind: Kind,
}

impl Spool {
    /// The folder in that data directory; made where there is none.
    ///
    /// # Errors
    /// The system's.
    pub fn open(data: &Path) -> io::Result<Self> {
        let path = data.join(FOLDER);
        match fs::DirBuilder::new().mode(0o700).create(&path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(Self { path }),
        }
    }

    /// Where that file lies.
    #[must_use]
    pub fn path(&self, municipality: MunicipalityCode, id: EnvelopeId, kind: Kind) -> PathBuf {
        self.path.join(format!("{municipality}-{id}.{}", kind.end()))
    }

    /// Where a file that is brought is gathered until its number is known.
    #[must_use]
    pub fn arriving(&self, id: EnvelopeId) -> PathBuf {
        self.path.join(format!("{id}.arriving"))
    }

    /// Makes that file anew, for its owner alone.
    ///
    /// # Errors
    /// The system's.
    pub fn create(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
    }

    /// Gives a whole file its name, on the disk.
    ///
    /// # Errors
    /// The system's.
    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        File::open(from)?.sync_all()?;
        fs::rename(from, to)?;
        File::open(&self.path)?.sync_all()
    }

    /// Removes a file, where it is there.
    ///
    /// # Errors
    /// The system's.
    pub fn remove(&self, path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// All files that have a number; those that were still being brought are removed.
    ///
    /// # Errors
    /// The system's.
    pub fn found(&self) -> io::Result<Vec<Found>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if name.ends_with(".arriving") {
                self.remove(&path)?;
                continue;
            }
            let parsed = name.split_once('.').and_then(|(stem, end)| {
                let (municipality, id) = stem.split_once('-')?;
                let kind = Kind::ALL.into_iter().find(|kind| kind.end() == end)?;
                Some(Found { municipality: municipality.parse().ok()?, id: id.parse().ok()?, kind })
            });
            found.extend(parsed);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn files_are_found_by_their_names_and_are_their_owners_alone() {
        let data = tempfile::tempdir().unwrap();
        let spool = Spool::open(data.path()).unwrap();
        assert_eq!(fs::metadata(data.path().join(FOLDER)).unwrap().permissions().mode() & 0o777, 0o700);
        let (municipality, id) = ("131130".parse().unwrap(), EnvelopeId::from_bytes([7; 16]));
        for kind in Kind::ALL {
            let path = spool.path(municipality, id, kind);
            spool.create(&path).unwrap();
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        spool.create(&spool.arriving(id)).unwrap();
        fs::write(data.path().join(FOLDER).join("something else"), "").unwrap();
        let found = Spool::open(data.path()).unwrap().found().unwrap();
        assert_eq!(found.len(), Kind::ALL.len());
        assert!(found.iter().all(|found| found.municipality == municipality && found.id == id));
        assert!(!spool.arriving(id).exists(), "what was half brought is gone");
    }
}
