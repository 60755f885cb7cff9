//! The three corner squares of a QR code: dark and light runs of 1 : 1 : 3 : 1 : 1 across and down, or light
//! and dark ones where a code is printed light on dark.
//!
//! Must not: read what lies between them.

use super::threshold::Thresholds;
use crate::{frame::Pixels, reading::Point};

/// The core of a square is three modules high: every row of a tiny picture is searched, every fifth of a
/// large one.
const ROW_STEPS: [(usize, usize); 3] = [(160, 1), (500, 2), (1440, 3)];
/// Between rows of larger pictures than those.
const LARGEST_ROW_STEP: usize = 5;
/// More squares than a frame of papers shows are noise; the likeliest are kept, so that the work is bounded.
const MOST_FINDERS: usize = 16;
/// Squares that are looked at at all; a picture made of nothing else must not cost more.
const MOST_FOUND: usize = 256;
/// Smallest module that is looked for.
const LEAST_MODULE_PX: f32 = 1.3;

/// One corner square.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Finder {
    pub(super) center: Point,
    pub(super) module_px: f32,
    /// Rows in which it was met.
    pub(super) hits: u32,
}

impl Finder {
    /// The same in a picture `times` the size.
    pub(super) fn scaled(self, times: f32) -> Self {
        let center = Point { x: self.center.x * times, y: self.center.y * times };
        Self { center, module_px: self.module_px * times, ..self }
    }
}

/// Adds corner squares that another picture of the same frame shows.
pub(super) fn join(known: &mut Vec<Finder>, others: Vec<Finder>) {
    let before = known.len();
    for one in others {
        let is_near = |known: &Finder| {
            (known.center.x - one.center.x).hypot(known.center.y - one.center.y) < 2.0 * known.module_px
        };
        if !known[..before].iter().any(is_near) {
            known.push(one);
        }
    }
    known.sort_by_key(|finder| std::cmp::Reverse(finder.hits));
    known.truncate(MOST_FINDERS);
}

/// The corner squares of a frame, those met most often first.
#[derive(Debug, Default)]
pub(super) struct Finders {
    /// Dark on light.
    pub(super) dark: Vec<Finder>,
    /// Light on dark.
    pub(super) light: Vec<Finder>,
}

/// Looks for the corner squares of a frame.
pub(super) fn find(pixels: Pixels<'_>, thresholds: &Thresholds) -> Finders {
    let mut found = Finders::default();
    let smaller = ROW_STEPS.iter().find(|(height, _)| pixels.height < *height);
    let step = smaller.map_or(LARGEST_ROW_STEP, |(_, step)| *step);
    let mut squares = Vec::new();
    for y in (step / 2..pixels.height).step_by(step) {
        squares_of_row(pixels, thresholds, y, &mut squares);
        for (x, module_px, is_dark) in squares.drain(..) {
            let kind = if is_dark { &mut found.dark } else { &mut found.light };
            if kind.len() >= MOST_FOUND {
                continue;
            }
            let Some(finder) = confirm(pixels, thresholds, x, y, module_px, is_dark) else { continue };
            merge(kind, finder);
        }
    }
    for kind in [&mut found.dark, &mut found.light] {
        kind.retain(|finder| finder.hits >= 2);
        kind.sort_by_key(|finder| std::cmp::Reverse(finder.hits));
        kind.truncate(MOST_FINDERS);
    }
    found
}

fn merge(found: &mut Vec<Finder>, one: Finder) {
    let is_near = |known: &Finder| {
        (known.center.x - one.center.x).hypot(known.center.y - one.center.y) < 2.0 * known.module_px
    };
    let Some(known) = found.iter_mut().find(|known| is_near(known)) else {
        found.push(one);
        return;
    };
    let (old, all) = (known.hits as f32, known.hits as f32 + 1.0);
    known.center.x = (known.center.x * old + one.center.x) / all;
    known.center.y = (known.center.y * old + one.center.y) / all;
    known.module_px = (known.module_px * old + one.module_px) / all;
    known.hits += 1;
}

/// Middle and module of every 1 : 1 : 3 : 1 : 1 in a row, and whether it begins and ends with dark.
fn squares_of_row(
    pixels: Pixels<'_>,
    thresholds: &Thresholds,
    y: usize,
    squares: &mut Vec<(f32, f32, bool)>,
) {
    let (row, levels) = (pixels.row(y), thresholds.row(y));
    let mut runs = [0_usize; 5];
    let mut was_dark = false;
    let mut start = 0;
    let mut ends = |x: usize, was_dark: bool, start: &mut usize| {
        runs = [runs[1], runs[2], runs[3], runs[4], x - *start];
        *start = x;
        if let Some(module_px) = is_finder(&runs) {
            let middle = x as f32 - (runs[4] + runs[3]) as f32 - runs[2] as f32 / 2.0;
            squares.push((middle, module_px, was_dark));
        }
    };
    for (block, (luma, level)) in row.chunks(Thresholds::BLOCK_PX).zip(levels).enumerate() {
        let bits = dark_bits(luma, *level);
        // Where a run ends the bit differs from the one before.
        let mask = (1_u32 << luma.len()) - 1;
        let mut changes = (bits ^ (bits << 1 | u32::from(was_dark))) & mask;
        while changes != 0 {
            let x = block * Thresholds::BLOCK_PX + changes.trailing_zeros() as usize;
            ends(x, was_dark, &mut start);
            was_dark = !was_dark;
            changes &= changes - 1;
        }
    }
    ends(row.len(), was_dark, &mut start);
}

