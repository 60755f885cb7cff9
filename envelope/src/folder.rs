//! The program's data folder: what lies where, files that only their owner reads, written whole or not at all, and one command
//! at a time.
//!
//! Must not: hold plain text of what is carried.

use std::{
    env,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde::{Serialize, de::DeserializeOwned};

use crate::failure::{Failure, at};

/// The folder, held by this command until it ends.
pub(crate) struct Folder {
    root: PathBuf,
    _lock: File,
}

/// Opens a new file that only its owner reads; one that is there is an error.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// Makes a folder that only its owner enters; one that is there is an error.
pub(crate) fn create_private_folder(path: &Path) -> io::Result<()> {
    let builder = fs::DirBuilder::new();
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::DirBuilderExt as _;
        let mut private = builder;
        private.mode(0o700);
        private
    };
    builder.create(path)
}

/// What was renamed in this folder is on the disk. Windows has no such call and needs none.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(path)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

impl Folder {
    /// Where it lies if nobody says otherwise.
    pub(crate) fn usual() -> Option<PathBuf> {
        let named = |name: &str| env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
        let base = if cfg!(windows) {
            named("LOCALAPPDATA")
        } else {
            named("XDG_DATA_HOME").or_else(|| named("HOME").map(|home| home.join(".local/share")))
        };
        base.map(|base| base.join("vrs-envelope"))
    }

    /// Opens it, and makes it where it is not there.
    pub(crate) fn open(root: &Path) -> Result<Self, Failure> {
        if let Some(above) = root.parent() {
            fs::create_dir_all(above).map_err(at(above))?;
        }
        for folder in [
            root.to_owned(),
            root.join("people"),
            root.join("cards"),
            root.join("requests"),
            root.join("receipts"),
        ] {
            match create_private_folder(&folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(at(&folder)(error)),
                _ => {}
            }
        }
        let path = root.join("lock");
        let lock = OpenOptions::new().create(true).append(true).open(&path).map_err(at(&path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { root: root.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Failure::Busy),
            Err(TryLockError::Error(error)) => Err(at(&path)(error)),
        }
    }

    /// A path inside.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The bytes of a file; none where there is no such file.
    pub(crate) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        let path = self.path(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(at(&path)(error)),
        }
    }

    /// A JSON file; none where there is no such file.
    pub(crate) fn read_json<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Failure> {
        let Some(bytes) = self.read(name)? else { return Ok(None) };
        serde_json::from_slice(&bytes).map(Some).map_err(|_| Failure::Damaged(self.path(name)))
    }

    /// Writes a file beside the old one and then puts it in its place.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let (path, fresh) = (self.path(name), self.path(&format!("{name}.fresh")));
        // What an interrupted command left; it was never in place.
        let _ = fs::remove_file(&fresh);
        let mut file = create_private(&fresh).map_err(at(&fresh))?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(at(&fresh))?;
        drop(file);
        fs::rename(&fresh, &path).map_err(at(&path))?;
        let above = path.parent().unwrap_or(&self.root);
        sync_folder(above).map_err(at(above))
    }

    /// Writes a JSON file in the same way.
    pub(crate) fn write_json(&self, name: &str, value: &impl Serialize) -> Result<(), Failure> {
        let bytes = serde_json::to_vec_pretty(value).map_err(|_| Failure::Damaged(self.path(name)))?;
        self.write(name, &bytes)
    }

    /// The names of the files of a folder inside, sorted.
    pub(crate) fn names(&self, folder: &str) -> Result<Vec<String>, Failure> {
        let path = self.path(folder);
        let mut names = Vec::new();
        for entry in fs::read_dir(&path).map_err(at(&path))? {
            let name = entry.map_err(at(&path))?.file_name();
            names.extend(name.into_string().ok().filter(|name| !name.ends_with(".fresh")));
        }
        names.sort();
        Ok(names)
    }
}
