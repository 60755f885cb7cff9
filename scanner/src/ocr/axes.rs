//! Rows of blobs of one height: where a line of print runs, and how high it is.
//!
//! Must not: say where the line begins and ends.

use super::blobs::Blob;

/// Blobs of one row differ in height by no more than this factor.
const ALIKE: f32 = 1.35;
/// From the right edge of one blob to the left edge of the next, in heights: two `1` of a narrow print stand
/// a whole cell apart.
const GAPS: std::ops::Range<f32> = -0.3..1.4;
/// Steepest row, as rise over run: 27 degrees.
const STEEPEST: f32 = 0.51;
/// A blob this many times as broad as it is high is a rule or a stroke.
const BROADEST: f32 = 12.0;
/// Blobs that a row begins with.
const LEAST_LINKED: usize = 3;
/// How far from a row's middle, in heights, a blob of it may lie …
const CORRIDOR: f32 = 0.25;
/// … and how far along it others are looked for, in heights from its middle.
const REACH: f32 = 22.0;
/// Height of the buckets that blobs are sorted into.
const BUCKET: f32 = 16.0;
/// Chains, the longest first, that rows are made of; each is held against every blob.
const MOST_CHAINS: usize = 80;
/// Rows that are returned.
const MOST_AXES: usize = 24;

/// A row of print in the reduced picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Axis {
    /// A place on its middle, amid its blobs.
    pub(super) x: f32,
    pub(super) y: f32,
    /// Its direction, a unit vector to the right.
    pub(super) along: (f32, f32),
    /// Height of its digits.
    pub(super) height: f32,
    /// How much of a line of digits its blobs are: their number, each counting less the worse it fits.
    pub(super) weight: f32,
}

/// The rows that are likest to a line of digits.
pub(super) fn find(blobs: &[Blob]) -> Vec<Axis> {
    let links = links(blobs);
    let mut is_taken = vec![false; blobs.len()];
    let mut chains: Vec<Vec<usize>> = Vec::new();
    for start in 0..blobs.len() {
        if !is_taken[start] {
            chains.push(chain(start, &links, &mut is_taken));
        }
    }
    chains.retain(|chain| chain.len() >= LEAST_LINKED);
    chains.sort_by_key(|chain| std::cmp::Reverse(chain.len()));
    chains.truncate(MOST_CHAINS);
    let mut axes: Vec<Axis> = Vec::new();
    for chain in &chains {
        let Some(axis) = Axis::through(blobs, chain).and_then(|axis| axis.widened(blobs)) else { continue };
        if !axes.iter().any(|known| known.is_same(&axis)) {
            axes.push(axis);
        }
    }
    axes.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    axes.truncate(MOST_AXES);
    axes
}

/// For each blob the next to its right and the next to its left, where each is the other's.
struct Links {
    right: Vec<Option<usize>>,
    left: Vec<Option<usize>>,
}

fn links(blobs: &[Blob]) -> Links {
    let bucket = |y: f32| (y / BUCKET) as usize;
    let mut buckets: Vec<Vec<usize>> = Vec::new();
    for (at, blob) in blobs.iter().enumerate() {
        let own = bucket(blob.center_y());
        if buckets.len() <= own {
            buckets.resize_with(own + 1, Vec::new);
        }
        buckets[own].push(at);
    }
    for bucket in &mut buckets {
        bucket.sort_by_key(|at| blobs[*at].left);
    }
    let mut right = vec![None; blobs.len()];
    let mut left: Vec<Option<(usize, f32)>> = vec![None; blobs.len()];
    for (at, blob) in blobs.iter().enumerate() {
        let height = blob.height();
        if blob.width() > BROADEST * height {
            continue;
        }
        let rise = STEEPEST * 2.4 * height;
        let (from, to) = (bucket((blob.center_y() - rise).max(0.0)), bucket(blob.center_y() + rise));
        let mut best: Option<(usize, f32)> = None;
        for list in buckets.iter().take(to + 1).skip(from) {
            let near = f32::from(blob.right) + GAPS.start * height;
            let first = list.partition_point(|at| f32::from(blobs[*at].left) < near);
            for next in &list[first..] {
                let gap = f32::from(blobs[*next].left) - f32::from(blob.right);
                if gap > GAPS.end * height {
                    break;
                }
                let Some(cost) = cost(blob, &blobs[*next]).filter(|_| *next != at) else { continue };
                if best.is_none_or(|(_, least)| cost < least) {
                    best = Some((*next, cost));
                }
            }
        }
        let Some((next, cost)) = best else { continue };
        if left[next].is_none_or(|(_, least)| cost < least) {
            left[next] = Some((at, cost));
        }
        right[at] = Some(next);
    }
    for (at, next) in right.iter_mut().enumerate() {
        *next = next.filter(|next| left[*next].is_some_and(|(back, _)| back == at));
    }
    Links { right, left: left.into_iter().map(|known| known.map(|(at, _)| at)).collect() }
}

