//! 紙と比べる: a person settles what the readings did not. Only what is open is asked; the rest is locked.
//!
//! Must not: let a line through in which a digit has neither its two witnesses nor the person.

use std::collections::BTreeSet;

use record::{
    Draft, Moment, MunicipalityTable, OcrLine, Witnessing,
    coupon::{LEADING_DIGITS, LINE_DIGITS},
    draft::CouponMeaning,
    rules::EarlierDose,
};
use scanner::{
    Cause, DigitState, Dispute,
    wedge::{self, Typed},
};

use crate::{
    messages::{Notice, NumberProblem},
    workflow::{
        Effect, Event, Press,
        change::Change,
        checks::{self, Checks},
        keypad::Keypad,
        open::{Open, Page},
        scan::{self, CropOf, Disputed, Stop},
        typed::{Codes, TypedNumber},
    },
};

/// Where the four groups of the line lie.
pub const GROUPS: [std::ops::Range<usize>; 4] = [0..1, 1..2, 2..LEADING_DIGITS, LEADING_DIGITS..LINE_DIGITS];

/// What the number is for.
#[derive(Debug, Clone)]
pub enum Purpose {
    /// A new record.
    NewRecord,
    /// The right number of a record that is being corrected.
    Correction(Box<Change>),
}

/// The page.
#[derive(Debug)]
pub struct Confirm {
    /// Where the digits come from.
    pub origin: Origin,
    /// The 18 digits.
    pub digits: [Compared; LINE_DIGITS],
    /// Which groups the person found the same on the paper.
    pub ticked: [bool; 4],
    /// What the frame of the reading shows.
    pub crop: Option<CropOf>,
    /// What the number is for.
    pub purpose: Purpose,
    /// Whether the entry is being kept.
    pub keeping: bool,
    /// What the rules found; nothing before the database was asked.
    pub checks: Checks,
}

/// Where the digits come from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// Readings that were not enough.
    Readings(Box<Dispute>),
    /// The keypad.
    Typed(Box<TypedNumber>),
}

/// One digit on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// Two witnesses: locked.
    Settled(u8),
    /// One candidate: the person compares its group.
    One(u8),
    /// None or several: the person says which.
    Asked {
        /// What readings say.
        candidates: Vec<u8>,
        /// What the person said.
        chosen: Option<u8>,
    },
}

impl Compared {
    /// The ASCII digit, once it is known.
    #[must_use]
    pub fn digit(&self) -> Option<u8> {
        match self {
            Self::Settled(digit) | Self::One(digit) => Some(*digit),
            Self::Asked { chosen, .. } => *chosen,
        }
    }
}

impl Confirm {
    /// What readings left open.
    #[must_use]
    pub fn of_dispute(disputed: &Disputed) -> Self {
        let digits = std::array::from_fn(|place| match &disputed.dispute.digits[place] {
            DigitState::Settled(candidate) => Compared::Settled(candidate.digit),
            DigitState::Open(candidates) => match &candidates[..] {
                [only] => Compared::One(only.digit),
                several => Compared::Asked {
                    candidates: several.iter().map(|candidate| candidate.digit).collect(),
                    chosen: None,
                },
            },
        });
        Self {
            origin: Origin::Readings(Box::new(disputed.dispute.clone())),
            digits,
            ticked: [false; 4],
            crop: disputed.crop.clone(),
            purpose: Purpose::NewRecord,
            keeping: false,
            checks: Checks::default(),
        }
    }

    /// What was typed.
    #[must_use]
    pub fn of_typed(number: TypedNumber, crop: Option<CropOf>, purpose: Purpose) -> Self {
        Self {
            digits: number.compared(),
            origin: Origin::Typed(Box::new(number)),
            ticked: [false; 4],
            crop,
            purpose,
            keeping: false,
            checks: Checks::default(),
        }
    }

