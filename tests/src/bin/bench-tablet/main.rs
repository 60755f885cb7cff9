//! `bench-tablet`: what `cargo xtask bench tablet` runs once everything is built. Measures the tablet program as it is
//! shipped and writes `docs/benchmarks/tablet.md`; ends with a failure where a limit is missed, unless it is asked only
//! to report.
//!
//! Must not: be kinder to the tablet than a busy site.

#![expect(clippy::disallowed_methods, reason = "it measures")]

mod bare;
mod display;
mod floors;
mod inside;
mod numbers;
mod outcome;
mod prepared;
mod process;
mod reel;
mod report;
mod rows;
mod run;
mod screen;
mod tablet;
mod times;

use std::{fs, path::PathBuf, process::ExitCode, time::Duration};

use lexopt::{Arg, Parser, ValueExt as _};
use tests::{demo::Failure, site::PIN};

use crate::{display::Display, prepared::Prepared, reel::Reel, report::Page, rows::Measured};

/// What is asked for.
struct Wishes {
    runs: usize,
    sheets: usize,
    /// Sheets of a run that a finger records.
    by_finger: usize,
    report_only: bool,
    page: PathBuf,
}

const STARTS: usize = 4;
const BARE_WINDOWS: usize = 3;
const BARE_WINDOW_RUNS_FOR: Duration = Duration::from_secs(10);
const FRAMES_READ_AGAIN: usize = 240;
const KEYS: usize = 15;

#[expect(clippy::print_stderr, reason = "what a program says on its way out")]
fn main() -> ExitCode {
    match command() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("bench-tablet: a limit is missed");
            ExitCode::FAILURE
        }
        Err(failure) => {
            eprintln!("bench-tablet: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// True when no limit is missed, or none counts.
fn command() -> Result<bool, Failure> {
    let mut wishes = Wishes {
        runs: 3,
        sheets: 240,
        by_finger: 40,
        report_only: false,
        page: PathBuf::from("docs/benchmarks/tablet.md"),
    };
    let mut words = Parser::from_env();
    while let Some(word) = words.next()? {
        match word {
            Arg::Long("bare-window") => {
                let mut side = || -> Result<f32, Failure> { Ok(words.value()?.parse()?) };
                bare::show([side()?, side()?, side()?, side()?])?;
                return Ok(true);
            }
            Arg::Long("runs") => wishes.runs = words.value()?.parse()?,
            Arg::Long("sheets") => wishes.sheets = words.value()?.parse()?,
            Arg::Long("by-finger") => wishes.by_finger = words.value()?.parse()?,
            Arg::Long("report-only") => wishes.report_only = true,
            Arg::Long("out") => wishes.page = PathBuf::from(words.value()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let measured = measure(&wishes)?;
    let Page { text, missed } = measured.page(&machine()?);
    if let Some(folder) = wishes.page.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&wishes.page, &text)?;
    say(&text);
    Ok(missed == 0 || wishes.report_only)
}

#[expect(clippy::print_stdout, reason = "progress of a command that takes many minutes")]
fn say(text: &str) {
    println!("{text}");
}

fn measure(wishes: &Wishes) -> Result<Measured, Failure> {
    // On the disk that programs are built on: a folder of memory would make every commit free.
    let own = std::env::current_exe()?;
    let beside = own.parent().ok_or("this program lies in no folder")?;
    let folder = tempfile::tempdir_in(beside)?;
    let before = process::load()?;
    say(&format!("load {before:.2}; preparing a tablet with {} entries", prepared::STORED));
    let mut prepared = Prepared::make(folder.path())?;
    say(&format!("drawing a film of {} sheets", wishes.sheets));
    let reel = Reel::make(folder.path(), wishes.sheets, wishes.by_finger, prepared::day())?;
    let mut display = Display::start()?;

    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(run::start_only(&mut prepared, &reel, &mut display)?);
    }
    let mut runs = Vec::new();
    for number in 1..=wishes.runs {
        say(&format!("run {number} of {}; load {:.2}", wishes.runs, process::load()?));
        runs.push(run::run(&mut prepared, &reel, &mut display)?);
    }
    say("floors and peers");
    let mut bare = Vec::new();
    for _ in 0..BARE_WINDOWS {
        bare.push(tablet::bare_window(&display, &prepared.places, BARE_WINDOW_RUNS_FOR)?);
    }
    say("pages, list, search and doses of other tablets");
    let tablet = prepared.fresh()?;
    let inside = inside::measure(tablet, folder.path())?;
    let staff = prepared.staff()?;
    let open = || Ok(seal::pin::unwrap(&staff.wrapped_identity, &staff.staff_id, &PIN.parse()?).map(drop)?);
    Ok(Measured {
        runs,
        starts,
        bare,
        inside,
        reading: floors::reading(&reel.some_frames(FRAMES_READ_AGAIN)?)?,
        key_by_pin: floors::key_by_pin(KEYS, open)?,
        memory_twice: floors::memory_twice(KEYS),
        load: (before, process::load()?),
    })
}

/// The machine in general words.
fn machine() -> Result<String, Failure> {
    let cores = std::thread::available_parallelism()?;
    let memory = fs::read_to_string("/proc/meminfo")?;
    let kib: u64 = memory.split_whitespace().nth(1).ok_or("no memory")?.parse()?;
    let arch = std::env::consts::ARCH;
    Ok(format!("{cores} {arch} cores of a shared virtual machine, {} GiB, no GPU", kib >> 20))
}
