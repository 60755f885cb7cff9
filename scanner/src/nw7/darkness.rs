//! Lumas along a symbol made darkness from 0, paper, to 1, ink, whatever light falls on it.
//!
//! Must not: know where in the frame the symbol lies.

use super::shape::FINENESS;

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
pub(super) fn by_model(lumas: &[f32], model: &[f32]) -> Vec<f32> {
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

/// The same before a character is known: half of each pitch is dark, and the contrast is that of a mean digit.
pub(super) fn guessed(lumas: &[f32]) -> Vec<f32> {
    let reach = FINENESS / 2;
    let ones = window_sums(lumas.iter().map(|_| 1.0), reach);
    let sums = window_sums(lumas.iter().copied(), reach);
    let wide = window_sums(lumas.iter().map(|_| 1.0), 2 * reach);
    let wide_sums = window_sums(lumas.iter().copied(), 2 * reach);
    let wide_squares = window_sums(lumas.iter().map(|luma| luma * luma), 2 * reach);
    (0..lumas.len())
        .map(|at| {
            let inner = at.clamp(FINENESS + reach, lumas.len() - 1 - FINENESS - reach);
            let mean = sums[inner] / ones[inner];
            let wide_mean = wide_sums[inner] / wide[inner];
            let deviation = (wide_squares[inner] / wide[inner] - wide_mean * wide_mean).max(1.0).sqrt();
            0.5 + (mean - lumas[at]) / deviation * 0.36
        })
        .collect()
}
