//! Running all tests: through cargo-nextest where it is on the path, else each test program by itself. Either way a
//! test of `tests/e2e` has a process of its own, because a process has one window system.
//!
//! Must not: pick tests, but for those that need a browser when only the quick ones are asked for.

mod programs;

use super::{Ended, Extent};
use crate::{Failure, cargo::cargo, packages::program_on_path, run as run_command};

/// The tests of `tests/e2e` that need a browser are those of these modules.
const IN_BROWSER: [&str; 11] = [
    "access::",
    "allocation::",
    "console::",
    "fleet::",
    "handouts::",
    "look_ups::",
    "media::",
    "proposals::",
    "provider::",
    "spares_console::",
    "stock_console::",
];

/// Builds every program and every test in one go: asked for apart, cargo would choose other features for some
/// dependencies and build those twice.
///
/// # Errors
/// Where something does not build.
pub fn build() -> Result<(), Failure> {
    run_command(&mut cargo(&["build", "--workspace", "--bins", "--tests"]))
}

/// Runs the tests, which were built.
///
/// # Errors
/// Where one fails.
pub fn run(extent: Extent) -> Result<(), Failure> {
    if !program_on_path("cargo-nextest") {
        return programs::run(extent);
    }
    let mut nextest = cargo(&["nextest", "run", "--workspace", "--bins", "--lib", "--tests"]);
    nextest.args(["--status-level", "fail", "--final-status-level", "slow"]);
    if extent == Extent::Fast {
        nextest.args(["-E", &format!("not (binary(e2e) and test(/^({})/))", IN_BROWSER.join("|"))]);
    }
    run_command(&mut nextest)
}

/// The contract of a storage on a Citus, where one was named: its tests empty that database, one after the other.
///
/// # Errors
/// Where one fails.
pub fn citus() -> Result<Ended, Failure> {
    if std::env::var_os("VRS_TEST_CITUS_URL").is_none() {
        return Ok(Ended::NotRunHere("VRS_TEST_CITUS_URL names no database of a Citus".to_owned()));
    }
    let words = ["test", "--workspace", "--lib", "storage::postgres::tests::citus::"];
    run_command(cargo(&words).args(["--", "--ignored", "--test-threads=1"]))?;
    Ok(Ended::Passed)
}

/// What a collector of traces receives, and that nothing personal is among it: built with the feature that sends them.
///
/// # Errors
/// Where one fails.
pub fn traces() -> Result<(), Failure> {
    let words = ["test", "--workspace", "--features", "central/opentelemetry", "--test", "https", "--"];
    run_command(cargo(&words).args(["traces::", "canary::"]))
}

/// The municipality's files through LibreOffice, where it is installed.
///
/// # Errors
/// Where they come back otherwise.
pub fn spreadsheet() -> Result<Ended, Failure> {
    if !program_on_path("soffice") {
        return Ok(Ended::NotRunHere("LibreOffice is not installed (Debian: libreoffice-calc)".to_owned()));
    }
    let words = ["test", "--workspace", "--lib", "a_real_spreadsheet_program"];
    run_command(cargo(&words).args(["--", "--ignored"]))?;
    Ok(Ended::Passed)
}

/// The examples in the documentation.
///
/// # Errors
/// Where one fails.
pub fn doc_tests() -> Result<(), Failure> {
    run_command(&mut cargo(&["test", "--doc", "--workspace", "--quiet"]))
}
