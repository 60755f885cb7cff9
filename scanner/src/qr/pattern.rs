//! The modules of a symbol that are the same in every symbol of its size: corner squares, timing and
//! alignment patterns.
//!
//! Must not: look at a picture.

/// Modules that a corner square and its light frame take each way.
const CORNER: usize = 8;
/// Smallest symbol that holds its version twice.
const VERSIONED_SIDE: usize = 45;
/// Row and column of the timing patterns.
pub(super) const TIMING: usize = 6;

/// Where the middles of the alignment patterns lie, in whole modules from the top left; none in version 1.
/// The spacing follows ISO/IEC 18004 annex E: even steps from the last, the odd one first.
pub(super) fn alignment_stops(side: usize) -> Vec<usize> {
    let version = (side - 17) / 4;
    if version < 2 {
        return Vec::new();
    }
    let count = version / 7 + 2;
    // Version 32 alone departs from the rule.
    let step = if version == 32 { 26 } else { (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2 };
    let last = side - 7;
    let mut stops: Vec<usize> = (0..count - 1).map(|back| last - back * step).collect();
    stops.push(TIMING);
    stops.reverse();
    stops
}

/// Where alignment patterns lie: column and row of the middle.
pub(super) fn alignments(side: usize) -> Vec<(usize, usize)> {
    let stops = alignment_stops(side);
    let (first, last) = (TIMING, side - 7);
    // Three corners of the grid are taken by the corner squares.
    let is_free = |place: &(usize, usize)| ![(first, first), (first, last), (last, first)].contains(place);
    stops.iter().flat_map(|row| stops.iter().map(|column| (*column, *row))).filter(is_free).collect()
}

/// Whether a module `away` modules from the middle of a corner square is dark; 4 is its light frame.
fn is_ring_dark(away: usize) -> bool {
    away != 2 && away != 4
}

/// What a module of the corner squares and their light frames must be, and what lies around the symbol, which
/// is light; none elsewhere. Places count from the top left corner and may lie outside.
pub(super) fn fixed(column: i32, row: i32, side: usize) -> Option<bool> {
    let (side, corner) = (side as i32, CORNER as i32);
    if column < 0 || row < 0 || column >= side || row >= side {
        return Some(false);
    }
    let (near_x, near_y) = (column < corner, row < corner);
    let (far_x, far_y) = (column >= side - corner, row >= side - corner);
    let is_corner = (near_x && (near_y || far_y)) || (far_x && near_y);
    if !is_corner {
        return None;
    }
    let away = |at: i32, is_far: bool| (if is_far { side - 1 - at } else { at }).abs_diff(3) as usize;
    Some(is_ring_dark(away(column, far_x && !near_x).max(away(row, far_y && !near_y))))
}

/// For every module whether it is the same in every symbol of the size, or format or version: no codeword.
pub(super) fn fixed_modules(side: usize) -> Vec<bool> {
    let mut is_fixed = vec![false; side * side];
    let mut fill = |left: usize, top: usize, width: usize, height: usize| {
        for row in top..top + height {
            is_fixed[row * side + left..][..width].fill(true);
        }
    };
    // Corner squares with the format beside them.
    let corner = CORNER + 1;
    fill(0, 0, corner, corner);
    fill(side - CORNER, 0, CORNER, corner);
    fill(0, side - CORNER, corner, CORNER);
    fill(TIMING, 0, 1, side);
    fill(0, TIMING, side, 1);
    for (column, row) in alignments(side) {
        fill(column - 2, row - 2, 5, 5);
    }
    if side >= VERSIONED_SIDE {
        fill(side - 11, 0, 3, 6);
        fill(0, side - 11, 6, 3);
    }
    is_fixed
}

/// How many of the fixed modules are as they must be, as shares: those of the corner squares, and those of
/// the timing patterns.
pub(super) fn shares_right(dark: &[bool], side: usize) -> (f32, f32) {
    let is = |column: usize, row: usize| dark[row * side + column];
    let mut corner_right = 0;
    for row in 0..CORNER {
        for column in 0..CORNER {
            let expected = is_ring_dark(column.abs_diff(3).max(row.abs_diff(3)));
            let (right, below) = (side - 1 - column, side - 1 - row);
            for found in [is(column, row), is(right, row), is(column, below)] {
                corner_right += usize::from(found == expected);
            }
        }
    }
    let mut timing_right = 0;
    for at in CORNER..side - CORNER {
        let expected = at.is_multiple_of(2);
        timing_right += usize::from(is(at, TIMING) == expected) + usize::from(is(TIMING, at) == expected);
    }
    let timing = 2 * (side - 2 * CORNER);
    (corner_right as f32 / (3 * CORNER * CORNER) as f32, timing_right as f32 / timing as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sheets::qr::{Correction, Modules};

    #[test]
    fn fixed_modules_of_drawn_symbols_are_all_right() {
        for length in [10, 60, 400, 1200] {
            let modules = Modules::of(&"7".repeat(length), Correction::Medium).unwrap();
            let side = modules.side();
            let dark: Vec<bool> = (0..side * side).map(|at| modules.is_dark(at / side, at % side)).collect();
            assert_eq!(shares_right(&dark, side), (1.0, 1.0), "{side}");
            for (column, row) in alignments(side) {
                let is = |x: usize, y: usize| modules.is_dark(y, x);
                assert!(is(column, row) && !is(column + 1, row) && is(column, row + 2), "{side}");
            }
        }
    }

    #[test]
    fn alignment_patterns_lie_where_the_standard_has_them() {
        let side = |version: usize| 17 + 4 * version;
        assert!(alignment_stops(side(1)).is_empty());
        assert_eq!(alignment_stops(side(2)), [6, 18]);
        assert_eq!(alignment_stops(side(7)), [6, 22, 38]);
        assert_eq!(alignment_stops(side(15)), [6, 26, 48, 70]);
        assert_eq!(alignment_stops(side(32)), [6, 34, 60, 86, 112, 138]);
        assert_eq!(alignment_stops(side(40)), [6, 30, 58, 86, 114, 142, 170]);
        assert_eq!(alignments(side(2)), [(18, 18)]);
    }
}
