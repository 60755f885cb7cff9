//! One frame weighed: which digits have two witnesses, and why a line may not be accepted.
//!
//! Must not: remember another frame; `agreement` decides what follows from several.

use std::collections::BTreeSet;

use record::{
    CouponKind, DoseNumber, MunicipalityCode, MunicipalityTable, OcrLine, OcrLineError, Witness, WitnessSet,
    Witnessing,
    coupon::{LEADING_DIGITS, LINE_DIGITS},
};

use crate::{
    heard::TypedCode,
    reading::{Reading, Sighting, Symbol},
    verdict::{Acceptance, Candidate, Cause, DigitState, Dispute},
};

/// 本日の予定: what the day expects of a coupon. The three together can stand in for a second witness of the first eight
/// digits, and of no other. Of what is `None` nothing is known: it vouches for nothing and speaks against nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expectation {
    /// 券種 whose meaning is known.
    pub kinds: Option<BTreeSet<CouponKind>>,
    /// 回数 given today.
    pub dose: Option<DoseNumber>,
    /// 市町村 whose coupons come here.
    pub municipalities: Option<BTreeSet<MunicipalityCode>>,
}

impl Expectation {
    /// Whether all three are known and the line is as they say.
    fn vouches_for(&self, line: &OcrLine) -> bool {
        self.kinds.as_ref().is_some_and(|kinds| kinds.contains(&line.kind()))
            && self.dose == Some(line.dose())
            && self.municipalities.as_ref().is_some_and(|known| known.contains(&line.municipality()))
    }
    fn excludes_kind_of(&self, line: &OcrLine) -> bool {
        self.kinds.as_ref().is_some_and(|kinds| !kinds.contains(&line.kind()))
    }
    fn excludes_dose_of(&self, line: &OcrLine) -> bool {
        self.dose.is_some_and(|dose| dose != line.dose())
    }
}

/// What one frame alone says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Judgement {
    /// No coupon's digits were read.
    Unread,
    /// Two symbols of the same kind disagree.
    SeveralPapers,
    /// Every digit has its two witnesses and nothing speaks against the line.
    Agreed(Acceptance),
    /// Not so.
    Open(Box<Dispute>),
}

/// Places of 券種, 回数 and 市町村 in the line.
const KIND: std::ops::Range<usize> = 0..1;
const DOSE: std::ops::Range<usize> = 1..2;
const MUNICIPALITY: std::ops::Range<usize> = 2..LEADING_DIGITS;

/// Weighs the sightings of one frame, and what a USB scanner typed of the same paper.
pub(crate) fn judge(reading: &Reading, typed: Option<TypedCode>, expectation: &Expectation) -> Judgement {
    if reading.sightings.is_empty() && typed.is_none() {
        return Judgement::Unread;
    }
    if has_several_papers(&reading.sightings) {
        return Judgement::SeveralPapers;
    }
    let mut tally = tally(&reading.sightings, typed);
    let only: [Option<Candidate>; LINE_DIGITS] = std::array::from_fn(|place| match tally[place][..] {
        [candidate] => Some(candidate),
        _ => None,
    });
    let text: String = only.iter().flatten().map(|candidate| char::from(candidate.digit)).collect();
    let parsed = text.parse::<OcrLine>();
    let leading_is_single = only[..LEADING_DIGITS].iter().flatten().any(|one| one.witnesses.readings() < 2);
    if let Ok(line) = &parsed
        && leading_is_single
        && expectation.vouches_for(line)
    {
        for candidates in &mut tally[..LEADING_DIGITS] {
            for candidate in candidates {
                candidate.witnesses = candidate.witnesses.with(Witness::Expected);
            }
        }
    }
    let cause = cause(&tally, parsed, expectation);
    let sets = tally.each_ref().map(|candidates| match candidates[..] {
        [only] => only.witnesses,
        _ => WitnessSet::NONE,
    });
    if cause.is_none()
        && let (Ok(line), Ok(witnessed)) = (parsed, Witnessing::new(sets))
    {
        let sightings = reading.sightings.clone();
        return Judgement::Agreed(Acceptance { capture: reading.capture, line, witnessed, sightings });
    }
    let cause = cause.unwrap_or(Cause::OneWitness);
    Judgement::Open(Box::new(Dispute {
        capture: reading.capture,
        cause,
        digits: states(tally, cause),
        sightings: reading.sightings.clone(),
    }))
}

