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

/// What can be measured.
struct Known {
    name: &'static str,
    /// How cargo builds the programs that it starts; where it starts any.
    programs: Option<&'static str>,
    /// How cargo is called for it, once for each program that measures a part.
    calls: &'static [&'static str],
    tells: &'static str,
    /// What must be installed.
    needs: &'static [Purpose],
    /// What should be; it is measured without, and its report says so, where that cannot be had.
    likes: &'static [Purpose],
}

/// What a measurement in a window needs.
const IN_A_WINDOW: &[Purpose] = &[Purpose::Build, Purpose::Window, Purpose::HiddenWindow];

/// What the measurement of the tablet starts, and itself: in one go, so that all are built with the same features of
/// everything below them.
const PROGRAMS: &str = "build --release -p tests -p app -p central -p fakecam --lib \
    --bin vrs-tablet --bin vrs-central --bin bench-tablet";

/// What the measurement of spares starts, and itself.
const SPARES: &str =
    "build --release -p tests -p app -p central -p fakecam --lib --bin vrs-central --bin bench-spares";

const BENCHES: [Known; 7] = [
    Known {
        name: "tablet",
        programs: Some(PROGRAMS),
        calls: &["run --release -p tests --bin bench-tablet --"],
        tells: "from a sheet under the camera to 記録しました, start and memory of the tablet program",
        needs: IN_A_WINDOW,
        likes: &[],
    },
    Known {
        name: "spares",
        programs: Some(SPARES),
        calls: &["run --release -p tests --bin bench-spares --"],
        tells: "from a sealed bundle file to the first saved scan of a spare, offline",
        needs: &[Purpose::Build],
        likes: &[],
    },
    Known {
        name: "central",
        programs: None,
        calls: &["bench -p central --bench central -- --out docs/benchmarks/central.md"],
        tells: "the central on PostgreSQL and SQLite under load, beside the database alone (--quick for a look)",
        needs: &[Purpose::Build, Purpose::Database],
        likes: &[],
    },
    Known {
        name: "municipality",
        programs: None,
        calls: &["bench -p central --bench municipality -- --out docs/benchmarks/municipality.md"],
        tells: "a million people into the register and a million rows out of it (--people N)",
        needs: &[Purpose::Build, Purpose::Database],
        likes: &[],
    },
    Known {
        name: "vsys",
        programs: None,
        calls: &[
            "bench -p vsys --bench vsys -- --out docs/benchmarks/vsys.md",
            "bench -p central --bench stock -- --out docs/benchmarks/vsys.md",
        ],
        tells: "who can help whom, a cycle's allocation, and the nation's books in the central (--quick)",
        needs: &[Purpose::Build, Purpose::Database],
        likes: &[],
    },
    Known {
        name: "misread",
        programs: None,
        calls: &["run --release -p misread --bin bench-misread --"],
        tells: "whether a paper of many was ever misread; goes on where the last run ended (--readings N)",
        needs: &[Purpose::Build],
        likes: &[],
    },
    Known {
        name: "scanner",
        programs: None,
        calls: &["run --release -p peers --bin bench-scanner --"],
        tells: "the reader beside others on the same pictures (--images FOLDER... --seed N --count N)",
        needs: &[Purpose::Build],
        likes: &[Purpose::Python, Purpose::Peers],
    },
];

/// One measurement that was asked for.
pub struct Bench {
    known: &'static Known,
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
        let Some(known) = BENCHES.iter().find(|known| known.name == what) else {
            let line = |Known { name, tells, .. }: &Known| format!("  {name:<8} {tells}");
            let known: Vec<String> = BENCHES.iter().map(line).collect();
            return Err(format!("bench needs one of\n{}", known.join("\n")).into());
        };
        Ok(Self { known, further: words.raw_args()?.collect() })
    }

    /// Runs it.
    ///
    /// # Errors
    /// Where it does not build or fails.
    pub fn run(self) -> Result<(), Failure> {
        packages::need(self.known.needs)?;
        if let Err(lack) = packages::need(self.known.likes) {
            println!("going on without: {lack}");
        }
        let words = |call: &'static str| cargo(&call.split(' ').collect::<Vec<_>>());
        if let Some(programs) = self.known.programs {
            run(&mut words(programs))?;
        }
        self.known.calls.iter().try_for_each(|call| run(words(call).args(&self.further)))
    }
}
