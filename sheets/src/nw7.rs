//! NW-7 (Codabar) as bars: which of a character's seven elements are wide (the symbology's
//! published table, EN 798).
//!
//! Must not: draw; `coupon` does.

use std::fmt;

/// The 20 characters with their seven elements, bar and space in turn: 1 is wide.
const TABLE: [(char, u8); 20] = [
    ('0', 0b000_0011),
    ('1', 0b000_0110),
    ('2', 0b000_1001),
    ('3', 0b110_0000),
    ('4', 0b001_0010),
    ('5', 0b100_0010),
    ('6', 0b010_0001),
    ('7', 0b010_0100),
    ('8', 0b011_0000),
    ('9', 0b100_1000),
    ('-', 0b000_1100),
    ('$', 0b001_1000),
    (':', 0b100_0101),
    ('/', 0b101_0001),
    ('.', 0b101_0100),
    ('+', 0b001_0101),
    ('A', 0b001_1010),
    ('B', 0b010_1001),
    ('C', 0b000_1011),
    ('D', 0b000_1110),
];

/// A text cannot be written as NW-7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nw7Error {
    /// The symbology has no such character, at this zero-based place.
    Character {
        /// Zero-based place in the text.
        place: usize,
    },
    /// It does not begin and end with one of A to D, or has one between.
    StartStop,
}

impl fmt::Display for Nw7Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character { place } => write!(formatter, "no such character at place {place}"),
            Self::StartStop => formatter.write_str("start or stop character is missing or misplaced"),
        }
    }
}
impl std::error::Error for Nw7Error {}

/// The widths of a whole symbol in modules, bars and spaces in turn, beginning and ending with a bar.
/// `text` holds its start and stop characters; a wide element measures `ratio` modules (2.0 to 3.0), a
/// narrow one and the gap between characters one.
///
/// # Errors
/// [`Nw7Error`] when the text is not NW-7.
pub fn widths(text: &str, ratio: f32) -> Result<Vec<f32>, Nw7Error> {
    let is_guard = |character: &char| ('A'..='D').contains(character);
    let last = text.chars().count().saturating_sub(1);
    let guarded = text.chars().enumerate().all(|(place, c)| is_guard(&c) == (place == 0 || place == last));
    if last == 0 || !guarded {
        return Err(Nw7Error::StartStop);
    }
    let mut all = Vec::with_capacity(text.len() * 8);
    for (place, character) in text.chars().enumerate() {
        let (_, wide) =
            TABLE.iter().find(|(known, _)| *known == character).ok_or(Nw7Error::Character { place })?;
        if place > 0 {
            all.push(1.0);
        }
        all.extend((0..7).rev().map(|bit| if wide >> bit & 1 == 1 { ratio } else { 1.0 }));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The widths as the published tables write them: one figure an element, the gap after each character.
    fn published(text: &str) -> String {
        let of = |character| match character {
            '0' => "11111221",
            '1' => "11112211",
            '2' => "11121121",
            '3' => "22111111",
            '4' => "11211211",
            '5' => "21111211",
            '6' => "12111121",
            '7' => "12112111",
            '8' => "12211111",
            '9' => "21121111",
            '-' => "11122111",
            '$' => "11221111",
            ':' => "21112121",
            '/' => "21211121",
            '.' => "21212111",
            '+' => "11212121",
            'A' => "11221211",
            'B' => "12121121",
            'C' => "11121221",
            'D' => "11122211",
            _ => "",
        };
        text.chars().map(of).collect()
    }

    #[test]
    fn every_character_has_its_published_widths() {
        let text = "A0123456789-$:/.+B";
        let ours: String = widths(text, 2.0).unwrap().iter().map(|width| width.to_string()).collect();
        assert_eq!(ours + "1", published(text));
        let ours: String = widths("C40156D", 2.0).unwrap().iter().map(|width| width.to_string()).collect();
        assert_eq!(ours + "1", published("C40156D"));
    }

    #[test]
    fn all_digits_are_equally_wide() {
        for digit in '0'..='9' {
            let symbol = widths(&format!("A{digit}B"), 2.5).unwrap();
            assert_eq!(symbol[8..15].iter().sum::<f32>(), 5.0 + 2.0 * 2.5, "{digit}");
        }
    }

    #[test]
    fn what_is_no_symbol_is_refused() {
        for text in ["", "A", "1234", "A1234", "1234B", "A12A34B"] {
            assert_eq!(widths(text, 2.0), Err(Nw7Error::StartStop), "{text}");
        }
        assert_eq!(widths("A12x4B", 2.0), Err(Nw7Error::Character { place: 3 }));
    }
}
