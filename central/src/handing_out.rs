//! 配布: what a bundle holds in plain words and whether it still counts; what is given up for lost.
//!
//! Must not: say a token, a PIN, a private key or a staff member's wrapped one.

use record::{TabletId, WallTime, bundle::StaffRole};
use seal::bundle::{VerifiedBundle, check_number};

use crate::{
    fleet::TabletState,
    storage::{Loss, Said, Storage, StorageError},
};

/// Runs of missing positions of one database that are declared at once; a tablet with more has lost more than a run.
const MOST_RUNS: u32 = 10_000;

/// What became of a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// So many positions are not waited for any more.
    Declared(u64),
    /// The tablet was not replaced: it may still bring them. Nothing changed.
    StillAtWork,
}

/// Declares everything lost that is missing of a replaced tablet.
///
/// # Errors
/// [`StorageError`]; nothing is declared then.
pub async fn declare_lost(
    storage: &dyn Storage,
    tablet_id: TabletId,
    said: Said,
) -> Result<Lost, StorageError> {
    let status = storage.tablet(tablet_id).await?;
    let Some(TabletState::Enrolled(tablet)) = status.map(|status| status.state) else {
        return Ok(Lost::StillAtWork);
    };
    if tablet.replaced.is_none() {
        return Ok(Lost::StillAtWork);
    }
    let missing = tablet.missing();
    if missing == 0 {
        return Ok(Lost::Declared(0));
    }
    let mut runs = Vec::new();
    for epoch in &tablet.epochs {
        let within = storage.missing(tablet_id, epoch.epoch, MOST_RUNS).await?;
        runs.extend(within.into_iter().chain(tablet.missing_end(epoch)).map(|run| (epoch.epoch, run)));
    }
    storage.declare_lost(Loss { tablet_id, runs, said }).await?;
    Ok(Lost::Declared(missing))
}

/// What a bundle of this central's holds, and whether it still lets its tablet in: lines for a person to read.
///
/// # Errors
/// [`StorageError`].
pub async fn in_words(
    storage: &dyn Storage,
    opened: &VerifiedBundle,
    now: WallTime,
) -> Result<Vec<String>, StorageError> {
    let bundle = &opened.bundle;
    let list = |items: Vec<String>| items.join(", ");
    let staff = bundle.staff.iter().map(|staff| {
        let role = match staff.role {
            StaffRole::Staff => "staff",
            StaffRole::Administrator => "administrator",
        };
        format!("{} {} ({role})", staff.staff_id.as_str(), staff.name.as_str())
    });
    let lots = bundle.vaccines.iter().flat_map(|supply| {
        supply.lots.iter().map(move |lot| {
            let printed = format!("{} {} until {}", supply.vaccine.product.as_str(), lot.lot, lot.expires_on);
            match (lot.recalled_at, lot.extended_to) {
                (Some(_), _) => format!("{printed}, recalled"),
                (None, Some(extended_to)) => format!("{printed}, extended to {extended_to}"),
                (None, None) => printed,
            }
        })
    });
    Ok(vec![
        format!("tablet: {} ({})", bundle.tablet_id, bundle.tablet_name.as_str()),
        format!("state: {}", state(storage, opened, now).await?),
        format!("made: {}", bundle.issued_at),
        format!("may be loaded until: {}", bundle.expires_at),
        format!("確認番号 (check number): {}", check_number(&opened.signer)),
        format!("central: {}", bundle.central.url),
        format!("staff: {}", list(staff.collect())),
        format!("sites: {}", list(bundle.sites.iter().map(|site| site.name.as_str().to_owned()).collect())),
        format!(
            "physicians: {}",
            list(bundle.physicians.iter().map(|one| one.as_str().to_owned()).collect())
        ),
        format!("lots: {}", list(lots.collect())),
        format!("doses: {}", list(bundle.doses.iter().map(ToString::to_string).collect())),
        format!(
            "expected municipalities: {}",
            list(bundle.expected_municipalities.iter().map(ToString::to_string).collect())
        ),
    ])
}

async fn state(
    storage: &dyn Storage,
    opened: &VerifiedBundle,
    now: WallTime,
) -> Result<String, StorageError> {
    let bundle = &opened.bundle;
    let status = storage.tablet(bundle.tablet_id).await?;
    if let Some(TabletState::Enrolled(tablet)) = status.map(|status| status.state) {
        return Ok(match tablet.replaced {
            Some(replaced) => format!("its tablet was replaced by {} at {}", replaced.tablet_id, replaced.at),
            None => format!("its tablet is in since {}", tablet.enrolled_at),
        });
    }
    // Bundles that were made at one moment are revoked together, too.
    let rows = storage.bundles(bundle.tablet_id).await?;
    let row = rows.iter().find(|row| row.issued_at == bundle.issued_at);
    Ok(match row.map(|row| &row.revoked) {
        None => "not of this register".to_owned(),
        Some(Some(said)) => {
            format!("revoked by {} at {}: {}", said.by.as_str(), said.at, said.reason.as_str())
        }
        Some(None) if bundle.expires_at <= now => "too old to be loaded".to_owned(),
        Some(None) => "lets its tablet in".to_owned(),
    })
}
