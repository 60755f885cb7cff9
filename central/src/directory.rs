//! データディレクトリ: the files a central lives on – its authority, its keys, its certificate, its register.
//!
//! Must not: overwrite a key, or leave a secret readable for others (0600 in a 0700 directory).

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use record::WallTime;
use seal::{
    authority::Authority, coupon::CouponMaster, device::SigningKey, kept::KeepingKey, random::Random,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    secret_files::{file_error, read, secret_file, write, write_text},
    settings::{self, Settings, SettingsError},
    state::ReceiptSigner,
    storage::{Storage, StorageError, postgres::PostgresStorage, sqlite::SqliteStorage},
};

const AUTHORITY: &str = "authority.json";
const RECEIPT_KEY: &str = "receipt-key.json";
const BUNDLE_KEY: &str = "bundle-key.json";
const COUPON_KEY: &str = "coupon-key.json";
const KEEPING_KEY: &str = "keeping-key.json";
const SERVER: &str = "server.json";
const REGISTER: &str = "register.sqlite";
const MOVED_REGISTER: &str = "register.moved.sqlite";
/// What a backup carries beside the register.
const KEY_FILES: [&str; 4] = [AUTHORITY, RECEIPT_KEY, BUNDLE_KEY, SERVER];
/// The same, of a central that has served since there were such.
const LATER_KEY_FILES: [&str; 2] = [COUPON_KEY, KEEPING_KEY];
const LOCK: &str = "serving.lock";
/// The first of each kind; a further one, when a key is changed, gets the next number.
const RECEIPT_KEY_ID: &str = "receipt-1";
const BUNDLE_KEY_ID: &str = "bundle-1";
const COUPON_KEY_ID: &str = "coupon-1";
const KEEPING_KEY_ID: &str = "keeping-1";
/// A server's certificate is good for 397 days and is renewed in its last two months.
const RENEW_AFTER_MS: i64 = 337 * 86_400_000;

/// The directory of one central.
#[derive(Debug, Clone)]
pub struct DataDirectory {
    path: PathBuf,
}

