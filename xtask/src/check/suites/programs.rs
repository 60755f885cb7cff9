//! The test programs one by one, as `cargo test` would run them; those of `tests/e2e` test by test.
//!
//! Must not: be needed where cargo-nextest is.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use super::{Extent, IN_BROWSER};
use crate::{Failure, cargo::cargo, run as run_command};

/// One built test program.
#[derive(Debug, PartialEq, Eq)]
struct Program {
    file: PathBuf,
    /// The package's folder: where its tests run.
    folder: PathBuf,
    target: String,
}

/// Runs them all; stops at the first that fails.
///
/// # Errors
/// Where one fails.
pub fn run(extent: Extent) -> Result<(), Failure> {
    let built = cargo(&["test", "--workspace", "--lib", "--bins", "--tests", "--no-run"])
        .args(["--quiet", "--message-format=json"])
        .stderr(Stdio::inherit())
        .output()?;
    if !built.status.success() {
        return Err("the tests do not build".into());
    }
    for program in String::from_utf8(built.stdout)?.lines().filter_map(program) {
        if program.target == "e2e" {
            one_by_one(&program, extent)?;
        } else {
            run_command(program.command().arg("--quiet"))?;
        }
    }
    Ok(())
}

/// A test program out of one line of cargo's messages.
fn program(line: &str) -> Option<Program> {
    let message: Value = serde_json::from_str(line).ok()?;
    if message["reason"] != "compiler-artifact" || message["profile"]["test"] != true {
        return None;
    }
    Some(Program {
        file: message["executable"].as_str()?.into(),
        folder: Path::new(message["manifest_path"].as_str()?).parent()?.to_owned(),
        target: message["target"]["name"].as_str()?.to_owned(),
    })
}

impl Program {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.file);
        command.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder);
        command
    }
}

fn one_by_one(program: &Program, extent: Extent) -> Result<(), Failure> {
    let list = program.command().args(["--list", "--format", "terse"]).output()?;
    let list = String::from_utf8(list.stdout)?;
    for test in list.lines().filter_map(|line| line.strip_suffix(": test")) {
        if extent == Extent::Fast && IN_BROWSER.iter().any(|module| test.starts_with(module)) {
            continue;
        }
        println!("{} {test}", program.target);
        run_command(program.command().args(["--exact", test, "--quiet"]))
            .map_err(|failure| format!("{test}: {failure}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_programs_with_tests_are_run() {
        let line = |reason: &str, test: bool| {
            serde_json::json!({
                "reason": reason, "profile": {"test": test}, "executable": "/t/e2e-1",
                "manifest_path": "/house/tests/Cargo.toml", "target": {"name": "e2e"},
            })
            .to_string()
        };
        let e2e =
            Program { file: "/t/e2e-1".into(), folder: "/house/tests".into(), target: "e2e".to_owned() };
        assert_eq!(program(&line("compiler-artifact", true)), Some(e2e));
        assert_eq!(program(&line("compiler-artifact", false)), None);
        assert_eq!(program(&line("build-finished", true)), None);
        assert_eq!(program("not json"), None);
    }
}
