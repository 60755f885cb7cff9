//! A symbol laid over a grey profile: where its characters lie, how it is printed and blurred, and what it says.
//!
//! Must not: decide whether that is to be believed.

use super::{
    elastic::{self, Looks},
    sequence::{self, Sequence},
    shape::{FINENESS, Shape, Templates},
};

/// Digits that a coupon's symbol holds.
const LENGTHS: [usize; 2] = [10, 18];
/// Where the search begins.
const USUAL: Shape = Shape { ratio: 2.5, blur: 0.1, spread: 0.0 };
/// Slopes are measured over this many pixels, so that noise weighs less.
const SLOPE_PX: usize = 3;
/// Narrowest digit pitch: 14 pixels for about eleven modules.
const LEAST_PITCH_PX: f32 = 14.0;
/// Mean squared error after three steps above which a guess is given up.
const HOPELESS: f32 = 0.06;
/// Steps of refinement.
const ROUNDS: usize = 6;
/// Where a half's symbol is looked for beside the whole's, in pitches; and its steps of refinement.
const BESIDE: [f32; 5] = [-0.1, -0.05, 0.0, 0.05, 0.1];
const CARRY_ROUNDS: usize = 3;
/// Powers of the first guess.
const SMOOTH: usize = 4;

/// A symbol laid over a profile.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    pub(super) length: usize,
    pub(super) shape: Shape,
    /// Pixels of the profile at s = −1 (the first digit's beginning) to 1: powers of s.
    pub(super) warp: [f32; 5],
    pub(super) sequence: Sequence,
    /// Squared error a sample.
    pub(super) error: f32,
    /// Squared error in each window between two characters' middles.
    pub(super) windows: Vec<f32>,
}

impl Fit {
    /// Place in the profile of a place in digit pitches.
    pub(super) fn place(&self, pitches: f32) -> f32 {
        place(&self.warp, 2.0 * pitches / self.length as f32 - 1.0)
    }
    /// The symbol's first and last edge.
    pub(super) fn ends(&self) -> (f32, f32) {
        let guard = self.shape.guard();
        (self.place(-guard - 1.0 / self.shape.modules()), self.place(self.length as f32 + guard))
    }
}

fn place(warp: &[f32; 5], s: f32) -> f32 {
    warp.iter().rev().fold(0.0, |sum, factor| sum * s + factor)
}

fn at(profile: &[f32], x: f32) -> f32 {
    let x = x.clamp(0.0, (profile.len() - 2) as f32);
    let column = x as usize;
    profile[column] + (profile[column + 1] - profile[column]) * (x - column as f32)
}

/// Where the stripes begin and end: the flat zones nearest to the patch's ends.
pub(super) fn ends(profile: &[f32], margin: usize) -> Option<(f32, f32)> {
    let length = profile.len().checked_sub(2 * margin)?;
    if length < 60 || margin < 12 {
        return None;
    }
    let slopes: Vec<f32> =
        profile.windows(1 + SLOPE_PX).map(|pair| (pair[SLOPE_PX] - pair[0]).abs()).collect();
    let mean = slopes[margin..margin + length - SLOPE_PX].iter().sum::<f32>() / length as f32;
    let quiet = (length as f32 * 0.034).max(6.0) as usize;
    let is_quiet = |from: usize| slopes[from..from + quiet].iter().sum::<f32>() < 0.3 * mean * quiet as f32;
    let last = slopes.len() - quiet;
    let (inner_left, inner_right) = (margin + length * 3 / 10, margin + length * 7 / 10);
    let right = (inner_right..last).find(|from| is_quiet(*from))?;
    let left = (0..=inner_left - quiet).rev().find(|from| is_quiet(*from))? + quiet;
    // From the quiet zone inwards to half of the first dark.
    let paper = |from: usize, to: usize| profile[from..to].iter().sum::<f32>() / (to - from) as f32;
    let (before, behind) = (paper(left - quiet, left - quiet / 4), paper(right + quiet / 4, right + quiet));
    let near = quiet.min(right.saturating_sub(left) / 4).max(2);
    let darkest = |from: usize, to: usize| profile[from..to].iter().copied().fold(f32::MAX, f32::min);
    let (first, last) = (darkest(left, left + near), darkest(right - near, right + 1));
    let start = (left - quiet / 2..left + near).find(|x| profile[*x] < (before + first) / 2.0)?;
    let end = (right - near..right + quiet / 2).rev().find(|x| profile[*x] < (behind + last) / 2.0)?;
    (end > start + 60).then_some((start as f32, end as f32 + 1.0))
}

