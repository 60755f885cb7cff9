//! A second decoder for a coupon's number: `rqrr`, on the same modules. It shares no code with the first, so that a
//! mistake in either shows as a difference, and a number that differs is none.
//!
//! Only a number is asked about: `rqrr` is slow at Reed–Solomon, and what is no coupon's is only shown as foreign.
//!
//! Must not: find a symbol, or correct what the first decoder says.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `rqrr` reads in these modules, row after row; its panic is an answer of none.
pub(super) fn opinion(dark: &[bool], side: usize) -> Option<String> {
    let attempt = || {
        let grid = rqrr::SimpleGrid::from_func(side, |column, row| dark[row * side + column]);
        rqrr::Grid::new(grid).decode().ok().map(|(_, text)| text)
    };
    catch_unwind(AssertUnwindSafe(attempt)).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sheets::qr::{Correction, Modules};

    #[test]
    fn the_second_decoder_reads_a_number_and_nothing_out_of_noise() {
        let line = "231310160000123456";
        let modules = Modules::of(line, Correction::Medium).unwrap();
        let side = modules.side();
        let dark: Vec<bool> = (0..side * side).map(|at| modules.is_dark(at / side, at % side)).collect();
        assert_eq!(opinion(&dark, side).as_deref(), Some(line));
        let noise: Vec<bool> = (0..side * side).map(|at| at * at % 7 < 3).collect();
        assert_eq!(opinion(&noise, side), None);
        assert_eq!(opinion(&[true; 16], 4), None, "no symbol is that small");
    }
}
