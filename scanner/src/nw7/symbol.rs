//! From the widths of bars and spaces to the digits of an NW-7 (Codabar).
//!
//! Every digit has one wide bar of four and one wide space of three, so that all digits are equally wide; a
//! start or stop character has one wide bar and two wide spaces. A coupon's symbol holds 10 or 18 digits
//! between its guards: 95 or 159 bars and spaces between two quiet zones. All of this is checked, because
//! the symbology has no check digit.
//!
//! Must not: look at pixels.

/// Bars and spaces of one character.
const ELEMENTS: usize = 7;
/// With the gap to the next character.
const STEP: usize = ELEMENTS + 1;
/// Digits that a coupon's symbol holds.
const LENGTHS: [usize; 2] = [10, 18];
/// Quiet zone, in widths of a digit (about ten modules); the standard asks for one.
const QUIET: f32 = 0.45;
/// Neighbouring digits may differ by this share of their width: print, tilt and noise.
const UNLIKE_NEIGHBOURS: f32 = 0.14;
/// The widest digit against the narrowest: the paper's tilt.
const UNLIKE_ENDS: f32 = 1.5;
/// A gap in widths of a digit: one module, and what blur makes of it.
const GAP: std::ops::RangeInclusive<f32> = 0.03..=0.35;
/// The narrowest wide element over the widest narrow one, over the whole symbol, at least.
const LEAST_STEP: f32 = 1.12;
/// The wide elements' mean over the narrow ones' mean: printed 2.0 to 3.0, less where blurred.
const MEAN_STEP: std::ops::RangeInclusive<f32> = 1.4..=4.2;

/// Wide bar (of four) and wide space (of three) of the digits 0 to 9.
const DIGITS: [(usize, usize); 10] =
    [(3, 2), (2, 2), (3, 1), (0, 0), (1, 2), (0, 2), (3, 0), (2, 0), (1, 0), (0, 1)];
/// Wide bar and narrow space of the guards A to D.
const GUARDS: [(usize, usize); 4] = [(1, 0), (3, 2), (3, 0), (2, 0)];

/// A symbol found in a row of widths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// ASCII digits, guards stripped.
    pub(super) digits: Vec<u8>,
    /// Index of its first bar in the widths.
    pub(super) first: usize,
    /// Index behind its last bar.
    pub(super) end: usize,
    /// Whether it stands on its head.
    pub(super) is_reversed: bool,
}

/// Looks for a symbol in widths that begin and end with a bar; what lies before and behind is `before` and
/// `behind` wide.
pub(super) fn find(widths: &[f32], before: f32, behind: f32) -> Option<Found> {
    for length in LENGTHS {
        let count = STEP * (length + 2) - 1;
        for first in (0..widths.len()).step_by(2) {
            let end = first + count;
            if end > widths.len() {
                break;
            }
            let symbol = &widths[first..end];
            let digit_width = symbol.iter().sum::<f32>() / (length + 2) as f32;
            let quiet_before = if first == 0 { before } else { widths[first - 1] };
            let quiet_behind = if end == widths.len() { behind } else { widths[end] };
            if quiet_before.min(quiet_behind) < QUIET * digit_width {
                continue;
            }
            if let Some((digits, is_reversed)) = read_either_way(symbol, length) {
                return Some(Found { digits, first, end, is_reversed });
            }
        }
    }
    None
}

fn read_either_way(symbol: &[f32], length: usize) -> Option<(Vec<u8>, bool)> {
    if !is_regular(symbol, length) {
        return None;
    }
    if let Some(digits) = read(symbol, length) {
        return Some((digits, false));
    }
    let turned: Vec<f32> = symbol.iter().rev().copied().collect();
    read(&turned, length).map(|digits| (digits, true))
}