/// A bit for each of up to eight pixels, the first lowest, set where it is below the level.
fn dark_bits(luma: &[u8], level: u8) -> u32 {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let Ok(eight) = <[u8; 8]>::try_from(luma) else {
        return luma.iter().rev().fold(0, |bits, luma| (bits << 1) | u32::from(*luma < level));
    };
    // Eight comparisons at once: of the lower seven bits by subtraction, then of the highest.
    let (pixels, levels) = (u64::from_le_bytes(eight), u64::from(level) * 0x0101_0101_0101_0101);
    let is_not_below = (pixels | HIGH) - (levels & !HIGH);
    let is_below = ((!pixels & levels) | (!(pixels ^ levels) & !is_not_below)) & HIGH;
    // The product brings the eight high bits together in the highest byte.
    ((is_below >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
}

/// The module of five runs in the ratio of a corner square.
fn is_finder(runs: &[usize; 5]) -> Option<f32> {
    // The core is the longest by far: most fives fall here.
    if runs[2] < runs[1] || runs[2] < runs[3] || runs[0] == 0 {
        return None;
    }
    let total: usize = runs.iter().sum();
    let module = total as f32 / 7.0;
    if module < LEAST_MODULE_PX {
        return None;
    }
    let near = |run: usize, modules: f32, slack: f32| (run as f32 - modules * module).abs() <= slack;
    // A run of few pixels is off by one wherever its edges fall between two.
    let slack = (0.6 * module).max(1.0);
    let fits = [runs[0], runs[1], runs[3], runs[4]].iter().all(|run| near(*run, 1.0, slack));
    (fits && near(runs[2], 3.0, (1.5 * module).max(1.0))).then_some(module)
}

/// Looks down and across again through the middle; both ways must show the ratio at about the same size.
fn confirm(
    pixels: Pixels<'_>,
    thresholds: &Thresholds,
    x: f32,
    y: usize,
    module_px: f32,
    is_dark: bool,
) -> Option<Finder> {
    let is_ink = |x: usize, y: usize| (pixels.luma[y * pixels.width + x] < thresholds.at(x, y)) == is_dark;
    let column = (x as usize).min(pixels.width - 1);
    let most = (module_px * 6.0) as usize + 2;
    let (center_y, down_px) = cross(|at| is_ink(column, at), y, pixels.height, most)?;
    let line = (center_y as usize).min(pixels.height - 1);
    let (center_x, across_px) = cross(|at| is_ink(at, line), column, pixels.width, most)?;
    let is_alike = |a: f32, b: f32| a < b * 1.7 && b < a * 1.7;
    if !is_alike(down_px, module_px) || !is_alike(across_px, down_px) {
        return None;
    }
    let center = Point { x: center_x, y: center_y };
    Some(Finder { center, module_px: (down_px + across_px) / 2.0, hits: 1 })
}

/// Middle and module of the square around `start` on a line of `length` pixels; no run longer than `most`.
fn cross(is_ink: impl Fn(usize) -> bool, start: usize, length: usize, most: usize) -> Option<(f32, f32)> {
    if start >= length || !is_ink(start) {
        return None;
    }
    let run = |from: usize, ink: bool, forward: bool| {
        let mut count = 0;
        let mut at = from;
        while at < length && is_ink(at) == ink && count <= most {
            count += 1;
            at = if forward { at + 1 } else { at.wrapping_sub(1) };
        }
        (count, at)
    };
    let (before, at) = run(start, true, false);
    let (light_before, at) = run(at, false, false);
    let (dark_before, _) = run(at, true, false);
    let (after, at) = run(start.wrapping_add(1), true, true);
    let (light_after, at) = run(at, false, true);
    let (dark_after, _) = run(at, true, true);
    let core = before + after;
    let module = is_finder(&[dark_before, light_before, core, light_after, dark_after])?;
    let first = start + 1 - before;
    Some((first as f32 + core as f32 / 2.0, module))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_pixels_are_compared_at_once_as_one_by_one() {
        for level in 0..=255_u8 {
            for start in (0..=255_u8).step_by(3) {
                let luma: Vec<u8> = (0..8).map(|at| start.wrapping_add(at * 29)).collect();
                let expected = (0..8).filter(|at| luma[*at] < level).map(|at| 1 << at).sum::<u32>();
                assert_eq!(dark_bits(&luma, level), expected, "{luma:?} below {level}");
                assert_eq!(dark_bits(&luma[..3], level), expected & 7);
            }
        }
    }
}
