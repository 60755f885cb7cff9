//! A part cut into pieces as its bytes come, and its name at the end. Pure.
//!
//! Must not: hold more than one piece.

use record::{bytes::PartDigest, wire::reference::PIECE_BYTES};
use seal::reference::PartHasher;

/// One piece: its first byte's place in the part, and its bytes.
pub(crate) type Cut = (u64, Vec<u8>);

/// Cuts.
#[derive(Default)]
pub(crate) struct Cutter {
    hasher: PartHasher,
    first: u64,
    held: Vec<u8>,
}

impl Cutter {
    /// Takes bytes; the pieces that are whole now.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Vec<Cut> {
        self.hasher.take(bytes);
        self.held.extend_from_slice(bytes);
        let mut cuts = Vec::new();
        while self.held.len() as u64 >= PIECE_BYTES {
            let rest = self.held.split_off(PIECE_BYTES as usize);
            let piece = std::mem::replace(&mut self.held, rest);
            cuts.push(self.cut(piece));
        }
        cuts
    }

    /// The last piece, if any bytes are left, with the size and the name of the whole.
    pub(crate) fn end(mut self) -> (Option<Cut>, u64, PartDigest) {
        let rest = std::mem::take(&mut self.held);
        let last = (!rest.is_empty()).then(|| self.cut(rest));
        (last, self.first, self.hasher.digest())
    }

    fn cut(&mut self, piece: Vec<u8>) -> Cut {
        let first = self.first;
        self.first += piece.len() as u64;
        (first, piece)
    }
}

/// `first` up to `end` of a part, out of the pieces that hold them.
pub(crate) fn together(pieces: impl IntoIterator<Item = Cut>, first: u64, end: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (begins, piece) in pieces {
        let from = usize::try_from(first.saturating_sub(begins)).unwrap_or(usize::MAX);
        let to = usize::try_from(end.saturating_sub(begins)).unwrap_or(usize::MAX).min(piece.len());
        bytes.extend_from_slice(piece.get(from..to).unwrap_or_default());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use seal::reference::part_digest;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn pieces_are_the_part_and_any_range_of_it(sizes in proptest::collection::vec(0_usize..200_000, 0..6), first in 0_usize..400_000, length in 1_usize..300_000) {
            let whole: Vec<u8> = (0..sizes.iter().sum::<usize>()).map(|place| (place % 251) as u8).collect();
            let (mut cutter, mut cuts, mut taken) = (Cutter::default(), Vec::new(), 0);
            for size in sizes {
                cuts.extend(cutter.take(&whole[taken..taken + size]));
                taken += size;
            }
            let (last, size, digest) = cutter.end();
            cuts.extend(last);
            prop_assert_eq!((size, digest), (whole.len() as u64, part_digest(&whole)));
            prop_assert!(cuts.iter().all(|(_, piece)| piece.len() as u64 <= PIECE_BYTES));
            let end = (first + length).min(whole.len());
            let expected = whole.get(first..end).unwrap_or_default();
            prop_assert_eq!(together(cuts, first as u64, end as u64), expected);
        }
    }
}
