//! A PostgreSQL of one test's own: Debian's package, a folder of its own, a socket in it and no port.
//!
//! Must not: use or touch a server that runs on this machine already, or leave one running.

use std::{
    fs,
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// How long it may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The running server; it ends with this.
pub struct PrivatePostgres {
    server: Child,
    folder: TempDir,
    account: Account,
    programs: PathBuf,
    settings: Vec<String>,
}

/// Whom the server runs as: it refuses to run as root.
#[derive(Clone, Copy)]
struct Account(Option<(u32, u32)>);

impl Account {
    fn of_this_user() -> Self {
        let is_root =
            fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
        if !is_root {
            return Self(None);
        }
        let users = fs::read_to_string("/etc/passwd").unwrap();
        let line = users.lines().find(|line| line.starts_with("postgres:"));
        let mut fields = line.expect("Debian's package makes the account postgres").split(':').skip(2);
        let mut number = || fields.next().unwrap().parse().unwrap();
        Self(Some((number(), number())))
    }
    fn run(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Self(Some((user, group))) = self {
            command.uid(user).gid(group);
        }
        command.current_dir("/").env("LC_ALL", "C.UTF-8");
        command
    }
    fn own(self, path: &Path) {
        if let Self(Some((user, group))) = self {
            std::os::unix::fs::chown(path, Some(user), Some(group)).unwrap();
        }
    }
}

impl PrivatePostgres {
    /// A fresh, empty server.
    ///
    /// # Panics
    /// Where PostgreSQL is not installed or does not start.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with these settings (`name=value`).
    ///
    /// # Panics
    /// As [`Self::start`].
    pub fn start_with(settings: &[&str]) -> Self {
        let memory = Path::new("/dev/shm");
        // Making its thousand files takes longer on a disk than most tests; a killed server loses nothing either way.
        let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        Self::start_in(&place, settings)
    }

    /// The same on a disk, where what a sync costs is to be seen.
    ///
    /// # Panics
    /// As [`Self::start`].
    pub fn start_on_disk(settings: &[&str]) -> Self {
        Self::start_in(&std::env::temp_dir(), settings)
    }

    fn start_in(place: &Path, settings: &[&str]) -> Self {
        let programs = programs();
        let account = Account::of_this_user();
        let folder = tempfile::Builder::new().prefix("vrs-pg").tempdir_in(place).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        account.own(folder.path());
        copy(&fresh(&programs, account), &folder.path().join("data"), account);
        let settings: Vec<String> = settings.iter().map(ToString::to_string).collect();
        let server = serve(&programs, account, folder.path(), &settings);
        Self { server, folder, account, programs, settings }
    }

    /// How it is reached.
    pub fn url(&self) -> String {
        format!("host={} user=vrs dbname=postgres", self.folder.path().display())
    }

    /// Ends it at once, as a power cut would, and starts it again on the same files.
    ///
    /// # Panics
    /// Where it does not start again.
    pub fn crash_and_restart(&mut self) {
        self.cut();
        self.server = serve(&self.programs, self.account, self.folder.path(), &self.settings);
    }

    /// As a power cut would end it.
    fn cut(&mut self) {
        // It may have ended by itself; then there is nobody to end.
        let _ = Command::new("kill").args(["-QUIT", &self.server.id().to_string()]).status();
        let _ = self.server.wait();
    }
}

/// Files of an empty server, made once for all tests of this build: making them takes a second of a core, copying them a
/// tenth of that.
fn fresh(programs: &Path, account: Account) -> PathBuf {
    let beside = std::env::current_exe().unwrap();
    let version = programs.parent().and_then(Path::file_name).unwrap().to_string_lossy().into_owned();
    let made = beside.parent().unwrap().join(format!("fresh-postgresql-{version}"));
    if made.exists() {
        return made;
    }
    let folder = tempfile::Builder::new().prefix("vrs-pg").tempdir().unwrap();
    account.own(folder.path());
    let done = account
        .run(&programs.join("initdb"))
        .args(["--username=vrs", "--encoding=UTF8", "--no-locale", "--no-sync"])
        .args(["--wal-segsize=4", "--no-instructions", "--auth=trust", "--pgdata"])
        .arg(folder.path().join("data"))
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(done.success(), "initdb failed");
    // Beside others that make the same: whoever is first stays, and nobody sees a half of it.
    let unfinished =
        tempfile::Builder::new().prefix("fresh-unfinished").tempdir_in(beside.parent().unwrap()).unwrap();
    copy(&folder.path().join("data"), &unfinished.path().join("data"), Account(None));
    if fs::rename(unfinished.path().join("data"), &made).is_err() {
        assert!(made.exists(), "{} cannot be made", made.display());
    }
    made
}

/// Copies a folder for that account.
fn copy(from: &Path, to: &Path, account: Account) {
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, fs::Permissions::from_mode(0o700)).unwrap();
    account.own(to);
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target, account);
        } else {
            fs::copy(entry.path(), &target).unwrap();
            account.own(&target);
        }
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        // Its files go with it; nobody waits for an orderly end.
        self.cut();
    }
}

fn serve(programs: &Path, account: Account, folder: &Path, settings: &[String]) -> Child {
    let log = fs::File::create(folder.join("log")).unwrap();
    let mut command = account.run(&programs.join("postgres"));
    command.arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
    for setting in ["listen_addresses=", "max_connections=60", "shared_buffers=32MB", "autovacuum=off"] {
        command.args(["-c", setting]);
    }
    for setting in settings {
        command.args(["-c", setting]);
    }
    let mut server = command.stdout(Stdio::null()).stderr(log).spawn().unwrap();
    let began = now();
    while !is_ready(folder) {
        let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert!(server.try_wait().unwrap().is_none(), "PostgreSQL ended: {}", log());
        assert!(began.elapsed() < PATIENCE, "PostgreSQL does not answer: {}", log());
        std::thread::sleep(Duration::from_millis(5));
    }
    server
}

/// What the server says of itself in its own file; asking with a program costs more than the wait.
fn is_ready(folder: &Path) -> bool {
    let said = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
    said.lines().last().is_some_and(|line| line.trim_end() == "ready")
}

#[expect(clippy::disallowed_methods, reason = "how long a server takes to start")]
fn now() -> Instant {
    Instant::now()
}

/// The newest of the installed versions.
fn programs() -> PathBuf {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is not installed: cargo xtask test installs Debian's package")
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, path)| path.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop().expect("PostgreSQL is not installed").1
}