    /// Whether the person must compare that group as a whole: it has a digit with one candidate only, or the
    /// reading is certain and says something else than the day.
    #[must_use]
    pub fn needs_tick(&self, group: usize) -> bool {
        let Some(range) = GROUPS.get(group) else { return false };
        let one = self.digits[range.clone()].iter().any(|digit| matches!(digit, Compared::One(_)));
        let other_dose = group == 1
            && matches!(&self.origin, Origin::Readings(dispute) if dispute.cause == Cause::UnexpectedDose);
        one || other_dose
    }

    /// The first place that must be asked about, if any is left.
    #[must_use]
    pub fn asked(&self) -> Option<usize> {
        self.digits.iter().position(|digit| digit.digit().is_none())
    }

    /// Candidates for a place: what readings say, or all ten where nothing was read.
    #[must_use]
    pub fn candidates(&self, place: usize) -> Vec<u8> {
        match self.digits.get(place) {
            Some(Compared::Asked { candidates, .. }) if !candidates.is_empty() => candidates.clone(),
            Some(Compared::Asked { .. }) => (b'0'..=b'9').collect(),
            _ => Vec::new(),
        }
    }

    /// The line, once every digit is known and it is one.
    #[must_use]
    pub fn line(&self) -> Option<Result<OcrLine, NumberProblem>> {
        let digits: Option<Vec<u8>> = self.digits.iter().map(Compared::digit).collect();
        let text = String::from_utf8(digits?).ok()?;
        Some(read(&text))
    }

    /// Whether nothing is left to compare.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        (0..GROUPS.len()).all(|group| !self.needs_tick(group) || self.ticked[group])
            && matches!(self.line(), Some(Ok(_)))
    }

    fn is_of(&self, line: OcrLine) -> bool {
        self.line().is_some_and(|own| own == Ok(line))
    }

    /// The witnesses of the settled line; none before the person has compared everything.
    fn witnessed(&self, line: OcrLine) -> Option<Witnessing> {
        if !self.is_complete() {
            return None;
        }
        match &self.origin {
            Origin::Readings(dispute) => dispute.settle(line).ok(),
            Origin::Typed(number) => number.witnessed(line, &self.digits).ok(),
        }
    }
}

/// Eighteen digits as a line whose municipality exists.
pub(crate) fn read(text: &str) -> Result<OcrLine, NumberProblem> {
    let line: OcrLine = text.parse().map_err(NumberProblem::Line)?;
    match MunicipalityTable::shipped().find(line.municipality()) {
        Some(_) => Ok(line),
        None => Err(NumberProblem::UnknownMunicipality),
    }
}

pub(crate) fn step(open: &mut Open, notice: &mut Option<Notice>, event: Event, now: Moment) -> Vec<Effect> {
    // Without a clock the day's own date decides the century of a package's expiry.
    let today = open.today(now).or(open.day.as_ref().map(|day| day.vaccinated_on));
    let Page::Confirm(confirm) = &mut open.page else { return Vec::new() };
    match event {
        Event::Press(Press::Tick(group)) if !confirm.keeping && confirm.needs_tick(group) => {
            confirm.ticked[group] = !confirm.ticked[group];
        }
        Event::Press(Press::Choose(index)) if !confirm.keeping => {
            if let Some(place) = confirm.asked()
                && let Some(digit) = confirm.candidates(place).get(index).copied()
                && let Compared::Asked { chosen, .. } = &mut confirm.digits[place]
            {
                *chosen = Some(digit);
            }
        }
        Event::Press(Press::Keypad) if !confirm.keeping => {
            let codes = match &confirm.origin {
                Origin::Readings(dispute) => Codes::of_dispute(dispute),
                Origin::Typed(number) => number.codes.clone(),
            };
            let keypad = Keypad::new(confirm.crop.clone(), codes, confirm.purpose.clone());
            open.page = Page::Keypad(Box::new(keypad));
        }
        // A code of the paper that is being compared speaks for or against what was typed.
        Event::Typed(text) if !confirm.keeping => {
            if let (Origin::Typed(number), Typed::Coupon(code)) =
                (&mut confirm.origin, today.map_or(Typed::Nothing, |today| wedge::parse(&text, today)))
            {
                number.codes.hear(code);
                confirm.digits = number.compared();
                *notice = Some(Notice::CodeHeard);
            }
        }
        Event::Press(Press::SetAside) if !confirm.keeping => confirm.checks.turn(),
        Event::Press(Press::Done)
            if confirm.is_complete() && !confirm.keeping && confirm.checks.lets_through() =>
        {
            return settle(open);
        }
        // Only the answer to this page's own question; the scan's may still be under way.
        Event::LookedUp { line, earlier } if confirm.keeping && confirm.is_of(line) => {
            return looked_up(open, notice, &earlier, now);
        }
        Event::Press(Press::Back) if !confirm.keeping => {
            return match std::mem::replace(&mut confirm.purpose, Purpose::NewRecord) {
                Purpose::NewRecord => scan::enter(open),
                Purpose::Correction(change) => {
                    open.page = Page::Change(change);
                    Vec::new()
                }
            };
        }
        _ => {}
    }
    Vec::new()
}

