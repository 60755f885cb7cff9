//! How each of the 18 digits was witnessed, and when that is enough.
//!
//! Must not: read a picture; `scanner` does, and hands over what it saw.

use std::{fmt, str::FromStr};

use crate::{
    coupon::{LEADING_DIGITS, LINE_DIGITS},
    text::serde_through_text,
};

/// 読み取りの証人: one independent source of a digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Witness {
    /// The QR code (letter `Q`).
    Qr = 1,
    /// The NW-7 barcode, by camera or by a USB scanner: one printed symbol, one witness (`N`).
    Nw7 = 2,
    /// The OCR line (`O`).
    OcrLine = 4,
    /// Typed on the keypad by a person (`K`).
    Keyed = 8,
    /// What the day's settings expect of 券種, 回数 and 市町村; counts for the first eight digits only (`E`).
    Expected = 16,
    /// A person compared it with the paper or its crop (`P`).
    Person = 32,
    /// Typed once more, without seeing what was typed first (`A`). Counts beside [`Witness::Keyed`] only.
    KeyedAgain = 64,
}

/// All witnesses, in the order of their letters in text.
const LETTERS: [(Witness, char); 7] = [
    (Witness::KeyedAgain, 'A'),
    (Witness::Expected, 'E'),
    (Witness::Keyed, 'K'),
    (Witness::Nw7, 'N'),
    (Witness::OcrLine, 'O'),
    (Witness::Person, 'P'),
    (Witness::Qr, 'Q'),
];

/// The witnesses of one digit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WitnessSet(u8);

impl WitnessSet {
    /// No witness.
    pub const NONE: Self = Self(0);

    /// These witnesses.
    #[must_use]
    pub fn of(witnesses: &[Witness]) -> Self {
        Self(witnesses.iter().fold(0, |set, witness| set | *witness as u8))
    }
    /// This set and one more.
    #[must_use]
    pub fn with(self, witness: Witness) -> Self {
        Self(self.0 | witness as u8)
    }
    /// Whether the witness is in it.
    #[must_use]
    pub fn has(self, witness: Witness) -> bool {
        self.0 & witness as u8 != 0
    }
    /// How many of the readings of the paper (QR, NW-7, OCR line, keypad, keypad again) are in it.
    #[must_use]
    pub fn readings(self) -> u32 {
        let readings = Self::of(&[Witness::Qr, Witness::Nw7, Witness::OcrLine, Witness::Keyed]).0;
        let again = self.has(Witness::Keyed) && self.has(Witness::KeyedAgain);
        (self.0 & readings).count_ones() + u32::from(again)
    }
    /// This set and all of that one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// What is in both.
    #[must_use]
    pub fn among(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    /// Whether a digit with these witnesses may be kept: a person compared it, or two readings of the paper
    /// agree, or one reading equals what the day expects of it.
    #[must_use]
    pub fn is_settled(self) -> bool {
        self.has(Witness::Person)
            || self.readings() >= 2
            || (self.readings() == 1
                && self.has(Witness::Expected)
                && !self.has(Witness::Keyed)
                && !self.has(Witness::KeyedAgain))
    }
}

/// How each of the 18 digits was witnessed; every digit is settled. Text: runs of a count and the letters,
/// `8EQ,10NQ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Witnessing([WitnessSet; LINE_DIGITS]);

/// The witnesses are not enough, or the text is not a witnessing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WitnessError {
    /// The digit at this zero-based place has not enough witnesses.
    #[error("digit {place} is not settled")]
    Unsettled {
        /// Zero-based place in the line.
        place: usize,
    },
    /// The day's expectation was claimed for a digit of the coupon number.
    #[error("nothing can be expected of digit {place}")]
    ExpectedBeyondLeading {
        /// Zero-based place in the line.
        place: usize,
    },
    /// Not of the form `8EQ,10NQ` with 18 digits in all.
    #[error("not a witnessing")]
    Text,
}

impl Witnessing {
    /// Checks invariant 1 for each digit.
    ///
    /// # Errors
    /// [`WitnessError`] naming the first digit that does not hold.
    pub fn new(sets: [WitnessSet; LINE_DIGITS]) -> Result<Self, WitnessError> {
        for (place, set) in sets.iter().enumerate() {
            if place >= LEADING_DIGITS && set.has(Witness::Expected) {
                return Err(WitnessError::ExpectedBeyondLeading { place });
            }
            if !set.is_settled() {
                return Err(WitnessError::Unsettled { place });
            }
        }
        Ok(Self(sets))
    }
    /// The witnesses of each digit.
    #[must_use]
    pub fn sets(&self) -> &[WitnessSet; LINE_DIGITS] {
        &self.0
    }
    /// Whether a person had to compare or type any digit.
    #[must_use]
    pub fn needed_person(&self) -> bool {
        self.0.iter().any(|set| set.has(Witness::Person) || set.has(Witness::Keyed))
    }
}

