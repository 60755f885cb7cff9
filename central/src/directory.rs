//! データディレクトリ: the files a central lives on, and where it keeps its register. `keys` makes and reads the keys,
//! `restoring` fills a directory from a backup.
//!
//! Must not: overwrite a key, or leave a secret readable for others (0600 in a 0700 directory).

mod keys;
mod profiles;
mod restoring;

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use record::WallTime;
use seal::random::Random;

pub use keys::ServerFile;
pub use restoring::Restoring;

use crate::{
    people::profile::ProfileError,
    provider::Provider,
    secret_files::{file_error, secret_file, write_text},
    settings::{self, Settings, SettingsError},
    storage::{Storage, StorageError, postgres::PostgresStorage, sqlite::SqliteStorage},
};

const REGISTER: &str = "register.sqlite";
const MOVED_REGISTER: &str = "register.moved.sqlite";
const LOCK: &str = "serving.lock";

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
    /// The register is not where it was: moved to a database that the settings no longer name, or lost.
    #[error("{0} is not there; name its database in central.toml, or restore a backup")]
    NoRegister(PathBuf),
    /// The key of the coupon hashes is gone, and there are hashes made with it.
    #[error(
        "{0}がありません。この鍵で作ったハッシュが台帳に残っています。バックアップからこのファイルを戻してください。バックアップがないときは vrs-central change-coupon-key で新しい鍵にします(端末は一覧をすべて取り直します)。 / {0} is missing, and the register holds hashes made with it. Put the file back from a backup; without one, vrs-central change-coupon-key makes a new key, and tablets fetch every list anew."
    )]
    LostCouponKey(PathBuf),
    /// The key that opens second factors is gone, and there are some.
    #[error(
        "{0}がありません。この鍵がないと登録済みの認証アプリを確かめられません。バックアップからこのファイルを戻してください。バックアップがないときは vrs-central staff reset ですべてのアカウントを設定し直します。 / {0} is missing, and without it no authenticator that was set up can be checked. Put the file back from a backup; without one, reset every account with vrs-central staff reset."
    )]
    LostKeepingKey(PathBuf),
    /// The key that people's names and numbers are sealed under is gone, and there are some.
    #[error(
        "{0}がありません。この鍵がないと登録済みの接種対象者を開けません。バックアップからこのファイルを戻してください。 / {0} is missing, and without it nobody who is registered can be opened. Put the file back from a backup."
    )]
    LostPeopleKey(PathBuf),
    /// The keys of sealed files are gone, and some were made or opened with them.
    #[error(
        "{0}がありません。この鍵がないと、届いた封緘ファイルを開けず、市区町村に渡した鍵カードも使えません。バックアップからこのファイルを戻してください。バックアップがないときは vrs-central media new-keys で作り直し、鍵カードを渡し直します。 / {0} is missing: without it no sealed file can be opened, and the key card that municipalities hold is worthless. Put the file back from a backup; without one, vrs-central media new-keys makes new keys, and the card is given out anew."
    )]
    LostOfficeKeys(PathBuf),
    /// The key that opens locked tablets is gone, and tablets keep their secrets for it.
    #[error(
        "{0}がありません。この鍵がないと、だれもロックを解除できなくなった端末の記録を取り出せません。バックアップからこのファイルを戻してください。 / {0} is missing, and without it no tablet that nobody can unlock can be opened. Put the file back from a backup."
    )]
    LostRecoveryKey(PathBuf),
    /// A file is not what it should be.
    #[error("{0} does not hold together")]
    Malformed(PathBuf),
    /// A profile of files of people was mended and cannot be used.
    #[error(
        "{path}を使えません({error})。直すか、ほかの場所に移してください(ないときは既定値を使います)。 / {path} cannot be used ({error}). Mend it, or move it away (without it the default holds)."
    )]
    Profile {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        error: ProfileError,
    },
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
        self.make_keys(hosts, now, random)?;
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
        directory.has_keys()?;
        Ok(directory)
    }

    /// What its settings say.
    ///
    /// # Errors
    /// [`DirectoryError::Settings`].
    pub fn settings(&self) -> Result<Settings, DirectoryError> {
        Ok(Settings::of(&self.path)?)
    }

    /// The identity provider that the settings name, for a central of those names.
    ///
    /// # Errors
    /// [`DirectoryError::Settings`].
    pub fn provider(
        &self,
        settings: &Settings,
        hosts: &[String],
    ) -> Result<Option<Provider>, DirectoryError> {
        let path = self.path.join(settings::FILE);
        let provider = settings.identity_provider.as_ref();
        let made = provider.map(|provider| Provider::new(provider, &self.path, &path, hosts));
        Ok(made.transpose()?)
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
            None => {
                let register = self.path.join(REGISTER);
                // An empty one made in its place would turn every tablet away as unknown.
                if !register.exists() {
                    return Err(DirectoryError::NoRegister(register));
                }
                Arc::new(SqliteStorage::open(&register)?)
            }
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
}

