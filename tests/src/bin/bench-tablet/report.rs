//! What was measured, as a page for people: a table with limits, floors and ratios, and how it was measured.
//!
//! Must not: name the machine, a person or a folder; say less than was measured.

use std::fmt::Write as _;

use crate::{
    outcome::Papers,
    prepared::STORED,
    rows::{Measured, Row, of_runs, over_runs},
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
        let (_, lying_text) = over_runs(runs, |run| &run.lying_to_kept);
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
  central at the end, of {} that were on the tablets.
- Sheet at rest (the simulated lens still hunts) to entry on disk, recorded as it is read: {lying_text}.
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

const HOW: &str = "\
## How

The release program `vrs-tablet` in a window of 1280 × 800 on Xvfb, drawn by the software renderer; under it a camera in
user space (V4L2 through nokhwa, 1280×720, MJPEG, 30 frames a second) that plays a film of sound sample sheets as on a
usual day: 1.2 seconds each, sliding in, the lens hunting, hands trembling. Reader, database and sending all run: a real
`vrs-central` on the same machine takes in the 10,000 entries that are unsent at the start of each run, and every new one.
The first sheets of a run wait for a finger (xdotool, as soon as the button is seen on the screen); then the page is
switched to 記録方法: 自動 and nobody touches it.

*Frame to entry* counts from the instant at which the camera hands the frame over in which both witnesses are read, to
the moment at which the transaction is on disk: the copy, unpacking the JPEG, waiting for the reader, reading,
the question whether the coupon is there already, the transaction with full sync. With a finger in between the person's
time is left out: counted are frame to verdict, and the command to the pointer to the entry on disk (X server, window,
keeper, transaction). *Start* leaves out the person's time too: it is the time from the start of the process to the page
with the names on the screen plus the time from the finger on ロックを解除 to the camera's first picture on the screen, both seen
in the X server's pixels. *Pictures seen* are changes of a row of those pixels. Processor time is that of
`/proc/*/task/*/stat` while nobody touches the screen. Memory holds the camera's own buffers too.

Floors and peers: after each entry of the tablet the same bytes go into a plain SQLite row (WAL, full sync) and into a
file with fdatasync, in the same folder, while everything runs; rqrr reads QR codes only, in the same frames of the film;
the bare window is the same toolkit and renderer showing ready-made pictures of the same size at the same place and
rate.
";