/// The witnesses' letters in order, `EQ`.
impl fmt::Display for WitnessSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = LETTERS.iter().filter(|(witness, _)| self.has(*witness));
        letters.try_for_each(|(_, letter)| write!(formatter, "{letter}"))
    }
}

impl fmt::Display for Witnessing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut start = 0;
        while start < LINE_DIGITS {
            let set = self.0[start];
            let run = self.0[start..].iter().take_while(|next| **next == set).count();
            write!(formatter, "{}{run}{set}", if start == 0 { "" } else { "," })?;
            start += run;
        }
        Ok(())
    }
}

impl FromStr for Witnessing {
    type Err = WitnessError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut sets = [WitnessSet::NONE; LINE_DIGITS];
        let mut filled = 0_usize;
        for run in text.split(',') {
            let digits = run.bytes().take_while(u8::is_ascii_digit).count();
            let count: usize = run[..digits].parse().map_err(|_| WitnessError::Text)?;
            let mut set = WitnessSet::NONE;
            for letter in run[digits..].chars() {
                let (witness, _) =
                    LETTERS.iter().find(|(_, known)| *known == letter).ok_or(WitnessError::Text)?;
                set = set.with(*witness);
            }
            let end =
                filled.checked_add(count).filter(|end| *end <= LINE_DIGITS).ok_or(WitnessError::Text)?;
            sets[filled..end].fill(set);
            filled = end;
        }
        if filled != LINE_DIGITS {
            return Err(WitnessError::Text);
        }
        let witnessing = Self::new(sets)?;
        if witnessing.to_string() == text { Ok(witnessing) } else { Err(WitnessError::Text) }
    }
}
serde_through_text!(Witnessing);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_reading_alone_is_never_enough() {
        for witness in [Witness::Qr, Witness::Nw7, Witness::OcrLine, Witness::Keyed, Witness::Expected] {
            assert!(!WitnessSet::of(&[witness]).is_settled(), "{witness:?}");
        }
        assert!(!WitnessSet::of(&[Witness::Keyed, Witness::Expected]).is_settled());
        assert!(WitnessSet::of(&[Witness::Qr, Witness::Expected]).is_settled());
        assert!(WitnessSet::of(&[Witness::Qr, Witness::Keyed]).is_settled());
        assert!(WitnessSet::of(&[Witness::Person]).is_settled());
    }

    #[test]
    fn typed_twice_is_enough_and_once_again_alone_is_not() {
        assert!(WitnessSet::of(&[Witness::Keyed, Witness::KeyedAgain]).is_settled());
        for other in [Witness::KeyedAgain, Witness::Qr, Witness::Expected] {
            assert!(!WitnessSet::of(&[Witness::KeyedAgain, other]).is_settled(), "{other:?}");
        }
        let twice: Witnessing = "18AK".parse().unwrap();
        assert!(twice.needed_person());
    }

    #[test]
    fn the_text_is_short_and_has_one_spelling() {
        let text = "8EQ,10NQ";
        let witnessing: Witnessing = text.parse().unwrap();
        assert_eq!(witnessing.to_string(), text);
        assert!(!witnessing.needed_person());
        for wrong in
            ["8EQ,9NQ", "8EQ,11NQ", "8QE,10NQ", "18", "18Z", "", "9EQ,9NQ", "18Q", "4EQ,4EQ,10NQ", "é"]
        {
            assert!(wrong.parse::<Witnessing>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_not_settled_cannot_be_built(bits in proptest::array::uniform18(0_u8..128)) {
            let sets = bits.map(WitnessSet);
            match Witnessing::new(sets) {
                Ok(witnessing) => {
                    prop_assert!(sets.iter().all(|set| set.is_settled()));
                    prop_assert_eq!(witnessing.to_string().parse::<Witnessing>(), Ok(witnessing));
                }
                Err(_) => {
                    let broken = |(place, set): (usize, &WitnessSet)| {
                        !set.is_settled() || (place >= LEADING_DIGITS && set.has(Witness::Expected))
                    };
                    prop_assert!(sets.iter().enumerate().any(broken));
                }
            }
        }
    }
}
