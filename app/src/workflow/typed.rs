//! 手入力の照合: what a person typed, and what else speaks for each of its digits – a code that was read, or the same
//! number typed again unseen. What nothing else speaks for is compared by the person.
//!
//! Must not: take two decodings of one printed symbol for two witnesses, or let a code overrule the person.

use std::fmt;

use record::{OcrLine, Witness, WitnessSet, Witnessing, coupon::LINE_DIGITS, witness::WitnessError};
use scanner::{Candidate, DigitState, Dispute, Symbol, TypedCode};

use crate::workflow::confirm::Compared;

/// What codes say of each of the 18 digits. The OCR line is left out: it is what the person reads too.
#[derive(Clone, Default)]
pub struct Codes([Vec<Candidate>; LINE_DIGITS]);

/// A number that was typed whole.
#[derive(Clone)]
pub struct TypedNumber {
    /// What was typed.
    pub line: OcrLine,
    /// Whether it was typed twice, the second time without seeing the first.
    pub again: Again,
    /// What codes say beside it.
    pub codes: Codes,
}

/// How often a number was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Once.
    Once,
    /// Twice, the same.
    Twice,
}

/// Digits belong to a person.
impl fmt::Debug for Codes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.0.iter().filter(|candidates| !candidates.is_empty()).count();
        write!(formatter, "Codes({known} digits)")
    }
}

/// Digits belong to a person.
impl fmt::Debug for TypedNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TypedNumber({:?}, {:?})", self.again, self.codes)
    }
}

impl Codes {
    /// What the codes of a paper that a person has to settle say.
    #[must_use]
    pub fn of_dispute(dispute: &Dispute) -> Self {
        let codes = WitnessSet::of(&[Witness::Qr, Witness::Nw7]);
        let of_codes = |candidate: &Candidate| {
            let witnesses = candidate.witnesses.among(codes);
            (witnesses != WitnessSet::NONE).then_some(Candidate { digit: candidate.digit, witnesses })
        };
        Self(std::array::from_fn(|place| match &dispute.digits[place] {
            DigitState::Settled(candidate) => of_codes(candidate).into_iter().collect(),
            DigitState::Open(candidates) => candidates.iter().filter_map(of_codes).collect(),
        }))
    }

    /// Whether any code said anything.
    #[must_use]
    pub fn say_something(&self) -> bool {
        self.0.iter().any(|candidates| !candidates.is_empty())
    }

    /// A USB scanner read a code: ten digits are the last ten. A scanner that does not name its symbol may have read the one
    /// that the camera read too, and is taken for that one.
    pub fn hear(&mut self, code: TypedCode) {
        let qr = self.0.iter().flatten().any(|candidate| candidate.witnesses.has(Witness::Qr));
        let witness = match (code.symbol, qr) {
            (Some(Symbol::Qr), _) | (None, true) => Witness::Qr,
            (Some(Symbol::OcrLine), _) => return,
            (Some(Symbol::Nw7), _) | (None, false) => Witness::Nw7,
        };
        let digits = code.digits.as_str().as_bytes();
        let first = LINE_DIGITS - digits.len().min(LINE_DIGITS);
        for (said, digit) in self.0[first..].iter_mut().zip(digits) {
            match said.iter_mut().find(|candidate| candidate.digit == *digit) {
                Some(candidate) => candidate.witnesses = candidate.witnesses.with(witness),
                None => said.push(Candidate { digit: *digit, witnesses: WitnessSet::of(&[witness]) }),
            }
        }
    }
}

impl TypedNumber {
    /// What is left to compare: nothing where a code says the same or it was typed twice; a choice where a code says
    /// something else; the person's eyes for the rest.
    #[must_use]
    pub fn compared(&self) -> [Compared; LINE_DIGITS] {
        let typed = self.line.to_digits();
        std::array::from_fn(|place| {
            let digit = typed[place];
            let said = &self.codes.0[place];
            let others = said.iter().map(|candidate| candidate.digit).filter(|other| *other != digit);
            let candidates: Vec<u8> = std::iter::once(digit).chain(others).collect();
            match (&candidates[..], said.is_empty(), self.again) {
                ([_], false, _) | ([_], true, Again::Twice) => Compared::Settled(digit),
                ([_], true, Again::Once) => Compared::One(digit),
                _ => Compared::Asked { candidates, chosen: None },
            }
        })
    }

    /// Whether something else than the person's eyes speaks for or against every digit.
    #[must_use]
    pub fn needs_no_picture(&self) -> bool {
        !self.compared().iter().any(|digit| matches!(digit, Compared::One(_)))
    }

    /// The witnesses of the number as it was settled from `compared`.
    ///
    /// # Errors
    /// [`WitnessError`] where a digit has not enough of them.
    pub fn witnessed(
        &self,
        line: OcrLine,
        compared: &[Compared; LINE_DIGITS],
    ) -> Result<Witnessing, WitnessError> {
        let (typed, right) = (self.line.to_digits(), line.to_digits());
        Witnessing::new(std::array::from_fn(|place| {
            let mut set = WitnessSet::NONE;
            if typed[place] == right[place] {
                set = set.with(Witness::Keyed);
                if self.again == Again::Twice {
                    set = set.with(Witness::KeyedAgain);
                }
            }
            let said = self.codes.0[place].iter().find(|candidate| candidate.digit == right[place]);
            set = said.map_or(set, |candidate| set.and(candidate.witnesses));
            match compared[place] {
                Compared::Settled(_) => set,
                Compared::One(_) | Compared::Asked { .. } => set.with(Witness::Person),
            }
        }))
    }
}
