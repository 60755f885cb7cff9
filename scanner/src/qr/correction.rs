//! Reed–Solomon correction of one block of codewords, over GF(256) with x⁸ + x⁴ + x³ + x² + 1.
//!
//! Must not: know what the codewords say.

/// Most check codewords of a block in any symbol.
const MOST_CHECKS: usize = 30;

/// Powers of 2 up to twice their period, so that two logarithms may be added.
const POWERS: [u8; 510] = {
    let mut powers = [0; 510];
    let mut power: u16 = 1;
    let mut at = 0;
    while at < powers.len() {
        powers[at] = power as u8;
        power <<= 1;
        if power > 0xff {
            power ^= 0x11d;
        }
        at += 1;
    }
    powers
};
/// To which power of 2 a number is; of 0 it means nothing.
const LOGARITHMS: [u8; 256] = {
    let mut logarithms = [0; 256];
    let mut at = 0;
    while at < 255 {
        logarithms[POWERS[at] as usize] = at as u8;
        at += 1;
    }
    logarithms
};

fn product(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 { 0 } else { times_power(a, usize::from(LOGARITHMS[usize::from(b)])) }
}

/// `a` times 2 to the `power`, which is less than 255.
fn times_power(a: u8, power: usize) -> u8 {
    if a == 0 { 0 } else { POWERS[usize::from(LOGARITHMS[usize::from(a)]) + power] }
}

fn quotient(a: u8, b: u8) -> u8 {
    if a == 0 {
        0
    } else {
        POWERS[usize::from(LOGARITHMS[usize::from(a)]) + 255 - usize::from(LOGARITHMS[usize::from(b)])]
    }
}

/// What is left of the block's polynomial at each of the generator's roots; all none where it is whole.
fn syndromes(block: &[u8], checks: usize) -> [u8; MOST_CHECKS] {
    let mut syndromes = [0; MOST_CHECKS];
    for (root, syndrome) in syndromes[..checks].iter_mut().enumerate() {
        *syndrome = block.iter().fold(0, |sum, codeword| times_power(sum, root) ^ codeword);
    }
    syndromes
}

/// Corrects a block in place, of which the last `checks` codewords are the check; says how many codewords were
/// wrong, or none where they are too many.
pub(super) fn correct(block: &mut [u8], checks: usize) -> Option<usize> {
    if block.len() > 255 || checks > MOST_CHECKS || checks >= block.len() {
        return None;
    }
    let found = syndromes(block, checks);
    if found == [0; MOST_CHECKS] {
        return Some(0);
    }
    let (locator, errors) = locator(&found[..checks]);
    if errors > checks / 2 {
        return None;
    }
    // The evaluator is the product of syndromes and locator up to the check's length.
    let mut evaluator = [0_u8; MOST_CHECKS];
    for (at, sum) in evaluator[..checks].iter_mut().enumerate() {
        *sum = (0..=at.min(errors)).fold(0, |sum, step| sum ^ product(locator[step], found[at - step]));
    }
    let mut corrected = 0;
    for place in 0..block.len() {
        // The codeword's own power of 2, inverted, is a root of the locator where the codeword is wrong.
        let inverse = (255 - place) % 255;
        let at =
            |polynomial: &[u8]| polynomial.iter().rev().fold(0, |sum, term| times_power(sum, inverse) ^ term);
        if at(&locator[..=errors]) != 0 {
            continue;
        }
        // Of the derivative only odd terms stay, each one power lower.
        let slope = (1..=errors)
            .step_by(2)
            .fold(0, |sum, term| sum ^ times_power(locator[term], inverse * (term - 1) % 255));
        if slope == 0 {
            return None;
        }
        let error = quotient(at(&evaluator[..checks]), slope);
        let own = block.len() - 1 - place;
        block[own] ^= times_power(error, place % 255);
        corrected += 1;
    }
    (corrected == errors && syndromes(block, checks) == [0; MOST_CHECKS]).then_some(errors)
}

/// The shortest recurrence that gives the syndromes (Berlekamp and Massey), and its length.
fn locator(syndromes: &[u8]) -> ([u8; MOST_CHECKS + 1], usize) {
    let mut current = [0_u8; MOST_CHECKS + 1];
    let mut previous = current;
    (current[0], previous[0]) = (1, 1);
    let (mut length, mut shift, mut last) = (0, 1, 1_u8);
    for at in 0..syndromes.len() {
        let miss =
            (1..=length).fold(syndromes[at], |sum, step| sum ^ product(current[step], syndromes[at - step]));
        if miss == 0 {
            shift += 1;
            continue;
        }
        let before = current;
        let factor = quotient(miss, last);
        for term in shift..=MOST_CHECKS {
            current[term] ^= product(factor, previous[term - shift]);
        }
        if 2 * length <= at {
            length = at + 1 - length;
            (previous, last, shift) = (before, miss, 1);
        } else {
            shift += 1;
        }
    }
    (current, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Version 1-M with the text "01234567": ISO/IEC 18004, annex I.
    const BLOCK: [u8; 26] = [
        0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xa5,
        0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55,
    ];

    #[test]
    fn as_many_errors_as_half_the_checks_are_corrected_and_counted() {
        for errors in 0..=5 {
            let mut block = BLOCK;
            for error in 0..errors {
                block[(error * 7 + 3) % 26] ^= 0x5b + error as u8;
            }
            assert_eq!((correct(&mut block, 10), block), (Some(errors), BLOCK), "{errors}");
        }
    }

    #[test]
    fn more_errors_are_not_corrected() {
        let mut block = BLOCK;
        for error in 0..8 {
            block[error * 3] ^= 0x31 + error as u8;
        }
        assert_eq!(correct(&mut block, 10), None);
        assert_eq!(correct(&mut [0; 300], 10), None);
        assert_eq!(correct(&mut [1; 5], 10), None);
    }
}