/// Whether digits and gaps are as wide as their neighbours.
fn is_regular(symbol: &[f32], length: usize) -> bool {
    let width = |character: usize| symbol[character * STEP..character * STEP + ELEMENTS].iter().sum::<f32>();
    let digits: Vec<f32> = (1..=length).map(width).collect();
    let least = digits.iter().copied().fold(f32::MAX, f32::min);
    let greatest = digits.iter().copied().fold(0.0, f32::max);
    let neighbours_fit =
        digits.windows(2).all(|pair| (pair[0] - pair[1]).abs() <= UNLIKE_NEIGHBOURS * pair[0].max(pair[1]));
    // A guard has one wide element more.
    let guards_fit = [(width(0), digits[0]), (width(length + 1), digits[length - 1])]
        .into_iter()
        .all(|(guard, digit)| guard > 0.95 * digit && guard < 1.5 * digit);
    let gaps_fit = (0..=length).all(|gap| {
        let near = digits[gap.saturating_sub(1).min(length - 1)];
        GAP.contains(&(symbol[gap * STEP + ELEMENTS] / near))
    });
    greatest <= least * UNLIKE_ENDS && neighbours_fit && guards_fit && gaps_fit
}

fn read(symbol: &[f32], length: usize) -> Option<Vec<u8>> {
    let mut bars = Class::default();
    let mut spaces = Class::default();
    let mut digits = Vec::with_capacity(length);
    for character in 0..length + 2 {
        let is_guard = character == 0 || character == length + 1;
        let elements = &symbol[character * STEP..character * STEP + ELEMENTS];
        // Widths relative to a digit's at this place: the paper's tilt drops out.
        let scale = if is_guard { as_digit_width(elements) } else { elements.iter().sum() };
        let bar = [0, 2, 4, 6].map(|at| elements[at] / scale);
        let space = [1, 3, 5].map(|at| elements[at] / scale);
        let wide_bar = greatest(&bar);
        bars.add(&bar, |at| at == wide_bar);
        if is_guard {
            let narrow_space = least(&space);
            spaces.add(&space, |at| at != narrow_space);
            GUARDS.contains(&(wide_bar, narrow_space)).then_some(())?;
        } else {
            let wide_space = greatest(&space);
            spaces.add(&space, |at| at == wide_space);
            let digit = DIGITS.iter().position(|pair| *pair == (wide_bar, wide_space))?;
            digits.push(b'0' + digit as u8);
        }
    }
    (bars.is_clear() && spaces.is_clear()).then_some(digits)
}

/// A guard's width with one of its two wide spaces made narrow, as in a digit.
fn as_digit_width(guard: &[f32]) -> f32 {
    let space = [guard[1], guard[3], guard[5]];
    let narrow = space[least(&space)];
    let wide = (space.iter().sum::<f32>() - narrow) / 2.0;
    guard.iter().sum::<f32>() - wide + narrow
}

fn least(widths: &[f32]) -> usize {
    (0..widths.len()).min_by(|a, b| widths[*a].total_cmp(&widths[*b])).unwrap_or(0)
}

fn greatest(widths: &[f32]) -> usize {
    (0..widths.len()).max_by(|a, b| widths[*a].total_cmp(&widths[*b])).unwrap_or(0)
}

/// The wide and the narrow bars (or spaces) of a symbol.
#[derive(Default)]
struct Class {
    wide: Vec<f32>,
    narrow: Vec<f32>,
}

