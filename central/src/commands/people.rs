//! `people history`, `discard`, `undo`, `profile`: imports of people, for whoever keeps the server. Files go in and out
//! by the municipality's own pages.
//!
//! Must not: read or write a person; counts alone.

use std::path::Path;

use central::{
    clock::Clock,
    directory::DataDirectory,
    people::{outgoing_profile, profile},
    storage::{Import, ImportState, Undone},
};
use clap::{Subcommand, ValueEnum};
use record::MunicipalityCode;

use super::{Failure, say};
use crate::Data;

/// What is done with imports.
#[derive(Subcommand)]
pub(crate) enum PeopleCommand {
    /// List a municipality's imports, the newest first: number, state, rows.
    History {
        #[command(flatten)]
        data: Data,
        /// Which municipality.
        #[arg(long)]
        municipality: MunicipalityCode,
    },
    /// Give an import up that has not taken effect, for one because the server stopped while it was read.
    Discard {
        #[command(flatten)]
        data: Data,
        /// Which municipality.
        #[arg(long)]
        municipality: MunicipalityCode,
        /// The import's number.
        #[arg(long)]
        import: u32,
    },
    /// Undo an import that took effect, all of it; refused where a later one touched the same people.
    Undo {
        #[command(flatten)]
        data: Data,
        /// Which municipality.
        #[arg(long)]
        municipality: MunicipalityCode,
        /// The import's number.
        #[arg(long)]
        import: u32,
        /// The account of who decided it, as it shall stand in the history.
        #[arg(long)]
        by: central::storage::AccountName,
    },
    /// Print the profile that holds by default, TOML, to be mended for a municipality.
    Profile {
        /// Of which files.
        #[arg(value_enum)]
        which: Which,
    },
}

/// Whose profile.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Which {
    /// Files of people that come in.
    People,
    /// Files that go out.
    Outgoing,
}

/// Does it.
pub(crate) async fn run(command: PeopleCommand) -> Result<(), Failure> {
    match command {
        PeopleCommand::History { data, municipality } => history(&data.data, municipality).await,
        PeopleCommand::Discard { data, municipality, import } => {
            let storage = DataDirectory::open(&data.data)?.storage().await?;
            let now = Clock::system().now();
            if !storage.discard_import(municipality, import, now).await? {
                return Err(format!("import {import} is not open: see vrs-central people history").into());
            }
            say(&format!("import {import} of {municipality} discarded; nothing of it was in effect"))
        }
        PeopleCommand::Undo { data, municipality, import, by } => {
            let storage = DataDirectory::open(&data.data)?.storage().await?;
            if storage.account(by.clone()).await?.is_none() {
                return Err(format!("no account is called {}", by.as_str()).into());
            }
            let (by, now) = (by.as_str().to_owned(), Clock::system().now());
            match storage.undo_import(municipality, import, by, now).await? {
                Undone::Done => say(&format!("import {import} of {municipality} undone")),
                Undone::NotInEffect => Err(format!("import {import} is not in effect").into()),
                Undone::Touched { by, people } => {
                    Err(format!("import {by} touched {people} of the same people later: undo that one first")
                        .into())
                }
            }
        }
        PeopleCommand::Profile { which } => say(match which {
            Which::People => profile::DEFAULT,
            Which::Outgoing => outgoing_profile::DEFAULT,
        }),
    }
}

/// The most imports that are listed.
const MOST: u32 = 1_000;

async fn history(data: &Path, municipality: MunicipalityCode) -> Result<(), Failure> {
    let storage = DataDirectory::open(data)?.storage().await?;
    for import in storage.imports(municipality, MOST).await? {
        say(&line(&import))?;
    }
    say(&format!("people: {}", storage.count_people(municipality).await?))
}

fn line(import: &Import) -> String {
    let counts = import.counts;
    let who = match import.state {
        ImportState::Effective => import.effective.as_ref(),
        ImportState::Undone => import.undone.as_ref(),
        ImportState::Reading | ImportState::Waiting | ImportState::Discarded => None,
    };
    format!(
        "{} {} new {} changed {} unchanged {} faulty {} by {}",
        import.number,
        import.state.code(),
        counts.new,
        counts.changed,
        counts.unchanged,
        counts.faulty,
        who.map_or(&import.begun_by, |(by, _)| by)
    )
}