/// The comparison is complete: a new record is looked up and kept, a correction gets its number.
fn settle(open: &mut Open) -> Vec<Effect> {
    let Page::Confirm(confirm) = &mut open.page else { return Vec::new() };
    let Some(Ok(line)) = confirm.line() else { return Vec::new() };
    let Some(witnessed) = confirm.witnessed(line) else { return Vec::new() };
    match std::mem::replace(&mut confirm.purpose, Purpose::NewRecord) {
        Purpose::NewRecord => {
            confirm.keeping = true;
            vec![Effect::LookUp(line)]
        }
        Purpose::Correction(mut change) => {
            change.number(line, witnessed);
            open.page = Page::Change(change);
            Vec::new()
        }
    }
}

/// The rules are held against what the database knows: the entry is kept, or its page says why not yet.
fn looked_up(
    open: &mut Open,
    notice: &mut Option<Notice>,
    earlier: &[EarlierDose],
    now: Moment,
) -> Vec<Effect> {
    let Some((mut draft, meaning)) = found(open) else { return Vec::new() };
    let found = Checks::of(checks::of_person(open, &draft.day, draft.coupon, meaning, earlier, now));
    let Page::Confirm(confirm) = &mut open.page else { return Vec::new() };
    if let Some(stop) = found.stop() {
        *notice = Some(Notice::Stopped(Stop::Rule(stop.clone())));
        confirm.keeping = false;
        return Vec::new();
    }
    if !found.is_answered_by(&confirm.checks) {
        confirm.checks = found;
        confirm.keeping = false;
        return Vec::new();
    }
    draft.despite = checks::despite(open, &found);
    let content = Box::new(draft.content(meaning));
    vec![Effect::Keep { content, staff_id: open.staff_id.clone(), capture: None }]
}

/// What is about to be kept. The dose recorded is the one printed, which the person compared.
fn found(open: &Open) -> Option<(Draft, CouponMeaning)> {
    let Page::Confirm(confirm) = &open.page else { return None };
    let line = confirm.line()?.ok()?;
    let meaning = open.profile.coupon_kinds.meaning(line.kind())?;
    let mut day = open.day.clone()?;
    day.dose = line.dose();
    Some((
        Draft { coupon: line, witnessed: confirm.witnessed(line)?, day, despite: BTreeSet::new() },
        meaning,
    ))
}

/// What the page must say about the line as it stands.
#[must_use]
pub fn problem(confirm: &Confirm, open: &Open) -> Option<Notice> {
    match confirm.line()? {
        Err(problem) => Some(Notice::Number(problem)),
        Ok(line) if open.profile.coupon_kinds.meaning(line.kind()).is_none() => {
            Some(Notice::Stopped(Stop::UnknownKind))
        }
        Ok(_) => None,
    }
}
