//! `demo`: what `cargo xtask demo` runs once everything is built.

use std::{path::PathBuf, process::ExitCode};

use lexopt::{Arg, Parser, ValueExt};
use tests::demo::{Failure, Wishes, headless, windowed};

#[expect(clippy::print_stderr, reason = "what a program says on its way out")]
fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("demo: fell short; see summary.json");
            ExitCode::FAILURE
        }
        Err(failure) => {
            eprintln!("demo: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool, Failure> {
    let mut wishes =
        Wishes { folder: PathBuf::from("target/demo"), seed: 1, people: 24, camera: "auto".to_owned() };
    let mut in_window = true;
    let mut parser = Parser::from_env();
    while let Some(word) = parser.next()? {
        match word {
            Arg::Long("headless") => in_window = false,
            Arg::Long("folder") => wishes.folder = PathBuf::from(parser.value()?),
            Arg::Long("seed") => wishes.seed = parser.value()?.parse()?,
            Arg::Long("people") => wishes.people = parser.value()?.parse()?,
            Arg::Long("camera") => wishes.camera = parser.value()?.string()?,
            other => return Err(other.unexpected().into()),
        }
    }
    // Only what an earlier demo left there is removed.
    for earlier in ["central", "tablet", "pictures"] {
        let folder = wishes.folder.join(earlier);
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
    }
    for earlier in [
        "17号機.vrsbundle",
        "17号機.paper",
        "bundle-spec.json",
        "central.log",
        "summary.json",
        "timing.jsonl",
    ] {
        let file = wishes.folder.join(earlier);
        if file.exists() {
            std::fs::remove_file(file)?;
        }
    }
    if in_window { windowed::run(&wishes) } else { headless::run(&wishes) }
}
