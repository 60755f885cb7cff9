//! The table, with what each row must reach.
//!
//! Must not: round a figure over its limit.

use std::fmt::Write as _;

/// What was measured.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    notes: Vec<String>,
}

struct Row {
    what: String,
    figure: String,
    asked: String,
    holds: bool,
}

impl Report {
    pub(crate) fn row(&mut self, what: &str, figure: String, asked: &str, holds: bool) {
        let mark = if holds { "" } else { "  MISSED" };
        println!("{what}: {figure} (asked: {asked}){mark}");
        self.rows.push(Row { what: what.to_owned(), figure, asked: asked.to_owned(), holds });
    }

    pub(crate) fn note(&mut self, note: String) {
        println!("{note}");
        self.notes.push(note);
    }

    pub(crate) fn table(&self, words: &[String]) -> String {
        let mut table = String::from("# The central under load\n\n");
        let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "--bench").collect();
        let quick = if words.contains(&"--quick") { " -- --quick" } else { "" };
        // Writing to a String never fails.
        let _ = writeln!(
            table,
            "Written by `cargo xtask bench central{quick}`: server, database and clients share this machine's {} cores.\n",
            std::thread::available_parallelism().map_or(0, usize::from)
        );
        table.push_str("| what | measured | at least / at most | |\n|---|---|---|---|\n");
        for row in &self.rows {
            let mark = if row.holds { "holds" } else { "**missed**" };
            let _ = writeln!(table, "| {} | {} | {} | {mark} |", row.what, row.figure, row.asked);
        }
        if !self.notes.is_empty() {
            table.push('\n');
            self.notes.iter().for_each(|note| {
                let _ = writeln!(table, "- {note}");
            });
        }
        table
    }
}

/// The value below which that share of the values lies.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = ((values.len() as f64 * share).ceil() as usize).clamp(1, values.len().max(1)) - 1;
    values.get(at).copied().unwrap_or(f64::NAN)
}
