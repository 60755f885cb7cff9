//! Tools the checks use that a fresh machine lacks: cargo-deny and cargo-machete, built from source at the versions
//! named here into `target/tools`, once.
//!
//! Must not: touch what a developer installed; what is on the path is used as it is.

use std::{path::PathBuf, process::Command};

use crate::{
    Failure,
    cargo::{cargo, target},
    packages::program_on_path,
    run,
};

/// A tool: its crate and the version that is built where it is missing.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    name: &'static str,
    version: &'static str,
}

/// Licences, bans and sources of dependencies.
pub const DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2" };
/// Dependencies that nothing uses.
pub const MACHETE: Tool = Tool { name: "cargo-machete", version: "0.9.2" };

impl Tool {
    /// The tool, built first where it is missing.
    ///
    /// # Errors
    /// Where it does not build.
    pub fn command(self) -> Result<Command, Failure> {
        if program_on_path(self.name) {
            return Ok(Command::new(self.name));
        }
        let root = target()?.join("tools").join(self.version);
        let program: PathBuf = root.join("bin").join(self.name);
        if !program.is_file() {
            println!("building {} {} once, into {}", self.name, self.version, root.display());
            let mut install = cargo(&["install", "--locked", self.name, "--version", self.version]);
            install.arg("--root").arg(&root);
            // It is run a few times and not shipped: half the time to build counts for more than its speed.
            for (name, value) in [("LTO", "off"), ("OPT_LEVEL", "1"), ("CODEGEN_UNITS", "16"), ("DEBUG", "0")]
            {
                install.env(format!("CARGO_PROFILE_RELEASE_{name}"), value);
            }
            run(&mut install)?;
        }
        Ok(Command::new(program))
    }
}
