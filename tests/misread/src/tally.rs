//! Counts of many papers, kept apart by level, disturbance, what codes they carry, and whether the day expects them.
//!
//! Must not: know files or reports.

use std::collections::BTreeMap;

use sheets::{
    Level,
    sheet::Nw7Content,
    stand::{Disturbance, Slip},
};

use crate::{
    plan::{FRAMES, Plan},
    trial::{Outcome, Trial},
};

/// Which papers are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    /// 1 to 3.
    pub level: u8,
    /// Which of [`Disturbance::ALL`].
    pub disturbance: Disturbance,
    /// Whether there is a QR code.
    pub has_qr: bool,
    /// Digits of the NW-7: 0, 10 or 18.
    pub nw7: u8,
    /// Whether the day expects the paper.
    pub is_expected: bool,
}

/// How papers of one kind fared. Frames until accepted are counted one by one in `accepted_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Papers.
    pub papers: u64,
    /// Accepted with their own number.
    pub right: u64,
    /// Accepted with another number.
    pub wrong: u64,
    /// To a person.
    pub person: u64,
    /// Of these, with a digit shown as settled that is wrong.
    pub misled: u64,
    /// Gone before anything was said.
    pub unread: u64,
    /// Frames looked at.
    pub frames: u64,
    /// For QR code, NW-7 and OCR line: frames that show it, that were read right, that were read wrong.
    pub witnesses: [[u64; 3]; 3],
    /// Papers accepted at the first frame, the second, and so on.
    pub accepted_at: [u64; FRAMES],
}

/// A paper or a witness that was wrong, so that it can be looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wrong {
    /// The seed.
    pub seed: u64,
    /// `accepted`, `misled`, `qr`, `nw7` or `ocr`.
    pub what: &'static str,
}

/// What can be wrong, as it is written down.
pub const WRONG: [&str; 5] = ["accepted", "misled", "qr", "nw7", "ocr"];

/// Sums over papers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// By kind.
    pub kinds: BTreeMap<Kind, Counts>,
    /// In the order of their seeds.
    pub wrong: Vec<Wrong>,
}

impl Tally {
    /// Adds one paper.
    pub fn add(&mut self, plan: &Plan, trial: &Trial) {
        let counts = self.kinds.entry(Kind::of(plan.level, &plan.slip, plan.is_expected)).or_default();
        counts.papers += 1;
        counts.frames += trial.frames as u64;
        let mut note = |what| self.wrong.push(Wrong { seed: plan.seed, what });
        match trial.outcome {
            Outcome::AcceptedRight => counts.right += 1,
            Outcome::AcceptedWrong => {
                counts.wrong += 1;
                note(WRONG[0]);
            }
            Outcome::Person { is_misled } => {
                counts.person += 1;
                counts.misled += u64::from(is_misled);
                if is_misled {
                    note(WRONG[1]);
                }
            }
            Outcome::Unread => counts.unread += 1,
        }
        if matches!(trial.outcome, Outcome::AcceptedRight | Outcome::AcceptedWrong) {
            counts.accepted_at[trial.frames.clamp(1, FRAMES) - 1] += 1;
        }
        for ((sums, witnessed), what) in counts.witnesses.iter_mut().zip(trial.witnesses).zip(&WRONG[2..]) {
            for (sum, more) in sums.iter_mut().zip([witnessed.shown, witnessed.right, witnessed.wrong]) {
                *sum += more;
            }
            if witnessed.wrong > 0 {
                note(what);
            }
        }
    }
    /// Adds what another tally has.
    pub fn merge(&mut self, other: Self) {
        for (kind, counts) in other.kinds {
            self.kinds.entry(kind).or_default().merge(&counts);
        }
        self.wrong.extend(other.wrong);
        self.wrong.sort_unstable();
    }
    /// The sum over the kinds that a question is about.
    #[must_use]
    pub fn sum(&self, of: impl Fn(&Kind) -> bool) -> Counts {
        let mut sum = Counts::default();
        for (_, counts) in self.kinds.iter().filter(|(kind, _)| of(kind)) {
            sum.merge(counts);
        }
        sum
    }
}

impl Kind {
    /// Where a paper is counted.
    #[must_use]
    pub fn of(level: Level, slip: &Slip, is_expected: bool) -> Self {
        let level = match level {
            Level::Good => 1,
            Level::Usual => 2,
            Level::Bad => 3,
        };
        let nw7 = match slip.nw7 {
            Nw7Content::Absent => 0,
            Nw7Content::Whole => 18,
            Nw7Content::LastTen | Nw7Content::OtherLastTen(_) => 10,
        };
        Self { level, disturbance: slip.disturbance, has_qr: slip.has_qr, nw7, is_expected }
    }
    /// Whether every digit has two prints that say it, or the day vouches for the first eight.
    #[must_use]
    pub fn has_two_witnesses(&self) -> bool {
        self.has_qr || self.nw7 == 18 || (self.nw7 == 10 && self.is_expected)
    }
}

impl Counts {
    /// Accepted, right or wrong.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.right + self.wrong
    }
    /// Adds other counts.
    pub fn merge(&mut self, other: &Self) {
        for (sum, more) in self.cells_mut().into_iter().zip(other.cells()) {
            *sum += more;
        }
    }
    /// All counts, in the order of [`Counts::HEADS`].
    #[must_use]
    pub fn cells(mut self) -> Vec<u64> {
        self.cells_mut().into_iter().map(|cell| *cell).collect()
    }
    /// The same to be changed.
    pub fn cells_mut(&mut self) -> Vec<&mut u64> {
        let singles = [
            &mut self.papers,
            &mut self.right,
            &mut self.wrong,
            &mut self.person,
            &mut self.misled,
            &mut self.unread,
            &mut self.frames,
        ];
        singles.into_iter().chain(self.witnesses.iter_mut().flatten()).chain(&mut self.accepted_at).collect()
    }
    /// Names of the cells; those after them count the papers accepted at the first frame, the second, and so on.
    pub const HEADS: [&str; 16] = [
        "papers",
        "right",
        "wrong",
        "person",
        "misled",
        "unread",
        "frames",
        "qr_shown",
        "qr_right",
        "qr_wrong",
        "nw7_shown",
        "nw7_right",
        "nw7_wrong",
        "ocr_shown",
        "ocr_right",
        "ocr_wrong",
    ];
}
