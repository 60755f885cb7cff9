//! One line across the stripes: where, to a fraction of a pixel, it turns from light to dark and back.
//!
//! Must not: know characters.

use super::stripes::Patch;
use crate::frame::Pixels;

/// Lines that are averaged into one profile, one pixel apart along the stripes; their noise falls, the
/// stripes stay.
const BAND: i32 = 2;
/// Swings under this luma are noise whatever the contrast.
const LEAST_SWING: f32 = 3.0;
/// Slopes under this share of an edge's steepest are no part of it.
const STEEP_PART: f32 = 0.12;
/// Unsharp masking: how much of the difference to the neighbourhood is added.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sharpening(pub(super) f32);

/// A change between light and dark.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    /// Pixels from the profile's beginning.
    pub(super) at_px: f32,
    /// From light to dark.
    pub(super) darkens: bool,
}

/// The lumas along a line `offset_px` along the stripes from the patch's middle, from `margin_px` before the
/// patch to as much behind it; one sample a pixel.
pub(super) fn sample(
    pixels: Pixels<'_>,
    patch: &Patch,
    offset_px: f32,
    margin_px: f32,
    profile: &mut Vec<f32>,
) {
    let half = patch.half_length_px + margin_px;
    let count = (2.0 * half).clamp(2.0, 2.0 * (pixels.width + pixels.height) as f32) as usize;
    profile.clear();
    profile.resize(count, 0.0);
    let (right, down) = (patch.across, (-patch.across.y, patch.across.x));
    for line in -BAND..=BAND {
        let off = offset_px + line as f32;
        let x = patch.center.x - half * right.x + off * down.0;
        let y = patch.center.y - half * right.y + off * down.1;
        pixels.add_line((x, y), (right.x, right.y), profile);
    }
    let lines = (2 * BAND + 1) as f32;
    profile.iter_mut().for_each(|sum| *sum /= lines);
}

/// The profile with its fine structure raised, for stripes that blur has run together.
pub(super) fn sharpened(profile: &[f32], Sharpening(strength): Sharpening) -> Vec<f32> {
    let at = |place: isize| profile[place.clamp(0, profile.len() as isize - 1) as usize];
    (0..profile.len() as isize)
        .map(|x| {
            let around = (at(x - 2) + 2.0 * at(x - 1) + 2.0 * at(x + 1) + at(x + 2)) / 6.0;
            at(x) + strength * (at(x) - around)
        })
        .collect()
}

/// The edges of a profile, dark and light in alternation, beginning with one to dark and ending with one to
/// light. A swing smaller than `least_swing` (a share of the contrast within the patch, so without the first
/// and last `margin` samples) is noise.
pub(super) fn edges(profile: &[f32], margin: usize, least_swing: f32) -> Vec<Edge> {
    let patch = profile.get(margin..profile.len().saturating_sub(margin)).unwrap_or(profile);
    let least = (contrast(patch) * least_swing).max(LEAST_SWING);
    let turns = turns(profile, least);
    let mut edges: Vec<Edge> = turns
        .windows(2)
        .map(|pair| Edge {
            at_px: middle(profile, pair[0], pair[1]),
            darkens: profile[pair[0]] > profile[pair[1]],
        })
        .collect();
    if edges.first().is_some_and(|edge| !edge.darkens) {
        edges.remove(0);
    }
    if edges.last().is_some_and(|edge| edge.darkens) {
        edges.pop();
    }
    edges
}

/// Where the profile turns: its lightest and darkest places in alternation, each at least `least` from the
/// one before.
fn turns(profile: &[f32], least: f32) -> Vec<usize> {
    let mut turns = Vec::new();
    let Some(first) = profile.first() else { return turns };
    let (mut darkest, mut lightest) = ((0, *first), (0, *first));
    let mut falls: Option<bool> = None;
    for (x, luma) in profile.iter().copied().enumerate() {
        if luma < darkest.1 {
            darkest = (x, luma);
        }
        if luma > lightest.1 {
            lightest = (x, luma);
        }
        if falls != Some(true) && luma < lightest.1 - least {
            turns.push(lightest.0);
            falls = Some(true);
        } else if falls != Some(false) && luma > darkest.1 + least {
            turns.push(darkest.0);
            falls = Some(false);
        } else {
            continue;
        }
        (darkest, lightest) = ((x, luma), (x, luma));
    }
    match falls {
        Some(true) => turns.push(darkest.0),
        Some(false) => turns.push(lightest.0),
        None => {}
    }
    turns
}

