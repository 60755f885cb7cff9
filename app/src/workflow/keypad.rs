//! 手入力: the 18 digits, typed. What was typed is one witness; the comparison with the paper follows.
//!
//! Must not: keep anything.

use std::fmt;

use record::{OcrLine, coupon::LINE_DIGITS};

use crate::{
    messages::NumberProblem,
    workflow::{
        Effect, Press,
        confirm::{Confirm, Purpose, read},
        open::{Open, Page},
        scan::{self, CropOf},
    },
};

/// The page.
pub struct Keypad {
    /// What was typed so far: up to 18 ASCII digits.
    pub typed: String,
    /// What the frame of the reading shows, where there was one.
    pub crop: Option<CropOf>,
    /// What the number is for.
    pub purpose: Purpose,
}

impl fmt::Debug for Keypad {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Keypad({} digits)", self.typed.len())
    }
}

impl Keypad {
    /// For a new record.
    #[must_use]
    pub fn for_new_record(crop: Option<CropOf>) -> Self {
        Self { typed: String::new(), crop, purpose: Purpose::NewRecord }
    }
    /// What the digits say, once all are typed.
    #[must_use]
    pub fn line(&self) -> Option<Result<OcrLine, NumberProblem>> {
        (self.typed.len() == LINE_DIGITS).then(|| read(&self.typed))
    }
}

pub(crate) fn step(open: &mut Open, press: Press) -> Vec<Effect> {
    let Page::Keypad(keypad) = &mut open.page else { return Vec::new() };
    match press {
        Press::Digit(digit) if digit.is_ascii_digit() && keypad.typed.len() < LINE_DIGITS => {
            keypad.typed.push(digit)
        }
        Press::TakeBack => {
            keypad.typed.pop();
        }
        Press::Done => {
            let Some(Ok(line)) = keypad.line() else { return Vec::new() };
            if open.profile.coupon_kinds.meaning(line.kind()).is_none() {
                return Vec::new();
            }
            let purpose = std::mem::replace(&mut keypad.purpose, Purpose::NewRecord);
            let confirm = Confirm::of_typed(&line, keypad.crop.take(), purpose);
            open.page = Page::Confirm(Box::new(confirm));
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
