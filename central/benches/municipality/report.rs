//! The table, with what each row must reach.
//!
//! Must not: round a figure over its limit.

use std::fmt::Write as _;

/// The most seconds a million may take.
const MOST_SECONDS: f64 = 60.0;
/// The most memory, MiB.
const MOST_MIB: u64 = 300;

/// What was measured.
pub(crate) struct Report {
    people: u32,
    rows: Vec<(String, String, String, bool)>,
    notes: Vec<String>,
}

impl Report {
    pub(crate) fn new(people: u32) -> Self {
        Self { people, rows: Vec::new(), notes: Vec::new() }
    }

    /// Seconds that so many rows took.
    pub(crate) fn time(&mut self, what: &str, seconds: f64, rows: u32) {
        let most = MOST_SECONDS * f64::from(rows) / 1_000_000.0;
        let figure = format!("{seconds:.1} s ({:.0} a second)", f64::from(rows) / seconds);
        self.row(what, figure, format!("{most:.0} s"), seconds <= most);
    }

    /// The most memory, MiB.
    pub(crate) fn memory(&mut self, what: &str, mib: u64) {
        self.row(what, format!("{mib} MiB"), format!("{MOST_MIB} MiB"), mib <= MOST_MIB);
    }

    fn row(&mut self, what: &str, figure: String, asked: String, holds: bool) {
        let mark = if holds { "" } else { "  MISSED" };
        println!("{what}: {figure} (at most {asked}){mark}");
        self.rows.push((what.to_owned(), figure, asked, holds));
    }

    pub(crate) fn note(&mut self, note: String) {
        println!("{note}");
        self.notes.push(note);
    }

    pub(crate) fn table(&self) -> String {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let (people, further) = match self.people {
            1_000_000 => ("a million".to_owned(), String::new()),
            people => (people.to_string(), format!(" -- --people {people}")),
        };
        let mut table = format!(
            "# A municipality's people in and out\n\nWritten by `cargo xtask bench municipality{further}`: {people} people, \
             invented; database and program share this machine's {cores} cores.\n\n\
             | what | measured | at most | |\n|---|---|---|---|\n"
        );
        for (what, figure, asked, holds) in &self.rows {
            let mark = if *holds { "holds" } else { "**missed**" };
            // Writing to a String never fails.
            let _ = writeln!(table, "| {what} | {figure} | {asked} | {mark} |");
        }
        table.push('\n');
        self.notes.iter().for_each(|note| {
            let _ = writeln!(table, "- {note}");
        });
        table
    }
}