/// Where a symbol of some length may lie, before anything is known of its characters.
pub(super) struct Guess {
    length: usize,
    /// How much its cells look like digits, at most 1.
    pub(super) likeness: f32,
    boundaries: Vec<f32>,
}

/// Guesses for symbols that lie between two ends of a profile.
pub(super) fn guesses(profile: &[f32], ends: (f32, f32), looks: &Looks) -> Vec<Guess> {
    LENGTHS
        .into_iter()
        .filter(|length| (ends.1 - ends.0) / (*length as f32 + 2.2) >= LEAST_PITCH_PX)
        .filter_map(|length| {
            let (likeness, boundaries) = elastic::boundaries(profile, ends, length, looks)?;
            Some(Guess { length, likeness, boundaries })
        })
        .collect()
}

/// The symbol that fits best near a guess.
pub(super) fn fitted(profile: &[f32], guess: &Guess) -> Option<Fit> {
    let warp = smooth(&guess.boundaries)?;
    let mut fit = begin(profile, warp, guess.length, USUAL, &Templates::of(USUAL));
    for round in 0..ROUNDS {
        fit = refined(profile, &fit)?;
        if round == 2 && fit.error > HOPELESS {
            return None;
        }
    }
    Some(fit)
}

/// The power series of s that runs nearest through digits' boundaries.
fn smooth(boundaries: &[f32]) -> Option<[f32; 5]> {
    let length = boundaries.len() - 1;
    let mut normal = [[0.0_f64; UNKNOWNS + 1]; UNKNOWNS];
    for (digit, x) in boundaries.iter().enumerate() {
        let s = 2.0 * digit as f64 / length as f64 - 1.0;
        for (i, row) in normal.iter_mut().enumerate().take(SMOOTH) {
            for (j, to) in row.iter_mut().enumerate().take(SMOOTH) {
                *to += s.powi((i + j) as i32);
            }
            row[UNKNOWNS] += s.powi(i as i32) * f64::from(*x);
        }
    }
    for (index, row) in normal.iter_mut().enumerate().skip(SMOOTH) {
        row[index] = 1.0;
    }
    let solution = solve(normal)?;
    Some(std::array::from_fn(|power| solution[power] as f32))
}

/// A fit taken over to a profile of some of the same lines, which may lie a little beside.
pub(super) fn carried(profile: &[f32], fit: &Fit) -> Option<Fit> {
    let templates = Templates::of(fit.shape);
    let pitch = 2.0 * fit.warp[1] / fit.length as f32;
    let mut own = BESIDE
        .into_iter()
        .map(|by| {
            let mut warp = fit.warp;
            warp[0] += by * pitch;
            evaluated(profile, warp, fit.length, fit.shape, &templates, &fit.sequence.characters)
        })
        .min_by(|a, b| a.error.total_cmp(&b.error))?;
    for _ in 0..CARRY_ROUNDS {
        own = refined(profile, &own)?;
    }
    Some(own)
}

/// The profile along a placement.
fn along(profile: &[f32], warp: &[f32; 5], length: usize) -> Vec<f32> {
    (0..(length + 3) * FINENESS)
        .map(|sample| {
            let pitches = (sample as f32 + 0.5) / FINENESS as f32 - 1.5;
            at(profile, place(warp, 2.0 * pitches / length as f32 - 1.0))
        })
        .collect()
}

/// Sums over `reach` samples before and behind each sample that lie inside.
fn window_sums(values: impl Iterator<Item = f32>, reach: usize) -> Vec<f32> {
    let mut total = vec![0.0_f64];
    for value in values {
        total.push(total.last().copied().unwrap_or(0.0) + f64::from(value));
    }
    let count = total.len() - 1;
    (0..count)
        .map(|at| (total[(at + reach + 1).min(count)] - total[at.saturating_sub(reach)]) as f32)
        .collect()
}

