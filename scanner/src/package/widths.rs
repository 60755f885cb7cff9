//! How DataBar writes a number as widths: the place of a run of widths among all that are allowed.
//!
//! Must not: know a symbol.

/// What runs of widths are allowed: all of one length and sum.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowed {
    /// The widest element, in modules.
    pub(super) widest: u32,
    /// Whether at least one element must be one module wide.
    pub(super) some_narrow: bool,
}

impl Allowed {
    /// How many runs of `elements` widths there are with that `sum`.
    fn count(self, sum: u32, elements: usize, narrow_met: bool) -> u32 {
        if elements == 0 {
            return u32::from(sum == 0 && (narrow_met || !self.some_narrow));
        }
        let widths = 1..=self.widest.min(sum);
        widths.map(|width| self.count(sum - width, elements - 1, narrow_met || width == 1)).sum()
    }

    /// The zero-based place of `widths` in the order of their first elements, narrow before wide, then their second …;
    /// `None` where they are not allowed.
    pub(super) fn place(self, widths: &[u32]) -> Option<u32> {
        let mut left: u32 = widths.iter().sum();
        let (mut place, mut narrow_met) = (0, false);
        for (at, width) in widths.iter().enumerate() {
            if *width == 0 || *width > self.widest {
                return None;
            }
            let behind = widths.len() - at - 1;
            place +=
                (1..*width).map(|less| self.count(left - less, behind, narrow_met || less == 1)).sum::<u32>();
            narrow_met |= *width == 1;
            left -= width;
        }
        (narrow_met || !self.some_narrow).then_some(place)
    }

    /// The run of widths at a place; `None` where there are not so many.
    pub(super) fn at<const N: usize>(self, sum: u32, mut place: u32) -> Option<[u32; N]> {
        let (mut left, mut narrow_met) = (sum, false);
        let mut widths = [0; N];
        for (at, chosen) in widths.iter_mut().enumerate() {
            let mut width = 1;
            loop {
                if width > self.widest || width > left {
                    return None;
                }
                let count = self.count(left - width, N - at - 1, narrow_met || width == 1);
                if place < count {
                    break;
                }
                place -= count;
                width += 1;
            }
            *chosen = width;
            narrow_met |= width == 1;
            left -= width;
        }
        Some(widths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_has_its_place() {
        for (allowed, sum, count) in [
            (Allowed { widest: 3, some_narrow: false }, 8, 21),
            (Allowed { widest: 3, some_narrow: true }, 9, 28),
            (Allowed { widest: 1, some_narrow: true }, 7, 1),
        ] {
            let runs: Vec<Vec<u32>> = if sum == 8 {
                (0..count).map(|place| allowed.at::<6>(sum, place).unwrap().to_vec()).collect()
            } else {
                (0..count).map(|place| allowed.at::<7>(sum, place).unwrap().to_vec()).collect()
            };
            for (place, run) in (0..).zip(&runs) {
                assert_eq!((allowed.place(run), run.iter().sum::<u32>()), (Some(place), sum));
            }
            assert_eq!((allowed.at::<6>(8, 10_000), allowed.at::<7>(9, 10_000)), (None, None));
        }
    }

    #[test]
    fn what_is_not_allowed_has_no_place() {
        let allowed = Allowed { widest: 3, some_narrow: true };
        for widths in [&[2, 2, 2][..], &[4, 1], &[0, 1]] {
            assert_eq!(allowed.place(widths), None, "{widths:?}");
        }
    }
}
