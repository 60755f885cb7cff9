//! `manual`: what `cargo xtask manual` runs once everything is built.

use std::{path::PathBuf, process::ExitCode};

use lexopt::{Arg, Parser, ValueExt};
use tests::manual::{Failure, check, make};

#[expect(clippy::print_stderr, reason = "what a program says on its way out")]
fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("manual: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let (mut folder, mut seen, mut checks) =
        (PathBuf::from("docs/manual"), PathBuf::from("target/manual"), false);
    let mut parser = Parser::from_env();
    while let Some(word) = parser.next()? {
        match word {
            Arg::Long("check") => checks = true,
            Arg::Long("folder") => folder = parser.value()?.parse()?,
            Arg::Long("seen") => seen = parser.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    if checks { check(&folder, &seen) } else { make(&folder) }
}
