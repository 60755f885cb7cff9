//! The table, with what each row must reach.
//!
//! Must not: round a figure over its limit.

use std::fmt::Write as _;

struct Row {
    what: String,
    figure: String,
    asked: String,
    holds: bool,
}

/// What was measured.
pub(crate) struct Report {
    is_quick: bool,
    rows: Vec<Row>,
    notes: Vec<String>,
}

impl Report {
    pub(crate) fn new(is_quick: bool) -> Self {
        Self { is_quick, rows: Vec::new(), notes: Vec::new() }
    }

    /// Seconds.
    pub(crate) fn at_most(&mut self, what: &str, seconds: f64, most: f64) {
        self.row(what, format!("{seconds:.2}"), format!("{most}"), seconds <= most);
    }

    /// A figure that must not be beyond the greedy answer's.
    pub(crate) fn no_more(&mut self, what: &str, figure: u64, greedy: u64) {
        self.row(what, figure.to_string(), greedy.to_string(), figure <= greedy);
    }

    fn row(&mut self, what: &str, figure: String, asked: String, holds: bool) {
        let mark = if holds { "" } else { "  MISSED" };
        println!("{what}: {figure} (at most {asked}){mark}");
        self.rows.push(Row { what: what.to_owned(), figure, asked, holds });
    }

    pub(crate) fn note(&mut self, note: String) {
        println!("{note}");
        self.notes.push(note);
    }

    pub(crate) fn section(&self) -> String {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let quick = if self.is_quick { "With `-- --quick`, fewer facilities. " } else { "" };
        let mut section = format!(
            "## Rules: proposals and allocation\n\n{quick}Invented facilities around invented towns in 47 prefectures, by seed; one of this \
             machine's {cores} cores.\n\n| what | measured | at most | |\n|---|---|---|---|\n"
        );
        for Row { what, figure, asked, holds } in &self.rows {
            let mark = if *holds { "holds" } else { "**missed**" };
            // Writing to a String never fails.
            let _ = writeln!(section, "| {what} | {figure} | {asked} | {mark} |");
        }
        section.push('\n');
        self.notes.iter().for_each(|note| {
            let _ = writeln!(section, "- {note}");
        });
        section
    }
}
