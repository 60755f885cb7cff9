//! Least squares: the placement of a symbol through its digits' boundaries, and a step nearer to the profile.
//!
//! Must not: read characters.

use super::{
    darkness,
    fit::{Fit, along, evaluated, place},
    sequence,
    shape::{FINENESS, Shape, Templates},
};

/// Powers of the first guess.
const SMOOTH: usize = 4;

/// Unknowns of a refinement: five of the warp, ratio, blur, spread.
const UNKNOWNS: usize = 8;

/// The power series of s that runs nearest through digits' boundaries.
pub(super) fn smooth(boundaries: &[f32]) -> Option<[f32; 5]> {
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

/// One step of least squares on placement and shape, with the characters as they are.
pub(super) fn refined(profile: &[f32], fit: &Fit) -> Option<Fit> {
    let length = fit.length;
    let characters = &fit.sequence.characters;
    let drawn = |shape: Shape| sequence::drawn(characters, &Templates::of(shape), length);
    let model = drawn(fit.shape);
    let lumas = along(profile, &fit.warp, length);
    let seen = darkness::by_model(&lumas, &model);
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
