//! Where the stripes of a profile begin and end, before anything is read.
//!
//! Must not: know characters.

/// Slopes are measured over this many pixels, so that noise weighs less.
const SLOPE_PX: usize = 3;

/// Where the stripes begin and end: the flat zones nearest to the patch's ends.
pub(super) fn find(profile: &[f32], margin: usize) -> Option<(f32, f32)> {
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
