//! 手入力: the 18 digits, typed. What was typed is one witness; a second follows before anything is kept – the crop compared
//! group by group, a code, or the number typed again without seeing the first.
//!
//! Must not: keep anything, or show what was typed first while it is typed again.

use std::fmt;

use record::{Moment, OcrLine, coupon::LINE_DIGITS};
use scanner::wedge::{self, Typed};

use crate::{
    messages::{Notice, NumberProblem, TypedProblem},
    workflow::{
        Effect, Event, Press,
        confirm::{Confirm, GROUPS, Purpose, read},
        open::{Open, Page},
        scan::{self, CropOf},
        typed::{Again, Codes, TypedNumber},
    },
};

/// The page.
pub struct Keypad {
    /// What was typed so far: up to 18 ASCII digits.
    pub typed: String,
    /// What was typed first, while it is typed again.
    pub first: Option<OcrLine>,
    /// What the frame of the reading shows, where there was one.
    pub crop: Option<CropOf>,
    /// What codes said of the paper.
    pub codes: Codes,
    /// What the number is for.
    pub purpose: Purpose,
}

impl fmt::Debug for Keypad {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Keypad({} digits, {:?})", self.typed.len(), self.codes)
    }
}

impl Keypad {
    /// A number for that purpose, of a paper of which that is known.
    #[must_use]
    pub fn new(crop: Option<CropOf>, codes: Codes, purpose: Purpose) -> Self {
        Self { typed: String::new(), first: None, crop, codes, purpose }
    }
    /// What the digits say, once all are typed.
    #[must_use]
    pub fn line(&self) -> Option<Result<OcrLine, NumberProblem>> {
        (self.typed.len() == LINE_DIGITS).then(|| read(&self.typed))
    }
    /// A USB scanner typed these digits as a keyboard does: they are no person's and go again.
    fn forget(&mut self, digits: &str) {
        let most = digits.len().min(self.typed.len());
        let came_in = |count: &usize| self.typed.ends_with(&digits[..*count]);
        if let Some(count) = (1..=most).rev().find(came_in) {
            self.typed.truncate(self.typed.len() - count);
        }
    }
}

pub(crate) fn step(open: &mut Open, notice: &mut Option<Notice>, event: Event, now: Moment) -> Vec<Effect> {
    match event {
        Event::Press(press) => pressed(open, notice, press),
        Event::Typed(text) => {
            heard(open, notice, &text, now);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn pressed(open: &mut Open, notice: &mut Option<Notice>, press: Press) -> Vec<Effect> {
    let Page::Keypad(keypad) = &mut open.page else { return Vec::new() };
    match press {
        Press::Digit(digit) if digit.is_ascii_digit() && keypad.typed.len() < LINE_DIGITS => {
            if matches!(notice, Some(Notice::TypedDiffers(_) | Notice::CodeHeard)) {
                *notice = None;
            }
            keypad.typed.push(digit);
        }
        Press::TakeBack => {
            keypad.typed.pop();
        }
        Press::Done => {
            let Some(Ok(line)) = keypad.line() else { return Vec::new() };
            if open.profile.coupon_kinds.meaning(line.kind()).is_none() {
                return Vec::new();
            }
            return complete(open, notice, line);
        }
        // What was typed first can be looked at and mended.
        Press::Back if keypad.first.is_some() => {
            keypad.typed = keypad.first.take().map(|first| first.to_string()).unwrap_or_default();
        }
        Press::Back => {
            return match std::mem::replace(&mut keypad.purpose, Purpose::NewRecord) {
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

/// All 18 digits are there: on to what is left to compare, or once more without seeing them.
fn complete(open: &mut Open, notice: &mut Option<Notice>, line: OcrLine) -> Vec<Effect> {
    let Page::Keypad(keypad) = &mut open.page else { return Vec::new() };
    let again = match keypad.first {
        Some(first) if first != line => {
            *notice = Some(Notice::TypedDiffers(differing(first, line)));
            keypad.first = None;
            keypad.typed.clear();
            return Vec::new();
        }
        Some(_) => Again::Twice,
        None => Again::Once,
    };
    let number = TypedNumber { line, again, codes: keypad.codes.clone() };
    if again == Again::Once && keypad.crop.is_none() && !number.needs_no_picture() {
        keypad.first = Some(line);
        keypad.typed.clear();
        return Vec::new();
    }
    let purpose = std::mem::replace(&mut keypad.purpose, Purpose::NewRecord);
    let confirm = Confirm::of_typed(number, keypad.crop.take(), purpose);
    open.page = Page::Confirm(Box::new(confirm));
    Vec::new()
}

/// The first group in which two numbers differ.
fn differing(one: OcrLine, other: OcrLine) -> usize {
    let (one, other) = (one.to_digits(), other.to_digits());
    GROUPS.iter().position(|group| one[group.clone()] != other[group.clone()]).unwrap_or(0)
}

/// A USB scanner's line: a coupon's code speaks for or against what is typed.
fn heard(open: &mut Open, notice: &mut Option<Notice>, text: &str, now: Moment) {
    // Without a clock the day's own date decides the century of a package's expiry.
    let today = open.today(now).or(open.day.as_ref().map(|day| day.vaccinated_on));
    let Page::Keypad(keypad) = &mut open.page else { return };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    keypad.forget(&digits);
    *notice = Some(match today.map_or(Typed::Nothing, |today| wedge::parse(text, today)) {
        Typed::Coupon(code) => {
            keypad.codes.hear(code);
            Notice::CodeHeard
        }
        Typed::Package(_) => Notice::Typed(TypedProblem::Package),
        Typed::Nothing => Notice::Typed(TypedProblem::NoCoupon),
    });
}