impl Class {
    fn add(&mut self, widths: &[f32], is_wide: impl Fn(usize) -> bool) {
        for (at, width) in widths.iter().enumerate() {
            if is_wide(at) { self.wide.push(*width) } else { self.narrow.push(*width) }
        }
    }
    /// Whether every wide one is wider than every narrow one, and wide and narrow stand in a printed ratio.
    fn is_clear(&self) -> bool {
        let mean = |all: &[f32]| all.iter().sum::<f32>() / all.len().max(1) as f32;
        let narrowest = self.wide.iter().copied().fold(f32::MAX, f32::min);
        let widest = self.narrow.iter().copied().fold(0.0, f32::max);
        narrowest >= LEAST_STEP * widest
            && MEAN_STEP.contains(&(mean(&self.wide) / mean(&self.narrow).max(1e-3)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The published element table of the symbology (EN 798): 1 narrow, 2 wide, bars and spaces in turn.
    fn published(character: char) -> &'static str {
        match character {
            '0' => "1111122",
            '1' => "1111221",
            '2' => "1112112",
            '3' => "2211111",
            '4' => "1121121",
            '5' => "2111121",
            '6' => "1211112",
            '7' => "1211211",
            '8' => "1221111",
            '9' => "2112111",
            '-' => "1112211",
            '$' => "1122111",
            ':' => "2111212",
            'A' => "1122121",
            'B' => "1212112",
            'C' => "1112122",
            'D' => "1112221",
            _ => "",
        }
    }

    fn widths(text: &str, narrow: f32, wide: f32) -> Vec<f32> {
        let element = |element| if element == '2' { wide } else { narrow };
        let characters: Vec<Vec<f32>> =
            text.chars().map(|character| published(character).chars().map(element).collect()).collect();
        characters.join(&narrow)
    }

    fn read_text(text: &str) -> Option<String> {
        let found = find(&widths(text, 2.0, 5.0), 60.0, 60.0)?;
        String::from_utf8(found.digits).ok()
    }

    #[test]
    fn every_digit_and_guard_is_read_as_published() {
        for guards in ["AA", "BC", "CD", "DB"] {
            let (start, stop) = guards.split_at(1);
            for digits in ["0123456789", "9876543210", "231310160000123456"] {
                assert_eq!(read_text(&format!("{start}{digits}{stop}")).as_deref(), Some(digits), "{guards}");
            }
        }
    }

    #[test]
    fn other_lengths_characters_and_quiet_zones_are_refused() {
        for text in
            ["A123456789A", "A12345678901A", "A1234-67890A", "A12345:7890A", "A12345$7890A", "01234567890A"]
        {
            assert_eq!(read_text(text), None, "{text}");
        }
        let whole = widths("A0123456789A", 2.0, 5.0);
        assert!(find(&whole, 60.0, 8.0).is_none() && find(&whole, 8.0, 60.0).is_none(), "no quiet zone");
        assert!(find(&whole[8..], 60.0, 60.0).is_none(), "the start is covered");
    }

    #[test]
    fn a_symbol_on_its_head_is_read_from_its_start() {
        let turned: Vec<f32> = widths("A0123456789B", 2.0, 5.0).into_iter().rev().collect();
        let found = find(&turned, 60.0, 60.0).unwrap();
        assert_eq!((found.digits.as_slice(), found.is_reversed), (b"0123456789".as_slice(), true));
    }

    #[test]
    fn what_stands_beside_the_symbol_does_not_disturb_it() {
        let mut row = vec![7.0, 3.0, 9.0, 60.0];
        row.extend(widths("A0123456789A", 2.0, 5.0));
        row.extend([60.0, 4.0]);
        let found = find(&row, 5.0, 5.0).unwrap();
        assert_eq!((found.first, found.end), (4, 4 + 95));
    }

    proptest! {
        #[test]
        fn ink_spread_tilt_and_jitter_change_no_digit(
            digits in "[0-9]{10}|[0-9]{18}",
            ratio in 2.0_f32..3.0,
            spread in -0.2_f32..0.3,
            tilt in -0.2_f32..0.2,
            jitter in proptest::collection::vec(-0.15_f32..0.15, 160),
        ) {
            let mut row = widths(&format!("A{digits}A"), 3.0, 3.0 * ratio);
            let count = row.len() as f32;
            for (at, width) in row.iter_mut().enumerate() {
                let ink = if at % 2 == 0 { spread } else { -spread };
                *width = (*width + ink * 3.0 + jitter[at]) * (1.0 + tilt * at as f32 / count);
            }
            let found = find(&row, 60.0, 60.0);
            prop_assert_eq!(found.map(|found| found.digits), Some(digits.into_bytes()));
        }

        #[test]
        fn random_widths_give_nothing(row in proptest::collection::vec(1.0_f32..9.0, 0..400)) {
            prop_assert_eq!(find(&row, 60.0, 60.0), None);
        }

        #[test]
        fn one_element_read_wrong_never_gives_another_number(
            digits in "[0-9]{10}",
            place in 0_usize..95,
        ) {
            let mut row = widths(&format!("A{digits}A"), 2.0, 5.0);
            row[place] = if row[place] > 3.0 { 2.0 } else { 5.0 };
            let found = find(&row, 60.0, 60.0).map(|found| found.digits);
            prop_assert!(found.is_none() || found == Some(digits.into_bytes()));
        }
    }
}
