//! What the steps say while they run and at the end: a line each with the time it took.
//!
//! Must not: decide anything.

use std::time::{Duration, Instant};

/// All steps so far.
pub struct Report {
    began: Instant,
    lines: Vec<Line>,
    not_run: Vec<(String, String)>,
}

struct Line {
    name: &'static str,
    took: Duration,
    verdict: &'static str,
}

/// A step that runs; says how it ended.
pub struct Running<'a> {
    report: &'a mut Report,
    name: &'static str,
    began: Instant,
}

impl Report {
    /// Nothing was run yet.
    pub fn begin() -> Self {
        Self { began: now(), lines: Vec::new(), not_run: Vec::new() }
    }

    /// A step begins.
    pub fn step(&mut self, name: &'static str) -> Running<'_> {
        println!("── {name}");
        Running { report: self, name, began: now() }
    }

    /// Something was not run, and why.
    pub fn left_out(&mut self, name: &str, why: &str) {
        self.not_run.push((name.to_owned(), why.to_owned()));
    }

    /// Says everything once more.
    pub fn end(&self) {
        println!("\n{}", self.text(self.began.elapsed()));
    }

    fn text(&self, took: Duration) -> String {
        let mut text = String::new();
        for line in &self.lines {
            text += &format!("  {:<14} {:>8}  {}\n", line.verdict, short(line.took), line.name);
        }
        for (name, why) in &self.not_run {
            text += &format!("  {:<14} {:>8}  {name}: {why}\n", "not run here", "");
        }
        text + &format!("  {:<14} {:>8}", "in all", short(took))
    }
}

impl Running<'_> {
    /// It holds.
    pub fn passed(&mut self) {
        self.ended("passed");
    }
    /// It does not.
    pub fn failed(&mut self) {
        self.ended("FAILED");
    }
    /// It could not be run.
    pub fn not_run_here(&mut self, why: &str) {
        println!("   not run here: {why}");
        self.report.left_out(self.name, why);
    }

    fn ended(&mut self, verdict: &'static str) {
        let took = self.began.elapsed();
        println!("   {}: {verdict} in {}", self.name, short(took));
        self.report.lines.push(Line { name: self.name, took, verdict });
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a step takes is this program's own business")]
fn now() -> Instant {
    Instant::now()
}

fn short(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 60 {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{} min {:02}", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_run_never_reads_as_passed() {
        let mut report = Report::begin();
        report.step("clippy").passed();
        report.step("security advisories").not_run_here("no database");
        report.step("tests").failed();
        let text = report.text(Duration::from_secs(61));
        let line = |what: &str| text.lines().find(|line| line.contains(what)).unwrap();
        assert!(line("clippy").contains("passed"));
        assert!(line("security advisories").contains("not run here"));
        assert!(!line("security advisories").contains("passed"));
        assert!(line("tests").contains("FAILED"));
        assert!(line("in all").ends_with("1 min 01"));
    }
}
