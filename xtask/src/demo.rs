//! `cargo xtask demo`: installs what is missing, builds the three programs, and hands over to the program `demo`.
//!
//! Must not: start the central or the tablet itself; `tests/src/demo` does, and ends them again.

use std::process::Command;

use lexopt::{Arg, Parser, ValueExt as _};

use crate::{
    Failure,
    cargo::{self, cargo},
    packages::{self, Purpose},
    run,
};

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demo {
    /// Without a window: the real screens are driven in process.
    pub headless: bool,
    /// Which sample sheets.
    pub seed: u64,
    /// How many people come; without a window only.
    pub people: usize,
    /// Which camera, as `vrs-tablet --camera` takes it.
    pub camera: String,
}

impl Demo {
    /// Reads the words after `demo`.
    ///
    /// # Errors
    /// The first word that cannot be used.
    pub fn parse(words: &mut Parser) -> Result<Self, Failure> {
        let mut demo = Self { headless: false, seed: 1, people: 24, camera: "auto".to_owned() };
        while let Some(word) = words.next()? {
            match word {
                Arg::Long("headless") => demo.headless = true,
                Arg::Long("seed") => demo.seed = words.value()?.parse()?,
                Arg::Long("people") => demo.people = words.value()?.parse()?,
                Arg::Long("camera") => demo.camera = words.value()?.string()?,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(demo)
    }

    /// Runs the demo as a person asks for it.
    ///
    /// # Errors
    /// Where something is missing, does not build or falls short.
    pub fn run(mut self) -> Result<(), Failure> {
        if !self.headless && !has_display() {
            println!("no display (DISPLAY and WAYLAND_DISPLAY are empty): the demo runs without a window");
            self.headless = true;
        }
        let shown = if self.headless { Purpose::Console } else { Purpose::Window };
        packages::need(&[Purpose::Build, shown])?;
        println!("building; the first time takes about ten minutes on two cores");
        run(&mut cargo(&["build", "-p", "tests", "-p", "central", "-p", "app", "--bins"]))?;
        self.start()
    }

    /// Starts the program, which must have been built.
    ///
    /// # Errors
    /// Where the demo falls short.
    pub fn start(&self) -> Result<(), Failure> {
        let folder = cargo::target()?.join("demo");
        let mut demo = Command::new(cargo::programs()?.join("demo"));
        demo.current_dir(cargo::workspace())
            .arg("--folder")
            .arg(&folder)
            .args(["--seed", &self.seed.to_string(), "--camera", &self.camera])
            .args(["--people", &self.people.to_string()])
            .args(self.headless.then_some("--headless"));
        run(&mut demo)?;
        if self.headless {
            println!("summary and pictures: {}", folder.display());
        }
        Ok(())
    }
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|it| !it.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_or_refused() {
        let parse = |words: &[&str]| Demo::parse(&mut Parser::from_args(words));
        let demo = parse(&["--headless", "--seed", "7", "--camera", "sheets"]).unwrap();
        assert_eq!(demo, Demo { headless: true, seed: 7, people: 24, camera: "sheets".to_owned() });
        assert_eq!(parse(&[]).unwrap().seed, 1);
        assert!(parse(&["--seed", "many"]).is_err());
        assert!(parse(&["--windowed"]).is_err());
    }
}
