//! `cargo xtask fuzz`: libFuzzer on the pinned stable toolchain. rustc's own coverage pass puts the counters in; no
//! sanitizer and no nightly is needed, because the project has almost no `unsafe` of its own.
//!
//! Must not: know what a target does; `fuzz/src/lib.rs` does. What was found goes into the repository by `--keep` only.

mod corpus;

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use lexopt::{Arg, Parser, ValueExt as _};

use crate::{
    Failure,
    cargo::{cargo, target},
    packages::{self, Purpose},
    run,
};

/// Counters at every edge, comparisons traced: what libFuzzer steers by. The pass's own names are LLVM's.
const INSTRUMENTED: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];
/// Targets that call the tablet program: they alone need Slint built.
const OF_TABLET: [&str; 2] = ["frame", "tablet_files"];
const USUAL_SECONDS: u32 = 60;

/// What was asked for.
pub enum Fuzz {
    /// Name the targets.
    List,
    /// Write the valid samples again.
    Seeds,
    /// Search.
    Search(Search),
}

/// A search for input that breaks a target.
pub struct Search {
    target: String,
    seconds: u32,
    /// Whether what was found goes into the committed corpus.
    keep: bool,
}

impl Fuzz {
    /// Reads the words after `fuzz`.
    ///
    /// # Errors
    /// The first word that cannot be used, or a target there is not.
    pub fn parse(words: &mut Parser) -> Result<Self, Failure> {
        let (mut name, mut seconds, mut keep) = (None, USUAL_SECONDS, false);
        while let Some(word) = words.next()? {
            match word {
                Arg::Long("list") => return Ok(Self::List),
                Arg::Long("seeds") => return Ok(Self::Seeds),
                Arg::Long("seconds") => seconds = words.value()?.parse()?,
                Arg::Long("keep") => keep = true,
                Arg::Value(value) if name.is_none() => name = Some(value.string()?),
                other => return Err(other.unexpected().into()),
            }
        }
        let known = corpus::targets()?;
        match name.filter(|name| known.contains(name)) {
            Some(target) => Ok(Self::Search(Search { target, seconds, keep })),
            None => Err(format!("fuzz needs one of: {}", known.join(", ")).into()),
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// Where it does not build, or input was found that breaks the target.
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::List => {
                corpus::targets()?.iter().for_each(|target| println!("{target}"));
                Ok(())
            }
            Self::Seeds => run(&mut cargo(&["run", "-p", "fuzz", "--bin", "fuzz-seeds"])),
            Self::Search(search) => search.run(),
        }
    }
}

impl Search {
    fn run(&self) -> Result<(), Failure> {
        packages::need(&[Purpose::Build, Purpose::Fuzz])?;
        let program = self.build()?;
        let folder = target()?.join("fuzz");
        let (work, found) = (folder.join("corpus").join(&self.target), folder.join("found"));
        fs::create_dir_all(&work)?;
        fs::create_dir_all(&found)?;
        let prefix = found.join(format!("{}-", self.target));
        let searched = run(self
            .libfuzzer(&program)
            .arg(format!("-max_total_time={}", self.seconds))
            .arg(format!("-artifact_prefix={}", prefix.display()))
            .args(["-timeout=20", "-rss_limit_mb=2048", "-use_value_profile=1", "-print_final_stats=1"])
            .args([&work, &corpus::folder(&self.target)]));
        if let Err(failure) = searched {
            return Err(format!(
                "{failure}; the input lies at {}…; once it is understood, keep it as fuzz/corpus/{}/<what it shows>",
                prefix.display(),
                self.target
            )
            .into());
        }
        if self.keep { self.keep(&program, &folder, &work) } else { Ok(()) }
    }

    /// A merge tells what each sample reaches; what it would merge is of no use here.
    fn keep(&self, program: &Path, folder: &Path, work: &Path) -> Result<(), Failure> {
        let (merged, told) = (folder.join("merged"), folder.join("merge.txt"));
        // libFuzzer would go on where an earlier merge ended.
        for left in [fs::remove_dir_all(&merged), fs::remove_file(&told)] {
            left.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })?;
        }
        fs::create_dir(&merged)?;
        run(self
            .libfuzzer(program)
            .arg("-set_cover_merge=1")
            .arg(format!("-merge_control_file={}", told.display()))
            .args([&merged, &corpus::folder(&self.target), work]))?;
        Ok(corpus::keep(&self.target, &fs::read_to_string(told)?)?)
    }

    fn libfuzzer(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env("VRS_FUZZ_TARGET", &self.target);
        command
    }

    /// Builds the one program of all targets, in a target folder of its own: the counters would otherwise make cargo
    /// build everything anew at every turn.
    fn build(&self) -> Result<PathBuf, Failure> {
        let host = host()?;
        let folder = target()?.join("fuzz");
        let of_tablet = OF_TABLET.contains(&self.target.as_str());
        let features = if of_tablet { "libfuzzer-linked,tablet" } else { "libfuzzer-linked" };
        run(cargo(&["build", "-p", "fuzz", "--bin", "libfuzzer", "--profile", "fuzz"])
            .args(["--no-default-features", "--features", features])
            // Named, although it is the host: build scripts and macros must stay without counters.
            .args(["--target", &host, "--target-dir"])
            .arg(&folder)
            .env("CARGO_ENCODED_RUSTFLAGS", INSTRUMENTED.join("\u{1f}")))?;
        Ok(folder.join(host).join("fuzz").join("libfuzzer"))
    }
}

fn host() -> Result<String, Failure> {
    let output = Command::new("rustc").arg("-vV").output()?;
    let text = String::from_utf8(output.stdout)?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc does not name its host".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_must_exist() {
        let parse = |words: &[&str]| Fuzz::parse(&mut Parser::from_args(words));
        assert!(matches!(parse(&["--list"]), Ok(Fuzz::List)));
        let Ok(Fuzz::Search(search)) = parse(&["entry", "--seconds", "5"]) else { panic!("refused") };
        assert_eq!((search.target.as_str(), search.seconds, search.keep), ("entry", 5, false));
        assert!(parse(&["nothing"]).is_err());
        assert!(parse(&["entry", "batch"]).is_err());
        assert!(OF_TABLET.iter().all(|name| parse(&[name]).is_ok()));
    }
}
