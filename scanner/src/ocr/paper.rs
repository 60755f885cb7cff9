//! What the paper's luma is at every pixel, also under print: the picture with everything narrow and dark
//! filled in (a morphological closing), which leaves shadows and their edges as they are.
//!
//! Must not: decide what is ink.

/// Widths of windows whose doubling gives the closing's own, 17 pixels: broader than a blurred stroke of the
/// largest digits.
const SHIFTS: [usize; 5] = [1, 2, 4, 8, 1];
/// What the window reaches to either side.
const REACH: usize = 8;

/// The paper under a picture.
pub(super) fn under(luma: &[u8], width: usize) -> Vec<u8> {
    let filled = columns(&rows(luma, width, u8::max, 0), width, u8::max, 0);
    columns(&rows(&filled, width, u8::min, 255), width, u8::min, 255)
}

/// Each pixel with its neighbours in the row, merged.
fn rows(luma: &[u8], width: usize, merge: impl Fn(u8, u8) -> u8, beyond: u8) -> Vec<u8> {
    let mut merged = Vec::with_capacity(luma.len());
    let mut line = vec![beyond; width + 2 * REACH];
    let mut next = line.clone();
    for row in luma.chunks_exact(width.max(1)) {
        line.fill(beyond);
        line[REACH..REACH + width].copy_from_slice(row);
        for shift in SHIFTS {
            let pairs = line.iter().zip(&line[shift..]);
            next.iter_mut().zip(pairs).for_each(|(next, (one, other))| *next = merge(*one, *other));
            std::mem::swap(&mut line, &mut next);
        }
        merged.extend_from_slice(&line[..width]);
    }
    merged
}

/// Each pixel with its neighbours in the column, merged.
fn columns(luma: &[u8], width: usize, merge: impl Fn(u8, u8) -> u8, beyond: u8) -> Vec<u8> {
    let mut merged = vec![beyond; luma.len() + 2 * REACH * width];
    merged[REACH * width..REACH * width + luma.len()].copy_from_slice(luma);
    for shift in SHIFTS {
        for start in (0..merged.len().saturating_sub(shift * width)).step_by(width.max(1)) {
            let (above, below) = merged.split_at_mut(start + shift * width);
            let pairs = above[start..start + width].iter_mut().zip(&below[..width]);
            pairs.for_each(|(one, other)| *one = merge(*one, *other));
        }
    }
    merged.truncate(luma.len());
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_ink_is_filled_in_and_a_shadow_stays() {
        let (width, height) = (80, 60);
        let shade = |x: usize| if x < 40 { 200 } else { 120 };
        let is_ink = |x: usize, y: usize| (20..40).contains(&y) && x % 10 < 4;
        let luma: Vec<u8> = (0..width * height)
            .map(|at| if is_ink(at % width, at / width) { 30 } else { shade(at % width) })
            .collect();
        let paper = under(&luma, width);
        assert!((0..width * height).all(|at| paper[at] == shade(at % width)));
        assert!(under(&[], 0).is_empty());
    }
}
