//! `bundle make`, `inspect`, `revoke`; `tablet replace`, `lost`, `release`: what is handed out and given back, for whoever keeps
//! the server. Each names the account of the person who says so.
//!
//! Must not: print a token, a PIN or a key; or write a set-up code into the file that it opens.

use std::{
    fs::OpenOptions,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use central::{
    box_contents,
    boxes::{self, Workshop},
    bundles::BundleSpec,
    case::DecisionReason,
    clock::Clock,
    directory::DataDirectory,
    fleet::TabletState,
    handing_out::{self, Lost},
    recovery,
    storage::{AccountName, ReplaceVerdict, Replacement, Said, Storage},
};
use clap::{Args, Subcommand};
use record::TabletId;
use seal::random::SystemRandom;
use zeroize::Zeroizing;

use super::{Failure, asking, say};
use crate::Data;

/// What is done with configuration bundles.
#[derive(Subcommand)]
pub(crate) enum BundleCommand {
    /// Make the sealed bundles of one tablet, a site or a box of spares; prints the 確認番号 to compare and
    /// each tablet's 設定コード, which must go another way than the file.
    Make {
        #[command(flatten)]
        data: Data,
        /// What the bundle shall say, JSON.
        #[arg(long)]
        spec: PathBuf,
        /// Where to write it; a file that is there is not overwritten.
        #[arg(long)]
        out: PathBuf,
        /// The account of whoever makes it.
        #[arg(long)]
        account: Option<AccountName>,
    },
    /// Say in words what can be read of a file without a code, and whether it still lets its tablets in; with a tablet and
    /// its code, what its bundle holds.
    Inspect {
        #[command(flatten)]
        data: Data,
        /// The file.
        #[arg(long)]
        bundle: PathBuf,
        /// Whose bundle to open, as 131130-0017; its 設定コード is read from standard input.
        #[arg(long)]
        open: Option<TabletId>,
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
    /// Nobody can unlock a tablet any more: open what it keeps for that day (recovery.json of its folder) with this central's
    /// 復旧鍵, and seal it anew under a 設定コード. With file and code `vrs-tablet --recover` delivers what the tablet holds.
    /// Both people are here and type their own password and a code of their authenticator.
    Release {
        #[command(flatten)]
        data: Data,
        /// The tablet's recovery.json.
        #[arg(long)]
        kept: PathBuf,
        /// Where to write the release; a file that is there is not overwritten.
        #[arg(long)]
        out: PathBuf,
        /// The account of whoever asks for it.
        #[arg(long)]
        asked_by: AccountName,
        /// The account of another person, who allows it.
        #[arg(long)]
        allowed_by: AccountName,
        /// Why, in one line of 200 characters at most.
        #[arg(long)]
        reason: DecisionReason,
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
        BundleCommand::Make { data, spec, out, account } => make(&data.data, &spec, &out, account).await,
        BundleCommand::Inspect { data, bundle, open } => inspect(&data.data, &bundle, open).await,
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
        TabletCommand::Release { data, kept, out, asked_by, allowed_by, reason } => {
            release(&data.data, (&kept, &out), (asked_by, allowed_by), reason).await
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

/// There must be that account.
async fn is_known(storage: &dyn Storage, account: &AccountName) -> Result<(), Failure> {
    match storage.account(account.clone()).await? {
        Some(_) => Ok(()),
        None => Err(format!("there is no account {}", account.as_str()).into()),
    }
}

/// The person, whose account there must be.
async fn said(storage: &dyn Storage, person: Person) -> Result<Said, Failure> {
    let Person { account, reason } = person;
    is_known(storage, &account).await?;
    Ok(Said { by: account, reason, at: Clock::system().now() })
}

async fn make(data: &Path, spec: &Path, out: &Path, account: Option<AccountName>) -> Result<(), Failure> {
    if out.exists() {
        return Err(format!("{} is there already and is not overwritten", out.display()).into());
    }
    let directory = DataDirectory::open(data)?;
    let register = directory.storage().await?;
    let json = Zeroizing::new(std::fs::read(spec).map_err(|error| format!("{}: {error}", spec.display()))?);
    let spec = BundleSpec::from_json(&json)?;
    if let Some(account) = &account {
        is_known(&*register, account).await?;
    }
    directory.no_later_key_is_lost(&*register).await?;
    directory.make_later_keys(&mut SystemRandom::default())?;
    let now = Clock::system().now();
    let workshop = Workshop::open(&directory, now)?;
    let made = boxes::make(workshop, &*register, spec, account, now, SystemRandom::default()).await?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(out)?;
    file.write_all(&made.file)?;
    file.sync_all()?;
    say(&format!("written to {}", out.display()))?;
    say(&format!("使用期限 (may be loaded until): {}", made.expires_at))?;
    say(&format!("確認番号 (compare it on the tablet): {}", seal::bundle::check_number(&made.signer)))?;
    say("設定コード (set-up codes; keep them apart from the file, nothing else holds them):")?;
    made.slots.iter().try_for_each(|slot| say(&format!("  {}  {}", slot.tablet_id, *slot.code.in_groups())))
}

async fn release(
    data: &Path,
    (kept, out): (&Path, &Path),
    (asked_by, allowed_by): (AccountName, AccountName),
    reason: DecisionReason,
) -> Result<(), Failure> {
    if out.exists() {
        return Err(format!("{} is there already and is not overwritten", out.display()).into());
    }
    let directory = DataDirectory::open(data)?;
    let storage = directory.storage().await?;
    let bytes = std::fs::read(kept).map_err(|error| format!("{}: {error}", kept.display()))?;
    if asked_by == allowed_by {
        return Err(recovery::ReleaseError::OnePerson.into());
    }
    let asked = recovery::Asked {
        asked_by: asking::proof(asked_by)?,
        allowed_by: asking::proof(allowed_by)?,
        reason,
    };
    let (now, mut random) = (Clock::system().now(), SystemRandom::default());
    let released = recovery::release(&directory, &*storage, &bytes, asked, now, &mut random).await?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(out)?;
    file.write_all(&released.file)?;
    file.sync_all()?;
    say(&format!("release of tablet {} written to {}", released.tablet_id, out.display()))?;
    say(&format!("設定コード (keep it apart from the file): {}", *released.code.in_groups()))
}

async fn inspect(data: &Path, bundle: &Path, open: Option<TabletId>) -> Result<(), Failure> {
    let directory = DataDirectory::open(data)?;
    let file = std::fs::read(bundle).map_err(|error| format!("{}: {error}", bundle.display()))?;
    let looked = seal::bundle_box::look(&file, Some(&directory.bundle_key()?.public()))?;
    let storage = directory.storage().await?;
    box_contents::head_in_both(&looked.head).iter().try_for_each(|line| say(line))?;
    say(&format!("確認番号 (check number): {}", seal::bundle::check_number(&looked.signer)))?;
    let states = handing_out::states(&*storage, &looked, Clock::system().now()).await?;
    states.iter().try_for_each(|line| say(line))?;
    let Some(tablet_id) = open else { return Ok(()) };
    let mut typed = Zeroizing::new(String::new());
    std::io::stdin().read_line(&mut typed)?;
    let opened = looked.open(tablet_id, &typed.trim().parse()?)?;
    box_contents::bundle_in_both(&opened.bundle).iter().try_for_each(|line| say(line))
}
