//! `cargo xtask bench misread`: lets the reader judge papers until enough are accepted, adds up what came of them in
//! `docs/benchmarks/misread.tsv` and writes the page beside it. Ends with a failure where one was accepted wrongly.
//!
//! Must not: judge; the library does.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the command line")]

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use lexopt::{Arg, Parser, ValueExt as _};
use misread::{
    compare::Comparison,
    plan::{self, Plan},
    report,
    run::{self, Goal},
    sums::{BLOCK, Sums},
};

const HELP: &str = "\
cargo xtask bench misread --readings N [--seed S] [--threads T] [--compare FOLDER]... [--into FOLDER]
    Goes on until N papers are accepted, those of earlier runs among them; begins with the first seed from S on
    (default 0) that was not judged yet. Can be ended at any time. --compare reads the frames of a folder with
    labels.csv and as many own ones, and keeps both rates. FOLDER of the page: docs/benchmarks.
cargo xtask bench misread --replay SEED --out FOLDER
    Writes the frames of one paper, and what is printed on it.
";

#[derive(Default)]
struct Asked {
    readings: u64,
    seed: u64,
    threads: usize,
    compare: Vec<PathBuf>,
    into: Option<PathBuf>,
    replay: Option<u64>,
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    match parse(Parser::from_env()).and_then(|asked| asked.map_or(Ok(true), |asked| asked.run())) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench-misread: {error}");
            ExitCode::from(2)
        }
    }
}

fn parse(mut words: Parser) -> Result<Option<Asked>, Box<dyn Error>> {
    let mut asked = Asked { threads: 1, ..Asked::default() };
    while let Some(word) = words.next()? {
        match word {
            Arg::Long("readings") => asked.readings = words.value()?.parse()?,
            Arg::Long("seed") => asked.seed = words.value()?.parse()?,
            Arg::Long("threads") => asked.threads = words.value()?.parse()?,
            Arg::Long("compare") => asked.compare.push(words.value()?.into()),
            Arg::Long("into") => asked.into = Some(words.value()?.into()),
            Arg::Long("replay") => asked.replay = Some(words.value()?.parse()?),
            Arg::Long("out") => asked.out = Some(words.value()?.into()),
            Arg::Long("help") | Arg::Short('h') => {
                print!("{HELP}");
                return Ok(None);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(asked))
}

impl Asked {
    /// Whether no paper was accepted wrongly.
    fn run(self) -> Result<bool, Box<dyn Error>> {
        if let Some(seed) = self.replay {
            let out = self.out.ok_or("--replay needs --out FOLDER")?;
            replay(seed, &out)?;
            return Ok(true);
        }
        let folder = self.into.unwrap_or_else(|| "docs/benchmarks".into());
        let (table, page) = (folder.join("misread.tsv"), folder.join("misread.md"));
        let mut sums = Sums::load(&table)?;
        let mark = run::mark(&scanner::read);
        if !self.compare.is_empty() {
            sums.comparison = Some(Comparison::run(&self.compare, &scanner::read)?);
            sums.save(&table)?;
        }
        let goal = Goal { accepted: self.readings, from: self.seed, threads: self.threads };
        let tell = |sums: &Sums| {
            let Some((_, evidence)) = sums.readers.iter().find(|(name, _)| *name == mark) else { return };
            let all = evidence.tally.sum(|_| true);
            eprintln!("{} papers, {} accepted, {} wrong", all.papers, all.accepted(), all.wrong);
            // The page keeps up with the table, however the run ends.
            if let Err(error) = fs::write(&page, report::page(sums, &mark)) {
                eprintln!("{}: {error}", page.display());
            }
        };
        let judge_block = |first| run::judge(first..first + BLOCK, &scanner::read);
        let mut sums = run::until(goal, &mark, sums, &table, &judge_block, &tell)?;
        fs::write(&page, report::page(&sums, &mark))?;
        println!("{}", page.display());
        Ok(sums.of(&mark).tally.sum(|_| true).wrong == 0)
    }
}

/// Writes the frames of a paper as PNG and its truth as text.
fn replay(seed: u64, out: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(out)?;
    let plan = Plan::of(seed);
    let take = plan.take();
    let (width, height) = (plan::SIZE.width as u32, plan::SIZE.height as u32);
    for index in 0..plan.frames {
        let picture =
            image::GrayImage::from_raw(width, height, take.frame(index)).ok_or("a frame of odd size")?;
        picture.save(out.join(format!("{seed}-{index:02}.png")))?;
    }
    let slip = take.slip();
    let truth = format!(
        "digits {}\nqr {}\nnw7 {}\nlevel {:?}\ndisturbance {}\nexpected {}\n{:?}\nfollows the paper before {}\n",
        slip.digits,
        slip.has_qr,
        slip.nw7_digits().unwrap_or("none"),
        plan.level,
        slip.disturbance.name(),
        plan.is_expected,
        plan.expectation,
        plan::follows(seed),
    );
    fs::write(out.join(format!("{seed}.txt")), truth)?;
    Ok(())
}
