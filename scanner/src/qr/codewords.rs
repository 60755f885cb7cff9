//! From dark and light modules to a symbol's corrected data codewords.
//!
//! `rqrr` does this too, but raises to powers by 64 squarings in each term of its Reed–Solomon sums: up to three
//! quarters of the time of a whole search; nor does it say how many errors it corrected. It is asked second: see
//! `second`.
//!
//! Must not: read what the codewords say.

use super::{correction, pattern};

/// Check codewords of a block, for versions 1 to 40 and the levels L, M, Q, H: ISO/IEC 18004, table 9.
const CHECKS: [[u8; 40]; 4] = [
    [
        7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26,
        28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28,
        28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ],
    [
        13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30,
        28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30,
        30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
];
/// Blocks, from the same table.
const BLOCKS: [[u8; 40]; 4] = [
    [
        1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16,
        17, 18, 19, 19, 20, 21, 22, 24, 25,
    ],
    [
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28,
        29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
    ],
    [
        1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35,
        38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68,
    ],
    [
        1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42,
        45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81,
    ],
];
/// Wrong bits of the format that are corrected: the code's own limit.
const MOST_FORMAT_ERRORS: u32 = 3;

/// What a symbol holds, corrected.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Codewords {
    pub(super) version: usize,
    pub(super) data: Vec<u8>,
    /// Check codewords of the block with most errors that its correction did not use up.
    pub(super) spare_checks: usize,
}

/// The codewords of a symbol, none where too many are wrong.
pub(super) fn read(dark: &[bool], side: usize) -> Option<Codewords> {
    let (level, mask) = format(dark, side)?;
    let version = (side - 17) / 4;
    let stream = stream(dark, side, mask);
    let (checks, blocks) = (usize::from(CHECKS[level][version - 1]), usize::from(BLOCKS[level][version - 1]));
    // Blocks take turns; the last of them are one codeword longer.
    let (short, long) = (stream.len() / blocks, stream.len() % blocks);
    let short_data = short.checked_sub(checks)?;
    let mut data = Vec::with_capacity(stream.len());
    let mut spare_checks = checks;
    let mut block = Vec::with_capacity(short + 1);
    for own in 0..blocks {
        block.clear();
        block.extend((0..short_data).map(|turn| stream[turn * blocks + own]));
        if own >= blocks - long {
            block.push(stream[short_data * blocks + own - (blocks - long)]);
        }
        let length = block.len();
        block.extend((0..checks).map(|turn| stream[short_data * blocks + long + turn * blocks + own]));
        let errors = correction::correct(&mut block, checks)?;
        spare_checks = spare_checks.min(checks - 2 * errors);
        data.extend_from_slice(&block[..length]);
    }
    Some(Codewords { version, data, spare_checks })
}

/// Level (of L, M, Q, H) and mask, from the likelier of the format's two copies.
fn format(dark: &[bool], side: usize) -> Option<(usize, usize)> {
    let is = |column: usize, row: usize| u32::from(dark[row * side + column]);
    let along = |at: usize| [0, 1, 2, 3, 4, 5, 7, 8][at];
    let (mut near, mut far) = (0, 0);
    for bit in 0..8 {
        near |= is(8, along(bit)) << bit;
        far |= is(side - 1 - bit, 8) << bit;
    }
    for bit in 8..15 {
        near |= is(along(14 - bit), 8) << bit;
        far |= is(8, side - 15 + bit) << bit;
    }
    let wrong = |format: u32| {
        let sent = (format << 10 | remainder(format)) ^ 0b101_0100_0001_0010;
        (sent ^ near).count_ones().min((sent ^ far).count_ones())
    };
    let best = (0..32).min_by_key(|format| wrong(*format))?;
    // The two bits of the level name M, L, H, Q.
    (wrong(best) <= MOST_FORMAT_ERRORS).then(|| ([1, 0, 3, 2][best as usize >> 3], best as usize & 7))
}

/// The ten check bits of a format's five.
fn remainder(format: u32) -> u32 {
    (0..5).rev().fold(format << 10, |rest, bit| {
        if rest >> (bit + 10) & 1 == 1 { rest ^ 0b101_0011_0111 << bit } else { rest }
    })
}

/// All codewords in their order on the symbol, unmasked: two columns at a time from the right, up and down.
fn stream(dark: &[bool], side: usize, mask: usize) -> Vec<u8> {
    let is_fixed = pattern::fixed_modules(side);
    let mut stream = Vec::with_capacity(side * side / 8);
    let (mut codeword, mut bits) = (0_u8, 0);
    let mut is_up = true;
    let mut right = side as isize - 1;
    while right > 0 {
        // The timing pattern's column is left out.
        if right == pattern::TIMING as isize {
            right -= 1;
        }
        for step in 0..side {
            let row = if is_up { side - 1 - step } else { step };
            for column in [right as usize, right as usize - 1] {
                let at = row * side + column;
                if is_fixed[at] {
                    continue;
                }
                codeword = codeword << 1 | u8::from(dark[at] != is_flipped(mask, column, row));
                bits += 1;
                if bits == 8 {
                    stream.push(codeword);
                    (codeword, bits) = (0, 0);
                }
            }
        }
        is_up = !is_up;
        right -= 2;
    }
    stream
}

/// Whether a mask turns a module over.
fn is_flipped(mask: usize, column: usize, row: usize) -> bool {
    let value = match mask {
        0 => (row + column) % 2,
        1 => row % 2,
        2 => column % 3,
        3 => (row + column) % 3,
        4 => (row / 2 + column / 3) % 2,
        5 => row * column % 2 + row * column % 3,
        6 => (row * column % 2 + row * column % 3) % 2,
        _ => ((row + column) % 2 + row * column % 3) % 2,
    };
    value == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use sheets::qr::{Correction, Modules};

    fn dark(modules: &Modules) -> Vec<bool> {
        let side = modules.side();
        (0..side * side).map(|at| modules.is_dark(at / side, at % side)).collect()
    }

    #[test]
    fn symbols_of_all_kinds_of_versions_and_levels_are_whole() {
        let mut seen = std::collections::BTreeSet::new();
        for correction in [Correction::Low, Correction::Medium, Correction::Quartile, Correction::High] {
            for length in [9, 30, 70, 140, 230, 330, 480, 760, 1200, 1900, 2900] {
                let modules = Modules::of(&"4".repeat(length), correction).unwrap();
                let read = read(&dark(&modules), modules.side()).unwrap();
                let checks = usize::from(CHECKS[correction as usize][read.version - 1]);
                assert_eq!(read.spare_checks, checks, "version {} {correction:?}", read.version);
                seen.insert((read.version, correction as usize));
            }
        }
        assert!(seen.len() >= 40, "{seen:?}");
    }

    #[test]
    fn a_stain_is_corrected_and_counted_and_a_large_one_is_refused() {
        let modules = Modules::of("231310160000123456", Correction::Medium).unwrap();
        let whole = read(&dark(&modules), 21).unwrap();
        let stained = |size: usize| {
            let mut dark = dark(&modules);
            for at in 0..size * size {
                dark[(20 - at / size) * 21 + 20 - at % size] ^= true;
            }
            read(&dark, 21)
        };
        let small = stained(3).unwrap();
        assert_eq!(small.data, whole.data);
        assert!(small.spare_checks < whole.spare_checks);
        assert_eq!(stained(9), None);
    }
}
