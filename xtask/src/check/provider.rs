//! 外部IDでログイン: the tests that need a real identity provider (oidc-provider from npm), in process and in a browser.
//!
//! Must not: take a machine without Node or its registry for a fault of the central.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use super::Ended;
use crate::{
    Failure,
    cargo::{cargo, target},
    packages::program_on_path,
    run,
};

/// What is installed once into `target/tools`, at this version: the last that runs on Node 18 and 20 too.
const WANTED: &str = "oidc-provider@8.8.1";
/// Where the tests look for it.
const FOLDER: &str = "VRS_TEST_PROVIDER";

/// Runs them.
///
/// # Errors
/// Where one fails.
pub fn check() -> Result<Ended, Failure> {
    let Some(modules) = modules()? else {
        return Ok(Ended::NotRunHere(format!(
            "{WANTED} could not be had: it needs node, npm and its registry"
        )));
    };
    let tests = [
        ("https", "provider::", "2"),
        // A process has one window system, and a browser is enough for two cores.
        ("e2e", "provider::", "1"),
    ];
    for (program, module, threads) in tests {
        let mut test = cargo(&["test", "--workspace", "--test", program, module]);
        test.args(["--", "--ignored", "--test-threads", threads]);
        run(test.env(FOLDER, &modules))?;
    }
    Ok(Ended::Passed)
}

/// Where its packages lie, installed first where they are missing; none where that fails.
fn modules() -> Result<Option<PathBuf>, Failure> {
    if !program_on_path("node") || !program_on_path("npm") {
        return Ok(None);
    }
    let root = target()?.join("tools").join(WANTED.replace('@', "-"));
    let modules = root.join("node_modules");
    if modules.join("oidc-provider").join("package.json").is_file() {
        return Ok(Some(modules));
    }
    println!("installing {WANTED} once, into {}", root.display());
    std::fs::create_dir_all(&root)?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]);
    let is_installed = npm.arg(&root).arg(WANTED).stdin(Stdio::null()).status()?.success();
    Ok(is_installed.then_some(modules))
}
