//! `open-bundle FILE`: the only bundle of a box file as JSON, opened with the code from the paper beside it (`FILE` with the
//! ending `.paper`: `TABLET CODE`). For tests in other languages than Rust.
//!
//! Must not: be shipped.

use std::{path::PathBuf, process::ExitCode};

use tests::site::open_bundle;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "its output is what it is for")]
fn main() -> ExitCode {
    let Some(file) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("open-bundle FILE");
        return ExitCode::FAILURE;
    };
    println!("{}", String::from_utf8_lossy(&open_bundle(&file, None).bundle.to_payload()));
    ExitCode::SUCCESS
}
