//! Connected ink: what could be a digit, or a few that run together.
//!
//! Must not: weigh one against another.

use super::reduced::Reduced;

/// Blobs lower or higher than this, in pixels of the reduced picture, are no digits.
const HEIGHTS: std::ops::RangeInclusive<u16> = 6..=72;
/// Blobs that are kept; a frame full of print has a few thousand.
const MOST_BLOBS: usize = 4000;

/// The box around connected ink; right and bottom are the first column and row beyond.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Blob {
    pub(super) left: u16,
    pub(super) top: u16,
    pub(super) right: u16,
    pub(super) bottom: u16,
    /// Ink in it.
    pub(super) pixels: u32,
}

impl Blob {
    pub(super) fn height(&self) -> f32 {
        f32::from(self.bottom - self.top)
    }
    pub(super) fn width(&self) -> f32 {
        f32::from(self.right - self.left)
    }
    pub(super) fn center_x(&self) -> f32 {
        f32::from(self.left + self.right) / 2.0
    }
    pub(super) fn center_y(&self) -> f32 {
        f32::from(self.top + self.bottom) / 2.0
    }
    fn join(&mut self, other: Self) {
        self.left = self.left.min(other.left);
        self.top = self.top.min(other.top);
        self.right = self.right.max(other.right);
        self.bottom = self.bottom.max(other.bottom);
        self.pixels += other.pixels;
    }
}

/// A run of ink in one row, and which blob it belongs to.
#[derive(Clone, Copy)]
struct Run {
    from: u16,
    to: u16,
    label: u32,
}

/// The blobs that are about as high as a digit, in reading order of their tops.
pub(super) fn find(picture: &Reduced) -> Vec<Blob> {
    let mut parents: Vec<u32> = Vec::new();
    let mut blobs: Vec<Blob> = Vec::new();
    let (mut above, mut here): (Vec<Run>, Vec<Run>) = (Vec::new(), Vec::new());
    for y in 0..picture.height {
        here.clear();
        let row = picture.ink_row(y);
        let mut x = 0;
        let mut first_above = 0;
        while let Some(skip) = row[x..].iter().position(|ink| *ink) {
            let from = x + skip;
            let to = row[from..].iter().position(|ink| !*ink).map_or(row.len(), |length| from + length);
            let own = Blob {
                left: from as u16,
                top: y as u16,
                right: to as u16,
                bottom: y as u16 + 1,
                pixels: (to - from) as u32,
            };
            let mut label = None;
            // Runs of the row above that touch this one, also by a corner.
            while above.get(first_above).is_some_and(|run| usize::from(run.to) < from) {
                first_above += 1;
            }
            for run in above[first_above..].iter().take_while(|run| usize::from(run.from) <= to) {
                let root = root(&mut parents, run.label);
                match label {
                    None => {
                        label = Some(root);
                        blobs[root as usize].join(own);
                    }
                    Some(mine) if mine != root => {
                        let (keep, gone) = (mine.min(root), mine.max(root));
                        parents[gone as usize] = keep;
                        let joined = blobs[gone as usize];
                        blobs[keep as usize].join(joined);
                        label = Some(keep);
                    }
                    Some(_) => {}
                }
            }
            let label = label.unwrap_or_else(|| {
                parents.push(parents.len() as u32);
                blobs.push(own);
                parents.len() as u32 - 1
            });
            here.push(Run { from: from as u16, to: to as u16, label });
            x = to;
        }
        std::mem::swap(&mut above, &mut here);
    }
    let is_root = |at: usize| parents[at] as usize == at;
    let mut found: Vec<Blob> = blobs
        .iter()
        .enumerate()
        .filter(|(at, blob)| is_root(*at) && HEIGHTS.contains(&(blob.bottom - blob.top)))
        .map(|(_, blob)| *blob)
        .collect();
    found.truncate(MOST_BLOBS);
    found
}

/// The blob that a label was joined into.
fn root(parents: &mut [u32], label: u32) -> u32 {
    let mut at = label;
    while parents[at as usize] != at {
        let next = parents[at as usize];
        parents[at as usize] = parents[next as usize];
        at = next;
    }
    at
}