/// A name beside `path` for what is not whole yet.
#[must_use]
pub fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".unfinished-{}", std::process::id()));
    PathBuf::from(name)
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
    use keys::RENEW_AFTER_MS;
    use seal::{random::SystemRandom, totp::Step};

    use crate::{
        roles::Role,
        storage::{Account, AccountName, Credential, FreshFactor, MediaLine},
    };

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
        let sealed = made.keeping_key().unwrap().seal("a", b"secret", &mut random).unwrap();
        assert!(opened.keeping_key().unwrap().open("a", &sealed).is_ok());
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

    #[tokio::test]
    async fn a_register_that_is_gone_is_missed_and_none_is_made_in_its_place() {
        let parent = tempfile::tempdir().unwrap();
        let directory = create(&parent.path().join("central"), "central.example").unwrap();
        directory.storage().await.unwrap();
        for name in [REGISTER, "register.sqlite-wal", "register.sqlite-shm"] {
            let _ = fs::remove_file(directory.path.join(name));
        }
        let said = directory.storage().await.map(drop).unwrap_err();
        assert!(matches!(said, DirectoryError::NoRegister(_)), "{said}");
        assert!(!directory.path.join(REGISTER).exists());
    }

    #[tokio::test]
    async fn a_key_is_made_where_nothing_was_made_with_it_and_missed_where_something_was() {
        let parent = tempfile::tempdir().unwrap();
        let directory = create(&parent.path().join("central"), "central.example").unwrap();
        let mut random = SystemRandom::default();
        let storage = directory.storage().await.unwrap();
        let (coupon, keeping) =
            (directory.path.join("coupon-key.json"), directory.path.join("keeping-key.json"));
        fs::remove_file(&coupon).unwrap();
        fs::remove_file(&keeping).unwrap();
        directory.no_later_key_is_lost(&*storage).await.unwrap();
        directory.make_later_keys(&mut random).unwrap();
        let master = Arc::new(directory.coupon_master().unwrap());
        storage.gather_doses(Arc::clone(&master), 1).await.unwrap();
        let name: AccountName = "support-1".parse().unwrap();
        let credential = || Credential::Password("not a hash".to_owned());
        let account =
            Account { name: name.clone(), role: Role::Support, credential: credential(), created_at: NOW };
        storage.add_account(account).await.unwrap();
        let factor = FreshFactor {
            sealed_secret: vec![7; 48],
            step: Step::from_number(9),
            recovery: Vec::new(),
            at: NOW,
        };
        storage.set_second_factor(name.clone(), factor).await.unwrap();
        directory.no_later_key_is_lost(&*storage).await.unwrap();

        // Lost one after the other; the first next step that the sentence names is enough each time.
        let kept = fs::read(&keeping).unwrap();
        fs::remove_file(&keeping).unwrap();
        let said = directory.no_later_key_is_lost(&*storage).await.unwrap_err();
        assert!(matches!(said, DirectoryError::LostKeepingKey(_)), "{said}");
        assert!(!keeping.exists() && said.to_string().contains("vrs-central staff reset"), "{said}");
        storage.reset_account(name, credential()).await.unwrap();
        directory.no_later_key_is_lost(&*storage).await.unwrap();
        directory.make_later_keys(&mut random).unwrap();
        assert_ne!(fs::read(&keeping).unwrap(), kept);
        // People who are sealed under it: nothing but the file itself helps.
        storage.keep_people_secret("131130".parse().unwrap(), vec![7; 60], NOW).await.unwrap();
        let kept = fs::read(&keeping).unwrap();
        fs::remove_file(&keeping).unwrap();
        let said = directory.no_later_key_is_lost(&*storage).await.unwrap_err();
        assert!(matches!(said, DirectoryError::LostPeopleKey(_)), "{said}");
        fs::write(&keeping, kept).unwrap();

        // The keys of sealed files: made anew while nobody was given anything, missed afterwards.
        let office = directory.path.join("office-keys.json");
        let number = || directory.media_room().unwrap().office.check_number();
        let before = number();
        assert_eq!(number(), before);
        fs::remove_file(&office).unwrap();
        directory.no_later_key_is_lost(&*storage).await.unwrap();
        directory.make_office_keys(NOW, &mut random).unwrap();
        assert_ne!(number(), before);
        let line = MediaLine {
            number: 1,
            about: "card".to_owned(),
            line: "{}".to_owned(),
            link: record::bytes::Link([7; 32]),
        };
        assert!(storage.add_media_line("131130".parse().unwrap(), line, None).await.unwrap());
        let kept = fs::read(&office).unwrap();
        fs::remove_file(&office).unwrap();
        let said = directory.no_later_key_is_lost(&*storage).await.unwrap_err();
        assert!(matches!(said, DirectoryError::LostOfficeKeys(_)), "{said}");
        assert!(said.to_string().contains("vrs-central media new-keys"), "{said}");
        fs::write(&office, kept).unwrap();

        fs::remove_file(&coupon).unwrap();
        let said = directory.no_later_key_is_lost(&*storage).await.unwrap_err();
        assert!(matches!(said, DirectoryError::LostCouponKey(_)), "{said}");
        assert!(!coupon.exists() && said.to_string().contains("vrs-central change-coupon-key"), "{said}");
        assert_eq!(directory.change_coupon_key(&mut random).unwrap(), "coupon-2");
        assert_eq!(directory.change_coupon_key(&mut random).unwrap(), "coupon-3");
        directory.no_later_key_is_lost(&*storage).await.unwrap();
        assert_ne!(directory.coupon_master().unwrap().mark(), master.mark());
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
