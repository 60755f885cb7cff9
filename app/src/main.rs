//! `vrs-tablet`: reads the command line and runs the program.

use std::{path::Path, process::ExitCode};

use app::{
    command_line::{Command, HELP, parse},
    platform,
    recover::{PATIENCE, deliver},
};
use seal::set_up_code::SetUpCode;
use zeroize::Zeroizing;

fn main() -> ExitCode {
    let command = match parse(std::env::args_os()) {
        Ok(command) => command,
        Err(error) => return end(&format!("vrs-tablet: {error}\n\n{HELP}"), 2),
    };
    match command {
        Command::Help => end(HELP, 0),
        Command::Recover { folder, release } => recover(&folder, &release),
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

/// Delivers what a locked tablet holds; says how far it has come.
#[expect(clippy::print_stdout, reason = "it has no screens")]
fn recover(folder: &Path, release: &Path) -> ExitCode {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let released = match std::fs::read(release) {
        Ok(released) => released,
        Err(error) => return end(&format!("vrs-tablet: {}: {error}", release.display()), 1),
    };
    println!("設定コード（16桁）を入れてください。 / Type the sixteen digits of the code.");
    let mut typed = Zeroizing::new(String::new());
    let code =
        std::io::stdin().read_line(&mut typed).ok().and_then(|_| typed.trim().parse::<SetUpCode>().ok());
    let Some(code) = code else {
        return end(
            "vrs-tablet: 設定コードの数字が違うようです。 / A digit of the code does not seem right.",
            1,
        );
    };
    let done = deliver(folder, &released, &code, platform::now, PATIENCE, |counts| {
        println!("未送信 / waiting: {}", counts.pending);
    });
    match done {
        Ok(counts) => {
            println!(
                "{}件すべてに受領証があります。要確認 {}件。 / All {} entries have their receipt; {} need review.",
                counts.entries, counts.needs_review, counts.entries, counts.needs_review
            );
            ExitCode::SUCCESS
        }
        Err(problem) => end(&format!("vrs-tablet: {problem}"), 1),
    }
}

#[expect(clippy::print_stderr, reason = "what a program says on its way out")]
fn end(text: &str, code: u8) -> ExitCode {
    eprintln!("{text}");
    ExitCode::from(code)
}
