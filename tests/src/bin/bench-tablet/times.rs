//! The tablet's own times as it writes them, and the camera's, on one clock: milliseconds of the wall clock.
//!
//! Must not: measure.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use serde_json::Value;
use tests::demo::Failure;

/// One time that the tablet wrote.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) what: String,
    pub(crate) ms: f64,
    /// When it was written.
    pub(crate) at: f64,
    pub(crate) capture: Option<usize>,
}

/// A file that another program writes line by line.
pub(crate) struct Growing {
    file: PathBuf,
    read: u64,
    rest: String,
}

impl Growing {
    pub(crate) fn new(file: &Path) -> Self {
        Self { file: file.to_owned(), read: 0, rest: String::new() }
    }

    /// The lines that came since.
    pub(crate) fn lines(&mut self) -> Result<Vec<String>, Failure> {
        let mut file = File::open(&self.file)?;
        file.seek(SeekFrom::Start(self.read))?;
        let mut text = String::new();
        self.read += file.read_to_string(&mut text)? as u64;
        self.rest.push_str(&text);
        let Some(end) = self.rest.rfind('\n') else { return Ok(Vec::new()) };
        let whole: String = self.rest.drain(..=end).collect();
        Ok(whole.lines().map(str::to_owned).collect())
    }
}

/// The tablet's times as they come.
pub(crate) struct Times {
    file: Growing,
    /// What is added to the tablet's own clock.
    start: Option<f64>,
    /// All that came so far.
    pub(crate) lines: Vec<Line>,
}

impl Times {
    pub(crate) fn new(file: &Path) -> Self {
        Self { file: Growing::new(file), start: None, lines: Vec::new() }
    }

    /// Takes in what came since; how many that are.
    pub(crate) fn take_in(&mut self) -> Result<usize, Failure> {
        let fresh = self.file.lines()?;
        for line in &fresh {
            let line: Value = serde_json::from_str(line)?;
            let number = |name: &str| line[name].as_f64().ok_or_else(|| format!("a time without {name}"));
            let (ms, at) = (number("ms")?, number("at")?);
            let what = line["what"].as_str().ok_or("a time without a name")?.to_owned();
            if what == "wall" {
                self.start = Some(ms - at);
                continue;
            }
            let start = self.start.ok_or("the tablet did not say what its clock means")?;
            let capture = line["capture"].as_u64().map(|count| count as usize);
            self.lines.push(Line { what, ms, at: start + at, capture });
        }
        Ok(fresh.len())
    }

    /// The times of that name.
    pub(crate) fn of(&self, what: &str) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.what == what)
    }
}

/// This program's clocks beside the wall clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clocks {
    now: Instant,
    wall_ms: f64,
    monotonic_ms: f64,
}

impl Clocks {
    pub(crate) fn read() -> Result<Self, Failure> {
        let wall_ms = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64() * 1e3;
        Ok(Self { now: Instant::now(), wall_ms, monotonic_ms: fakecam::monotonic_ns() as f64 / 1e6 })
    }
    /// An instant of this program.
    pub(crate) fn wall(&self, instant: Instant) -> f64 {
        let since = instant.saturating_duration_since(self.now).as_secs_f64();
        let before = self.now.saturating_duration_since(instant).as_secs_f64();
        self.wall_ms + (since - before) * 1e3
    }
    /// The frames of the camera's log, in the order in which the tablet was given them: number and instant.
    pub(crate) fn frames(&self, log: &Path) -> Result<Vec<(usize, f64)>, Failure> {
        let frame = |line: &String| {
            let (number, stamp) = line.split_once(' ')?;
            let stamp_ms = stamp.parse::<f64>().ok()? / 1e6;
            Some((number.parse().ok()?, self.wall_ms + stamp_ms - self.monotonic_ms))
        };
        let lines = Growing::new(log).lines()?;
        lines.iter().map(|line| frame(line).ok_or_else(|| "the camera's log".into())).collect()
    }
}
