//! Undoes the blur of a sampled symbol. The corner squares and the quiet zone around them are known, so they
//! show how much of each module's ink spills into its neighbours; then the modules are sought that would look
//! like what was seen after such a spill.
//!
//! Must not: look at the frame; decode.

use super::pattern;

/// A module and its eight neighbours.
const AROUND: usize = 9;
/// Weights that are fitted: those and a constant.
const WEIGHTS: usize = AROUND + 1;
/// Rounds of seeking.
const ROUNDS: usize = 12;
/// Keeps the fit calm where the known modules leave it open.
const CALM: f32 = 0.05;

/// The dark modules; `levels` is a threshold for each.
pub(super) fn dark(modules: &[f32], levels: &[f32], side: usize) -> Vec<bool> {
    let mean = modules.iter().zip(levels).map(|(luma, level)| (luma - level).abs()).sum::<f32>()
        / modules.len() as f32;
    // Ink from 0 to 1, as far as the light allows to say.
    let seen: Vec<f32> = modules
        .iter()
        .zip(levels)
        .map(|(luma, level)| 0.5 + (level - luma) / (4.0 * mean.max(1.0)))
        .collect();
    let Some(spill) = fit(&seen, side) else {
        return seen.iter().map(|ink| *ink > 0.5).collect();
    };
    let wide = side + 2;
    // A frame of light modules around the symbol saves asking where it ends.
    let mut ink = vec![0.0_f32; wide * wide];
    let inner = |at: usize| (at / side + 1) * wide + at % side + 1;
    for (at, seen) in seen.iter().enumerate() {
        ink[inner(at)] = seen.clamp(0.0, 1.0);
    }
    let gain: f32 = spill[..AROUND].iter().map(|weight| weight * weight).sum::<f32>().max(0.05);
    for round in 0..ROUNDS {
        let calm = if round < ROUNDS / 2 { 1.0 } else { 0.7 };
        for (at, seen) in seen.iter().enumerate() {
            let place = inner(at);
            let miss = seen - expected(&ink, place, wide, &spill);
            // The miss is shared among all that spill into this module, as much as each spills.
            for (weight, other) in spill.iter().zip(around(place, wide)) {
                let (row, column) = (other / wide, other % wide);
                if (1..=side).contains(&row) && (1..=side).contains(&column) {
                    ink[other] = (ink[other] + calm * weight * miss / gain).clamp(0.0, 1.0);
                }
            }
        }
    }
    (0..side * side).map(|at| ink[inner(at)] > 0.5).collect()
}

fn around(place: usize, wide: usize) -> [usize; AROUND] {
    std::array::from_fn(|at| place + (at / 3) * wide + at % 3 - wide - 1)
}

/// How much ink a module shows after the spill.
fn expected(ink: &[f32], place: usize, wide: usize, spill: &[f32; WEIGHTS]) -> f32 {
    spill[AROUND]
        + around(place, wide).iter().zip(spill).map(|(other, weight)| ink[*other] * weight).sum::<f32>()
}

/// The weights with which the ink of a known module and its known neighbours best gives what was seen.
fn fit(seen: &[f32], side: usize) -> Option<[f32; WEIGHTS]> {
    let mut equations = [[0.0_f32; WEIGHTS + 1]; WEIGHTS];
    for (at, seen) in seen.iter().enumerate() {
        let (column, row) = ((at % side) as i32, (at / side) as i32);
        let mut terms = [1.0; WEIGHTS];
        let is_known = (0..AROUND).all(|near| {
            let known = pattern::fixed(column + near as i32 % 3 - 1, row + near as i32 / 3 - 1, side);
            terms[near] = f32::from(u8::from(known.unwrap_or_default()));
            known.is_some()
        });
        if !is_known {
            continue;
        }
        for (equation, own) in equations.iter_mut().zip(terms) {
            for (sum, other) in equation.iter_mut().zip(terms.iter().chain([seen])) {
                *sum += own * other;
            }
        }
    }
    for (at, equation) in equations.iter_mut().enumerate() {
        equation[at] += CALM;
        if at == AROUND / 2 {
            // Without better knowledge a module shows its own ink.
            equation[WEIGHTS] += CALM;
        }
    }
    solve(equations)
}

/// Gauss's elimination; none where the equations do not decide.
fn solve(mut equations: [[f32; WEIGHTS + 1]; WEIGHTS]) -> Option<[f32; WEIGHTS]> {
    for pivot in 0..WEIGHTS {
        let best = (pivot..WEIGHTS)
            .max_by(|a, b| equations[*a][pivot].abs().total_cmp(&equations[*b][pivot].abs()))?;
        equations.swap(pivot, best);
        let own = equations[pivot];
        if own[pivot].abs() < 1e-4 {
            return None;
        }
        for row in (0..WEIGHTS).filter(|row| *row != pivot) {
            let share = equations[row][pivot] / own[pivot];
            for (cell, own) in equations[row].iter_mut().zip(own) {
                *cell -= share * own;
            }
        }
    }
    let weights: [f32; WEIGHTS] = std::array::from_fn(|at| equations[at][WEIGHTS] / equations[at][at]);
    weights.iter().all(|weight| weight.is_finite()).then_some(weights)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sheets::qr::{Correction, Modules};

    #[test]
    fn modules_smeared_over_their_neighbours_come_back() {
        let modules = Modules::of("231310160000123456", Correction::Medium).unwrap();
        let side = modules.side();
        let is_dark =
            |row: i32, column: i32| row >= 0 && column >= 0 && modules.is_dark(row as usize, column as usize);
        let truth: Vec<bool> = (0..side * side).map(|at| modules.is_dark(at / side, at % side)).collect();
        let spill = [0.05, 0.17, 0.04, 0.11, 0.28, 0.09, 0.04, 0.17, 0.05];
        let smeared: Vec<f32> = (0..side * side)
            .map(|at| {
                let (row, column) = ((at / side) as i32, (at % side) as i32);
                let ink = (0..9).map(|near| {
                    let dark = is_dark(row + near / 3 - 1, column + near % 3 - 1);
                    if dark { spill[near as usize] } else { 0.0 }
                });
                200.0 - 150.0 * ink.sum::<f32>()
            })
            .collect();
        let wrong = |dark: &[bool]| dark.iter().zip(&truth).filter(|(a, b)| a != b).count();
        let levels = vec![125.0; side * side];
        let plain: Vec<bool> = smeared.iter().map(|luma| *luma < 125.0).collect();
        let sharp = dark(&smeared, &levels, side);
        assert!(wrong(&plain) >= 3 * wrong(&sharp), "{} became {}", wrong(&plain), wrong(&sharp));
    }
}
