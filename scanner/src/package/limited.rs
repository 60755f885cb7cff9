//! GS1 DataBar Limited (ISO/IEC 24724): the bars of one scan line become a number.
//!
//! 74 modules: a guard, a character of 26 modules, a check character of 18, a character of 26, a guard. Must not: look
//! at a picture; `search` does.

pub(super) mod search;

use super::widths::Allowed;

/// Edges from the first dark bar's start to the last one's end.
pub(super) const EDGES: usize = 46;
/// Modules between them; the light guard module before the first bar has no edge of its own.
pub(super) const MODULES: f32 = 73.0;
/// Elements of each of the three characters.
const ELEMENTS: usize = 14;
/// Edge at which each character begins …
const STARTS: [usize; 3] = [1, 15, 29];
/// … and how many modules it has.
const CHARACTER_MODULES: [u32; 3] = [26, 18, 26];
/// How far a character's width may be off, in modules, before the line is taken for something else. Print and camera
/// move an edge by a fraction of a module.
const WIDTH_TOLERANCE: f32 = 0.8;
/// How far the sum of two neighbours of the check character may be off what the other two characters ask for.
const CHECK_TOLERANCE: f32 = 0.62;
/// Numbers that one character stands for.
const CHARACTER_VALUES: u64 = 2_013_571;
/// What is added to the number where a composite component belongs to the symbol.
const LINKED: u64 = 2_015_133_531_096;
/// The number is the first 13 digits of a GTIN; the first digit is 0 or 1.
const NUMBERS: u64 = 2_000_000_000_000;

/// Groups of characters: first value, modules of the odd elements, widest odd and even element, values of the even
/// elements.
const GROUPS: [(u32, u32, u32, u32, u32); 7] = [
    (0, 17, 6, 3, 28),
    (183_064, 13, 5, 4, 728),
    (820_064, 9, 3, 6, 6_454),
    (1_000_776, 15, 5, 4, 203),
    (1_491_021, 11, 4, 5, 2_408),
    (1_979_845, 19, 8, 1, 1),
    (1_996_939, 7, 1, 8, 16_632),
];

/// The check character for each check sum: places of its odd and its even elements (the first six of each, 8 modules,
/// none wider than 3), as odd × 21 + even. Its last two elements are one module each.
const CHECKS: [u32; 89] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
    29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 45, 52, 57, 63, 64, 65, 66, 73, 74, 75, 76,
    77, 78, 79, 82, 126, 127, 128, 129, 130, 132, 141, 142, 143, 144, 145, 146, 210, 211, 212, 213, 214, 215,
    216, 217, 220, 316, 317, 318, 319, 320, 322, 323, 326, 337,
];

/// What a symbol holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    /// The first 13 digits of the GTIN.
    pub(super) gtin: u64,
    /// Whether a composite component belongs to it.
    pub(super) is_linked: bool,
}

/// Reads one scan line: the places of 46 edges, the first from light to dark.
pub(super) fn decode(edges: &[f32; EDGES]) -> Option<Number> {
    let module = (edges[EDGES - 1] - edges[0]) / MODULES;
    let guards = [(0, 1), (43, 44), (44, 45)];
    let fits = |from: usize, to: usize, modules: f32, most: f32| {
        ((edges[to] - edges[from]) / module - modules).abs() <= most
    };
    let whole = STARTS.iter().zip(CHARACTER_MODULES);
    if !guards.iter().all(|(from, to)| fits(*from, *to, 1.0, WIDTH_TOLERANCE))
        || !whole
            .clone()
            .all(|(start, modules)| fits(*start, start + ELEMENTS, modules as f32, WIDTH_TOLERANCE))
    {
        return None;
    }
    let left = data_widths(edges, STARTS[0])?;
    let right = data_widths(edges, STARTS[2])?;
    let check = check_widths(check_sum(left.iter().chain(&right)))?;
    let scale = CHARACTER_MODULES[1] as f32 / (edges[STARTS[1] + ELEMENTS] - edges[STARTS[1]]);
    let agrees = (0..ELEMENTS - 1).all(|at| {
        let pair = (edges[STARTS[1] + at + 2] - edges[STARTS[1] + at]) * scale;
        (pair - (check[at] + check[at + 1]) as f32).abs() <= CHECK_TOLERANCE
    });
    if !agrees {
        return None;
    }
    let number = u64::from(value(&left)?) * CHARACTER_VALUES + u64::from(value(&right)?);
    let (gtin, is_linked) = number.checked_sub(LINKED).map_or((number, false), |rest| (rest, true));
    (gtin < NUMBERS).then_some(Number { gtin, is_linked })
}

/// The widths of a data character in modules, from the sums of neighbours: ink that runs or fades moves both edges of
/// a bar and leaves the way from one bar's edge to the same edge of the next as it was. At least one even element is
/// one module wide, which settles the rest.
fn data_widths(edges: &[f32; EDGES], start: usize) -> Option<[u32; ELEMENTS]> {
    let scale = CHARACTER_MODULES[0] as f32 / (edges[start + ELEMENTS] - edges[start]);
    // Even elements, were the first element 0 modules wide.
    let mut widths = [0_i32; ELEMENTS];
    for at in 0..ELEMENTS - 1 {
        let pair = ((edges[start + at + 2] - edges[start + at]) * scale).round();
        widths[at + 1] = pair as i32 - widths[at];
    }
    let first = widths.iter().skip(1).step_by(2).min()? - 1;
    for (at, width) in widths.iter_mut().enumerate() {
        *width += if at % 2 == 0 { first } else { -first };
    }
    if widths.iter().sum::<i32>() != CHARACTER_MODULES[0] as i32 || widths.iter().any(|width| *width < 1) {
        return None;
    }
    Some(widths.map(|width| width as u32))
}

/// The number that a data character stands for.
fn value(widths: &[u32; ELEMENTS]) -> Option<u32> {
    let (odd, even) = halves(widths);
    let sum: u32 = odd.iter().sum();
    let (first, _, widest_odd, widest_even, even_values) = *GROUPS.iter().find(|group| group.1 == sum)?;
    let odd = Allowed { widest: widest_odd, some_narrow: false }.place(&odd)?;
    let even = Allowed { widest: widest_even, some_narrow: true }.place(&even)?;
    Some(first + odd * even_values + even)
}

/// The first, third … and the second, fourth … elements.
fn halves(widths: &[u32; ELEMENTS]) -> ([u32; ELEMENTS / 2], [u32; ELEMENTS / 2]) {
    (std::array::from_fn(|at| widths[2 * at]), std::array::from_fn(|at| widths[2 * at + 1]))
}

/// Both data characters' widths, weighted with the powers of 3 modulo 89.
fn check_sum<'a>(widths: impl Iterator<Item = &'a u32>) -> u32 {
    widths.fold((0, 1), |(sum, weight), width| ((sum + weight * width) % 89, weight * 3 % 89)).0
}

/// The widths of the check character for a check sum.
fn check_widths(check_sum: u32) -> Option<[u32; ELEMENTS]> {
    let place = CHECKS.get(check_sum as usize)?;
    let allowed = Allowed { widest: 3, some_narrow: false };
    let (odd, even) = (allowed.at::<6>(8, place / 21)?, allowed.at::<6>(8, place % 21)?);
    Some(std::array::from_fn(|at| match (at < 12, at % 2) {
        (false, _) => 1,
        (true, 0) => odd[at / 2],
        (true, _) => even[at / 2],
    }))
}

#[cfg(test)]
#[path = "limited/tests.rs"]
mod tests;
