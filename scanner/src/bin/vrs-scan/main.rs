//! `vrs-scan`: reads pictures of coupons from files and says what the tablet would have read, as JSON, a line each. For
//! support staff with a photograph from the field, and for whoever judges the reader.
//!
//! Must not: decide anything itself; every number comes from the same calls that the tablet makes.

mod command_line;
mod cpu;
mod pictures;
mod sequence;
mod single;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use command_line::{Asked, HELP, What};

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line program speaks there")]
fn main() -> ExitCode {
    let asked = match Asked::parse(lexopt::Parser::from_env()) {
        Ok(Some(asked)) => asked,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(misused) => {
            eprint!("vrs-scan: {misused}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    let say = |line: &serde_json::Value| writeln!(io::stdout().lock(), "{line}");
    let done = match asked.what {
        What::Single(paths) => single::run(&paths, &asked.expectation, say),
        What::Sequence(folder) => sequence::run(&folder, &asked.expectation, say),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads along has seen enough.
        Err(failure) if failure.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("vrs-scan: {failure}");
            ExitCode::FAILURE
        }
    }
}
