//! `media card`, `media new-keys`: the central as an office. Sealed files themselves are asked for, allowed and fetched on the
//! municipality's own pages.
//!
//! Must not: make or open a sealed file, or print a key.

use std::path::PathBuf;

use central::{clock::Clock, directory::DataDirectory};
use clap::Subcommand;
use seal::random::SystemRandom;

use super::{Failure, say};
use crate::Data;

/// What is done with the central's card.
#[derive(Subcommand)]
pub(crate) enum MediaCommand {
    /// Write the central's key card, and say its 確認番号.
    Card {
        #[command(flatten)]
        data: Data,
        /// Where to write it; a file that is there is not overwritten.
        #[arg(long)]
        out: PathBuf,
    },
    /// Make new keys where the old ones were lost; files that were sealed to the old ones cannot be opened any more.
    NewKeys {
        #[command(flatten)]
        data: Data,
    },
}

/// Does it.
pub(crate) fn run(command: MediaCommand) -> Result<(), Failure> {
    match command {
        MediaCommand::Card { data, out } => {
            if out.exists() {
                return Err(format!("{} is there already and is not overwritten", out.display()).into());
            }
            let office = DataDirectory::open(&data.data)?.media_room()?.office;
            std::fs::write(&out, &office.card_file)?;
            say(&format!("key card of the central written to {}", out.display()))?;
            say(&format!("確認番号 (compare it where the card is taken in): {}", office.check_number()))
        }
        MediaCommand::NewKeys { data } => {
            let directory = DataDirectory::open(&data.data)?;
            if directory.media_room().is_ok() {
                return Err("the keys are there: new ones are made only where they were lost".into());
            }
            directory.make_office_keys(Clock::system().now(), &mut SystemRandom::default())?;
            let office = directory.media_room()?.office;
            say("new keys made; give the new key card to every municipality")?;
            say(&format!("確認番号: {}", office.check_number()))
        }
    }
}
