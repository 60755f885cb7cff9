//! `bench-scanner`: what `cargo xtask bench scanner` runs. Our reader beside rqrr, rxing, zxing-cpp, zbar, Tesseract and
//! RapidOCR, on the same pictures in the same run; writes `docs/benchmarks/scanner.md` and its plots.
//!
//! Must not: be kinder to ours than to the others.

mod cpu;
mod folder;
mod in_process;
mod judge;
mod own;
mod picture;
mod plot;
mod python;
mod report;
mod run;
mod summary;
mod svg;
mod tally;

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use lexopt::{Arg, Parser, ValueExt as _};

use crate::{
    picture::{Kind, Set},
    python::Python,
    report::{Measured, Report},
};

type Failure = Box<dyn Error>;

/// What is asked for.
struct Wishes {
    images: Vec<PathBuf>,
    seed: u64,
    /// Own frames a set; 0 leaves them out.
    count: u64,
    /// Frames a set that the OCR engines are given at most.
    ocr_frames: usize,
    page: PathBuf,
}

const HELP: &str = "\
cargo xtask bench scanner [--images FOLDER]... [--seed N] [--count N] [--ocr-frames N] [--out FILE]
    --images      a folder with a labels.csv; besides the frames of our own synthesiser
    --seed        of those (default 1)
    --count       of those with no disturbance, and as many with one each (default 180; 0 leaves them out)
    --ocr-frames  frames a set that Tesseract and RapidOCR are given (default 40)
    --out         the report (default docs/benchmarks/scanner.md); plots lie beside it
";

#[expect(clippy::print_stderr, reason = "what a program says on its way out")]
fn main() -> ExitCode {
    match command() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench-scanner: {failure}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "progress of a command that takes many minutes")]
fn say(text: &str) {
    println!("{text}");
}

fn command() -> Result<(), Failure> {
    let page = PathBuf::from("docs/benchmarks/scanner.md");
    let mut wishes = Wishes { images: Vec::new(), seed: 1, count: 180, ocr_frames: 40, page };
    let mut words = Parser::from_env();
    while let Some(word) = words.next()? {
        match word {
            Arg::Long("images") => wishes.images.push(words.value()?.into()),
            Arg::Long("seed") => wishes.seed = words.value()?.parse()?,
            Arg::Long("count") => wishes.count = words.value()?.parse()?,
            Arg::Long("ocr-frames") => wishes.ocr_frames = words.value()?.parse()?,
            Arg::Long("out") => wishes.page = words.value()?.into(),
            Arg::Long("help") | Arg::Short('h') => {
                say(HELP);
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    // A reader that panics on a picture is counted; its words help nobody.
    std::panic::set_hook(Box::new(|_| ()));
    let report = measure(&wishes)?;
    report.write(&wishes.page)?;
    say(&report.text);
    Ok(())
}

fn measure(wishes: &Wishes) -> Result<Report, Failure> {
    // Beside what is built: target/bench.
    let own = std::env::current_exe()?;
    let target = own.ancestors().nth(2).ok_or("this program lies in no target folder")?;
    let sets = pictures(wishes, &target.join("bench").join("scanner"))?;
    let (mut python, lacks) = Python::start(&target.join("bench").join("python"));
    for lack in &lacks {
        say(&format!("{} is not run here: {}", lack.peer, lack.why));
    }
    let versions = python.as_ref().map_or_else(Vec::new, Python::versions);
    let readers = run::roster(python.as_ref());
    let mut measured = Vec::new();
    for set in &sets {
        let rows = run::read(set, &readers, &mut python, wishes.ocr_frames)?;
        measured.push(Measured { set, rows });
    }
    Ok(Report::of(&measured, &lacks, &versions, &machine()?))
}

/// All sets, as grey pixels in that folder. Photographs of codes become one.
fn pictures(wishes: &Wishes, into: &Path) -> Result<Vec<Set>, Failure> {
    if into.exists() {
        fs::remove_dir_all(into)?;
    }
    fs::create_dir_all(into)?;
    let mut sets = Vec::new();
    if wishes.count > 0 {
        say("drawing frames");
        sets = own::take(wishes.seed, wishes.count, into)?;
    }
    let mut photographs: Option<Set> = None;
    for images in &wishes.images {
        let set = folder::take_in(images, into)?;
        say(&format!("{}: {}", set.name, set.about));
        match (set.kind, &mut photographs) {
            (Kind::Frames, _) => sets.push(set),
            (Kind::Photographs, Some(all)) => all.join(set),
            (Kind::Photographs, none) => *none = Some(set.among("photographs")),
        }
    }
    sets.extend(photographs);
    if sets.is_empty() { Err("there is nothing to read".into()) } else { Ok(sets) }
}

/// The machine in general words.
fn machine() -> Result<String, Failure> {
    let cores = std::thread::available_parallelism()?;
    let memory = fs::read_to_string("/proc/meminfo")?;
    let kib: u64 = memory.split_whitespace().nth(1).ok_or("no memory")?.parse()?;
    let load = fs::read_to_string("/proc/loadavg")?;
    let load = load.split_whitespace().next().unwrap_or_default();
    let arch = std::env::consts::ARCH;
    Ok(format!(
        "{cores} {arch} cores of a shared virtual machine, {} GiB, no GPU; load over the last minute {load}, of which this \
         command is about 1",
        kib >> 20
    ))
}
