//! A tablet without a screen: the real keys, database and courier on one thread, so that "the step after" means
//! something. The tests that kill it are in `tests/e2e/killed.rs`.
//!
//! Must not: do anything that the tablet program does otherwise.

#![expect(clippy::print_stdout, reason = "what it did is what the test reads")]

mod hooks;
mod setting_up;
mod working;

use std::{error::Error, ffi::OsString, path::PathBuf, process::ExitCode};

use lexopt::{Arg, Parser, ValueExt as _};

type Failure = Box<dyn Error>;

/// What to do, and when to die.
#[derive(Default)]
struct Orders {
    what: OsString,
    folder: PathBuf,
    /// The bundle to set up with, or the route to send by.
    file: PathBuf,
    entries: u64,
    die_at: u64,
}

fn orders() -> Result<Orders, lexopt::Error> {
    let (mut parser, mut orders) = (Parser::from_env(), Orders::default());
    while let Some(word) = parser.next()? {
        match word {
            Arg::Value(what) => orders.what = what,
            Arg::Long("folder") => orders.folder = parser.value()?.into(),
            Arg::Long("file") => orders.file = parser.value()?.into(),
            Arg::Long("entries") => orders.entries = parser.value()?.parse()?,
            Arg::Long("die-at") => orders.die_at = parser.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    Ok(orders)
}

fn run() -> Result<(), Failure> {
    let orders = orders()?;
    match orders.what.to_str() {
        Some("set-up") => setting_up::run(&orders),
        Some("work") => working::run(&orders),
        _ => Err("scribe set-up|work --folder F --file F [--entries N] [--die-at STEP]".into()),
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            println!("failed {failure}");
            ExitCode::FAILURE
        }
    }
}
