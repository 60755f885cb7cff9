//! 復旧: what a tablet that nobody can unlock keeps for its central is opened here, for two people who each prove who they are and
//! a reason, and sealed anew under a code.
//!
//! Must not: open anything before it is written down who wanted it; or hand out the 復旧鍵 itself, which opens every tablet.

use record::{TabletId, WallTime};
use seal::{random::Random, recovery as sealed, set_up_code::SetUpCode};

use crate::{
    case::DecisionReason,
    directory::{DataDirectory, DirectoryError},
    proof::{Proof, ProofError, prove, spend},
    roles::{Role, RoleKind},
    storage::{AccountName, KeptAccount, Release, Storage, StorageError},
};

/// Who wants it, and why.
pub struct Asked {
    /// Who asks.
    pub asked_by: Proof,
    /// Who allows it: another person, an approver of the tablet's municipality or a national administrator.
    pub allowed_by: Proof,
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
    /// The second account may not allow anything.
    #[error(
        "account {0} may not allow this: name an approver of the tablet's municipality or a national administrator"
    )]
    NoApprover(String),
    /// One of the two is not proven to be who they say.
    #[error(transparent)]
    Proof(#[from] ProofError),
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
    if asked_by.account == allowed_by.account {
        return Err(ReleaseError::OnePerson);
    }
    let asker = account(storage, &asked_by.account, tablet_id).await?;
    let allower = account(storage, &allowed_by.account, tablet_id).await?;
    if !may_allow(allower.role) {
        return Err(ReleaseError::NoApprover(allowed_by.account.as_str().to_owned()));
    }
    let (key_id, identity) = directory.recovery_identity()?;
    if looked.key_id != key_id {
        return Err(ReleaseError::OtherKey(looked.key_id));
    }
    let keeping = directory.keeping_key()?;
    let asks = prove(storage, &keeping, &asker, &asked_by, now).await?;
    let allows = prove(storage, &keeping, &allower, &allowed_by, now).await?;
    spend(storage, &asked_by.account, asks).await?;
    spend(storage, &allowed_by.account, allows).await?;
    let code = SetUpCode::generate(random).map_err(ReleaseError::Seal)?;
    // Tried before it is noted, so that a damaged file leaves no line; it leaves this function only after.
    let file = sealed::release(kept, &identity, &code, random).map_err(|_| ReleaseError::NotKept)?;
    let (asked_by, allowed_by) = (asked_by.account, allowed_by.account);
    storage.note_release(Release { tablet_id, at: now, asked_by, allowed_by, reason }).await?;
    Ok(Released { tablet_id, file, code })
}

/// An account that is at work, of the tablet's municipality or of none.
async fn account(
    storage: &dyn Storage,
    name: &AccountName,
    tablet_id: TabletId,
) -> Result<KeptAccount, ReleaseError> {
    let found = storage.account(name.clone()).await?.filter(|account| account.disabled_at.is_none());
    let is_near = |account: &KeptAccount| {
        account.role.municipality().is_none_or(|municipality| municipality == tablet_id.municipality())
    };
    found.filter(is_near).ok_or_else(|| ReleaseError::Account(name.as_str().to_owned()))
}

fn may_allow(role: Role) -> bool {
    matches!(role.kind(), RoleKind::MunicipalityApprover | RoleKind::NationalAdministrator)
}
