//! Finding a bundle and applying it: the tablet's secrets, its database, its profile. Either all of it, or the tablet is as
//! before.
//!
//! Must not: believe a bundle; it was verified before it came here.

use std::{
    fs,
    path::{Path, PathBuf},
};

use record::{Moment, TabletId, bundle::Bundle};
use seal::{
    bundle::VerifiedBundle,
    random::Random,
    recovery,
    sealed::Addressee,
    vault::{DeviceSecret, TabletSecrets},
};
use store::{Action, AuditRow, Enrolment, Owner, Store};

use crate::{
    files::replace, messages::SetupProblem, platform, profile::Profile, workflow::event::FoundBundle,
};

/// What the central can open where nobody can unlock the tablet; see `seal::recovery`.
pub const RECOVERY_FILE: &str = "recovery.json";
/// The vault's file in the tablet's folder.
pub const VAULT_FILE: &str = "vault.json";

/// Files that are named as bundles, where such lie; the one named at start comes first.
#[must_use]
pub fn look_for_bundles(named: Option<PathBuf>) -> Vec<FoundBundle> {
    let in_place = |place: PathBuf| {
        let files = fs::read_dir(place).into_iter().flatten().filter_map(Result::ok).map(|file| file.path());
        let mut bundles: Vec<PathBuf> =
            files.filter(|file| file.extension().is_some_and(|extension| extension == "vrsbundle")).collect();
        bundles.sort();
        bundles
    };
    let found = platform::bundle_places().into_iter().flat_map(in_place);
    named.into_iter().chain(found).map(|path| FoundBundle { path }).collect()
}

fn addressees(bundle: &Bundle) -> Result<Vec<Addressee>, SetupProblem> {
    bundle.staff.iter().map(|staff| staff.recipient.parse().map_err(SetupProblem::Secrets)).collect()
}

/// The secrets once more, for the day on which no PIN opens them.
fn keep_recovery(
    folder: &Path,
    secrets: &TabletSecrets,
    bundle: &Bundle,
    random: &mut dyn Random,
) -> Result<(), SetupProblem> {
    let key = &bundle.recovery;
    let tablet_id: TabletId = bundle.tablet_id;
    let addressee = key.recipient.parse().map_err(SetupProblem::Secrets)?;
    let kept = recovery::keep(secrets, tablet_id, &key.key_id, &addressee, random);
    replace(&folder.join(RECOVERY_FILE), &kept.map_err(SetupProblem::Secrets)?).map_err(folder_problem)
}

fn folder_problem(error: std::io::Error) -> SetupProblem {
    SetupProblem::Folder(error.kind())
}

/// The first bundle on a tablet: makes its secrets, begins its database, and last of all keeps its profile, which is
/// what makes the tablet set up.
///
/// # Errors
/// [`SetupProblem`]; the tablet is then still not set up.
pub fn first(
    folder: &Path,
    verified: &VerifiedBundle,
    device: Option<&DeviceSecret>,
    random: &mut dyn Random,
    now: Moment,
) -> Result<Profile, SetupProblem> {
    fs::create_dir_all(folder).map_err(folder_problem)?;
    let bundle = &verified.bundle;
    let secrets = TabletSecrets::generate(random).map_err(SetupProblem::Secrets)?;
    let vault = secrets.seal(&addressees(bundle)?, device, random).map_err(SetupProblem::Secrets)?;
    replace(&folder.join(VAULT_FILE), &vault).map_err(folder_problem)?;
    keep_recovery(folder, &secrets, bundle, random)?;
    let owner = Owner { tablet_id: bundle.tablet_id, device_key: secrets.device_key.public() };
    // A database of an attempt that was cut short is under a key that nobody has any more: it is set aside.
    let mut store = Store::open(folder, &secrets.store_key, owner, now).map_err(SetupProblem::Open)?.store;
    note(&mut store, &Enrolment::Waiting(bundle.enrolment_token.clone()), now)?;
    let profile = Profile::of(bundle, verified.signer);
    profile.write(folder).map_err(folder_problem)?;
    Ok(profile)
}

/// A later bundle on a tablet that is at work: seals the same secrets to the new staff. Nothing recorded is touched.
///
/// # Errors
/// [`SetupProblem`]; the tablet then still has its earlier profile.
pub fn again(
    folder: &Path,
    verified: &VerifiedBundle,
    device: Option<&DeviceSecret>,
    (secrets, store): (&TabletSecrets, &mut Store),
    random: &mut dyn Random,
    now: Moment,
) -> Result<Profile, SetupProblem> {
    let bundle = &verified.bundle;
    if bundle.tablet_id != store.tablet_id() {
        return Err(SetupProblem::OtherTablet);
    }
    let vault = secrets.seal(&addressees(bundle)?, device, random).map_err(SetupProblem::Secrets)?;
    // Whoever is in both profiles can open either vault, so the order of these two files locks nobody out who
    // stays; the new vault comes first so that nobody new is shown who cannot unlock.
    replace(&folder.join(VAULT_FILE), &vault).map_err(folder_problem)?;
    keep_recovery(folder, secrets, bundle, random)?;
    let enrolment = match store.enrolment().map_err(|error| SetupProblem::Open(error.into()))? {
        Some(done @ Enrolment::Done(_)) => done,
        _ => Enrolment::Waiting(bundle.enrolment_token.clone()),
    };
    note(store, &enrolment, now)?;
    let profile = Profile::of(bundle, verified.signer);
    profile.write(folder).map_err(folder_problem)?;
    Ok(profile)
}

fn note(store: &mut Store, enrolment: &Enrolment, now: Moment) -> Result<(), SetupProblem> {
    let problem = |error: store::StoreError| SetupProblem::Open(error.into());
    store.keep_enrolment(enrolment).map_err(problem)?;
    let row = AuditRow { staff_id: None, action: Action::BundleApplied, place: None, detail: None };
    store.audit(&row, now).map_err(problem)
}