/// Darkness from 0 to 1: paper and ink levels follow the light along the profile, so that the profile is as near as
/// can be to `model` within a pitch to either side.
fn darkness(lumas: &[f32], model: &[f32]) -> Vec<f32> {
    let reach = FINENESS;
    let ones = window_sums(lumas.iter().map(|_| 1.0), reach);
    let sums = window_sums(lumas.iter().copied(), reach);
    let models = window_sums(model.iter().copied(), reach);
    let squares = window_sums(model.iter().map(|dark| dark * dark), reach);
    let products = window_sums(model.iter().zip(lumas).map(|(dark, luma)| dark * luma), reach);
    let all = |values: &[f32]| values.iter().sum::<f32>();
    let count = lumas.len() as f32;
    let (luma, dark) = (all(lumas) / count, all(model) / count);
    let covariance = model.iter().zip(lumas).map(|(m, l)| (m - dark) * (l - luma)).sum::<f32>();
    let variance = model.iter().map(|m| (m - dark).powi(2)).sum::<f32>().max(1e-3);
    let contrast = (-covariance / variance).max(1.0);
    (0..lumas.len())
        .map(|at| {
            let n = ones[at];
            let covariance = products[at] - sums[at] * models[at] / n;
            let variance = squares[at] - models[at] * models[at] / n;
            let own = (-covariance / variance.max(1e-3)).clamp(0.4 * contrast, 2.0 * contrast);
            (sums[at] / n - lumas[at]) / own + models[at] / n
        })
        .collect()
}

fn begin(profile: &[f32], warp: [f32; 5], length: usize, shape: Shape, templates: &Templates) -> Fit {
    // Before a character is known: half of each pitch is dark, and the contrast is that of a mean digit.
    let lumas = along(profile, &warp, length);
    let reach = FINENESS / 2;
    let ones = window_sums(lumas.iter().map(|_| 1.0), reach);
    let sums = window_sums(lumas.iter().copied(), reach);
    let wide = window_sums(lumas.iter().map(|_| 1.0), 2 * reach);
    let wide_sums = window_sums(lumas.iter().copied(), 2 * reach);
    let wide_squares = window_sums(lumas.iter().map(|luma| luma * luma), 2 * reach);
    let seen: Vec<f32> = (0..lumas.len())
        .map(|at| {
            let inner = at.clamp(FINENESS + reach, lumas.len() - 1 - FINENESS - reach);
            let mean = sums[inner] / ones[inner];
            let wide_mean = wide_sums[inner] / wide[inner];
            let deviation = (wide_squares[inner] / wide[inner] - wide_mean * wide_mean).max(1.0).sqrt();
            0.5 + (mean - lumas[at]) / deviation * 0.36
        })
        .collect();
    let sequence = sequence::best(&seen, templates, length);
    let characters = sequence.characters;
    evaluated(profile, warp, length, shape, templates, &characters)
}

/// What a placement and a shape say, with light levels from what was read there before.
fn evaluated(
    profile: &[f32],
    warp: [f32; 5],
    length: usize,
    shape: Shape,
    templates: &Templates,
    characters: &[usize],
) -> Fit {
    let lumas = along(profile, &warp, length);
    let seen = darkness(&lumas, &sequence::drawn(characters, templates, length));
    let sequence = sequence::best(&seen, templates, length);
    let model = sequence::drawn(&sequence.characters, templates, length);
    let windows: Vec<f32> = seen
        .chunks(FINENESS)
        .zip(model.chunks(FINENESS))
        .map(|(seen, model)| seen.iter().zip(model).map(|(a, b)| (a - b).powi(2)).sum())
        .collect();
    let error = windows.iter().sum::<f32>() / seen.len() as f32;
    Fit { length, shape, warp, sequence, error, windows }
}

/// Unknowns of a refinement: five of the warp, ratio, blur, spread.
const UNKNOWNS: usize = 8;

