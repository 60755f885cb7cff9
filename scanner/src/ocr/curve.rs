//! The gentle curve of a line on paper that does not lie flat.
//!
//! Must not: know what lies along the curve.

/// Terms of the polynomial: a sheet's wave bends a line one way and back.
pub(super) const TERMS: usize = 5;
/// What is added to the squares of the terms, as a share of the points: it holds the higher ones back where
/// points are few or uneven.
const RIDGE: [f32; TERMS] = [0.0, 0.0, 0.002, 0.004, 0.004];

/// The polynomial through points (place from −1 to 1, value) by least squares.
pub(super) fn through(points: impl Iterator<Item = (f32, f32)>) -> [f32; TERMS] {
    let mut sums = [[0.0_f32; TERMS + 1]; TERMS];
    for (place, value) in points {
        let powers = powers(place);
        for (line, power) in sums.iter_mut().zip(powers) {
            for (sum, other) in line.iter_mut().zip(powers) {
                *sum += power * other;
            }
            line[TERMS] += power * value;
        }
    }
    let count = sums[0][0];
    if count < 1.0 {
        return [0.0; TERMS];
    }
    for (at, ridge) in RIDGE.into_iter().enumerate() {
        sums[at][at] += ridge * count;
    }
    solve(sums).unwrap_or_else(|| {
        let mut level = [0.0; TERMS];
        level[0] = sums[0][TERMS] / count;
        level
    })
}

/// The polynomial's value; beyond the ends it goes on straight.
pub(super) fn at(curve: &[f32; TERMS], place: f32) -> f32 {
    let inside = place.clamp(-1.0, 1.0);
    let value: f32 = curve.iter().zip(powers(inside)).map(|(term, power)| term * power).sum();
    if inside == place {
        return value;
    }
    let slope: f32 =
        (1..TERMS).map(|power| power as f32 * curve[power] * inside.powi(power as i32 - 1)).sum();
    value + slope * (place - inside)
}

fn powers(place: f32) -> [f32; TERMS] {
    let mut power = 1.0;
    [(); TERMS].map(|()| {
        let own = power;
        power *= place;
        own
    })
}

/// Solves as many linear equations as there are terms.
fn solve(mut lines: [[f32; TERMS + 1]; TERMS]) -> Option<[f32; TERMS]> {
    for at in 0..TERMS {
        let pivot = (at..TERMS).max_by(|a, b| lines[*a][at].abs().total_cmp(&lines[*b][at].abs()))?;
        lines.swap(at, pivot);
        let lead = lines[at];
        if lead[at].abs() < 1e-5 {
            return None;
        }
        for (other, line) in lines.iter_mut().enumerate() {
            if other != at {
                let share = line[at] / lead[at];
                line.iter_mut().zip(lead).for_each(|(own, its)| *own -= share * its);
            }
        }
    }
    let mut terms = [0.0; TERMS];
    terms.iter_mut().zip(lines).enumerate().for_each(|(at, (term, line))| *term = line[TERMS] / line[at]);
    Some(terms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_is_followed_and_few_points_give_a_level_line() {
        let wave = |place: f32| 3.0 + place - 2.0 * (2.0 * place).sin();
        let curve = through((0..=40).map(|at| at as f32 / 20.0 - 1.0).map(|place| (place, wave(place))));
        for place in [-1.0, -0.5, 0.0, 0.7, 1.0] {
            assert!((at(&curve, place) - wave(place)).abs() < 0.3, "{place}");
        }
        assert_eq!(through(std::iter::empty()), [0.0; TERMS]);
        assert!((at(&through(std::iter::once((0.3, 7.0))), -1.0) - 7.0).abs() < 1e-3);
    }

    #[test]
    fn beyond_its_ends_a_curve_goes_on_straight() {
        let curve = [1.0, 2.0, 3.0, 0.0, 0.0];
        assert_eq!([at(&curve, 1.0), at(&curve, 1.5), at(&curve, -2.0)], [6.0, 10.0, 6.0]);
    }
}
