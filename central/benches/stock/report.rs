//! The part of the page, with what each row must reach.
//!
//! Must not: round a figure over its limit.

use std::fmt::Write as _;

struct Row {
    what: String,
    figure: String,
    asked: String,
    beside: String,
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

    /// A figure, what is asked, and what the database alone does with the same question in the same run.
    pub(crate) fn row(&mut self, what: &str, figure: String, asked: &str, beside: String, holds: bool) {
        let mark = if holds { "" } else { "  MISSED" };
        println!("{what}: {figure} ({asked}; the database alone: {beside}){mark}");
        self.rows.push(Row { what: what.to_owned(), figure, asked: asked.to_owned(), beside, holds });
    }

    pub(crate) fn note(&mut self, note: String) {
        println!("{note}");
        self.notes.push(note);
    }

    pub(crate) fn section(&self) -> String {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let quick = if self.is_quick { "With `-- --quick`, fewer facilities. " } else { "" };
        let mut section = format!(
            "## The central: pages, check and the last vials\n\n{quick}PostgreSQL, server and clients share this machine's \
             {cores} cores.\n\n| what | measured | asked | plain SQL | |\n|---|---|---|---|---|\n"
        );
        for Row { what, figure, asked, beside, holds } in &self.rows {
            let mark = if *holds { "holds" } else { "**missed**" };
            // Writing to a String never fails.
            let _ = writeln!(section, "| {what} | {figure} | {asked} | {beside} | {mark} |");
        }
        section.push('\n');
        self.notes.iter().for_each(|note| {
            let _ = writeln!(section, "- {note}");
        });
        section
    }
}

/// The value below which that share of the values lies.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = ((values.len() as f64 * share).ceil() as usize).clamp(1, values.len().max(1)) - 1;
    values.get(at).copied().unwrap_or(f64::NAN)
}
