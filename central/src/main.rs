//! `vrs-central`: makes a central's files, its console accounts and its tablets' bundles, and serves.
//!
//! Must not: hold anything but the command line; the library does the work.

mod commands;

use std::{
    io::{self, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use central::{clock::Clock, directory::DataDirectory, server, settings::Settings, support, traces::Traces};
use clap::{Args, Parser, Subcommand};
use commands::{Failure, carry, handouts, media, people, register, say, sent_down, staff, stock};
use record::support::SupportCode;
use seal::{random::SystemRandom, sealed::Addressee};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// The central VRS.
#[derive(Parser)]
#[command(name = "vrs-central", version)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the files of a new central: authority, certificate, keys, register.
    Init {
        #[command(flatten)]
        data: Data,
        /// A name or address under which it is reached; may be given more than once.
        #[arg(long = "host", required = true)]
        hosts: Vec<String>,
    },
    /// Serve tablets and the console until SIGTERM or ctrl-c.
    Serve {
        #[command(flatten)]
        data: Data,
        /// Address and port; port 0 takes a free one. Left out, central.toml says it.
        #[arg(long)]
        listen: Option<SocketAddr>,
    },
    /// Bring the register up to date, as starting to serve does.
    Migrate {
        #[command(flatten)]
        data: Data,
    },
    /// Look whether every entry is what came and the register what follows from the entries; changes nothing.
    Check {
        #[command(flatten)]
        data: Data,
    },
    /// Derive the register from the entries again.
    Rebuild {
        #[command(flatten)]
        data: Data,
    },
    /// Make the key pair that backups are sealed to.
    BackupKey {
        /// Where to write the key that opens them; a file that is there is not overwritten.
        #[arg(long)]
        out: PathBuf,
    },
    /// Write everything to one sealed file, beside the running server.
    Backup {
        #[command(flatten)]
        data: Data,
        /// Whom it is sealed to (age1…); may be given more than once.
        #[arg(long = "to", required = true, value_parser = addressee)]
        to: Vec<Addressee>,
        /// Where to write it; a file that is there is not overwritten.
        #[arg(long)]
        out: PathBuf,
    },
    /// Make a central from a backup: its keys and everything it kept.
    Restore {
        /// The backup.
        #[arg(long)]
        from: PathBuf,
        /// The key that opens it.
        #[arg(long)]
        identity: PathBuf,
        /// The directory to make.
        #[arg(long)]
        data: PathBuf,
        /// Its settings, where it shall keep in a database.
        #[arg(long)]
        settings: Option<PathBuf>,
    },
    /// Move the register to the database that other settings name; the server must be stopped.
    Move {
        #[command(flatten)]
        data: Data,
        /// The new settings; they become the central's own.
        #[arg(long)]
        settings: PathBuf,
    },
    /// Accounts of the console.
    #[command(subcommand)]
    Staff(staff::StaffCommand),
    /// Configuration bundles for tablets.
    #[command(subcommand)]
    Bundle(handouts::BundleCommand),
    /// Tablets that are replaced, and what of them is given up.
    #[command(subcommand)]
    Tablet(handouts::TabletCommand),
    /// What is sent down to tablets that are at work.
    #[command(subcommand)]
    Reference(sent_down::ReferenceCommand),
    /// Take a fresh key for the hashes of coupons, where the old one was given away or lost; the server must be stopped.
    ChangeCouponKey {
        #[command(flatten)]
        data: Data,
    },
    /// Imports of people (接種対象者): their history, counts alone.
    #[command(subcommand)]
    People(people::PeopleCommand),
    /// Sealed files (封緘ファイル): the central's card, and new keys where the old ones were lost.
    #[command(subcommand)]
    Media(media::MediaCommand),
    /// Facilities and stock (施設と在庫) in files, rules of products, and doses taken into the books.
    #[command(subcommand)]
    Stock(stock::StockCommand),
    /// Say in words what a tablet's support code (支援コード) tells.
    Explain {
        /// Its twelve characters, as they were read out.
        code: String,
    },
}

#[derive(Args)]
pub(crate) struct Data {
    /// The directory the central lives in.
    #[arg(long)]
    pub(crate) data: PathBuf,
}

fn main() -> ExitCode {
    let command = CommandLine::parse().command;
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Standard error may be closed; there is nobody left to tell then.
            let _ = writeln!(io::stderr(), "vrs-central: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| "a crypto provider is installed already")?;
    let filter = EnvFilter::try_from_env("VRS_LOG").unwrap_or_else(|_| EnvFilter::new(logged(&command)));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(io::stderr).init();
    let traces = traced(&command)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(async {
        match command {
            Command::Init { data, hosts } => init(&data.data, &hosts),
            Command::Serve { data, listen } => serve(&data.data, listen).await,
            Command::Migrate { data } => register::migrate(&data.data).await,
            Command::Check { data } => register::check(&data.data).await,
            Command::Rebuild { data } => register::rebuild(&data.data).await,
            Command::BackupKey { out } => carry::backup_key(&out),
            Command::Backup { data, to, out } => carry::backup(&data.data, &to, &out).await,
            Command::Restore { from, identity, data, settings } => {
                carry::restore(&from, &identity, &data, settings.as_deref()).await
            }
            Command::Move { data, settings } => carry::move_to(&data.data, &settings).await,
            Command::Staff(command) => staff::run(command).await,
            Command::Reference(command) => sent_down::run(command).await,
            Command::ChangeCouponKey { data } => sent_down::change_coupon_key(&data.data),
            Command::People(command) => people::run(command).await,
            Command::Media(command) => media::run(command),
            Command::Stock(command) => stock::run(command).await,
            Command::Explain { code } => {
                let code: SupportCode = code.parse()?;
                support::explain(code)?.iter().try_for_each(|line| say(line))
            }
            Command::Bundle(command) => handouts::bundle(command).await,
            Command::Tablet(command) => handouts::tablet(command).await,
        }
    });
    traces.stop();
    done
}

/// Traces of a serving central, where its settings ask for them.
fn traced(command: &Command) -> Result<Traces, Failure> {
    Ok(match command {
        Command::Serve { data, .. } => Traces::start(&Settings::of(&data.data)?, &data.data)?,
        _ => Traces::start(&Settings::default(), Path::new(""))?,
    })
}

/// What the settings of a serving central say is logged. Where they cannot be read, serving says so itself.
fn logged(command: &Command) -> String {
    match command {
        Command::Serve { data, .. } => Settings::of(&data.data).unwrap_or_default().log.filter,
        _ => "info".to_owned(),
    }
}

fn addressee(text: &str) -> Result<Addressee, String> {
    text.parse().map_err(|_| "not an addressee (age1…)".to_owned())
}

fn init(data: &Path, hosts: &[String]) -> Result<(), Failure> {
    let directory = DataDirectory::create(data, hosts, Clock::system().now(), &mut SystemRandom::default())?;
    let signer = directory.bundle_key()?.public();
    say(&format!("central made in {}", data.display()))?;
    say(&format!("確認番号 (check number of its bundles): {}", seal::bundle::check_number(&signer)))
}

async fn serve(data: &Path, listen: Option<SocketAddr>) -> Result<(), Failure> {
    let directory = DataDirectory::open(data)?;
    let listen = listen.or(directory.settings()?.listen);
    let listen = listen.ok_or("say where to listen: --listen, or listen in central.toml")?;
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut serving = server::start(directory, listen, Clock::system()).await?;
    say(&format!("vrs-central ready {}", serving.url))?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        failed = serving.failed() => return Ok(failed?),
    }
    Ok(serving.stop().await?)
}