/// Two readings of the same kind of print that differ cannot come from one paper.
fn has_several_papers(sightings: &[Sighting]) -> bool {
    sightings.iter().enumerate().any(|(place, one)| {
        sightings[place + 1..]
            .iter()
            .any(|other| one.symbol == other.symbol && !one.digits.agrees_with(&other.digits))
    })
}

/// Who says what of each digit.
fn tally(sightings: &[Sighting], typed: Option<TypedCode>) -> [Vec<Candidate>; LINE_DIGITS] {
    std::array::from_fn(|place| {
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut says =
            |digit: u8, witness: Witness| match candidates.iter_mut().find(|one| one.digit == digit) {
                Some(candidate) => candidate.witnesses = candidate.witnesses.with(witness),
                None => candidates.push(Candidate { digit, witnesses: WitnessSet::of(&[witness]) }),
            };
        for symbol in Symbol::ALL {
            let said = sightings.iter().filter(|sighting| sighting.symbol == symbol);
            if let Some(digit) = said.filter_map(|sighting| sighting.digits.at(place)).next() {
                says(digit, symbol.witness());
            }
        }
        if let Some((typed, digit)) = typed.and_then(|typed| Some((typed, typed.digits.at(place)?))) {
            says(digit, typed.witness(sightings));
        }
        candidates
    })
}

/// Why the line may not be accepted; none when nothing speaks against it.
fn cause(
    tally: &[Vec<Candidate>; LINE_DIGITS],
    parsed: Result<OcrLine, OcrLineError>,
    expectation: &Expectation,
) -> Option<Cause> {
    let settled = |range: std::ops::Range<usize>| {
        tally[range].iter().all(|candidates| matches!(candidates[..], [only] if only.witnesses.is_settled()))
    };
    if tally.iter().any(|candidates| candidates.len() > 1) {
        return Some(Cause::Disagreement);
    }
    let line = match parsed {
        Ok(line) => line,
        Err(OcrLineError::DoseZero) => return Some(Cause::DoseZero),
        Err(OcrLineError::MunicipalityCheckDigit) => return Some(Cause::MunicipalityCheckDigit),
        Err(OcrLineError::Length { .. } | OcrLineError::NotADigit { .. }) => {
            let number_is_settled = settled(LEADING_DIGITS..LINE_DIGITS);
            return Some(if number_is_settled { Cause::LeadingUnread } else { Cause::OneWitness });
        }
    };
    if MunicipalityTable::shipped().find(line.municipality()).is_none() {
        return Some(Cause::UnknownMunicipality);
    }
    if expectation.excludes_kind_of(&line) {
        return Some(Cause::UnexpectedKind);
    }
    if !settled(LEADING_DIGITS..LINE_DIGITS) {
        return Some(Cause::OneWitness);
    }
    if !settled(0..LEADING_DIGITS) {
        return Some(Cause::LeadingUnexpected);
    }
    expectation.excludes_dose_of(&line).then_some(Cause::UnexpectedDose)
}

/// The digits as a person is shown them. A digit that two readings agree on is open all the same where it
/// is the one that speaks against the line.
fn states(tally: [Vec<Candidate>; LINE_DIGITS], cause: Cause) -> [DigitState; LINE_DIGITS] {
    let doubted = match cause {
        Cause::UnexpectedKind => KIND,
        Cause::DoseZero | Cause::UnexpectedDose => DOSE,
        Cause::MunicipalityCheckDigit | Cause::UnknownMunicipality => MUNICIPALITY,
        Cause::Disagreement | Cause::OneWitness | Cause::LeadingUnread | Cause::LeadingUnexpected => 0..0,
    };
    let mut place = 0;
    tally.map(|candidates| {
        let in_doubt = doubted.contains(&place);
        place += 1;
        match candidates[..] {
            [only] if only.witnesses.is_settled() && !in_doubt => DigitState::Settled(only),
            _ => DigitState::Open(candidates),
        }
    })
}
