//! 復旧: what a tablet that nobody can unlock keeps for its central is opened here, for two named people and a reason, and
//! sealed anew under a code.
//!
//! Must not: open anything before it is written down who wanted it; or hand out the 復旧鍵 itself, which opens every tablet.

use record::{TabletId, WallTime};
use seal::{random::Random, recovery as sealed, set_up_code::SetUpCode};

use crate::{
    case::DecisionReason,
    directory::{DataDirectory, DirectoryError},
    storage::{AccountName, Release, Storage, StorageError},
};

/// Who wants it, and why.
pub struct Asked {
    /// Who asks.
    pub asked_by: AccountName,
    /// Who allows it.
    pub allowed_by: AccountName,
    /// 理由.
    pub reason: DecisionReason,
}

/// A release on its way out. No `Debug`: the code is secret.
pub struct Released {
    /// Which tablet's secrets.
    pub tablet_id: TabletId,
    /// The sealed file.
    pub file: Vec<u8>,
    /// Opens it.
    pub code: SetUpCode,
}

/// Nothing was released.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// It takes two.
    #[error("one person alone cannot do this: --asked-by and --allowed-by name the same account")]
    OnePerson,
    /// An account is not there, is disabled, or is of another municipality.
    #[error("account {0} is not there, is disabled, or belongs to another municipality than the tablet")]
    Account(String),
    /// The file was sealed to another key than this central's.
    #[error("this was sealed to {0}, which is not this central's recovery key")]
    OtherKey(String),
    /// The file is not what a tablet keeps, or damaged.
    #[error(
        "this is not what a tablet keeps for its recovery, or it is damaged: copy recovery.json from the tablet's folder again"
    )]
    NotKept,
    /// Keys or randomness.
    #[error(transparent)]
    Seal(seal::Error),
    /// The files of the central.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The register.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Opens what a tablet keeps and seals it anew. It is noted first: what is opened was always written down.
///
/// # Errors
/// [`ReleaseError`]; nothing left the central then.
pub async fn release(
    directory: &DataDirectory,
    storage: &dyn Storage,
    kept: &[u8],
    asked: Asked,
    now: WallTime,
    random: &mut (dyn Random + Send),
) -> Result<Released, ReleaseError> {
    let looked = sealed::look(kept).map_err(|_| ReleaseError::NotKept)?;
    let tablet_id = looked.tablet_id;
    let Asked { asked_by, allowed_by, reason } = asked;
    if asked_by == allowed_by {
        return Err(ReleaseError::OnePerson);
    }
    for name in [&asked_by, &allowed_by] {
        let account = storage.account(name.clone()).await?;
        let enabled = account.filter(|account| account.disabled_at.is_none());
        let municipality = enabled.map(|account| account.role.municipality());
        if municipality.is_none_or(|own| own.is_some_and(|own| own != tablet_id.municipality())) {
            return Err(ReleaseError::Account(name.as_str().to_owned()));
        }
    }
    let (key_id, identity) = directory.recovery_identity()?;
    if looked.key_id != key_id {
        return Err(ReleaseError::OtherKey(looked.key_id));
    }
    let code = SetUpCode::generate(random).map_err(ReleaseError::Seal)?;
    // Tried before it is noted, so that a damaged file leaves no line; it leaves this function only after.
    let file = sealed::release(kept, &identity, &code, random).map_err(|_| ReleaseError::NotKept)?;
    storage.note_release(Release { tablet_id, at: now, asked_by, allowed_by, reason }).await?;
    Ok(Released { tablet_id, file, code })
}
