//! How cargo is called from here, and where what it builds lies.
//!
//! Must not: choose features, packages or profiles; each command does, and says why.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::Failure;

/// What `cargo run` tells this program about itself. A cargo called from here must not take it for its own: build
/// scripts that look at such a variable would run again.
const ABOUT_XTASK: [&str; 5] =
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_NAME", "CARGO_BIN_NAME", "CARGO_PRIMARY_PACKAGE"];

/// The root of the workspace.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The cargo that runs this program, at the root of the workspace.
pub fn cargo(words: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut cargo = Command::new(program);
    cargo.current_dir(workspace()).args(words);
    for (name, _) in std::env::vars_os() {
        if ABOUT_XTASK.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// Where the development profile's programs lie: this one is among them.
///
/// # Errors
/// Where the system does not say what runs.
pub fn programs() -> Result<PathBuf, Failure> {
    let own = std::env::current_exe()?;
    own.parent().map(Path::to_owned).ok_or_else(|| "this program lies in no folder".into())
}

/// The target folder; what is made and not built lies there too.
///
/// # Errors
/// As [`programs`].
pub fn target() -> Result<PathBuf, Failure> {
    let programs = programs()?;
    programs.parent().map(Path::to_owned).ok_or_else(|| "there is no target folder".into())
}