/// What can go wrong with the files.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// Nothing is overwritten.
    #[error("{0} is there already and is not overwritten")]
    AlreadyThere(PathBuf),
    /// A central must have a name.
    #[error("no host name was given")]
    NoHost,
    /// Not a name or an address a certificate can hold.
    #[error("{0} is no host name or address")]
    NotAHost(String),
    /// Another process serves this directory.
    #[error("{0} is served by another process")]
    Served(PathBuf),
    /// A file is not what it should be.
    #[error("{0} does not hold together")]
    Malformed(PathBuf),
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// The system's own words.
        error: io::Error,
    },
    /// Keys or certificates cannot be made.
    #[error(transparent)]
    Seal(#[from] seal::Error),
    /// Its settings cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The register cannot be opened.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

#[derive(Serialize, Deserialize)]
struct AuthorityFile {
    name: String,
    certificate_pem: String,
    key_pem: Zeroizing<String>,
}

#[derive(Serialize, Deserialize)]
struct KeyFile {
    key_id: String,
    seed: Zeroizing<String>,
}

/// The server's certificate with what it was issued for.
#[derive(Serialize, Deserialize)]
pub struct ServerFile {
    /// Names and addresses it is good for, lower case.
    pub hosts: Vec<String>,
    /// When it was issued.
    pub issued_at: WallTime,
    /// Certificate, PEM.
    pub chain_pem: String,
    /// Private key, PEM; secret.
    pub key_pem: Zeroizing<String>,
}

impl DataDirectory {
    /// Makes a central's directory: all of it, or none.
    ///
    /// # Errors
    /// [`DirectoryError::AlreadyThere`] where there is something, else whatever fails.
    pub fn create(
        path: &Path,
        hosts: &[String],
        now: WallTime,
        random: &mut dyn Random,
    ) -> Result<Self, DirectoryError> {
        let hosts = checked_hosts(hosts)?;
        if path.exists() && fs::read_dir(path).map_or(true, |mut entries| entries.next().is_some()) {
            return Err(DirectoryError::AlreadyThere(path.to_owned()));
        }
        let unfinished = Self { path: unfinished(path) };
        let filled = unfinished
            .fill(hosts, now, random)
            .and_then(|()| fs::rename(&unfinished.path, path).map_err(file_error(path)));
        if let Err(error) = filled {
            // What was made a moment ago goes again; if even that fails, the first failure says more.
            let _ = fs::remove_dir_all(&unfinished.path);
            return Err(error);
        }
        Ok(Self { path: path.to_owned() })
    }

    fn fill(&self, hosts: Vec<String>, now: WallTime, random: &mut dyn Random) -> Result<(), DirectoryError> {
        fs::DirBuilder::new().mode(0o700).create(&self.path).map_err(file_error(&self.path))?;
        let name = "VRS central authority".to_owned();
        let authority = Authority::create(&name, now)?;
        let file = AuthorityFile {
            name,
            certificate_pem: authority.certificate_pem().to_owned(),
            key_pem: Zeroizing::new(authority.key_pem().to_owned()),
        };
        write(&self.path, AUTHORITY, &file)?;
        for (file, key_id) in [(RECEIPT_KEY, RECEIPT_KEY_ID), (BUNDLE_KEY, BUNDLE_KEY_ID)] {
            let seed = Zeroizing::new(URL_SAFE_NO_PAD.encode(SigningKey::generate(random)?.seed()));
            write(&self.path, file, &KeyFile { key_id: key_id.to_owned(), seed })?;
        }
        self.coupon_master(random)?;
        self.keeping_key(random)?;
        write(&self.path, SERVER, &issue(&authority, hosts, now)?)?;
        secret_file(&self.path.join(REGISTER))?;
        drop(SqliteStorage::open(&self.path.join(REGISTER))?);
        Ok(())
    }

    /// The directory of a central that was made before.
    ///
    /// # Errors
    /// [`DirectoryError::File`] where there is none.
    pub fn open(path: &Path) -> Result<Self, DirectoryError> {
        let directory = Self { path: path.to_owned() };
        read::<ServerFile>(&directory.path, SERVER)?;
        Ok(directory)
    }

    /// What its settings say.
    ///
    /// # Errors
    /// [`DirectoryError::Settings`].
    pub fn settings(&self) -> Result<Settings, DirectoryError> {
        Ok(Settings::of(&self.path)?)
    }

    /// Where it keeps: the database its settings name, or the register in this directory.
    ///
    /// # Errors
    /// [`DirectoryError::Settings`], [`DirectoryError::Storage`].
    pub async fn storage(&self) -> Result<Arc<dyn Storage>, DirectoryError> {
        self.open_storage(&self.settings()?).await
    }

    /// The same by other settings.
    ///
    /// # Errors
    /// As [`Self::storage`].
    pub async fn storage_by(&self, settings: &str) -> Result<Arc<dyn Storage>, DirectoryError> {
        self.open_storage(&Settings::from_text(settings, &self.path.join(settings::FILE))?).await
    }

    async fn open_storage(&self, settings: &Settings) -> Result<Arc<dyn Storage>, DirectoryError> {
        Ok(match &settings.database {
            Some(database) => {
                Arc::new(PostgresStorage::open(&database.connection(&self.path)?).await?) as Arc<dyn Storage>
            }
            None => Arc::new(SqliteStorage::open(&self.path.join(REGISTER))?),
        })
    }

    /// From now on these settings hold. Where they name a database, the register in this directory is put aside under
    /// another name: nobody shall find it in use again by accident.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn put_settings(&self, settings: &str) -> Result<(), DirectoryError> {
        let path = self.path.join(settings::FILE);
        let names_database = Settings::from_text(settings, &path)?.database.is_some();
        write_text(&self.path, settings::FILE, settings)?;
        let register = self.path.join(REGISTER);
        if names_database && register.exists() {
            fs::rename(&register, self.path.join(MOVED_REGISTER)).map_err(file_error(&register))?;
        }
        Ok(())
    }

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

    /// The authority's certificate, which bundles carry, PEM.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn authority_pem(&self) -> Result<String, DirectoryError> {
        Ok(read::<AuthorityFile>(&self.path, AUTHORITY)?.certificate_pem)
    }

    /// The central's own files, for a backup: name and content; secret.
    ///
    /// # Errors
    /// [`DirectoryError::File`].
    pub fn key_files(&self) -> Result<Vec<(String, Zeroizing<String>)>, DirectoryError> {
        let read = |name: &str| {
            let path = self.path.join(name);
            let content = fs::read_to_string(&path).map_err(file_error(&path))?;
            Ok((name.to_owned(), Zeroizing::new(content)))
        };
        // A central that was made before there were these, and has not served since, has none of them.
        let later = LATER_KEY_FILES.into_iter().filter(|name| self.path.join(name).exists());
        KEY_FILES.into_iter().chain(later).map(read).collect()
    }

    /// The key that signs receipts.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn receipt_signer(&self) -> Result<ReceiptSigner, DirectoryError> {
        let (key_id, key) = self.key(RECEIPT_KEY)?;
        Ok(ReceiptSigner { key_id, key })
    }

    /// The key that signs bundles.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn bundle_key(&self) -> Result<SigningKey, DirectoryError> {
        Ok(self.key(BUNDLE_KEY)?.1)
    }

    /// The secret that the keys of coupon hashes are made from; a fresh one in a directory that has none yet.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn coupon_master(&self, random: &mut dyn Random) -> Result<CouponMaster, DirectoryError> {
        let path = self.path.join(COUPON_KEY);
        if !path.exists() {
            let master = CouponMaster::generate(random)?;
            let seed = Zeroizing::new(URL_SAFE_NO_PAD.encode(master.as_bytes()));
            write(&self.path, COUPON_KEY, &KeyFile { key_id: COUPON_KEY_ID.to_owned(), seed })?;
        }
        Ok(CouponMaster::from_bytes(self.seed(COUPON_KEY)?.1))
    }

    /// The key under which the register keeps secrets; made where a central was made before there was one.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn keeping_key(&self, random: &mut dyn Random) -> Result<KeepingKey, DirectoryError> {
        if !self.path.join(KEEPING_KEY).exists() {
            let bytes = Zeroizing::new(seal::random::bytes::<32>(random)?);
            let seed = Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes));
            write(&self.path, KEEPING_KEY, &KeyFile { key_id: KEEPING_KEY_ID.to_owned(), seed })?;
        }
        Ok(KeepingKey::from_bytes(&self.seed(KEEPING_KEY)?.1)?)
    }

    /// The server's certificate; a fresh one where the old one is near its end.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn server_certificate(&self, now: WallTime) -> Result<ServerFile, DirectoryError> {
        let kept: ServerFile = read(&self.path, SERVER)?;
        if (0..RENEW_AFTER_MS).contains(&now.ms_since(kept.issued_at)) {
            return Ok(kept);
        }
        let file: AuthorityFile = read(&self.path, AUTHORITY)?;
        let authority = Authority::from_pem(&file.name, &file.certificate_pem, &file.key_pem)?;
        let renewed = issue(&authority, kept.hosts, now)?;
        write(&self.path, SERVER, &renewed)?;
        tracing::info!("server certificate renewed");
        Ok(renewed)
    }

    /// Holds the directory for one serving process, until the file is dropped.
    ///
    /// # Errors
    /// [`DirectoryError::Served`].
    pub fn lock(&self) -> Result<File, DirectoryError> {
        let path = self.path.join(LOCK);
        let file = secret_file(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(DirectoryError::Served(self.path.clone())),
            Err(TryLockError::Error(error)) => Err(DirectoryError::File { path, error }),
        }
    }

    fn key(&self, name: &str) -> Result<(String, SigningKey), DirectoryError> {
        let (key_id, seed) = self.seed(name)?;
        Ok((key_id, SigningKey::from_seed(seed)?))
    }

    fn seed(&self, name: &str) -> Result<(String, [u8; 32]), DirectoryError> {
        let file: KeyFile = read(&self.path, name)?;
        let seed = URL_SAFE_NO_PAD.decode(file.seed.as_bytes()).ok().map(Zeroizing::new);
        let seed: Option<[u8; 32]> = seed.and_then(|seed| seed.as_slice().try_into().ok());
        let seed = seed.ok_or_else(|| DirectoryError::Malformed(self.path.join(name)))?;
        Ok((file.key_id, seed))
    }
}

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

