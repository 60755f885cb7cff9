//! The developers' commands: `cargo xtask <command>`. Each calls cargo, Debian's packages and the
//! project's own programs, and says what it does.
//!
//! Must not: depend on anything heavy, or hold what a program of the project should do itself.

mod bench;
mod cargo;
mod check;
mod demo;
mod fonts;
mod fuzz;
mod layers;
mod manual;
mod municipalities;
mod named_tests;
mod packages;
mod tools;

use std::{
    error::Error,
    path::PathBuf,
    process::{Command, ExitCode},
};

use lexopt::{Arg, Parser, ValueExt as _};

type Failure = Box<dyn Error>;

const HELP: &str = "\
cargo xtask demo [--headless] [--seed N] [--camera WHICH]
    The whole system on this machine: a central on loopback and a tablet set up with it, in a window.
    Without a display, or with --headless, the same is driven in process and judged: summary.json and
    pictures lie in target/demo. WHICH: auto (the first camera, else sample sheets; the default), sheets,
    device, or a camera's number. Seeds choose the sample sheets (default 1).

cargo xtask test [--fast] [--from STEP]
    Everything that must hold before something lands: formatting, the arrows between the rooms, clippy, all
    tests with the fuzz corpus and the browser, doc tests, licences and bans, unused dependencies, and the
    demo without a window for two seeds. --fast leaves out the browser, the licences, the unused
    dependencies and the demo; --from begins with the step whose name begins so. What cannot be checked
    here is named at the end.

cargo xtask fuzz TARGET [--seconds N] [--keep]    look for input that breaks a parser (default 60 s)
cargo xtask fuzz --list                           the targets
cargo xtask fuzz --seeds                          write the valid samples of the corpus again

cargo xtask bench tablet|spares|central|municipality|vsys|misread|scanner [...]
                                                  measure, as shipped
cargo xtask manual [--check]
    The manual in docs/manual: every task of assets/manual/tasks.json is played on the real screens, and
    becomes moving pictures, pages and a PDF in both languages. --check plays and compares, and names what
    is not as it is shown there.

cargo xtask municipalities                        derive assets/municipalities.csv again
cargo xtask fonts                                 derive assets/fonts/NotoSansJP-*.ttf again
";

fn main() -> ExitCode {
    let done = match command(&mut Parser::from_env()) {
        Ok(Some(command)) => command.run(),
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(misused) => {
            eprint!("xtask: {misused}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

enum Task {
    Demo(demo::Demo),
    Test(check::Check),
    Fuzz(fuzz::Fuzz),
    Bench(bench::Bench),
    Manual(manual::Manual),
    Municipalities,
    Fonts,
}

/// What the command line asks for; nothing where it asks for help.
fn command(words: &mut Parser) -> Result<Option<Task>, Failure> {
    let name = match words.next()? {
        None | Some(Arg::Long("help") | Arg::Short('h')) => return Ok(None),
        Some(Arg::Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    let task = match name.as_str() {
        "help" => return Ok(None),
        "demo" => Task::Demo(demo::Demo::parse(words)?),
        "test" => Task::Test(check::Check::parse(words)?),
        "fuzz" => Task::Fuzz(fuzz::Fuzz::parse(words)?),
        "bench" => Task::Bench(bench::Bench::parse(words)?),
        "manual" => Task::Manual(manual::Manual::parse(words)?),
        "municipalities" => Task::Municipalities,
        "fonts" => Task::Fonts,
        other => return Err(format!("there is no command {other}").into()),
    };
    match words.next()? {
        None => Ok(Some(task)),
        Some(word) => Err(word.unexpected().into()),
    }
}

impl Task {
    fn run(self) -> Result<(), Failure> {
        match self {
            Self::Demo(demo) => demo.run(),
            Self::Test(extent) => check::run(extent),
            Self::Fuzz(fuzz) => fuzz.run(),
            Self::Bench(bench) => bench.run(),
            Self::Manual(manual) => manual.run(),
            Self::Municipalities => municipalities::derive(),
            Self::Fonts => fonts::derive(),
        }
    }
}

/// Runs a command to its end; anything but success is a failure that names the command.
fn run(command: &mut Command) -> Result<(), Failure> {
    let name = PathBuf::from(command.get_program());
    let name = name.file_name().unwrap_or(name.as_os_str()).to_string_lossy().into_owned();
    let status = command.status().map_err(|error| format!("{name} could not be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended with {status}").into()) }
}
