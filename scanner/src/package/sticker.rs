//! ロットシール: which of the lots that a site has received stands written in a picture.
//!
//! Digits are read and letters are not, so that lots which differ in a letter are all named: a help for a person, who
//! looks at the sticker. Must not: be taken for a lot without them.

use record::LotNumber;

use crate::{
    frame::Frame,
    ocr::words::{self, Character},
    package::size,
};

/// A lot with fewer digits could be any text.
const LEAST_DIGITS: usize = 3;
/// Probability of each digit.
const LEAST_CONFIDENCE: f32 = 0.8;

/// Those of `lots` that could be written in the picture, in their order.
#[must_use]
pub fn find(frame: &Frame, lots: &[LotNumber]) -> Vec<LotNumber> {
    let shrunk = size::bounded(frame.pixels());
    let words = words::find(shrunk.pixels());
    lots.iter().filter(|lot| words.iter().any(|word| ends_with(word, lot.as_str()))).cloned().collect()
}

/// Whether a text could end with a lot; words before it may have run into it, digits may not.
fn ends_with(word: &[Character], lot: &str) -> bool {
    let lot = lot.as_bytes();
    let Some(before) = word.len().checked_sub(lot.len()) else { return false };
    let sure = |character: &Character, digit: u8| character[usize::from(digit - b'0')] >= LEAST_CONFIDENCE;
    let digits = lot.iter().filter(|byte| byte.is_ascii_digit()).count();
    let goes_on = |place: usize| (b'0'..=b'9').any(|digit| sure(&word[place], digit));
    digits >= LEAST_DIGITS
        && lot.iter().zip(&word[before..]).all(|(byte, own)| !byte.is_ascii_digit() || sure(own, *byte))
        && !(lot[0].is_ascii_digit() && before > 0 && goes_on(before - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text as the network is sure of its digits and says nothing of the rest.
    fn word(text: &str) -> Vec<Character> {
        let character = |byte: u8| -> Character {
            std::array::from_fn(|digit| if byte == b'0' + digit as u8 { 0.97 } else { 0.01 })
        };
        text.bytes().map(character).collect()
    }

    #[test]
    fn digits_must_be_those_of_the_lot_and_all_of_the_number() {
        for (text, lot, is_it) in [
            ("FF3620", "FF3620", true),
            ("FG3620", "FF3620", true),
            ("LotFF3620", "FF3620", true),
            ("FF3621", "FF3620", false),
            ("FF362", "FF3620", false),
            ("FF36201", "FF3620", false),
            ("3004734", "3004734", true),
            ("No.3004734", "3004734", true),
            ("13004734", "3004734", false),
            ("AB12", "AB12", false),
        ] {
            assert_eq!(ends_with(&word(text), lot), is_it, "{text} {lot}");
        }
    }
}
