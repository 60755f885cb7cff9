//! `vrs-envelope`: makes and opens sealed files for removable media on a municipality's own computer, without a network.
//!
//! Must not: decide what an envelope is; `seal::envelope` does. Must not write plain text to what can be carried away.

mod arguments;
mod clock;
mod commands;
mod console;
mod failure;
mod folder;
mod help;
mod language;
mod ledger;
mod office;
mod place;
mod requests;
mod sheet;
mod words;

use std::{
    env,
    ffi::OsString,
    io::{self, Write as _},
    process::ExitCode,
};

use arguments::Asked;
use console::Console;
use failure::Failure;
use language::Language;

fn main() -> ExitCode {
    let words: Vec<OsString> = env::args_os().collect();
    // Before anything else, so that even a command line that makes no sense is answered in the language asked for.
    let asked_for = words.windows(2).find(|pair| pair[0] == "--lang").and_then(|pair| pair[1].to_str());
    let language = asked_for.and_then(Language::named).unwrap_or_else(Language::of_system);
    match run(Console { language }, words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Standard error may be closed; there is nobody left to tell then.
            let _ = writeln!(io::stderr(), "vrs-envelope: {}", failure.sentence(language));
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(console: Console, words: Vec<OsString>) -> Result<(), Failure> {
    match arguments::parse(words.into_iter())? {
        Asked::Help => {
            let help = help::help(console.language).trim_end();
            console.say(help, help);
            Ok(())
        }
        Asked::Version => {
            let version = concat!("vrs-envelope ", env!("CARGO_PKG_VERSION"));
            console.say(version, version);
            Ok(())
        }
        Asked::Command(arguments) => {
            if arguments.text("lang")?.is_some_and(|name| Language::named(name).is_none()) {
                return Err(Failure::Option("lang"));
            }
            commands::run(console, &arguments)
        }
    }
}
