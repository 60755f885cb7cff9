//! `cargo xtask test`: everything that must hold before something lands, one step after the other, the cheap ones
//! first. Stops at the first that fails; ends with what was checked, how long it took, and what was not run here.
//!
//! Must not: let a step that could not be run look like one that passed.

mod blackbox;
mod dependencies;
mod provider;
mod report;
mod suites;

use lexopt::{Arg, Parser, ValueExt as _};

use crate::{
    Failure,
    cargo::cargo,
    demo::Demo,
    layers,
    manual::Manual,
    packages::{self, Purpose},
    run as run_command,
};
use report::Report;

/// How much is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Everything: what lands must pass it.
    Whole,
    /// What is quick while working: no browser, no licences, no unused dependencies, no demo.
    Fast,
}

/// What `cargo xtask test` was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    extent: Extent,
    /// The first step that is run, by how its name begins; none for all.
    from: Option<String>,
}

/// How a step ended that did not fail.
enum Ended {
    /// All of it was checked and holds.
    Passed,
    /// It needs something that this machine cannot reach; why.
    NotRunHere(String),
}

struct Step {
    name: &'static str,
    extent: Extent,
    run: fn(Extent) -> Result<Ended, Failure>,
}

const fn step(name: &'static str, extent: Extent, run: fn(Extent) -> Result<Ended, Failure>) -> Step {
    Step { name, extent, run }
}

/// In this order; `Fast` ones are run always.
const STEPS: [Step; 18] = [
    step("packages", Extent::Fast, |extent| passed(packages::need(purposes(extent)))),
    step("formatting", Extent::Fast, |_| passed(run_command(&mut cargo(&["fmt", "--all", "--check"])))),
    step("arrows between the rooms", Extent::Fast, |_| passed(layers::check())),
    step("clippy", Extent::Fast, |_| passed(clippy())),
    step("building the tests and the programs", Extent::Fast, |_| passed(suites::build())),
    step("tests", Extent::Fast, |extent| passed(suites::run(extent))),
    step("the register on Citus", Extent::Whole, |_| suites::citus()),
    step("traces, in a central built with them", Extent::Whole, |_| passed(suites::traces())),
    step("files through a spreadsheet program", Extent::Whole, |_| suites::spreadsheet()),
    step("doc tests", Extent::Fast, |_| passed(suites::doc_tests())),
    step("requests made up from the outside", Extent::Whole, |_| blackbox::check()),
    step("signing in through a real identity provider", Extent::Whole, |_| provider::check()),
    step("the manual shows these screens", Extent::Whole, |_| passed(Manual { checks: true }.start())),
    step("licences, bans and sources", Extent::Whole, |_| passed(dependencies::policy())),
    step("security advisories", Extent::Whole, |_| dependencies::advisories()),
    step("unused dependencies", Extent::Whole, |_| passed(dependencies::unused())),
    step("demo without a window, seed 1", Extent::Whole, |_| passed(demo(1))),
    step("demo without a window, seed 2", Extent::Whole, |_| passed(demo(2))),
];

/// What no machine without a person in front of it can check.
const NEVER_RUN_HERE: [(&str, &str); 3] = [
    ("a real camera", "tests use a fake one and filmed sheets; `cargo xtask demo` opens the real one"),
    ("a tablet of its own", "nothing here is installed on a device"),
    ("long fuzz runs", "the corpus is part of the tests; `cargo xtask fuzz TARGET` searches on"),
];

impl Check {
    /// Reads the words after `test`.
    ///
    /// # Errors
    /// The first word that cannot be used.
    pub fn parse(words: &mut Parser) -> Result<Self, Failure> {
        let mut check = Self { extent: Extent::Whole, from: None };
        while let Some(word) = words.next()? {
            match word {
                Arg::Long("fast") => check.extent = Extent::Fast,
                Arg::Long("from") => {
                    let name = words.value()?.string()?;
                    if !STEPS.iter().any(|step| step.name.starts_with(&name)) {
                        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
                        return Err(
                            format!("--from needs the beginning of one of: {}", names.join("; ")).into()
                        );
                    }
                    check.from = Some(name);
                }
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(check)
    }
}

/// Checks.
///
/// # Errors
/// Names the step that failed.
pub fn run(Check { extent, from }: Check) -> Result<(), Failure> {
    let mut report = Report::begin();
    let mut is_reached = from.is_none();
    for step in STEPS {
        is_reached |= from.as_deref().is_some_and(|from| step.name.starts_with(from));
        if !is_reached {
            report.left_out(step.name, "--from a later step");
            continue;
        }
        if extent == Extent::Fast && step.extent == Extent::Whole {
            report.left_out(step.name, "--fast");
            continue;
        }
        let mut line = report.step(step.name);
        match (step.run)(extent) {
            Ok(Ended::Passed) => line.passed(),
            Ok(Ended::NotRunHere(why)) => line.not_run_here(&why),
            Err(failure) => {
                line.failed();
                report.end();
                return Err(format!("{} failed: {failure}", step.name).into());
            }
        }
    }
    if extent == Extent::Fast {
        report.left_out("tests in the browser", "--fast");
    }
    for (what, why) in NEVER_RUN_HERE {
        report.left_out(what, why);
    }
    report.end();
    Ok(())
}

fn passed(done: Result<(), Failure>) -> Result<Ended, Failure> {
    done.map(|()| Ended::Passed)
}

fn purposes(extent: Extent) -> &'static [Purpose] {
    match extent {
        Extent::Whole => &[
            Purpose::Build,
            Purpose::Database,
            Purpose::Python,
            Purpose::Window,
            Purpose::Console,
            Purpose::HiddenWindow,
        ],
        Extent::Fast => &[Purpose::Build, Purpose::Database],
    }
}

/// Every target of every member, with the entry of the fuzzer, whose C++ half is not needed for it, and with traces.
fn clippy() -> Result<(), Failure> {
    let words =
        ["clippy", "--workspace", "--all-targets", "--features", "fuzz/libfuzzer,central/opentelemetry"];
    run_command(cargo(&words).args(["--", "-D", "warnings"]))
}

fn demo(seed: u64) -> Result<(), Failure> {
    Demo { headless: true, seed, people: 24, camera: "sheets".to_owned() }.start()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fast_is_a_part_of_the_whole_and_asks_for_no_browser() {
        assert!(STEPS.iter().any(|step| step.extent == Extent::Whole));
        assert!(purposes(Extent::Fast).iter().all(|purpose| purposes(Extent::Whole).contains(purpose)));
        assert!(!purposes(Extent::Fast).contains(&Purpose::Console));
        let parse = |words: &[&str]| Check::parse(&mut Parser::from_args(words));
        assert_eq!(parse(&[]).unwrap(), Check { extent: Extent::Whole, from: None });
        assert_eq!(parse(&["--fast"]).unwrap().extent, Extent::Fast);
        assert_eq!(parse(&["--from", "doc"]).unwrap().from.as_deref(), Some("doc"));
        assert!(parse(&["--from", "nothing of the kind"]).is_err());
        assert!(parse(&["--quick"]).is_err());
    }
}
