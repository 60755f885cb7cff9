//! `bundle make`, `inspect`, `revoke`; `tablet replace`, `lost`: what is handed out and given back, for whoever keeps the
//! server. Each names the account of the person who says so.
//!
//! Must not: print a token, a PIN or a key.

use std::{
    fs::OpenOptions,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use central::{
    bundles::{self, BundleSpec},
    case::DecisionReason,
    clock::Clock,
    directory::DataDirectory,
    fleet::TabletState,
    handing_out::{self, Lost},
    storage::{AccountName, ReplaceVerdict, Replacement, Said, Storage},
};
use clap::{Args, Subcommand};
use record::TabletId;
use seal::random::SystemRandom;
use zeroize::Zeroizing;

use super::{Failure, say};
use crate::Data;

/// What is done with configuration bundles.
#[derive(Subcommand)]
pub(crate) enum BundleCommand {
    /// Make the bundle of one tablet; prints the 確認番号 to compare.
    Make {
        #[command(flatten)]
        data: Data,
        /// What the bundle shall say, JSON.
        #[arg(long)]
        spec: PathBuf,
        /// Where to write it; a file that is there is not overwritten.
        #[arg(long)]
        out: PathBuf,
    },
    /// Say in words what a bundle holds, and whether it still lets its tablet in.
    Inspect {
        #[command(flatten)]
        data: Data,
        /// The file.
        #[arg(long)]
        bundle: PathBuf,
    },
    /// No bundle that was made for a tablet lets it in any more. A tablet that is in stays in: replace it instead.
    Revoke {
        #[command(flatten)]
        data: Data,
        /// Its number, as 131130-0017.
        #[arg(long)]
        tablet: TabletId,
        #[command(flatten)]
        person: Person,
    },
}

/// What is done with tablets.
#[derive(Subcommand)]
pub(crate) enum TabletCommand {
    /// A spare takes a tablet's place. The replaced one begins no new day, and may still bring what it holds.
    Replace {
        #[command(flatten)]
        data: Data,
        /// The tablet that is broken, lost or given back, as 131130-0017.
        #[arg(long)]
        tablet: TabletId,
        /// The spare, for which a bundle was made.
        #[arg(long)]
        by: TabletId,
        #[command(flatten)]
        person: Person,
    },
    /// Declare that what is missing of a replaced tablet will never come.
    Lost {
        #[command(flatten)]
        data: Data,
        /// Its number, as 131130-0017.
        #[arg(long)]
        tablet: TabletId,
        #[command(flatten)]
        person: Person,
    },
}

/// Who says so, and why.
#[derive(Args)]
pub(crate) struct Person {
    /// The account of whoever says so.
    #[arg(long)]
    account: AccountName,
    /// Why, in one line of 200 characters at most.
    #[arg(long)]
    reason: DecisionReason,
}

/// Does what was asked for bundles.
pub(crate) async fn bundle(command: BundleCommand) -> Result<(), Failure> {
    match command {
        BundleCommand::Make { data, spec, out } => make(&data.data, &spec, &out).await,
        BundleCommand::Inspect { data, bundle } => inspect(&data.data, &bundle).await,
        BundleCommand::Revoke { data, tablet, person } => {
            let storage = DataDirectory::open(&data.data)?.storage().await?;
            let ended = storage.revoke_bundles(tablet, said(&*storage, person).await?).await?;
            say(&format!("{ended} bundle(s) of tablet {tablet} let nobody in any more"))?;
            let status = storage.tablet(tablet).await?;
            if status.is_some_and(|status| matches!(status.state, TabletState::Enrolled(_))) {
                say("the tablet is in already and stays in; to end its work: vrs-central tablet replace")?;
            }
            Ok(())
        }
    }
}

/// Does what was asked for tablets.
pub(crate) async fn tablet(command: TabletCommand) -> Result<(), Failure> {
    match command {
        TabletCommand::Replace { data, tablet, by, person } => {
            let storage = DataDirectory::open(&data.data)?.storage().await?;
            let said = said(&*storage, person).await?;
            match storage.replace(Replacement { replaced: tablet, by, said }).await? {
                ReplaceVerdict::Replaced => say(&format!(
                    "{by} has the place of {tablet}; what {tablet} holds is waited for until it comes or is \
                     declared lost"
                )),
                ReplaceVerdict::Already(before) => {
                    Err(format!("{tablet} was replaced before, by {} at {}", before.tablet_id, before.at).into())
                }
                ReplaceVerdict::Impossible => Err(format!(
                    "{by} cannot take the place of {tablet}: both must be of one municipality, the one in, the \
                     other with a bundle and not replaced itself"
                )
                .into()),
            }
        }
        TabletCommand::Lost { data, tablet, person } => {
            let storage = DataDirectory::open(&data.data)?.storage().await?;
            let said = said(&*storage, person).await?;
            match handing_out::declare_lost(&*storage, tablet, said).await? {
                Lost::Declared(0) => say(&format!("nothing is missing of {tablet}")),
                Lost::Declared(count) => {
                    say(&format!("{count} entries of {tablet} are declared lost; they count if they come"))
                }
                Lost::StillAtWork => Err(format!("{tablet} is not replaced: it may still bring them").into()),
            }
        }
    }
}

/// The person, whose account there must be.
async fn said(storage: &dyn Storage, person: Person) -> Result<Said, Failure> {
    let Person { account, reason } = person;
    if storage.account(account.clone()).await?.is_none() {
        return Err(format!("there is no account {}", account.as_str()).into());
    }
    Ok(Said { by: account, reason, at: Clock::system().now() })
}

async fn make(data: &Path, spec: &Path, out: &Path) -> Result<(), Failure> {
    if out.exists() {
        return Err(format!("{} is there already and is not overwritten", out.display()).into());
    }
    let directory = DataDirectory::open(data)?;
    let register = directory.storage().await?;
    let json = Zeroizing::new(std::fs::read(spec).map_err(|error| format!("{}: {error}", spec.display()))?);
    let spec = BundleSpec::from_json(&json)?;
    let now = Clock::system().now();
    let made = bundles::make(&directory, &*register, spec, now, &mut SystemRandom::default()).await?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(out)?;
    file.write_all(&made.file)?;
    file.sync_all()?;
    say(&format!("bundle of tablet {} written to {}", made.tablet_id, out.display()))?;
    say(&format!("確認番号 (compare it on the tablet): {}", seal::bundle::check_number(&made.signer)))
}

async fn inspect(data: &Path, bundle: &Path) -> Result<(), Failure> {
    let directory = DataDirectory::open(data)?;
    let file = std::fs::read(bundle).map_err(|error| format!("{}: {error}", bundle.display()))?;
    let opened = seal::bundle::open(&file, Some(&directory.bundle_key()?.public()))?;
    let storage = directory.storage().await?;
    let lines = handing_out::in_words(&*storage, &opened, Clock::system().now()).await?;
    lines.iter().try_for_each(|line| say(line))
}
