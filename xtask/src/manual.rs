//! `cargo xtask manual`: builds the programs and hands over to the program `manual`, which plays the tasks.
//!
//! Must not: know a task or a picture; `tests/src/manual` does.

use std::process::Command;

use lexopt::{Arg, Parser};

use crate::{
    Failure,
    cargo::{self, cargo},
    packages::{self, Purpose},
    run,
};

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manual {
    /// Compare with what is committed, and write nothing there.
    pub checks: bool,
}

impl Manual {
    /// Reads the words after `manual`.
    ///
    /// # Errors
    /// The first word that cannot be used.
    pub fn parse(words: &mut Parser) -> Result<Self, Failure> {
        let mut manual = Self { checks: false };
        while let Some(word) = words.next()? {
            match word {
                Arg::Long("check") => manual.checks = true,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(manual)
    }

    /// Builds, then makes or compares.
    ///
    /// # Errors
    /// Where something is missing, does not build, or the manual is stale.
    pub fn run(self) -> Result<(), Failure> {
        let purposes: &[Purpose] =
            if self.checks { &[Purpose::Build] } else { &[Purpose::Build, Purpose::Console] };
        packages::need(purposes)?;
        run(&mut cargo(&["build", "--workspace", "--bins"]))?;
        self.start()
    }

    /// Starts the program, which must have been built.
    ///
    /// # Errors
    /// Where the manual is stale.
    pub fn start(self) -> Result<(), Failure> {
        let mut manual = Command::new(cargo::programs()?.join("manual"));
        manual
            .current_dir(cargo::workspace())
            .arg("--folder")
            .arg(cargo::workspace().join("docs/manual"))
            .arg("--seen")
            .arg(cargo::target()?.join("manual"))
            .args(self.checks.then_some("--check"));
        run(&mut manual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_or_refused() {
        let parse = |words: &[&str]| Manual::parse(&mut Parser::from_args(words));
        assert!(!parse(&[]).unwrap().checks);
        assert!(parse(&["--check"]).unwrap().checks);
        assert!(parse(&["--language"]).is_err());
    }
}
