//! The lines of the table: what was measured beside its limit and its floor or peer.
//!
//! Must not: choose limits; they are what the tablet promises.

use crate::{
    floors::Reading,
    inside::Inside,
    numbers::Sample,
    outcome::Run,
    tablet::{BareWindow, Start},
};

/// Everything that was measured.
pub(crate) struct Measured {
    pub(crate) runs: Vec<Run>,
    /// Starts beside those of the runs, with their unlocking.
    pub(crate) starts: Vec<(Start, f64)>,
    pub(crate) bare: Vec<BareWindow>,
    pub(crate) inside: Inside,
    pub(crate) reading: Reading,
    /// Processor time of Argon2id, and of writing its memory twice.
    pub(crate) key_by_pin: Sample,
    pub(crate) memory_twice: Sample,
    /// The machine's load over the minute before, and after.
    pub(crate) load: (f64, f64),
}

/// One line of the table.
pub(crate) struct Row {
    pub(crate) what: &'static str,
    pub(crate) measured: String,
    /// The limit in words, and whether it holds; none where there is no limit.
    pub(crate) limit: Option<(&'static str, bool)>,
    pub(crate) beside: String,
    pub(crate) ratio: f64,
}

/// All runs' values of one kind as one sample, and their 99th percentiles from the least to the greatest.
pub(crate) fn over_runs(runs: &[Run], of: impl Fn(&Run) -> &Sample) -> (Sample, String) {
    let all = Sample::of_all(runs.iter().map(&of));
    let tails: Sample = runs.iter().map(|run| of(run).percentile(99)).collect();
    let shares = [50, 95, 99].map(|share| all.percentile(share));
    let text = format!(
        "{:.1} / {:.1} / **{:.1} ms** ({} values; p99 by run {:.1} to {:.1})",
        shares[0],
        shares[1],
        shares[2],
        all.count(),
        tails.least(),
        tails.most()
    );
    (all, text)
}

pub(crate) fn spread(sample: &Sample, unit: &str) -> String {
    format!("{:.1} {unit} ({:.1} to {:.1})", sample.median(), sample.least(), sample.most())
}

pub(crate) fn of_runs(runs: &[Run], of: impl Fn(&Run) -> f64) -> Sample {
    runs.iter().map(of).collect()
}

impl Measured {
    fn starts(&self, of: impl Fn(Start) -> f64) -> Sample {
        self.runs
            .iter()
            .map(|run| run.start)
            .chain(self.starts.iter().map(|(start, _)| *start))
            .map(of)
            .collect()
    }

    fn bare(&self, of: impl Fn(&BareWindow) -> f64) -> Sample {
        self.bare.iter().map(of).collect()
    }

