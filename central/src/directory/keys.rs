//! The keys and certificates of a central, each in a file that only its owner reads.
//!
//! Must not: overwrite a key – only the server's certificate is renewed, and the coupon key where a person asks for it –
//! or make one anew that the register already holds something under.

use std::{fs, sync::Arc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use record::{WallTime, bundle::RecoveryKey};
use seal::{
    authority::Authority, coupon::CouponMaster, device::SigningKey, envelope::OfficeKeys, kept::KeepingKey,
    random::Random, sealed::Identity,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{DataDirectory, DirectoryError, profiles};
use crate::{
    media::{counting::Counts, jobs::Jobs, office::CentralOffice, room::MediaRoom, spool::Spool},
    people::{
        outgoing_profile::{self, OutgoingProfile},
        profile::{self, Profile},
    },
    secret_files::{file_error, read, write},
    state::ReceiptSigner,
    storage::Storage,
};

const AUTHORITY: &str = "authority.json";
const RECEIPT_KEY: &str = "receipt-key.json";
const BUNDLE_KEY: &str = "bundle-key.json";
const COUPON_KEY: &str = "coupon-key.json";
const KEEPING_KEY: &str = "keeping-key.json";
const OFFICE_KEYS: &str = "office-keys.json";
const RECOVERY_KEY: &str = "recovery-key.json";
const SERVER: &str = "server.json";
/// What a backup carries beside the register.
pub(super) const KEY_FILES: [&str; 4] = [AUTHORITY, RECEIPT_KEY, BUNDLE_KEY, SERVER];
/// The same, of a central that has served since there were such.
pub(super) const LATER_KEY_FILES: [&str; 4] = [COUPON_KEY, KEEPING_KEY, OFFICE_KEYS, RECOVERY_KEY];
/// The first of each kind; a further one, when a key is changed, gets the next number.
const RECEIPT_KEY_ID: &str = "receipt-1";
const BUNDLE_KEY_ID: &str = "bundle-1";
const COUPON_KEY_ID: &str = "coupon-1";
const KEEPING_KEY_ID: &str = "keeping-1";
const RECOVERY_KEY_ID: &str = "recovery-1";
/// A server's certificate is good for 397 days and is renewed in its last two months.
pub(super) const RENEW_AFTER_MS: i64 = 337 * 86_400_000;

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

/// The keys that sign and open sealed files.
#[derive(Serialize, Deserialize)]
struct OfficeKeysFile {
    made_at: WallTime,
    seed: Zeroizing<String>,
    identity: Zeroizing<String>,
}

/// The 復旧鍵: opens what tablets keep for the day on which nobody can unlock them.
#[derive(Serialize, Deserialize)]
struct RecoveryFile {
    key_id: String,
    identity: Zeroizing<String>,
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
    /// Makes all of them, in a directory that has none.
    pub(super) fn make_keys(
        &self,
        hosts: Vec<String>,
        now: WallTime,
        random: &mut dyn Random,
    ) -> Result<(), DirectoryError> {
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
        self.make_later_keys(random)?;
        self.make_office_keys(now, random)?;
        write(&self.path, SERVER, &issue(&authority, hosts, now)?)?;
        Ok(())
    }

    /// Whether the keys are there.
    pub(super) fn has_keys(&self) -> Result<(), DirectoryError> {
        read::<ServerFile>(&self.path, SERVER).map(drop)
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

    /// Whether the coupon key, the keeping key, the office's keys and the recovery key are there, or nothing was ever made with the
    /// one that is not.
    ///
    /// # Errors
    /// [`DirectoryError::LostCouponKey`], [`DirectoryError::LostKeepingKey`], [`DirectoryError::LostPeopleKey`],
    /// [`DirectoryError::LostOfficeKeys`], [`DirectoryError::LostRecoveryKey`] where the register holds something that a
    /// fresh key would make worthless without a word.
    pub async fn no_later_key_is_lost(&self, storage: &dyn Storage) -> Result<(), DirectoryError> {
        let missing = |name: &str| Some(self.path.join(name)).filter(|path| !path.exists());
        if let Some(path) = missing(COUPON_KEY)
            && storage.is_hashed().await?
        {
            return Err(DirectoryError::LostCouponKey(path));
        }
        if let Some(path) = missing(OFFICE_KEYS)
            && !storage.media_municipalities().await?.is_empty()
        {
            return Err(DirectoryError::LostOfficeKeys(path));
        }
        if let Some(path) = missing(KEEPING_KEY) {
            if storage.has_people_secrets().await? {
                return Err(DirectoryError::LostPeopleKey(path));
            }
            if storage.accounts().await?.iter().any(|account| account.has_second_factor) {
                return Err(DirectoryError::LostKeepingKey(path));
            }
        }
        if let Some(path) = missing(RECOVERY_KEY)
            && storage.has_boxes().await?
        {
            return Err(DirectoryError::LostRecoveryKey(path));
        }
        Ok(())
    }

    /// Makes those where a central was made before there were such; ask [`Self::no_later_key_is_lost`] first.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn make_later_keys(&self, random: &mut dyn Random) -> Result<(), DirectoryError> {
        for (file, key_id) in [(COUPON_KEY, COUPON_KEY_ID), (KEEPING_KEY, KEEPING_KEY_ID)] {
            if !self.path.join(file).exists() {
                self.write_key(file, key_id, random)?;
            }
        }
        if !self.path.join(RECOVERY_KEY).exists() {
            let file =
                RecoveryFile { key_id: RECOVERY_KEY_ID.to_owned(), identity: Identity::generate().to_text() };
            write(&self.path, RECOVERY_KEY, &file)?;
        }
        Ok(())
    }

    /// Makes the keys of sealed files where there are none; ask [`Self::no_later_key_is_lost`] first.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn make_office_keys(&self, now: WallTime, random: &mut dyn Random) -> Result<(), DirectoryError> {
        if self.path.join(OFFICE_KEYS).exists() {
            return Ok(());
        }
        let keys = OfficeKeys::generate(random)?;
        let seed = Zeroizing::new(URL_SAFE_NO_PAD.encode(keys.signing.seed()));
        write(
            &self.path,
            OFFICE_KEYS,
            &OfficeKeysFile { made_at: now, seed, identity: keys.identity.to_text() },
        )
    }

    /// What sealed files are made and opened with.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn media_room(&self) -> Result<MediaRoom, DirectoryError> {
        let malformed = || DirectoryError::Malformed(self.path.join(OFFICE_KEYS));
        let file: OfficeKeysFile = read(&self.path, OFFICE_KEYS)?;
        let seed = URL_SAFE_NO_PAD.decode(file.seed.as_bytes()).map(Zeroizing::new);
        let seed =
            seed.ok().and_then(|seed| <[u8; 32]>::try_from(seed.as_slice()).ok()).ok_or_else(malformed)?;
        let keys = OfficeKeys {
            signing: SigningKey::from_seed(seed)?,
            identity: Identity::from_text(&file.identity).map_err(|_| malformed())?,
        };
        let office = CentralOffice::new(keys, file.made_at).map_err(|_| malformed())?;
        let spool = Spool::open(&self.path).map_err(file_error(&self.path))?;
        Ok(MediaRoom {
            office: Arc::new(office),
            spool,
            jobs: Jobs::default(),
            counts: Counts::default(),
            people: Arc::new(profiles::read(
                &self.path,
                profiles::PEOPLE,
                profile::DEFAULT,
                Profile::from_toml,
            )?),
            outgoing: profiles::read(
                &self.path,
                profiles::OUTGOING,
                outgoing_profile::DEFAULT,
                OutgoingProfile::from_toml,
            )?,
        })
    }

    /// Puts a fresh coupon key in the place of one that was given away or lost; its name. Every list is made anew under it.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn change_coupon_key(&self, random: &mut dyn Random) -> Result<String, DirectoryError> {
        let last = match self.seed(COUPON_KEY) {
            Ok((key_id, _)) => key_id.rsplit_once('-').and_then(|(_, number)| number.parse::<u32>().ok()),
            Err(_) => None,
        };
        // Of a lost one the number is not known; the first was there in any case.
        let key_id = format!("coupon-{}", last.unwrap_or(1).saturating_add(1));
        self.write_key(COUPON_KEY, &key_id, random)?;
        Ok(key_id)
    }

    /// The secret that the keys of coupon hashes are made from.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn coupon_master(&self) -> Result<CouponMaster, DirectoryError> {
        Ok(CouponMaster::from_bytes(self.seed(COUPON_KEY)?.1))
    }

    /// The public 復旧鍵, which bundles carry.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn recovery_key(&self) -> Result<RecoveryKey, DirectoryError> {
        let (key_id, identity) = self.recovery_identity()?;
        Ok(RecoveryKey { key_id, recipient: identity.addressee().to_string() })
    }

    /// The private 復旧鍵 with its name.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn recovery_identity(&self) -> Result<(String, Identity), DirectoryError> {
        let file: RecoveryFile = read(&self.path, RECOVERY_KEY)?;
        Ok((file.key_id, Identity::from_text(&file.identity)?))
    }

    /// The key under which the register keeps secrets.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn keeping_key(&self) -> Result<KeepingKey, DirectoryError> {
        Ok(KeepingKey::from_bytes(&self.seed(KEEPING_KEY)?.1)?)
    }

    fn write_key(&self, file: &str, key_id: &str, random: &mut dyn Random) -> Result<(), DirectoryError> {
        let bytes = Zeroizing::new(seal::random::bytes::<32>(random)?);
        let seed = Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes));
        write(&self.path, file, &KeyFile { key_id: key_id.to_owned(), seed })
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

fn issue(authority: &Authority, hosts: Vec<String>, now: WallTime) -> Result<ServerFile, DirectoryError> {
    let certificate = authority.issue(&hosts, now)?;
    let key_pem = Zeroizing::new(certificate.key_pem);
    Ok(ServerFile { hosts, issued_at: now, chain_pem: certificate.chain_pem, key_pem })
}