/// A name beside `path` for what is not whole yet.
fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".unfinished-{}", std::process::id()));
    PathBuf::from(name)
}

fn issue(authority: &Authority, hosts: Vec<String>, now: WallTime) -> Result<ServerFile, DirectoryError> {
    let certificate = authority.issue(&hosts, now)?;
    let key_pem = Zeroizing::new(certificate.key_pem);
    Ok(ServerFile { hosts, issued_at: now, chain_pem: certificate.chain_pem, key_pem })
}

/// Names in lower case, each once.
fn checked_hosts(hosts: &[String]) -> Result<Vec<String>, DirectoryError> {
    let mut checked: Vec<String> = Vec::new();
    for host in hosts {
        let host = host.to_ascii_lowercase();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-:".contains(&byte);
        let is_address = host.parse::<std::net::IpAddr>().is_ok();
        if host.is_empty() || !host.bytes().all(allowed) || (host.contains(':') && !is_address) {
            return Err(DirectoryError::NotAHost(host));
        }
        if !checked.contains(&host) {
            checked.push(host);
        }
    }
    if checked.is_empty() { Err(DirectoryError::NoHost) } else { Ok(checked) }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use seal::random::SystemRandom;

    const NOW: WallTime = WallTime::from_unix_ms(1_637_545_200_123);

    fn create(path: &Path, host: &str) -> Result<DataDirectory, DirectoryError> {
        DataDirectory::create(path, &[host.to_owned()], NOW, &mut SystemRandom::default())
    }

    #[test]
    fn a_directory_is_made_once_and_readable_by_its_owner_only() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("central");
        let directory = create(&path, "Central.Example").unwrap();
        assert!(matches!(create(&path, "central.example"), Err(DirectoryError::AlreadyThere(_))));
        assert_eq!(directory.server_certificate(NOW).unwrap().hosts, ["central.example"]);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o700);
        let files: Vec<_> = fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(files.len() >= 6, "{files:?}");
        for file in files {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1, "nothing unfinished is left");
    }

    #[test]
    fn keys_stay_the_same_and_the_certificate_is_renewed_near_its_end() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("central");
        let mut random = SystemRandom::default();
        let made = create(&path, "central.example").unwrap();
        let opened = DataDirectory::open(&path).unwrap();
        assert_eq!(made.bundle_key().unwrap().public(), opened.bundle_key().unwrap().public());
        assert_eq!(made.receipt_signer().unwrap().public(), opened.receipt_signer().unwrap().public());
        assert_ne!(made.bundle_key().unwrap().public(), made.receipt_signer().unwrap().key.public());
        let sealed = made.keeping_key(&mut random).unwrap().seal("a", b"secret", &mut random).unwrap();
        assert!(opened.keeping_key(&mut random).unwrap().open("a", &sealed).is_ok());
        let first = opened.server_certificate(NOW.plus_ms(RENEW_AFTER_MS - 1)).unwrap();
        let second = opened.server_certificate(NOW.plus_ms(RENEW_AFTER_MS)).unwrap();
        assert_ne!(first.chain_pem, second.chain_pem);
        let third = opened.server_certificate(NOW.plus_ms(RENEW_AFTER_MS + 1)).unwrap();
        assert_eq!(second.chain_pem, third.chain_pem);
    }

    #[test]
    fn one_process_serves_a_directory() {
        let parent = tempfile::tempdir().unwrap();
        let directory = create(&parent.path().join("central"), "central.example").unwrap();
        let held = directory.lock().unwrap();
        assert!(matches!(directory.lock(), Err(DirectoryError::Served(_))));
        drop(held);
        directory.lock().unwrap();
    }

    #[test]
    fn what_is_no_host_is_refused() {
        let parent = tempfile::tempdir().unwrap();
        for host in ["", "https://central.example", "central.example:8443", "a b"] {
            assert!(create(&parent.path().join("central"), host).is_err(), "{host}");
        }
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }
}
