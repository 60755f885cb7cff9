//! kill -9 before every step by which the tablet changes a file, in the middle of every write, and of the central
//! while entries come in. What was called kept is there afterwards, once, with its receipt.
//!
//! Must not: leave out a step. `VRS_KILL_EVERY=7` tries every seventh, for a quick look while working.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use central::clock::Clock;
use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use tempfile::TempDir;
use tests::{
    central_process::CentralProcess,
    demo::programs::{Central, program},
    site::{bundle_spec, hand_out, open_bundle},
};

const ENTRIES: u64 = 4;
const SIGKILL: i32 = 9;

/// What a scribe did, in its own words.
struct Told {
    output: Output,
    said: String,
}

impl Told {
    fn was_killed(&self) -> bool {
        self.output.status.signal() == Some(SIGKILL)
    }
    fn of(&self, what: &str) -> BTreeSet<String> {
        let lines = self.said.lines().filter_map(|line| line.strip_prefix(what));
        lines.map(|rest| rest.trim().to_owned()).collect()
    }
    fn steps(&self) -> u64 {
        assert!(self.output.status.success(), "{}", self.said);
        self.of("steps").first().unwrap().parse().unwrap()
    }
}

fn scribe(what: &str, folder: &Path, file: &Path, die_at: u64) -> Told {
    let output = Command::new(program("scribe").unwrap())
        .arg(what)
        .arg("--folder")
        .arg(folder)
        .arg("--file")
        .arg(file)
        .args(["--entries", &ENTRIES.to_string(), "--die-at", &die_at.to_string()])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout.clone()).unwrap();
    Told { output, said }
}

/// How many steps lie between two that are tried.
fn stride() -> u64 {
    std::env::var("VRS_KILL_EVERY").map_or(1, |every| every.parse().unwrap())
}

/// Runs `at` for 1, 1 + stride and so on to `last`, on both cores.
fn on_both_cores(last: u64, stride: u64, at: impl Fn(u64) + Sync) {
    let next = AtomicU64::new(1);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(stride, Ordering::SeqCst);
                    if number > last {
                        return;
                    }
                    at(number);
                }
            });
        }
    });
}

/// What a tablet of that number needs to find its central.
fn route_file(central: &CentralProcess, folder: &Path, number: u64) -> PathBuf {
    let tablet_id = format!("131130-{number:04}");
    let token = central.invite(tablet_id.parse().unwrap(), &format!("{number}号機"));
    let route = central.route();
    let told = json!({
        "tablet_id": tablet_id, "token": token, "seed": number % 251,
        "central": {"url": route.url, "authority_pem": route.authority_pem, "receipt_keys": route.receipt_keys},
    });
    let file = folder.join("route.json");
    fs::write(&file, serde_json::to_vec(&told).unwrap()).unwrap();
    file
}

