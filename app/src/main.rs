//! `vrs-tablet`: reads the command line and runs the program.

use std::process::ExitCode;

use app::command_line::{Command, HELP, parse};

fn main() -> ExitCode {
    let command = match parse(std::env::args_os()) {
        Ok(command) => command,
        Err(error) => return end(&format!("vrs-tablet: {error}\n\n{HELP}"), 2),
    };
    match command {
        Command::Help => end(HELP, 0),
        Command::Run(config) => {
            // A second provider would only mean that this was called twice.
            let _ = rustls::crypto::ring::default_provider().install_default();
            match app::shell::run(*config) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => end(&format!("vrs-tablet: {error}"), 1),
            }
        }
    }
}

#[expect(clippy::print_stderr, reason = "what a program says on its way out")]
fn end(text: &str, code: u8) -> ExitCode {
    eprintln!("{text}");
    ExitCode::from(code)
}
