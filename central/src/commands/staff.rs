//! `staff add`, `list`, `disable`, `reset`, `bind`: accounts of the console, for whoever keeps the server.
//!
//! Must not: print a password that was chosen, or any twice.

use std::io::{self, Read as _};

use central::{
    accounts::{self, InitialPassword},
    audit::{self, AT_THE_SERVER, AccountRole, Act},
    clock::Clock,
    directory::DataDirectory,
    roles::{Role, RoleKind},
    storage::{AccountName, Identity, Storage},
};
use clap::Subcommand;
use record::{MunicipalityCode, MunicipalityTable, WallTime};
use seal::{id_token::Subject, random::SystemRandom};
use zeroize::Zeroizing;

use super::{Failure, say};
use crate::Data;

/// What is done with accounts.
#[derive(Subcommand)]
pub(crate) enum StaffCommand {
    /// Add an account; prints its initial password once.
    Add {
        #[command(flatten)]
        data: Data,
        /// 1 to 40 of a-z, 0-9, dot and hyphen.
        #[arg(long)]
        name: AccountName,
        /// support, municipality_staff, municipality_approver or national_administrator.
        #[arg(long, default_value_t = RoleKind::Support)]
        role: RoleKind,
        /// The six digits of the municipality that a municipality role belongs to.
        #[arg(long)]
        municipality: Option<MunicipalityCode>,
        /// Read the password from standard input instead of making one.
        #[arg(long, conflicts_with = "subject")]
        password_stdin: bool,
        /// Instead of a password: the person's identifier (sub) with the identity provider of central.toml.
        #[arg(long)]
        subject: Option<Subject>,
    },
    /// List the accounts: name, role, municipality, state.
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Let an account in no more and end its sessions.
    Disable {
        #[command(flatten)]
        data: Data,
        /// Which.
        #[arg(long)]
        name: AccountName,
    },
    /// A new password, printed once, for who lost theirs or the authenticator; the next sign-in sets it up anew.
    /// A disabled account lets in again; one that the identity provider signed in has a password from then on.
    Reset {
        #[command(flatten)]
        data: Data,
        /// Which.
        #[arg(long)]
        name: AccountName,
        /// Read the password from standard input instead of making one.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Let the identity provider of central.toml sign an account in; its password and second factor go. A disabled
    /// account lets in again.
    Bind {
        #[command(flatten)]
        data: Data,
        /// Which.
        #[arg(long)]
        name: AccountName,
        /// The person's identifier (sub) with the provider.
        #[arg(long)]
        subject: Subject,
    },
}

/// Does it.
pub(crate) async fn run(command: StaffCommand) -> Result<(), Failure> {
    let (now, mut random) = (Clock::system().now(), SystemRandom::default());
    match command {
        StaffCommand::Add { data, name, role, municipality, password_stdin, subject } => {
            let role = Role::new(role, municipality)?;
            if let Some(code) = role.municipality()
                && MunicipalityTable::shipped().find(code).is_none()
            {
                return Err(format!("no municipality has the code {code}").into());
            }
            let directory = DataDirectory::open(&data.data)?;
            if let Some(subject) = subject {
                let identity = identity(&directory, subject)?;
                let storage = directory.storage().await?;
                accounts::add_bound(&*storage, name.clone(), role, identity, now).await?;
                note_added(&*storage, &name, role, now).await?;
                return say(&format!("account {} added; the identity provider signs it in", name.as_str()));
            }
            let initial = initial_password(password_stdin)?;
            let storage = directory.storage().await?;
            let password = accounts::add(&*storage, name.clone(), role, initial, now, &mut random).await?;
            note_added(&*storage, &name, role, now).await?;
            say(&format!("account {} added", name.as_str()))?;
            if password_stdin { Ok(()) } else { say(&format!("initial password: {}", *password)) }
        }
        StaffCommand::List { data } => {
            let accounts = DataDirectory::open(&data.data)?.storage().await?.accounts().await?;
            accounts.iter().try_for_each(|account| say(&accounts::line(account)))
        }
        StaffCommand::Disable { data, name } => {
            let storage = DataDirectory::open(&data.data)?.storage().await?;
            accounts::disable(&*storage, name.clone(), now).await?;
            let account = name.as_str().to_owned();
            note(&*storage, &name, &Act::AccountDisabled { account }, now).await?;
            say(&format!("account {} disabled, its sessions ended", name.as_str()))
        }
        StaffCommand::Reset { data, name, password_stdin } => {
            let initial = initial_password(password_stdin)?;
            let storage = DataDirectory::open(&data.data)?.storage().await?;
            let password = accounts::reset(&*storage, name.clone(), initial, &mut random).await?;
            let account = name.as_str().to_owned();
            note(&*storage, &name, &Act::AccountReset { account }, now).await?;
            say(&format!("account {} reset; its next sign-in sets the authenticator up", name.as_str()))?;
            if password_stdin { Ok(()) } else { say(&format!("initial password: {}", *password)) }
        }
        StaffCommand::Bind { data, name, subject } => {
            let directory = DataDirectory::open(&data.data)?;
            let identity = identity(&directory, subject)?;
            let storage = directory.storage().await?;
            accounts::bind(&*storage, name.clone(), identity).await?;
            let account = name.as_str().to_owned();
            note(&*storage, &name, &Act::AccountReset { account }, now).await?;
            say(&format!(
                "account {} bound; its sessions ended, the identity provider signs it in",
                name.as_str()
            ))
        }
    }
}

async fn note_added(
    storage: &dyn Storage,
    name: &AccountName,
    role: Role,
    now: WallTime,
) -> Result<(), Failure> {
    let Some(role) = AccountRole::of(role) else { return Ok(()) };
    note(storage, name, &Act::AccountAdded { account: name.as_str().to_owned(), role }, now).await
}

/// What was done with a municipality's account stands in that municipality's audit.
async fn note(storage: &dyn Storage, name: &AccountName, act: &Act, now: WallTime) -> Result<(), Failure> {
    let municipality = storage.account(name.clone()).await?.and_then(|kept| kept.role.municipality());
    let Some(municipality) = municipality else { return Ok(()) };
    Ok(audit::note(storage, act.line(municipality, AT_THE_SERVER, now)).await?)
}

fn identity(directory: &DataDirectory, subject: Subject) -> Result<Identity, Failure> {
    let provider = directory.settings()?.identity_provider;
    let issuer = provider.ok_or("central.toml names no identity_provider")?.issuer;
    Ok(Identity { issuer, subject })
}

fn initial_password(is_on_stdin: bool) -> Result<InitialPassword, Failure> {
    if !is_on_stdin {
        return Ok(InitialPassword::Generated);
    }
    let mut text = Zeroizing::new(String::new());
    io::stdin().take(1024).read_to_string(&mut text)?;
    let line = text.lines().next().unwrap_or_default();
    Ok(InitialPassword::Chosen(Zeroizing::new(line.to_owned())))
}
