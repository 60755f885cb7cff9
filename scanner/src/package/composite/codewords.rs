//! The codewords of CC-A, the smaller composite component, become bits: Reed–Solomon over 929, then base 928.
//!
//! Must not: look at a picture.

use super::bits::Bits;

/// Codewords are numbers modulo this prime.
const MODULUS: u32 = 929;
/// A primitive root of it; the check codewords make its powers from the first on roots of the symbol.
const ROOT: u32 = 3;
/// Data codewords are digits of this base.
const BASE: u128 = 928;

/// Rows of a component of three columns, its check codewords, and the cluster of its first row. (The clusters follow
/// from where the row address patterns of each size begin.)
const SIZES: [(usize, usize, usize); 5] = [(4, 4, 1), (5, 5, 0), (6, 6, 1), (7, 7, 2), (8, 7, 2)];
/// Codewords of a row.
pub(super) const COLUMNS: usize = 3;

/// Rows that a component may have.
pub(super) fn sizes() -> impl Iterator<Item = usize> {
    SIZES.iter().map(|size| size.0)
}

/// The cluster of the first of so many rows; each next row has the next of three.
pub(super) fn first_cluster(rows: usize) -> Option<usize> {
    SIZES.iter().find(|size| size.0 == rows).map(|size| size.2)
}

/// The element string of a component, from its codewords row by row; one that was not read is `None`. At most one may
/// be missing or wrong: the checks of the smallest component could mend two, and would then mend what is no component
/// at all once in some thousand times.
pub(super) fn element_string(codewords: &[Option<u32>]) -> Option<String> {
    let (_, checks, _) = SIZES.iter().find(|size| size.0 * COLUMNS == codewords.len())?;
    if codewords.iter().filter(|codeword| codeword.is_none()).count() > 1 {
        return None;
    }
    let read: Vec<u32> = codewords.iter().map(|codeword| codeword.unwrap_or(0)).collect();
    let mended = mended(read, *checks)?;
    let mut bits = Vec::new();
    for group in mended[..mended.len() - checks].chunks(7) {
        if group.iter().any(|codeword| u128::from(*codeword) >= BASE) {
            return None;
        }
        let value = group.iter().fold(0, |value, codeword| value * BASE + u128::from(*codeword));
        let count = group.len() * 10 - 1;
        if value >> count != 0 {
            return None;
        }
        bits.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
    }
    Bits::new(bits).element_string()
}

/// The codewords with at most one of them put right.
fn mended(mut codewords: Vec<u32>, checks: usize) -> Option<Vec<u32>> {
    let last = codewords.len().checked_sub(1)?;
    let sums: Vec<u32> = (1..=checks as u32).map(|power| value_at(&codewords, raised(ROOT, power))).collect();
    if sums.iter().all(|sum| *sum == 0) {
        return Some(codewords);
    }
    // One wrong codeword multiplies each sum by its own root to get the next.
    let at = (0..=last).find(|at| {
        let root = raised(ROOT, (last - at) as u32);
        sums.windows(2).all(|pair| pair[0] * root % MODULUS == pair[1])
    })?;
    let inverse = raised(raised(ROOT, (last - at) as u32), MODULUS - 2);
    let error = sums.first()? * inverse % MODULUS;
    codewords[at] = (codewords[at] + MODULUS - error) % MODULUS;
    Some(codewords)
}

/// The polynomial whose first coefficient is that of the highest power.
fn value_at(coefficients: &[u32], place: u32) -> u32 {
    coefficients.iter().fold(0, |sum, coefficient| (sum * place + coefficient) % MODULUS)
}

fn raised(base: u32, power: u32) -> u32 {
    (0..power).fold(1, |product, _| product * base % MODULUS)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codewords as zint 2.11.1 writes them, and what they hold.
    const PRINTED: [(&str, &[u32]); 10] = [
        ("1721123110SAMPLE01", &[491, 835, 270, 392, 121, 109, 390, 66, 165, 682, 778, 33]),
        ("1721123110a/b_C-12", &[491, 835, 209, 468, 735, 247, 207, 85, 466, 836, 417, 444, 485, 64, 333]),
        ("1721123110123456789", &[491, 835, 448, 766, 102, 223, 168, 132, 145, 826, 722, 278]),
        (
            "1721123121X1\u{1d}10SAMPLE",
            &[491, 836, 690, 872, 401, 226, 293, 13, 575, 644, 757, 811, 487, 226, 278],
        ),
        ("10SAMPLE-LOT", &[638, 241, 338, 763, 456, 695, 6, 132, 785, 91, 697, 262]),
        (
            "21123456\u{1d}10SAMPLE01",
            &[112, 483, 698, 340, 435, 273, 399, 424, 331, 816, 480, 326, 814, 372, 606],
        ),
        (
            "112101011721123110SAMPLE",
            &[490, 513, 248, 413, 888, 891, 914, 387, 764, 291, 784, 578, 343, 477, 274, 731, 257, 604],
        ),
        (
            "1721120010SAMPLE01234567",
            &[491, 733, 802, 554, 470, 174, 329, 162, 849, 866, 412, 514, 175, 613, 877],
        ),
        (
            "1721123110SAMPLE0123456789ABC",
            &[
                491, 835, 270, 392, 121, 109, 233, 241, 492, 279, 238, 731, 581, 546, 762, 896, 619, 580,
                601, 615, 401,
            ],
        ),
        ("11210101", &[490, 511, 729, 452, 264, 80, 16, 264, 575, 166, 57, 138]),
    ];

    fn all(codewords: &[u32]) -> Vec<Option<u32>> {
        codewords.iter().copied().map(Some).collect()
    }

    #[test]
    fn printed_components_are_read() {
        for (text, codewords) in PRINTED {
            assert_eq!(element_string(&all(codewords)).as_deref(), Some(text));
        }
    }

    #[test]
    fn one_codeword_may_be_wrong_or_missing_and_no_more() {
        for (text, codewords) in PRINTED {
            for at in 0..codewords.len() {
                let mut codewords = all(codewords);
                codewords[at] = None;
                assert_eq!(element_string(&codewords).as_deref(), Some(text), "{at} missing");
                codewords[at] = Some(917);
                assert_eq!(element_string(&codewords).as_deref(), Some(text), "{at} wrong");
                let other = (at + 5) % codewords.len();
                codewords[other] = codewords[other].map(|codeword| (codeword + 13) % MODULUS);
                assert_eq!(element_string(&codewords), None, "{at} and {other} wrong");
                codewords[at] = None;
                codewords[other] = None;
                assert_eq!(element_string(&codewords), None, "{at} and {other} missing");
            }
        }
    }

    #[test]
    fn other_sizes_are_no_component() {
        for count in [0, 1, 3, 9, 11, 13, 27] {
            assert_eq!(element_string(&vec![Some(0); count]), None, "{count}");
        }
    }
}
