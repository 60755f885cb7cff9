//! The demo in a window: the central and the tablet as processes, until the window is closed.
//!
//! Must not: leave a process behind.

use std::{fs, process::Command};

use super::{
    Failure, Wishes,
    programs::{Central, program},
};
use crate::site::PIN;

#[expect(clippy::print_stdout, reason = "what the person at the keyboard needs to know")]
fn say(text: &str) {
    println!("{text}");
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
    central.serve()?;
    say("");
    say(&format!("  PIN of everybody          {PIN}"));
    say(&format!("  configuration file        {}", bundle.file.display()));
    say(&format!("  {}", bundle.said));
    say(&format!(
        "  console                   {}  (its authority is made for this demo: the browser warns)",
        central.url()
    ));
    say(&format!("  console sign-in           support-1 / {password}"));
    say("");
    say("Close the window to end the demo.");
    let ended = Command::new(program("vrs-tablet")?)
        .arg("--data")
        .arg(wishes.folder.join("tablet"))
        .arg("--bundle")
        .arg(&bundle.file)
        .args(["--camera", &wishes.camera])
        .args(["--seed", &wishes.seed.to_string()])
        .status()?;
    central.stop();
    Ok(ended.success())
}