    /// The table.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let runs = &self.runs;
        let mut rows = self.entry_rows();
        let whole = self.starts(|start| start.to_names + start.to_picture);
        let (names, picture) = (self.starts(|start| start.to_names), self.starts(|start| start.to_picture));
        let bare_start = self.bare(|bare| bare.to_picture);
        rows.push(Row {
            what: "Start of the process to the first picture of the camera on the screen",
            measured: format!(
                "**{}** at worst {:.0} ms; of this {:.0} ms to the names, {:.0} ms from ロックを解除 to the picture",
                spread(&whole, "ms"),
                whole.most(),
                names.median(),
                picture.median()
            ),
            limit: Some(("≤ 1500 ms", whole.most() <= 1500.0)),
            beside: format!("bare window {:.0} ms", bare_start.median()),
            ratio: whole.median() / bare_start.median(),
        });
        let resident = of_runs(runs, |run| run.unattended.resident);
        let most = of_runs(runs, |run| run.most_resident);
        let bare_resident = self.bare(|bare| bare.resident);
        rows.push(Row {
            what: "Memory of the process in RAM",
            measured: format!(
                "**{:.0} MiB** at most at work; {:.0} MiB at most ever, while the PIN is tried",
                resident.most(),
                most.most()
            ),
            limit: Some(("≤ 200 MiB", most.most() <= 200.0)),
            beside: format!("bare window {:.0} MiB", bare_resident.median()),
            ratio: most.most() / bare_resident.median(),
        });
        rows.extend(self.preview_rows());
        rows.extend(self.inside_rows());
        rows.push(Row {
            what: "Reading one frame, processor time",
            measured: format!(
                "{}; same frames alone {:.1} / {:.1} ms p50 / p99",
                spread(&of_runs(runs, |run| run.read_cpu), "ms in the running tablet"),
                self.reading.own.median(),
                self.reading.own.percentile(99)
            ),
            limit: None,
            beside: format!(
                "rqrr (QR only) {:.1} ms; each pixel once {:.2} ms",
                self.reading.rqrr.median(),
                self.reading.touching.median()
            ),
            ratio: self.reading.own.median() / self.reading.rqrr.median(),
        });
        let unlock: Sample =
            runs.iter().map(|run| run.unlock).chain(self.starts.iter().map(|(_, unlock)| *unlock)).collect();
        rows.push(Row {
            what: "Unlocking: PIN, vault, database opened",
            measured: format!(
                "**{}**; of this Argon2id {:.0} ms of processor time",
                spread(&unlock, "ms"),
                self.key_by_pin.median()
            ),
            limit: Some(("≤ 500 ms", unlock.most() <= 500.0)),
            beside: format!("64 MiB written twice {:.0} ms", self.memory_twice.median()),
            ratio: self.key_by_pin.median() / self.memory_twice.median(),
        });
        rows
    }

    fn inside_rows(&self) -> Vec<Row> {
        let inside = &self.inside;
        let shares = |sample: &Sample| {
            let [half, most, all] = [50, 95, 99].map(|share| sample.percentile(share));
            format!("{half:.1} / {most:.1} / **{all:.1} ms** ({} values)", sample.count())
        };
        vec![
            Row {
                what: "Changing pages: finger on the rail to the whole page drawn, with what belongs on it: p50 / p95 / p99",
                measured: shares(&inside.page),
                limit: Some(("p99 ≤ 100 ms", inside.page.percentile(99) <= 100.0)),
                beside: format!("drawing alone {:.1} ms", inside.page_draw.median()),
                ratio: inside.page.median() / inside.page_draw.median(),
            },
            Row {
                what: "A turn of the wheel in a list of 10,000 entries, whole picture, processor time: p50 / p95 / p99",
                measured: shares(&inside.scroll),
                limit: Some(("p99 ≤ 20 ms", inside.scroll.percentile(99) <= 20.0)),
                beside: format!("the same list drawn without a turn {:.1} ms", inside.scroll_draw.median()),
                ratio: inside.scroll.median() / inside.scroll_draw.median(),
            },
            Row {
                what: "Search among 10,000 entries: last digit to rows on the page: p50 / p95 / p99",
                measured: shares(&inside.search),
                limit: Some(("p99 ≤ 20 ms", inside.search.percentile(99) <= 20.0)),
                beside: format!("the database alone {:.2} ms", inside.search_store.median()),
                ratio: inside.search.median() / inside.search_store.median(),
            },
            Row {
                what: "Asking about a coupon among 1,000,000 doses of other tablets by keyed hash: p50 / p95 / p99",
                measured: format!(
                    "{}; taking them in once: {:.0} s",
                    shares(&inside.asked),
                    inside.taken_in_s
                ),
                limit: Some(("p99 ≤ 20 ms", inside.asked.percentile(99) <= 20.0)),
                beside: format!("with none held {:.2} ms", inside.asked_empty.median()),
                ratio: inside.asked.median() / inside.asked_empty.median(),
            },
        ]
    }

