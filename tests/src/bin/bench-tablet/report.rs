//! What was measured, as a page for people: a table with limits, floors and ratios, and how it was measured.
//!
//! Must not: name the machine, a person or a folder; say less than was measured.

use std::fmt::Write as _;

use crate::{
    outcome::Papers,
    prepared::STORED,
    rows::{Measured, Row, of_runs, over_runs, spread},
};

/// The page, and how many limits are missed; a run that misread or lost something counts as one.
pub(crate) struct Page {
    pub(crate) text: String,
    pub(crate) missed: usize,
}

impl Measured {
    /// The page.
    pub(crate) fn page(&self, machine: &str) -> Page {
        let rows = self.rows();
        let mut text = String::from(HEAD);
        for row in &rows {
            let (limit, holds) = match row.limit {
                Some((limit, true)) => (limit, "holds"),
                Some((limit, false)) => (limit, "**falls short**"),
                None => ("–", "–"),
            };
            let Row { what, measured, beside, ratio, .. } = row;
            let _ = writeln!(text, "| {what} | {measured} | {limit} | {holds} | {beside} | {ratio:.2} |");
        }
        let missed = rows.iter().filter(|row| row.limit.is_some_and(|(_, holds)| !holds)).count();
        let wrong = |papers: Papers| papers.misread > 0 || papers.delivered != STORED + 1 + papers.kept;
        let wrong = self.runs.iter().filter(|run| wrong(run.papers)).count();
        self.how(&mut text, machine);
        Page { text, missed: missed + wrong }
    }

    fn how(&self, text: &mut String, machine: &str) {
        let runs = &self.runs;
        let sum = |of: fn(&Papers) -> usize| runs.iter().map(|run| of(&run.papers)).sum::<usize>();
        let (_, button_text) = over_runs(runs, |run| &run.frame_to_button);
        let (_, read_text) = over_runs(runs, |run| &run.read);
        let threads: Vec<String> = runs.first().map_or_else(Vec::new, |run| {
            let share = |name: &String| of_runs(runs, |run| run.unattended.thread(name)).median();
            run.unattended.threads.keys().map(|name| format!("{name} {:.1} %", share(name))).collect()
        });
        let _ = write!(
            text,
            "
## What beside the limits was seen

- {} sheets passed in {} runs; {} became entries, {} of them with another number than the paper; {} entries at the
  central at the end, of {} that were on the tablets. The 10,000 of before were all there {} after unlocking.
- Camera's frame to 記録する on the screen: {button_text}.
- Reading one frame, wall time while everything runs: {read_text}.
- Processor time by thread, median of the runs, percent of a core: {}. `fakecam` is the camera itself.

{HOW}
Machine: {machine}. Load over the minute before {:.1}, at the end {:.1}, of which this benchmark itself is about 1.
",
            sum(|papers| papers.passed),
            runs.len(),
            sum(|papers| papers.kept),
            sum(|papers| papers.misread),
            sum(|papers| papers.delivered),
            sum(|papers| STORED + 1 + papers.kept),
            spread(&of_runs(runs, |run| run.drained / 1e3), "s"),
            threads.join(", "),
            self.load.0,
            self.load.1,
        );
    }
}

const HEAD: &str = "\
# The tablet, measured

Written by `cargo xtask bench tablet`; not by hand.

| what | measured | limit | | floor or peer, same run | ratio |
|---|---|---|---|---|---|
";

const HOW: &str = include_str!("how.md");
