//! `people history`, `discard`, `undo`, `marks`, `profile`: imports of people, for whoever keeps the server. Files go in and out
//! by the municipality's own pages.
//!
//! Must not: read or write a person; counts alone.

use std::{
    ops::ControlFlow,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use central::{
    clock::Clock,
    directory::DataDirectory,
    people::{
        naming::{self, Missing},
        outgoing_profile, profile,
        sealing::MunicipalKeys,
    },
    storage::{Import, ImportState, Undone, Watch},
};
use clap::{Subcommand, ValueEnum};
use record::MunicipalityCode;

use super::{Failure, Meter, say};
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
    /// Let people be found by 氏名カナ and 生年月日 who were taken in by a program before that; any number of times, also beside
    /// the server.
    Marks {
        #[command(flatten)]
        data: Data,
        /// Which municipality; all where it is left out.
        #[arg(long)]
        municipality: Option<MunicipalityCode>,
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
            match storage.undo_import(municipality, import, by, now, told("rows undone")).await? {
                // Nobody can stop it here.
                Undone::Stopped => Err("it was stopped, and nothing has changed".into()),
                Undone::Done => say(&format!("import {import} of {municipality} undone")),
                Undone::NotInEffect => Err(format!("import {import} is not in effect").into()),
                Undone::Touched { by, people } => {
                    Err(format!("import {by} touched {people} of the same people later: undo that one first")
                        .into())
                }
            }
        }
        PeopleCommand::Marks { data, municipality } => marks(&data.data, municipality).await,
        PeopleCommand::Profile { which } => say(match which {
            Which::People => profile::DEFAULT,
            Which::Outgoing => outgoing_profile::DEFAULT,
        }),
    }
}

/// Says now and then how many rows are done.
fn told(what: &'static str) -> Watch {
    let meter = Mutex::new(Meter::default());
    Arc::new(move |done, _| {
        meter.lock().unwrap_or_else(PoisonError::into_inner).tell(what, done);
        ControlFlow::Continue(())
    })
}

async fn marks(data: &Path, only: Option<MunicipalityCode>) -> Result<(), Failure> {
    let directory = DataDirectory::open(data)?;
    let storage = directory.storage().await?;
    directory.no_later_key_is_lost(&*storage).await?;
    let keeping = directory.keeping_key()?;
    let all = match only {
        Some(municipality) => vec![municipality],
        None => naming::municipalities(&*storage).await?,
    };
    let mut meter = Meter::default();
    for municipality in all {
        let Some(keys) = MunicipalKeys::existing(&*storage, &keeping, municipality).await? else {
            say(&format!("{municipality}: nobody was ever registered"))?;
            continue;
        };
        let what = format!("people of {municipality}");
        let progress = &mut |people| meter.tell(&what, people);
        let named = naming::name(&*storage, &keys, Missing::Added, progress).await?;
        say(&format!(
            "{municipality}: {} people, {} with 氏名カナ, {} can now be found by name that could not before",
            named.people, named.with_kana, named.missing
        ))?;
    }
    Ok(())
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