    fn entry_rows(&self) -> Vec<Row> {
        let runs = &self.runs;
        let (kept, kept_text) = over_runs(runs, |run| &run.frame_to_kept);
        let (verdict, verdict_text) = over_runs(runs, |run| &run.frame_to_verdict);
        let (finger, finger_text) = over_runs(runs, |run| &run.finger_to_kept);
        let (lying, lying_text) = over_runs(runs, |run| &run.lying_to_kept);
        let (commit, commit_text) = over_runs(runs, |run| &run.commit);
        let plain = Sample::of_all(runs.iter().map(|run| &run.unattended.plain[0]));
        let disk = Sample::of_all(runs.iter().map(|run| &run.unattended.plain[1]));
        let least = self.reading.unpacking.median() + self.reading.rqrr.median() + plain.median();
        let both = verdict.percentile(99) + finger.percentile(99);
        vec![
            Row {
                what: "Camera's frame with two witnesses to entry on disk, recorded as it is read: p50 / p95 / p99",
                measured: kept_text,
                limit: Some(("p99 ≤ 100 ms", kept.percentile(99) <= 100.0)),
                beside: format!("JPEG, rqrr and a plain row, p50: {least:.1} ms"),
                ratio: kept.median() / least,
            },
            Row {
                what: "The same with a finger in between: frame to verdict, and finger to entry on disk",
                measured: format!("{verdict_text}; {finger_text}; p99 together **{both:.1} ms**"),
                limit: Some(("p99 ≤ 100 ms", both <= 100.0)),
                beside: format!("as above: {least:.1} ms"),
                ratio: (verdict.median() + finger.median()) / least,
            },
            Row {
                what: "Paper at rest to entry on disk, 記録方法: 自動 (the simulated lens still hunts): p50 / p95 / p99",
                measured: lying_text,
                limit: Some(("p95 ≤ 1000 ms", lying.percentile(95) <= 1000.0 && lying.count() >= 200)),
                beside: format!("as above: {least:.1} ms"),
                ratio: lying.median() / least,
            },
            Row {
                what: "Commit alone: p50 / p95 / p99",
                measured: commit_text,
                limit: Some(("p99 ≤ 50 ms", commit.percentile(99) <= 50.0)),
                beside: format!(
                    "SQLite without a cipher {:.1} / {:.1} / {:.1} ms; the bytes and fdatasync {:.1} / {:.1} / {:.1} ms",
                    plain.median(),
                    plain.percentile(95),
                    plain.percentile(99),
                    disk.median(),
                    disk.percentile(95),
                    disk.percentile(99)
                ),
                ratio: commit.median() / plain.median(),
            },
        ]
    }

    fn preview_rows(&self) -> Vec<Row> {
        let runs = &self.runs;
        let shown = of_runs(runs, |run| run.unattended.shown);
        let given = of_runs(runs, |run| run.given);
        let used = of_runs(runs, |run| run.unattended.thread("interface") + run.unattended.thread("camera"));
        let [interface, camera, reader] = ["interface", "camera", "reader"]
            .map(|name| of_runs(runs, |run| run.unattended.thread(name)).median());
        let bare_interface = self.bare(|bare| bare.interface).median();
        let unpacking = self.reading.unpacking.median() * given.median() / 10.0;
        let bare_shown = self.bare(|bare| bare.shown);
        vec![
            Row {
                what: "Pictures of the camera seen on the screen (1280×720, MJPEG)",
                measured: format!(
                    "**{}** of {:.1} that the camera gives",
                    spread(&shown, "a second"),
                    given.median()
                ),
                limit: Some(("≥ 25 a second", shown.least() >= 25.0)),
                beside: format!("bare window {:.1} a second", bare_shown.median()),
                ratio: shown.median() / bare_shown.median(),
            },
            Row {
                what: "Processor time of interface thread and frame conversion",
                measured: format!(
                    "**{}**: interface {interface:.0} %, camera thread {camera:.0} %; beside them the reader {reader:.0} %",
                    spread(&used, "% of a core")
                ),
                limit: Some(("≤ 60 % of a core", used.most() <= 60.0)),
                beside: format!(
                    "bare window {bare_interface:.0} % and each JPEG unpacked once {unpacking:.0} %"
                ),
                ratio: used.median() / (bare_interface + unpacking),
            },
        ]
    }
}
