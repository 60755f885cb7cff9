//! `cargo xtask bench WHAT`: measurements, built as they are shipped.
//!
//! Must not: measure; the programs it starts do.

use std::ffi::OsString;

use lexopt::{Arg, Parser, ValueExt as _};

use crate::{
    Failure,
    cargo::cargo,
    packages::{self, Purpose},
    run,
};

/// What can be measured: the word, how cargo is called, and what it tells.
const BENCHES: [(&str, &[&str], &str); 2] = [
    (
        "tablet",
        &["run", "--release", "-p", "tests", "--bin", "bench-tablet", "--"],
        "from a sheet under the camera to 保存しました, start and memory of the tablet program",
    ),
    (
        "central",
        &["bench", "-p", "central", "--bench", "drain", "--"],
        "how fast the central takes in what tablets bring after a day offline",
    ),
];

/// One measurement that was asked for.
pub struct Bench {
    call: &'static [&'static str],
    further: Vec<OsString>,
}

impl Bench {
    /// Reads the words after `bench`; those after the measurement's name go to its program.
    ///
    /// # Errors
    /// Where there is none of that name.
    pub fn parse(words: &mut Parser) -> Result<Self, Failure> {
        let what = match words.next()? {
            Some(Arg::Value(what)) => what.string()?,
            Some(other) => return Err(other.unexpected().into()),
            None => String::new(),
        };
        let Some((_, call, _)) = BENCHES.iter().find(|(name, ..)| *name == what) else {
            let known = |(name, _, tells): &(&str, _, &str)| format!("  {name:<8} {tells}");
            let known: Vec<String> = BENCHES.iter().map(known).collect();
            return Err(format!("bench needs one of\n{}", known.join("\n")).into());
        };
        Ok(Self { call, further: words.raw_args()?.collect() })
    }

    /// Runs it.
    ///
    /// # Errors
    /// Where it does not build or fails.
    pub fn run(self) -> Result<(), Failure> {
        packages::need(&[Purpose::Build, Purpose::Window, Purpose::HiddenWindow])?;
        run(cargo(self.call).args(self.further))
    }
}
