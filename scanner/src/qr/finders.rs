//! The three corner squares of a QR code: dark and light runs of 1 : 1 : 3 : 1 : 1 across and down.
//!
//! Must not: read what lies between them.

use super::threshold::Thresholds;
use crate::{frame::Pixels, reading::Point};

/// Every third row is searched: the core of a square is three modules high.
const ROW_STEP: usize = 3;
/// More squares than a frame of papers shows are noise; the likeliest are kept, so that the work is bounded.
const MOST_FINDERS: usize = 16;
/// Squares that are looked at at all; a picture made of nothing else must not cost more.
const MOST_FOUND: usize = 256;
/// Smallest module that is looked for.
const LEAST_MODULE_PX: f32 = 1.8;

/// One corner square.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Finder {
    pub(super) center: Point,
    pub(super) module_px: f32,
    /// Rows in which it was met.
    pub(super) hits: u32,
}

/// The corner squares of a frame, those met most often first.
pub(super) fn find(pixels: Pixels<'_>, thresholds: &Thresholds) -> Vec<Finder> {
    let mut found: Vec<Finder> = Vec::new();
    for y in (ROW_STEP..pixels.height).step_by(ROW_STEP) {
        for (x, module_px) in squares_of_row(pixels, thresholds, y) {
            if found.len() >= MOST_FOUND {
                break;
            }
            let Some(finder) = confirm(pixels, thresholds, x, y, module_px) else { continue };
            merge(&mut found, finder);
        }
    }
    found.retain(|finder| finder.hits >= 2);
    found.sort_by_key(|finder| std::cmp::Reverse(finder.hits));
    found.truncate(MOST_FINDERS);
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

/// Middle and module of every 1 : 1 : 3 : 1 : 1 in a row that begins and ends with dark.
fn squares_of_row(pixels: Pixels<'_>, thresholds: &Thresholds, y: usize) -> Vec<(f32, f32)> {
    let (row, levels) = (pixels.row(y), thresholds.row(y));
    let mut squares = Vec::new();
    let mut runs = [0_usize; 5];
    let mut was_dark = false;
    for (x, pixel) in row.iter().enumerate() {
        let is_dark = *pixel < levels[Thresholds::block_of(x)];
        if is_dark != was_dark {
            if was_dark && let Some(module_px) = is_finder(&runs) {
                let middle = x as f32 - (runs[4] + runs[3]) as f32 - runs[2] as f32 / 2.0;
                squares.push((middle, module_px));
            }
            runs.rotate_left(1);
            runs[4] = 0;
            was_dark = is_dark;
        }
        runs[4] += 1;
    }
    squares
}

/// The module of five runs in the ratio of a corner square.
fn is_finder(runs: &[usize; 5]) -> Option<f32> {
    let total: usize = runs.iter().sum();
    let module = total as f32 / 7.0;
    if module < LEAST_MODULE_PX || runs.contains(&0) {
        return None;
    }
    let near =
        |run: usize, modules: f32| (run as f32 - modules * module).abs() <= 0.5 * modules.max(1.2) * module;
    let fits = near(runs[0], 1.0)
        && near(runs[1], 1.0)
        && near(runs[2], 3.0)
        && near(runs[3], 1.0)
        && near(runs[4], 1.0);
    fits.then_some(module)
}

/// Looks down and across again through the middle; both ways must show the ratio at about the same size.
fn confirm(pixels: Pixels<'_>, thresholds: &Thresholds, x: f32, y: usize, module_px: f32) -> Option<Finder> {
    let is_dark = |x: usize, y: usize| pixels.luma[y * pixels.width + x] < thresholds.at(x, y);
    let column = (x as usize).min(pixels.width - 1);
    let most = (module_px * 6.0) as usize + 2;
    let (center_y, down_px) = cross(|at| is_dark(column, at), y, pixels.height, most)?;
    let line = (center_y as usize).min(pixels.height - 1);
    let (center_x, across_px) = cross(|at| is_dark(at, line), column, pixels.width, most)?;
    let is_alike = |a: f32, b: f32| a < b * 1.6 && b < a * 1.6;
    if !is_alike(down_px, module_px) || !is_alike(across_px, down_px) {
        return None;
    }
    let center = Point { x: center_x, y: center_y };
    Some(Finder { center, module_px: (down_px + across_px) / 2.0, hits: 1 })
}

/// Middle and module of the square around `start` on a line of `length` pixels; no run longer than `most`.
fn cross(is_dark: impl Fn(usize) -> bool, start: usize, length: usize, most: usize) -> Option<(f32, f32)> {
    if start >= length || !is_dark(start) {
        return None;
    }
    let run = |from: usize, dark: bool, forward: bool| {
        let mut count = 0;
        let mut at = from;
        while at < length && is_dark(at) == dark && count <= most {
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
