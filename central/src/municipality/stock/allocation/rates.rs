//! 図: the stock rate of each before and after, as bars beside each other. The same figures stand beside each pair as text.
//!
//! Must not: draw below zero; a rate below zero has no bar and is said.

/// A pair of bars on one scale, in thousandths of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) before: u64,
    pub(super) after: u64,
}

/// What the whole length of a bar stands for, in per mille: 5 %, 10 %, 25 %, 50 %, 100 %, or whole hundreds where a rate is
/// higher.
pub(super) fn scale(rates: impl Iterator<Item = Option<i64>>) -> u64 {
    let most = rates.flatten().max().and_then(|rate| u64::try_from(rate).ok()).unwrap_or(0);
    let round = [50, 100, 250, 500].into_iter().find(|round| *round >= most);
    round.unwrap_or_else(|| most.div_ceil(1_000).saturating_mul(1_000))
}

/// The bars of one; none where nobody lives there.
pub(super) fn pair(scale: u64, before: Option<i64>, after: Option<i64>) -> Option<Pair> {
    let length = |rate: i64| u64::try_from(rate).unwrap_or(0).saturating_mul(1_000) / scale.max(1);
    Some(Pair { before: length(before?), after: length(after?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_on_one_scale_and_never_below_zero() {
        assert_eq!(scale([Some(33), None, Some(-5)].into_iter()), 50);
        assert_eq!([501, 1_000, 1_001].map(|rate| scale([Some(rate)].into_iter())), [1_000, 1_000, 2_000]);
        let scale = scale([Some(33), Some(2_000)].into_iter());
        assert_eq!(pair(scale, Some(33), Some(2_000)), Some(Pair { before: 16, after: 1_000 }));
        assert_eq!(pair(scale, Some(-5), Some(0)), Some(Pair { before: 0, after: 0 }));
        assert_eq!(pair(scale, None, None), None);
    }
}