/// The mean place of the change between two turns, over its steep part only: the slow drift of the light
/// across a wide space must not draw the edge into it.
fn middle(profile: &[f32], from: usize, to: usize) -> f32 {
    let rise = (profile[to] - profile[from]).signum();
    let slope = |x: usize| (profile[x + 1] - profile[x]) * rise;
    let steepest = (from..to).max_by(|a, b| slope(*a).total_cmp(&slope(*b))).unwrap_or(from);
    let least = slope(steepest) * STEEP_PART;
    let first = (from..steepest).rev().take_while(|x| slope(*x) > least).last().unwrap_or(steepest);
    let last = (steepest + 1..to).take_while(|x| slope(*x) > least).last().unwrap_or(steepest);
    let (sum, moment) = (first..=last)
        .fold((0.0, 0.0), |(sum, moment), x| (sum + slope(x), moment + slope(x) * (x + 1) as f32));
    if sum > 0.0 { moment / sum } else { steepest as f32 + 1.0 }
}

/// From the darkest to the lightest, without the twentieth part at either end.
fn contrast(profile: &[f32]) -> f32 {
    let mut lumas = profile.to_vec();
    let cut = lumas.len() / 20;
    if lumas.is_empty() {
        return 0.0;
    }
    let last = lumas.len() - 1 - cut;
    let (_, darkest, _) = lumas.select_nth_unstable_by(cut, f32::total_cmp);
    let darkest = *darkest;
    let (_, lightest, _) = lumas.select_nth_unstable_by(last, f32::total_cmp);
    *lightest - darkest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bars of the given widths from 20 px on, each pixel the share of it that is dark.
    fn barred(widths: &[f32], blur: usize) -> Vec<f32> {
        let mut at = 20.0;
        let mut bars = Vec::new();
        for (place, width) in widths.iter().enumerate() {
            if place % 2 == 0 {
                bars.push((at, at + width));
            }
            at += width;
        }
        let dark = |x: usize| -> f32 {
            let x = x as f32;
            bars.iter().map(|(from, to)| (to.min(x + 1.0) - from.max(x)).clamp(0.0, 1.0)).sum()
        };
        let sharp: Vec<f32> = (0..at as usize + 20).map(|x| 220.0 - 180.0 * dark(x)).collect();
        (0..sharp.len())
            .map(|x| {
                let window = &sharp[x.saturating_sub(blur)..(x + blur + 1).min(sharp.len())];
                window.iter().sum::<f32>() / window.len() as f32
            })
            .collect()
    }

    #[test]
    fn edges_are_found_to_a_fraction_of_a_pixel() {
        let widths = [3.3, 4.7, 8.1, 3.6, 3.9, 9.4, 3.2];
        for blur in [0, 1] {
            let found = edges(&barred(&widths, blur), 10, 0.1);
            assert_eq!(found.len(), widths.len() + 1, "blur {blur}");
            let mut at = 20.0;
            for (edge, width) in found.iter().zip(widths.iter().chain(&[0.0])) {
                assert!((edge.at_px - at).abs() < 0.5, "blur {blur}: {} for {at}", edge.at_px);
                at += width;
            }
        }
    }

    #[test]
    fn a_bare_profile_has_no_edges() {
        assert_eq!(edges(&[], 0, 0.1), []);
        assert_eq!(edges(&[7.0], 3, 0.1), []);
        assert_eq!(edges(&vec![128.0; 300], 10, 0.1), []);
        let ramp: Vec<f32> = (0..300).map(|x| x as f32 * 0.5).collect();
        assert_eq!(edges(&ramp, 10, 0.1), []);
    }
}