/// How ill two blobs fit side by side; none where they do not.
fn cost(blob: &Blob, next: &Blob) -> Option<f32> {
    let (height, other) = (blob.height(), next.height());
    let run = next.center_x() - blob.center_x();
    let rise = (next.center_y() - blob.center_y()).abs();
    let fits = height.max(other) <= ALIKE * height.min(other)
        && run > 0.25 * height
        && rise <= STEEPEST * run + 0.1 * height
        && next.width() <= BROADEST * other;
    fits.then_some(run + 2.0 * rise)
}

/// The whole chain that a blob is in.
fn chain(start: usize, links: &Links, is_taken: &mut [bool]) -> Vec<usize> {
    let mut first = start;
    for _ in 0..is_taken.len() {
        let Some(before) = links.left[first].filter(|before| links.right[*before] == Some(first)) else {
            break;
        };
        first = before;
    }
    let mut chain = vec![first];
    is_taken[first] = true;
    let mut last = first;
    while let Some(next) = links.right[last].filter(|next| !is_taken[*next]) {
        is_taken[next] = true;
        chain.push(next);
        last = next;
    }
    chain
}

impl Axis {
    /// The straight line through blobs, by least squares.
    fn through(blobs: &[Blob], members: &[usize]) -> Option<Self> {
        let count = members.len() as f32;
        let mean =
            |value: &dyn Fn(&Blob) -> f32| members.iter().map(|at| value(&blobs[*at])).sum::<f32>() / count;
        let (x, y) = (mean(&Blob::center_x), mean(&Blob::center_y));
        let run = mean(&|blob| (blob.center_x() - x).powi(2));
        let rise = mean(&|blob| (blob.center_x() - x) * (blob.center_y() - y));
        let slope = rise / run.max(1e-3);
        if slope.abs() > STEEPEST || run < 1.0 {
            return None;
        }
        let mut heights: Vec<f32> = members.iter().map(|at| blobs[*at].height()).collect();
        let (_, height, _) = heights.select_nth_unstable_by(members.len() / 2, f32::total_cmp);
        let length = (1.0 + slope * slope).sqrt();
        let along = (1.0 / length, slope / length);
        Some(Self { x, y, along, height: *height, weight: 0.0 })
    }
    /// Along and across it, a place's distance from its middle.
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        let (dx, dy) = (x - self.x, y - self.y);
        (dx * self.along.0 + dy * self.along.1, dy * self.along.0 - dx * self.along.1)
    }
    /// The line through all blobs along it that fit.
    fn widened(self, blobs: &[Blob]) -> Option<Self> {
        let mut axis = self;
        for _ in 0..2 {
            let members: Vec<usize> = (0..blobs.len()).filter(|at| axis.fit(&blobs[*at]) > 0.0).collect();
            if members.len() < LEAST_LINKED {
                return None;
            }
            axis = Self::through(blobs, &members)?;
        }
        axis.weight = blobs.iter().map(|blob| axis.fit(blob)).sum();
        Some(axis)
    }
    /// How well a blob fits, 0 to 1.
    fn fit(&self, blob: &Blob) -> f32 {
        let (s, t) = self.place(blob.center_x(), blob.center_y());
        let off = t.abs() / self.height / CORRIDOR;
        let taller = (blob.height() / self.height).ln().abs() / ALIKE.ln();
        if s.abs() > REACH * self.height || off > 1.0 || taller > 1.0 || blob.width() > BROADEST * self.height
        {
            return 0.0;
        }
        (1.0 - off * off) * (1.0 - taller * taller)
    }
    /// Whether both run along one line of print.
    fn is_same(&self, other: &Self) -> bool {
        let (s, t) = self.place(other.x, other.y);
        t.abs() < 0.4 * self.height
            && s.abs() < 12.0 * self.height
            && (self.height / other.height).ln().abs() < ALIKE.ln()
    }
}
