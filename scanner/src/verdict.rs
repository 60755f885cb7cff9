//! 判定: what the frames say about the paper in view, in a form that cannot hold an unsettled line as settled.
//!
//! Must not: reach a verdict; `agreement` does.

use std::fmt;

use record::{
    MunicipalityTable, OcrLine, Witness, WitnessSet, Witnessing, coupon::LINE_DIGITS, witness::WitnessError,
};

use crate::{frame::CaptureId, reading::Sighting};

/// What to show for the frame that was just observed. Every variant speaks of that frame, never of an
/// earlier one.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Nothing that looks like a code is in view.
    Nothing,
    /// Something is in view and not read or not agreed upon yet.
    Something {
        /// The frame.
        capture: CaptureId,
        /// For how many frames in a row, this one included. When it grows large, offer the keypad.
        frames: u32,
    },
    /// A QR code is in view that is no coupon's, and nothing else was read.
    ForeignQr {
        /// The frame.
        capture: CaptureId,
    },
    /// Two symbols of the same kind say different things: more than one paper is in view.
    SeveralPapers {
        /// The frame.
        capture: CaptureId,
    },
    /// Every digit has its two witnesses.
    Accepted(Acceptance),
    /// A person must compare the digits that are open with the crop.
    ForPerson(Box<Dispute>),
    /// The paper that was accepted or handed to a person still lies there.
    AlreadyReported {
        /// The frame.
        capture: CaptureId,
        /// The frame in which it was reported.
        reported: CaptureId,
    },
}

/// 採用: a line whose every digit has two witnesses in one frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Acceptance {
    /// The frame, the only one to show and save it with.
    pub capture: CaptureId,
    /// The number.
    pub line: OcrLine,
    /// The witnesses of each digit.
    pub witnessed: Witnessing,
    /// What was read and where: for [`crate::crop_area`].
    pub sightings: Vec<Sighting>,
}

/// Why a line was not accepted. Where several hold, the first in this order is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// Two readings say different digits.
    Disagreement,
    /// The dose digit is 0: no coupon's line.
    DoseZero,
    /// The municipality code's check digit fails.
    MunicipalityCheckDigit,
    /// There is no such municipality.
    UnknownMunicipality,
    /// The 券種 is none that the day expects.
    UnexpectedKind,
    /// Only one reading has the coupon number.
    OneWitness,
    /// No reading has the first eight digits.
    LeadingUnread,
    /// One reading alone has the first eight digits, and they are not what the day expects.
    LeadingUnexpected,
    /// The 回数 is certain and is not today's.
    UnexpectedDose,
}

/// One digit that some reading claims, and who claims it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The ASCII digit.
    pub digit: u8,
    /// Who says so.
    pub witnesses: WitnessSet,
}

/// How far one digit is known. Digits belong to a person and are hidden in `{:?}`.
#[derive(Clone, PartialEq, Eq)]
pub enum DigitState {
    /// It has its two witnesses.
    Settled(Candidate),
    /// A person decides: no candidate where nothing was read, two or more where readings disagree.
    Open(Vec<Candidate>),
}

impl fmt::Debug for DigitState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settled(_) => formatter.write_str("Settled(..)"),
            Self::Open(candidates) => write!(formatter, "Open({} candidates)", candidates.len()),
        }
    }
}

/// 要確認: a line that a person settles on the crop of its own frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispute {
    /// The frame, the only one to show and save it with.
    pub capture: CaptureId,
    /// Why a person is asked.
    pub cause: Cause,
    /// The 18 digits in order.
    pub digits: [DigitState; LINE_DIGITS],
    /// What was read and where: for [`crate::crop_area`].
    pub sightings: Vec<Sighting>,
}

/// What a person settled cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettleError {
    /// There is no such municipality, so nobody could receive the record.
    UnknownMunicipality,
    /// A digit would be left without its witnesses.
    Witness(WitnessError),
}

impl fmt::Display for SettleError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownMunicipality => formatter.write_str("no such municipality"),
            Self::Witness(error) => error.fmt(formatter),
        }
    }
}
impl std::error::Error for SettleError {}

impl Dispute {
    /// The witnesses of a line after a person compared it with the crop of this dispute's frame: a digit
    /// that the readings had settled, and that the person left as it was, keeps its own witnesses; every
    /// other gets the person and whichever readings say the same.
    ///
    /// # Errors
    /// [`SettleError`] when the line names a municipality that does not exist.
    pub fn settle(&self, line: OcrLine) -> Result<Witnessing, SettleError> {
        if MunicipalityTable::shipped().find(line.municipality()).is_none() {
            return Err(SettleError::UnknownMunicipality);
        }
        let chosen = line.to_digits();
        let sets = std::array::from_fn(|place| match &self.digits[place] {
            DigitState::Settled(candidate) if candidate.digit == chosen[place] => candidate.witnesses,
            DigitState::Settled(_) => WitnessSet::of(&[Witness::Person]),
            DigitState::Open(candidates) => candidates
                .iter()
                .find(|candidate| candidate.digit == chosen[place])
                .map_or(WitnessSet::NONE, |candidate| candidate.witnesses)
                .with(Witness::Person),
        });
        Witnessing::new(sets).map_err(SettleError::Witness)
    }
    /// The digits as far as readings have exactly one candidate for each; `None` where a person must look.
    #[must_use]
    pub fn proposal(&self) -> [Option<u8>; LINE_DIGITS] {
        std::array::from_fn(|place| match &self.digits[place] {
            DigitState::Settled(candidate) => Some(candidate.digit),
            DigitState::Open(candidates) => match candidates[..] {
                [only] => Some(only.digit),
                _ => None,
            },
        })
    }
}

impl fmt::Debug for Candidate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        record::text::hidden(formatter, "Candidate")
    }
}
