//! What one run gave, out of the tablet's times, the camera's frames, and what was seen and tapped.
//!
//! Must not: leave a value out because it is large.

use std::collections::BTreeMap;

use tests::demo::Failure;

use crate::{
    numbers::Sample,
    reel::Reel,
    tablet::Start,
    times::{Line, Times},
};

/// What one run gave. Times in milliseconds.
pub(crate) struct Run {
    pub(crate) start: Start,
    /// Opening by PIN, as the tablet counts it.
    pub(crate) unlock: f64,
    /// From the camera's frame with both witnesses to the entry on disk, nobody asked.
    pub(crate) frame_to_kept: Sample,
    /// From that frame to the verdict.
    pub(crate) frame_to_verdict: Sample,
    /// From that frame to 記録する on the screen.
    pub(crate) frame_to_button: Sample,
    /// From the finger to the entry on disk.
    pub(crate) finger_to_kept: Sample,
    /// From the first frame in which the sheet lies to the entry on disk, nobody asked.
    pub(crate) lying_to_kept: Sample,
    /// Encoding, the transaction, the disk.
    pub(crate) commit: Sample,
    /// Wall time of reading one frame.
    pub(crate) read: Sample,
    /// Processor time of one frame in the reader.
    pub(crate) read_cpu: f64,
    /// Pictures a second that the camera gave.
    pub(crate) given: f64,
    pub(crate) unattended: Unattended,
    /// The most MiB in RAM that ever were.
    pub(crate) most_resident: f64,
    /// From unlocking until the central had all entries of before.
    pub(crate) drained: f64,
    pub(crate) papers: Papers,
}

/// What was measured while nobody touched the screen.
pub(crate) struct Unattended {
    /// A row in SQLite without a cipher; the bytes alone.
    pub(crate) plain: [Sample; 2],
    /// Pictures a second that were seen on the screen.
    pub(crate) shown: f64,
    /// Percent of a core, by thread.
    pub(crate) threads: BTreeMap<String, f64>,
    /// The most MiB in RAM.
    pub(crate) resident: f64,
    /// The tablet's lines from here on belong to it.
    pub(crate) from_line: usize,
}

impl Unattended {
    /// Percent of a core that threads of that name took.
    pub(crate) fn thread(&self, name: &str) -> f64 {
        self.threads.get(name).copied().unwrap_or_default()
    }
}

/// What became of the sheets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Papers {
    pub(crate) passed: usize,
    pub(crate) kept: usize,
    /// Entries with a number that no sheet has.
    pub(crate) misread: usize,
    /// Entries at the central at the end.
    pub(crate) delivered: usize,
    /// When the last entry of before reached the central, in milliseconds of the wall clock.
    pub(crate) drained_at: f64,
}

/// All that was written down during a run, on the wall clock.
pub(crate) struct Records<'a> {
    pub(crate) reel: &'a Reel,
    pub(crate) times: &'a Times,
    /// The frames that the tablet was given: number, and when the camera handed it over.
    pub(crate) frames: Vec<(usize, f64)>,
    /// When each 記録する was seen, and when the finger came down on it.
    pub(crate) fingers: Vec<(f64, f64)>,
}

impl Records<'_> {
    /// The camera's frame that a line is about: the tablet counts them as it is given them.
    fn frame(&self, line: &Line) -> Option<(usize, f64)> {
        self.frames.get(line.capture?.checked_sub(1)?).copied()
    }

    fn since_frame<'a>(&self, lines: impl Iterator<Item = &'a Line>) -> Sample {
        lines.filter_map(|line| Some(line.at - self.frame(line)?.1)).collect()
    }

    fn since_lying(&self, line: &Line) -> Option<f64> {
        let sheet = self.reel.frames.get(self.frame(line)?.0)?.sheet?;
        let lies_from = self.reel.lies_from(sheet)?;
        let (_, given) = self.frames.iter().find(|(number, _)| *number >= lies_from)?;
        // Some are read while they still slide in.
        Some((line.at - given).max(0.0))
    }

    /// Everything together.
    pub(crate) fn run(
        &self,
        start: Start,
        unattended: Unattended,
        most_resident: f64,
        papers: Papers,
    ) -> Result<Run, Failure> {
        let (times, fingers) = (self.times, &self.fingers);
        let kept_alone = || times.of("frame_to_kept").skip(fingers.len());
        let read: Vec<&Line> =
            times.lines[unattended.from_line..].iter().filter(|line| line.what == "read").collect();
        let (Some(first), Some(last)) = (read.first(), read.last()) else {
            return Err("nothing was read".into());
        };
        let reader_ms = unattended.thread("reader") / 100.0 * (last.at - first.at);
        let (Some((_, from)), Some((_, to))) = (self.frames.first(), self.frames.last()) else {
            return Err("the camera gave no frame".into());
        };
        let unlocked = times.of("unlock").next().ok_or("the tablet was not unlocked")?;
        let button = |(line, (shown, _)): (&Line, &(f64, f64))| Some(shown - self.frame(line)?.1);
        Ok(Run {
            start,
            unlock: unlocked.ms,
            drained: papers.drained_at - unlocked.at,
            frame_to_kept: self.since_frame(kept_alone()),
            frame_to_verdict: self.since_frame(times.of("frame_to_verdict")),
            frame_to_button: times.of("frame_to_verdict").zip(fingers).filter_map(button).collect(),
            finger_to_kept: times
                .of("frame_to_kept")
                .zip(fingers)
                .map(|(line, (_, finger))| line.at - finger)
                .collect(),
            lying_to_kept: kept_alone().filter_map(|line| self.since_lying(line)).collect(),
            commit: times.of("commit").map(|line| line.ms).collect(),
            read_cpu: reader_ms / read.len() as f64,
            read: read.iter().map(|line| line.ms).collect(),
            given: (self.frames.len() - 1) as f64 * 1e3 / (to - from),
            unattended,
            most_resident,
            papers,
        })
    }
}
