//! What the project depends on: licences, bans and sources (`deny.toml`), advisories, and what nothing uses.
//!
//! Must not: take a database that cannot be reached for one that has nothing to say.

use std::process::{Command, Stdio};

use super::Ended;
use crate::{
    Failure,
    cargo::workspace,
    run,
    tools::{DENY, MACHETE},
};

fn deny(words: &[&str]) -> Result<Command, Failure> {
    let mut deny = DENY.command()?;
    deny.current_dir(workspace()).args(["--workspace", "--locked", "--all-features"]).args(words);
    Ok(deny)
}

/// Licences, bans and sources.
///
/// # Errors
/// Where something is not allowed.
pub fn policy() -> Result<(), Failure> {
    run(&mut deny(&["--log-level", "error", "check", "bans", "licenses", "sources"])?)
}

/// Advisories on what is locked, if their database can be fetched.
///
/// # Errors
/// Where there is one.
pub fn advisories() -> Result<Ended, Failure> {
    let fetched = deny(&["fetch", "db"])?.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if !fetched.success() {
        return Ok(Ended::NotRunHere("the advisory database cannot be fetched from here".to_owned()));
    }
    run(&mut deny(&["check", "--disable-fetch", "advisories"])?)?;
    Ok(Ended::Passed)
}

/// Dependencies that a manifest names and no source uses.
///
/// # Errors
/// Where there is one.
pub fn unused() -> Result<(), Failure> {
    run(MACHETE.command()?.current_dir(workspace()).arg("--skip-target-dir"))
}
