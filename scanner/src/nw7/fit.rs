//! A symbol laid over a grey profile: where its characters lie, how it is printed and blurred, and what it says.
//!
//! Must not: decide whether that is to be believed.

use super::{
    darkness,
    elastic::{self, Looks},
    refine::{refined, smooth},
    sequence::{self, Sequence},
    shape::{FINENESS, Shape, Templates},
};

/// Digits that a coupon's symbol holds.
const LENGTHS: [usize; 2] = [10, 18];
/// Where the search begins.
const USUAL: Shape = Shape { ratio: 2.5, blur: 0.1, spread: 0.0 };
/// Narrowest digit pitch: 14 pixels for about eleven modules.
const LEAST_PITCH_PX: f32 = 14.0;
/// Mean squared error after three steps above which a guess is given up.
const HOPELESS: f32 = 0.06;
/// Steps of refinement.
const ROUNDS: usize = 6;
/// Where a half's symbol is looked for beside the whole's, in pitches; and its steps of refinement.
const BESIDE: [f32; 5] = [-0.1, -0.05, 0.0, 0.05, 0.1];
const CARRY_ROUNDS: usize = 3;
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

/// Pixel of the profile at s.
pub(super) fn place(warp: &[f32; 5], s: f32) -> f32 {
    warp.iter().rev().fold(0.0, |sum, factor| sum * s + factor)
}

fn at(profile: &[f32], x: f32) -> f32 {
    let x = x.clamp(0.0, (profile.len() - 2) as f32);
    let column = x as usize;
    profile[column] + (profile[column + 1] - profile[column]) * (x - column as f32)
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

/// A symbol laid where `fit` lies, seen from the other end. A digit's bars read backwards are a digit's bars again,
/// and only the guards tell the two ways apart.
pub(super) fn mirrored(back: &[f32], fit: &Fit) -> Option<Fit> {
    // Every character but the last has its gap behind it, from either end.
    let gap = 2.0 / (fit.shape.modules() * fit.length as f32);
    let mut warp = [0.0; 5];
    for factor in fit.warp.iter().rev() {
        // warp(s) becomes warp(−s − gap), by Horner's scheme over powers.
        let mut next = [0.0; 5];
        for power in 0..5 {
            next[power] = -gap * warp[power] - if power > 0 { warp[power - 1] } else { 0.0 };
        }
        next[0] += factor;
        warp = next;
    }
    warp = warp.map(|factor| -factor);
    warp[0] += (back.len() - 1) as f32;
    let mut own = begin(back, warp, fit.length, fit.shape, &Templates::of(fit.shape));
    for _ in 0..CARRY_ROUNDS {
        own = refined(back, &own)?;
    }
    Some(own)
}

/// The profile along a placement.
pub(super) fn along(profile: &[f32], warp: &[f32; 5], length: usize) -> Vec<f32> {
    (0..(length + 3) * FINENESS)
        .map(|sample| {
            let pitches = (sample as f32 + 0.5) / FINENESS as f32 - 1.5;
            at(profile, place(warp, 2.0 * pitches / length as f32 - 1.0))
        })
        .collect()
}

fn begin(profile: &[f32], warp: [f32; 5], length: usize, shape: Shape, templates: &Templates) -> Fit {
    let seen = darkness::guessed(&along(profile, &warp, length));
    let sequence = sequence::best(&seen, templates, length);
    let characters = sequence.characters;
    evaluated(profile, warp, length, shape, templates, &characters)
}

/// What a placement and a shape say, with light levels from what was read there before.
pub(super) fn evaluated(
    profile: &[f32],
    warp: [f32; 5],
    length: usize,
    shape: Shape,
    templates: &Templates,
    characters: &[usize],
) -> Fit {
    let lumas = along(profile, &warp, length);
    let seen = darkness::by_model(&lumas, &sequence::drawn(characters, templates, length));
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
