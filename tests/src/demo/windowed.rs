//! The demo in a window: the central and the tablet as processes, until the window is closed.
//!
//! Must not: leave a process behind.

use std::{fs, path::Path, process::Command};

use app::{messages::SetupProblem, platform, provision};
use seal::random::SystemRandom;

use super::{
    Failure, Wishes,
    programs::{Central, program},
};
use crate::site::{PIN, open_bundle};

#[expect(clippy::print_stdout, reason = "what the person at the keyboard needs to know")]
fn say(text: &str) {
    println!("{text}");
}

/// What the first start does once a person has compared the check number.
fn set_up(tablet: &Path, bundle: &Path) -> Result<(), Failure> {
    let problem = |problem: SetupProblem| format!("the demo's bundle cannot be used: {problem:?}");
    let verified = open_bundle(bundle, None);
    let (random, now) = (&mut SystemRandom::default(), platform::now());
    provision::first(tablet, &verified, None, random, now).map_err(problem)?;
    Ok(())
}

/// Runs until the tablet's window is closed; true when the tablet ended well.
///
/// # Errors
/// Where a program could not be started.
pub fn run(wishes: &Wishes) -> Result<bool, Failure> {
    fs::create_dir_all(&wishes.folder)?;
    let mut central = Central::make(&wishes.folder)?;
    let bundle = central.bundle(&wishes.folder, 17)?;
    let password = central.add_account("support-1")?;
    let tablet = wishes.folder.join("tablet");
    set_up(&tablet, &bundle.file)?;
    central.serve()?;
    say("");
    say(&format!("  PIN of everybody          {PIN}"));
    say(&format!("  set up with               {}", bundle.file.display()));
    say(&format!("  {}", bundle.said));
    say(&format!(
        "  console                   {}  (its authority is made for this demo: the browser warns)",
        central.url()
    ));
    say(&format!("  console sign-in           support-1 / {password}"));
    say("                            (the first sign-in sets an authenticator app up)");
    say("");
    say("Close the window to end the demo.");
    let ended = Command::new(program("vrs-tablet")?)
        .arg("--data")
        .arg(&tablet)
        .args(["--camera", &wishes.camera])
        .args(["--seed", &wishes.seed.to_string()])
        .status()?;
    central.stop();
    Ok(ended.success())
}