fn register(data: &Path) -> Connection {
    Connection::open_with_flags(data.join("register.sqlite"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

/// Every tablet's entries stand at the central once, in places without a gap, and nobody has to look at any.
fn every_entry_once(data: &Path, tablets: u64) {
    let ask = |sql: &str| register(data).query_row(sql, [], |row| row.get::<_, u64>(0)).unwrap();
    assert_eq!(ask("SELECT count(*) FROM entries"), tablets * ENTRIES);
    assert_eq!(ask("SELECT count(DISTINCT entry_id) FROM entries"), tablets * ENTRIES);
    assert_eq!(ask("SELECT count(*) FROM entries WHERE outcome <> 'delivered'"), 0);
    assert_eq!(ask("SELECT count(*) FROM epochs"), tablets);
    let whole = format!("stored = highest_position AND last_position = {ENTRIES} AND stored = {ENTRIES}");
    assert_eq!(ask(&format!("SELECT count(*) FROM epochs WHERE {whole}")), tablets);
}

#[test]
fn a_tablet_killed_before_or_in_any_step_of_recording_and_sending_loses_nothing() {
    let central = CentralProcess::start(Clock::system());
    let undisturbed = tempfile::tempdir().unwrap();
    let steps = scribe("work", undisturbed.path(), &route_file(&central, undisturbed.path(), 1), 0).steps();
    assert!(steps > 100, "only {steps} steps were seen: the hooks do not hook");
    let killed = AtomicU64::new(0);
    on_both_cores(steps, stride(), |step| {
        let folder = tempfile::tempdir().unwrap();
        let route = route_file(&central, folder.path(), step + 1);
        let first = scribe("work", folder.path(), &route, step);
        killed.fetch_add(u64::from(first.was_killed()), Ordering::SeqCst);
        let again = scribe("work", folder.path(), &route, 0);
        assert!(again.output.status.success(), "step {step}: {}", again.said);
        let (kept, found) = (first.of("kept"), again.of("found"));
        assert!(found.is_superset(&kept), "step {step}: kept {kept:?}, found {found:?}");
        assert!(found.len() <= kept.len() + 1, "step {step}: at most the one that was being kept");
        assert_eq!(again.of("kept").len() as u64, ENTRIES);
    });
    let (tried, killed) = (steps.div_ceil(stride()), killed.load(Ordering::SeqCst));
    println!("{steps} steps, {tried} tried, killed at {killed}");
    // A connection that had to be made anew may shift a step; not many.
    assert!(killed * 10 >= tried * 9, "killed at only {killed} of {tried} steps");
    every_entry_once(&central.data(), tried + 1);
}

#[test]
fn a_tablet_killed_in_any_step_of_being_set_up_can_be_set_up_or_is() {
    let central = CentralProcess::start(Clock::system());
    let files = tempfile::tempdir().unwrap();
    let bundle = files.path().join("1号機.vrsbundle");
    hand_out(&bundle, &central.make_bundle(&bundle_spec(&central.url(), 1)));
    let set_up = |folder: &TempDir, die_at| scribe("set-up", folder.path(), &bundle, die_at);
    let steps = set_up(&tempfile::tempdir().unwrap(), 0).steps();
    assert!(steps > 20, "only {steps} steps were seen: the hooks do not hook");
    on_both_cores(steps, stride(), |step| {
        let folder = tempfile::tempdir().unwrap();
        assert!(set_up(&folder, step).was_killed(), "step {step}");
        let again = set_up(&folder, 0);
        assert!(again.output.status.success(), "step {step}: {}", again.said);
        assert_eq!(again.of("waits-for-enrolment"), ["true".to_owned()].into(), "step {step}");
    });
}

#[test]
fn a_central_killed_while_entries_come_in_takes_each_once() {
    const TABLETS: u64 = 12;
    let folder = tempfile::tempdir().unwrap();
    let mut central = Central::make(folder.path()).unwrap();
    let routes: Vec<TempDir> = (1..=TABLETS)
        .map(|number| {
            let folder = tempfile::tempdir().unwrap();
            let bundle = central.bundle(folder.path(), number as u32).unwrap();
            let opened = open_bundle(&bundle.file, None).bundle;
            let told = json!({
                "tablet_id": opened.tablet_id, "token": opened.enrolment_token, "seed": number,
                "central": opened.central,
            });
            fs::write(folder.path().join("route.json"), serde_json::to_vec(&told).unwrap()).unwrap();
            folder
        })
        .collect();
    let mut kills = 0;
    std::thread::scope(|scope| {
        let work = scope.spawn(|| {
            on_both_cores(TABLETS, 1, |number| {
                let folder = routes[number as usize - 1].path();
                let told = scribe("work", folder, &folder.join("route.json"), 0);
                assert!(told.output.status.success(), "{}", told.said);
            });
        });
        // From a moment before the first answer to a moment after the last, never in step with the tablets.
        while !work.is_finished() {
            central.serve().unwrap();
            std::thread::sleep(Duration::from_millis(40 + kills * 17 % 90));
            central.kill();
            kills += 1;
        }
    });
    assert!(kills >= 5, "killed only {kills} times");
    every_entry_once(central.data(), TABLETS);
}