/// One step of least squares on placement and shape, with the characters as they are.
fn refined(profile: &[f32], fit: &Fit) -> Option<Fit> {
    let length = fit.length;
    let characters = &fit.sequence.characters;
    let drawn = |shape: Shape| sequence::drawn(characters, &Templates::of(shape), length);
    let model = drawn(fit.shape);
    let lumas = along(profile, &fit.warp, length);
    let seen = darkness(&lumas, &model);
    let Shape { ratio, blur, spread } = fit.shape;
    let (ratio_by, blur_by, spread_by) = (0.1, 0.01, 0.01);
    let other = [
        (drawn(Shape { ratio: ratio + ratio_by, ..fit.shape }), ratio_by),
        (drawn(Shape { blur: blur + blur_by, ..fit.shape }), blur_by),
        (drawn(Shape { spread: spread + spread_by, ..fit.shape }), spread_by),
    ];
    let mut normal = [[0.0_f64; UNKNOWNS + 1]; UNKNOWNS];
    for at in 1..model.len() - 1 {
        let pitches = (at as f32 + 0.5) / FINENESS as f32 - 1.5;
        let s = 2.0 * pitches / length as f32 - 1.0;
        // A pixel to the right the model shows what stands a little later in pitches.
        let per_pitch = (model[at + 1] - model[at - 1]) / 2.0 * FINENESS as f32;
        let mut row = [0.0_f32; UNKNOWNS];
        let mut power = per_pitch;
        for to in row.iter_mut().take(5) {
            *to = power;
            power *= s;
        }
        for (to, (changed, by)) in row[5..].iter_mut().zip(&other) {
            *to = (changed[at] - model[at]) / by;
        }
        let miss = seen[at] - model[at];
        for i in 0..UNKNOWNS {
            for j in 0..UNKNOWNS {
                normal[i][j] += f64::from(row[i] * row[j]);
            }
            normal[i][UNKNOWNS] += f64::from(row[i] * miss);
        }
    }
    let samples = model.len() as f64;
    // A little resistance keeps what the profile does not tell where it is.
    for (i, row) in normal.iter_mut().enumerate() {
        row[i] += samples * if i < 5 { 1e-3 } else { [1e-4, 1e-2, 1e-1][i - 5] };
    }
    let step = solve(normal)?;
    let mut warp = fit.warp;
    // seen(t) = model(t + d) where d is in pitches; the place of t moves by −d pitches.
    let mut pitch = [0.0_f32; 5];
    for (i, to) in pitch.iter_mut().enumerate().take(4) {
        *to = (i + 1) as f32 * fit.warp[i + 1] * 2.0 / length as f32;
    }
    for (i, by) in step.iter().take(5).enumerate() {
        let by = (*by as f32).clamp(-0.12, 0.12);
        for j in 0..5 - i {
            warp[i + j] -= by * pitch[j];
        }
    }
    let limited = |by: f64, most: f32| (by as f32).clamp(-most, most);
    let shape = Shape {
        ratio: ratio + limited(step[5], 0.3),
        blur: blur + limited(step[6], 0.04),
        spread: spread + limited(step[7], 0.015),
    }
    .bounded();
    let templates = Templates::of(shape);
    // Places must follow one another.
    let is_ordered = (0..=8).all(|k| {
        let s = k as f32 / 4.0 - 1.0;
        place(&warp, s + 0.05) - place(&warp, s - 0.05) > 0.1 * 12.0
    });
    is_ordered.then(|| evaluated(profile, warp, length, shape, &templates, characters))
}

/// Solves the normal equations by elimination.
fn solve(mut rows: [[f64; UNKNOWNS + 1]; UNKNOWNS]) -> Option<[f64; UNKNOWNS]> {
    for pivot in 0..UNKNOWNS {
        let own = rows[pivot];
        if own[pivot].abs() < 1e-9 || !own[pivot].is_finite() {
            return None;
        }
        for (index, row) in rows.iter_mut().enumerate() {
            if index != pivot {
                let factor = row[pivot] / own[pivot];
                for (to, from) in row.iter_mut().zip(&own).skip(pivot) {
                    *to -= factor * from;
                }
            }
        }
    }
    let mut solution = [0.0; UNKNOWNS];
    for (index, row) in rows.iter().enumerate() {
        solution[index] = row[UNKNOWNS] / row[index];
    }
    solution.iter().all(|value| value.is_finite()).then_some(solution)
}
