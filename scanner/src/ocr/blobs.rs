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
    fn is_digit_like(&self) -> bool {
        HEIGHTS.contains(&(self.bottom - self.top))
    }
    fn join(&mut self, other: Self) {
        self.left = self.left.min(other.left);
        self.top = self.top.min(other.top);
        self.right = self.right.max(other.right);
        self.bottom = self.bottom.max(other.bottom);
    }
}

/// A run of ink in one row, and which blob it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) y: u16,
    pub(super) from: u16,
    pub(super) to: u16,
    label: u32,
}

/// All ink of a picture, connected.
pub(super) struct Labelled {
    runs: Vec<Run>,
    parents: Vec<u32>,
    blobs: Vec<Blob>,
}

impl Labelled {
    /// The blobs that are about as high as a digit, in reading order of their tops.
    pub(super) fn digit_like(&self) -> Vec<Blob> {
        self.roots().map(|(_, blob)| *blob).filter(Blob::is_digit_like).take(MOST_BLOBS).collect()
    }
    /// The runs of each blob of at least a width, row after row; the broadest few blobs.
    pub(super) fn broad(&self, least: u16, most: usize) -> Vec<Vec<Run>> {
        let mut broad: Vec<(u32, u16)> = self
            .roots()
            .map(|(label, blob)| (label, blob.right - blob.left))
            .filter(|(_, width)| *width >= least)
            .collect();
        broad.sort_by_key(|(_, width)| std::cmp::Reverse(*width));
        broad.truncate(most);
        let mut lists = vec![Vec::new(); broad.len()];
        if broad.is_empty() {
            return lists;
        }
        // A label's parent is smaller than itself, so that one pass in order leads each to its root.
        let mut roots: Vec<u32> = (0..self.parents.len() as u32).collect();
        for label in 0..roots.len() {
            roots[label] = roots[self.parents[label] as usize];
        }
        let mut list_of = vec![None; self.blobs.len()];
        broad.iter().enumerate().for_each(|(list, (label, _))| list_of[*label as usize] = Some(list));
        for run in &self.runs {
            if let Some(list) = list_of[roots[run.label as usize] as usize] {
                lists[list].push(*run);
            }
        }
        lists
    }
    fn roots(&self) -> impl Iterator<Item = (u32, &Blob)> {
        let is_root = |label: u32| self.parents[label as usize] == label;
        self.blobs
            .iter()
            .enumerate()
            .map(|(label, blob)| (label as u32, blob))
            .filter(move |(label, _)| is_root(*label))
    }
}

/// Connects the ink of a picture.
pub(super) fn label(picture: &Reduced) -> Labelled {
    let mut parents: Vec<u32> = Vec::new();
    let mut blobs: Vec<Blob> = Vec::new();
    let mut runs: Vec<Run> = Vec::new();
    let (mut above_from, mut above_to) = (0, 0);
    for y in 0..picture.height {
        let row = picture.ink_row(y);
        let mut x = 0;
        let mut first_above = above_from;
        while let Some(skip) = row[x..].iter().position(|ink| *ink) {
            let from = x + skip;
            let to = row[from..].iter().position(|ink| !*ink).map_or(row.len(), |length| from + length);
            let own = Blob { left: from as u16, top: y as u16, right: to as u16, bottom: y as u16 + 1 };
            let mut label = None;
            // Runs of the row above that touch this one, also by a corner.
            while first_above < above_to && usize::from(runs[first_above].to) < from {
                first_above += 1;
            }
            for run in runs[first_above..above_to].iter().take_while(|run| usize::from(run.from) <= to) {
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
            runs.push(Run { y: y as u16, from: from as u16, to: to as u16, label });
            x = to;
        }
        (above_from, above_to) = (above_to, runs.len());
    }
    Labelled { runs, parents, blobs }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Pixels;

    /// Labels a drawing of `#`, each of which is four by four pixels.
    fn drawn(lines: &[&str]) -> Labelled {
        let (width, height) = (lines[0].len() * 4, lines.len() * 4);
        let is_ink = |at: usize| lines[at / width / 4].as_bytes()[at % width / 4] == b'#';
        let luma: Vec<u8> = (0..width * height).map(|at| if is_ink(at) { 30 } else { 220 }).collect();
        label(&Reduced::of(Pixels { width, height, luma: &luma }))
    }

    #[test]
    fn ink_that_meets_further_down_or_at_a_corner_is_one_blob() {
        let labelled = drawn(&[
            "..............",
            ".#.#...#......",
            ".#.#....#...#.",
            ".###....#...#.",
            "..............",
        ]);
        let blobs = labelled.digit_like();
        let boxes: Vec<_> = blobs.iter().map(|blob| (blob.left, blob.top, blob.right, blob.bottom)).collect();
        assert_eq!(boxes, [(4, 4, 16, 16), (28, 4, 36, 16), (48, 8, 52, 16)]);
    }

    #[test]
    fn a_broad_blob_gives_all_its_runs() {
        let labelled =
            drawn(&["................", ".##############.", ".#............#.", "................"]);
        let broad = labelled.broad(40, 3);
        assert_eq!(broad.len(), 1);
        assert_eq!(broad[0].len(), 4 + 2 * 4);
        assert_eq!(labelled.broad(60, 3).len(), 0);
    }
}
