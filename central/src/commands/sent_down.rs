//! `reference publish`, `reference show`, `change-coupon-key`: what is sent down to tablets that are at work.
//!
//! Must not: judge a file; the library does.

use std::path::{Path, PathBuf};

use central::{clock::Clock, directory::DataDirectory, reference, storage::PublicationKind};
use clap::{Args, Subcommand};
use record::MunicipalityCode;
use seal::random::SystemRandom;

use super::{Failure, say};

/// What is sent down.
#[derive(Subcommand)]
pub(crate) enum ReferenceCommand {
    /// Publish lots or rules; tablets take them in with their next contact.
    Publish(Publish),
    /// Show what was published last.
    Show {
        /// The directory the central lives in.
        #[arg(long)]
        data: PathBuf,
    },
}

/// What is published.
#[derive(Args)]
pub(crate) struct Publish {
    /// The directory the central lives in.
    #[arg(long)]
    data: PathBuf,
    /// Lots, JSON as in a bundle's `vaccines`: recalls, extensions, and for one municipality what its sites received.
    #[arg(long, required_unless_present = "rules")]
    lots: Option<PathBuf>,
    /// Rules before the shot, JSON as in a bundle's `rules`.
    #[arg(long)]
    rules: Option<PathBuf>,
    /// For the tablets of that municipality alone.
    #[arg(long)]
    municipality: Option<MunicipalityCode>,
}

/// Does it.
pub(crate) async fn run(command: ReferenceCommand) -> Result<(), Failure> {
    match command {
        ReferenceCommand::Publish(what) => publish(what).await,
        ReferenceCommand::Show { data } => show(&data).await,
    }
}

async fn publish(Publish { data, lots, rules, municipality }: Publish) -> Result<(), Failure> {
    let storage = DataDirectory::open(&data)?.storage().await?;
    let files = [(PublicationKind::Lots, lots), (PublicationKind::Rules, rules)];
    for (kind, file) in files.into_iter().filter_map(|(kind, file)| Some((kind, file?))) {
        let json = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let now = Clock::system().now();
        let version = reference::publish(&*storage, kind, municipality, &json, now).await?;
        say(&format!("{} published as version {}", kind.code(), version.number()))?;
    }
    Ok(())
}

/// Takes a fresh key for the hashes of coupons; the server lists every dose anew under it.
pub(crate) fn change_coupon_key(data: &Path) -> Result<(), Failure> {
    let directory = DataDirectory::open(data)?;
    let _stopped = directory.lock()?;
    let key_id = directory.change_coupon_key(&mut SystemRandom::default())?;
    say(&format!(
        "the coupon key is {key_id} now; the server lists every dose anew, tablets fetch the lists whole"
    ))
}

async fn show(data: &Path) -> Result<(), Failure> {
    let storage = DataDirectory::open(data)?.storage().await?;
    reference::show(&storage.publications().await?).iter().try_for_each(|line| say(line))
}
