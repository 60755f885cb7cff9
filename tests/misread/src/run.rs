//! Blocks of seeds judged, on several threads, until enough papers were accepted.
//!
//! Must not: begin a block that is judged already, or lose one that is done.

use std::{
    error::Error,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rustix::time::{ClockId, clock_gettime};
use scanner::{Agreement, CaptureId, Frame, Reading};
use sheets::{
    Level,
    stand::{Disturbance, Slip, Take},
};

use crate::{
    plan::{self, Plan},
    sums::{BLOCK, Sums},
    tally::Tally,
    trial,
};

/// How far to go.
#[derive(Debug, Clone, Copy)]
pub struct Goal {
    /// Papers accepted, those of earlier runs with the same reader among them.
    pub accepted: u64,
    /// The first seed.
    pub from: u64,
    /// Threads to work on.
    pub threads: usize,
}

/// Judges block after block, each told by its first seed, and writes the sums down after each.
///
/// # Errors
/// Where the sums cannot be written.
pub fn until(
    goal: Goal,
    reader: &str,
    sums: Sums,
    file: &Path,
    judge_block: &(impl Fn(u64) -> Tally + Sync),
    tell: &(impl Fn(&Sums) + Sync),
) -> Result<Sums, Box<dyn Error>> {
    let shared = Mutex::new(Shared { sums, begun: Vec::new() });
    let failed = AtomicBool::new(false);
    let work = || -> std::io::Result<()> {
        while !failed.load(Ordering::Relaxed) {
            let Some(first) = lock(&shared).next_block(reader, goal) else { return Ok(()) };
            let begun_at = cpu_s();
            let tally = judge_block(first);
            let cpu = cpu_s() - begun_at;
            let mut shared = lock(&shared);
            shared.sums.of(reader).add(first, tally, cpu);
            shared.begun.retain(|begun| *begun != first);
            let saved = shared.sums.save(file);
            tell(&shared.sums);
            if saved.is_err() {
                failed.store(true, Ordering::Relaxed);
            }
            saved?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..goal.threads.max(1)).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|_| Err(std::io::Error::other("a thread ended in a panic")))
        })
    })?;
    Ok(shared.into_inner().unwrap_or_else(PoisonError::into_inner).sums)
}

/// What the threads share.
struct Shared {
    sums: Sums,
    /// First seeds of the blocks that are being judged.
    begun: Vec<u64>,
}

impl Shared {
    /// The next block that nobody judges, unless enough is accepted.
    fn next_block(&mut self, reader: &str, goal: Goal) -> Option<u64> {
        let evidence = self.sums.of(reader);
        if evidence.tally.sum(|_| true).accepted() >= goal.accepted {
            return None;
        }
        let mut first = evidence.next_block(goal.from);
        while self.begun.contains(&first) {
            first = evidence.next_block(first + BLOCK);
        }
        self.begun.push(first);
        Some(first)
    }
}

fn lock(shared: &Mutex<Shared>) -> std::sync::MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Judges the papers of the seeds, of which the first follows no other; each that follows none comes before a reader that
/// knows of nothing.
pub fn judge(seeds: std::ops::Range<u64>, read: &impl Fn(&Frame) -> Reading) -> Tally {
    let mut tally = Tally::default();
    let mut agreement = Agreement::new();
    for seed in seeds {
        if !plan::follows(seed) {
            agreement = Agreement::new();
        }
        let plan = Plan::of(seed);
        tally.add(&plan, &trial::pass(&plan, &mut agreement, read));
    }
    tally
}

/// Frames that a reader is told by: bad ones, of which it reads so many with little confidence that a threshold moved by
/// a hundredth or two is noticed.
const MARKED_BY_FRAMES: u64 = 240;
/// Papers that it is told by.
const MARKED_BY_PAPERS: u64 = 9;

/// A mark of reader and synthesiser: what is read, and to the bit where, in some frames; some seconds of work. Sums of
/// readers with different marks are kept apart.
#[must_use]
pub fn mark(read: &impl Fn(&Frame) -> Reading) -> String {
    // FNV-1a.
    let mut mark = 0xCBF2_9CE4_8422_2325_u64;
    let mut mix = |bytes: &[u8]| {
        for byte in bytes {
            mark = (mark ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    };
    for index in 0..MARKED_BY_FRAMES {
        let mut rng = ChaCha8Rng::seed_from_u64(2_000_000_000 + index);
        let level = [Level::Bad, Level::Bad, Level::Usual][(index % 3) as usize];
        let disturbance = Disturbance::ALL[index as usize % Disturbance::ALL.len()];
        let slip = Slip::by_lot(plan::any_line(&mut rng), disturbance, &mut rng);
        let take = Take::set_up(slip, level, plan::SIZE, index);
        let Some(frame) = trial::frame(&take, 1 + index as usize % 3, CaptureId(index)) else { continue };
        for sighting in read(&frame).sightings {
            mix(sighting.digits.as_str().as_bytes());
            mix(&sighting.confidence.least().to_bits().to_le_bytes());
            for corner in sighting.corners {
                mix(&corner.x.to_bits().to_le_bytes());
                mix(&corner.y.to_bits().to_le_bytes());
            }
        }
        mix(&[index as u8]);
    }
    // What becomes of whole papers, one behind another: agreement belongs to the reader too.
    let mut agreement = Agreement::new();
    for seed in 2_000_000_000..2_000_000_000 + MARKED_BY_PAPERS {
        let trial = trial::pass(&Plan::of(seed), &mut agreement, read);
        mix(format!("{:?} {}", trial.outcome, trial.frames).as_bytes());
    }
    format!("{:08x}", mark >> 32)
}

/// Processor time of this thread.
fn cpu_s() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}
