//! 復旧: delivers what a tablet holds that nobody can unlock, with what its central released for it (`vrs-central tablet
//! release`) and the code that belongs to it. Without screens: it also runs on another machine, over a copy of the folder.
//!
//! Must not: change a PIN, a profile or the vault, or leave anything opened behind.

use std::{
    io,
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc},
    time::Duration,
};

use record::Moment;
use seal::{recovery, set_up_code::SetUpCode};
use store::{Counts, OpenError, Owner, Store, StoreError};
use sync::{
    courier::{Route, Wake},
    status::SendProblem,
    thread::start,
};

use crate::{platform, profile::Profile};

/// How long nothing may arrive before it is given up for this time.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Why not everything was delivered. What was delivered before stays so; it can be tried again.
#[derive(Debug, thiserror::Error)]
pub enum RecoverProblem {
    /// A file cannot be read.
    #[error("{0}を読めません。フォルダーを確かめてください。 / {0} cannot be read: check the folder.")]
    File(&'static str, #[source] io::Error),
    /// The folder is not a tablet that was set up.
    #[error(
        "このフォルダーには、設定された端末のファイルがありません。端末のフォルダーを指定してください。 / This folder holds no tablet that was set up: name the tablet's own folder with --data."
    )]
    NotSetUp,
    /// The code is another one's.
    #[error(
        "設定コードが違います。復旧ファイルといっしょに作られたコードを入れてください。 / That is not the code that was made with this release."
    )]
    WrongCode,
    /// The release is damaged, or another tablet's.
    #[error(
        "この端末のための復旧ファイルではないか、壊れています。中央で作り直してもらってください。 / The release is damaged or another tablet's: have it made anew at the central."
    )]
    NotForThis,
    /// The database does not open.
    #[error(
        "記録ファイルを開けません。支援窓口に知らせてください。 / The record file does not open: tell the support desk. ({0})"
    )]
    Open(OpenError),
    /// The database failed.
    #[error(
        "記録ファイルを読めません。支援窓口に知らせてください。 / The record file cannot be read: tell the support desk. ({0})"
    )]
    Store(#[from] StoreError),
    /// Nothing arrived for long.
    #[error(
        "{waiting}件がまだ届いていません。通信を確かめて、もう一度実行してください。届いた分は済んでいます。 / {waiting} entries have not arrived: check the connection and run this again. What has arrived stays. ({why})"
    )]
    Unfinished {
        /// Entries without a receipt.
        waiting: u64,
        /// What the last try said.
        why: String,
    },
}

/// Opens the tablet in that folder with its release and delivers until every entry has its verified receipt. `tell` hears
/// the counts as they change.
///
/// # Errors
/// [`RecoverProblem`].
pub fn deliver(
    folder: &Path,
    release: &[u8],
    code: &SetUpCode,
    clock: fn() -> Moment,
    patience: Duration,
    mut tell: impl FnMut(Counts),
) -> Result<Counts, RecoverProblem> {
    let read = Profile::read(folder).map_err(|error| RecoverProblem::File("profile.json", error))?;
    let profile = read.ok_or(RecoverProblem::NotSetUp)?;
    let central = profile.central.clone().ok_or(RecoverProblem::NotSetUp)?;
    let secrets = recovery::open(release, profile.tablet_id, code).map_err(|error| match error {
        seal::Error::WrongCode => RecoverProblem::WrongCode,
        _ => RecoverProblem::NotForThis,
    })?;
    let owner = Owner { tablet_id: profile.tablet_id, device_key: secrets.device_key.public() };
    let opened = Store::open(folder, &secrets.store_key, owner, clock()).map_err(RecoverProblem::Open)?;
    let store = Arc::new(Mutex::new(opened.store));
    let route = Route {
        tablet_id: profile.tablet_id,
        device_key: Arc::clone(&secrets.device_key),
        central,
        program: env!("CARGO_PKG_VERSION"),
    };
    let (said, statuses) = mpsc::channel();
    let place = folder.to_owned();
    let free_bytes = move || platform::free_bytes(&place).ok();
    let sending = start(Arc::clone(&store), route, clock, free_bytes, move |status| {
        // Whoever waits may have given up.
        let _ = said.send(status.problem);
    })
    .map_err(|error| RecoverProblem::File("thread", error))?;
    sending.wake(Wake::Now);
    let ended = wait(&store, &statuses, patience, &mut tell);
    sending.stop();
    ended
}

fn wait(
    store: &Mutex<Store>,
    statuses: &mpsc::Receiver<Option<SendProblem>>,
    patience: Duration,
    tell: &mut impl FnMut(Counts),
) -> Result<Counts, RecoverProblem> {
    let count = || store.lock().unwrap_or_else(PoisonError::into_inner).counts("");
    let (mut last, mut why) = (count()?, None);
    tell(last);
    let mut quiet = Duration::ZERO;
    const STEP: Duration = Duration::from_millis(100);
    while last.pending > 0 {
        match statuses.recv_timeout(STEP) {
            Ok(problem) => why = problem.or(why),
            Err(_) => quiet += STEP,
        }
        let now = count()?;
        if now.pending != last.pending {
            quiet = Duration::ZERO;
            tell(now);
        }
        last = now;
        if quiet >= patience {
            let why = why.map_or_else(|| "no answer".to_owned(), |problem: SendProblem| problem.to_string());
            return Err(RecoverProblem::Unfinished { waiting: last.pending, why });
        }
    }
    Ok(last)
}
