//! The developers' commands: `cargo xtask <command>`. Each calls cargo, Debian's packages and the
//! project's own programs, and says what it does.
//!
//! Must not: depend on anything heavy, or hold what a program of the project should do itself.

mod municipalities;

use std::{
    error::Error,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

type Failure = Box<dyn Error>;

const HELP: &str = "\
cargo xtask municipalities        derive assets/municipalities.csv again
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["municipalities"] => municipalities::derive(),
        _ => {
            eprint!("{HELP}");
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

/// The root of the workspace.
fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Runs a command to its end; anything but success is a failure that names the command.
fn run(command: &mut Command) -> Result<(), Failure> {
    let name = PathBuf::from(command.get_program()).display().to_string();
    let status = command.status().map_err(|error| format!("{name} could not be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended with {status}").into()) }
}
