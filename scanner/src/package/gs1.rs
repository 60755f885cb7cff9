//! GS1 element strings: the text of a code on a package becomes a [`PackageLabel`].
//!
//! Whole or not at all: one element that cannot be right refuses the text. Must not: read a code; guess where an
//! element ends.

mod elements;

use std::fmt;

use record::{CalendarDate, LotNumber};

use super::label::{Gtin, PackageLabel};
use elements::{Content, Element};

/// FNC1 between two elements, as scanners and decoders hand it over.
pub(super) const SEPARATOR: u8 = 0x1d;

/// What a scanner types before an element string to say which symbol it read: GS1-128, DataMatrix, DataBar (and a
/// composite's two parts), QR, DotCode.
const SYMBOLOGIES: [&str; 7] = ["]C1", "]d2", "]e0", "]e1", "]e2", "]Q3", "]J1"];

/// Why a text is no label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gs1Error {
    /// It starts with the identifier of a symbol that holds no element string.
    Symbology,
    /// It holds an element that nobody can say the end of.
    UnknownElement,
    /// An element is too short, too long, holds a character that it may not, or fails its check digit.
    Element,
    /// A day that is on no calendar, or outside the years 2000 to 2099.
    Day,
    /// The lot is none that a record can hold.
    Lot,
    /// One element stands there twice and says different things.
    Contradiction,
    /// There is no GTIN in it.
    NoGtin,
}

impl fmt::Display for Gs1Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Symbology => "not the identifier of a GS1 symbol",
            Self::UnknownElement => "an element of unknown length",
            Self::Element => "an element that cannot be right",
            Self::Day => "no day from 2000 to 2099",
            Self::Lot => "not a lot number",
            Self::Contradiction => "an element twice, with different contents",
            Self::NoGtin => "no GTIN",
        })
    }
}
impl std::error::Error for Gs1Error {}

/// Whether whoever hands the text over keeps the separators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separators {
    /// As printed.
    Kept,
    /// A keyboard wedge may leave them out: what stands behind a lot then looks like a part of it.
    MayBeMissing,
}

/// Reads an element string: with or without a symbology identifier, with separators or, starting with `(`, as people
/// write it: `(01)04912345678904(17)211231(10)AB1234`. `today` decides the century of a two-digit year.
///
/// # Errors
/// [`Gs1Error`], the first that was met.
pub fn parse(text: &str, separators: Separators, today: CalendarDate) -> Result<PackageLabel, Gs1Error> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let bare = match SYMBOLOGIES.iter().find_map(|symbology| text.strip_prefix(symbology)) {
        Some(rest) => rest,
        None if text.starts_with(']') => return Err(Gs1Error::Symbology),
        None => text,
    };
    let mut parts = Parts::default();
    if bare.starts_with('(') {
        parts.take_written(bare, today)?;
    } else {
        parts.take_elements(bare.as_bytes(), today)?;
    }
    let gtin = parts.gtin.ok_or(Gs1Error::NoGtin)?;
    let may_run_on =
        separators == Separators::MayBeMissing && !bare.bytes().any(|byte| byte == SEPARATOR || byte == b'(');
    let lot_in_doubt =
        may_run_on && parts.lot.as_ref().is_some_and(|lot| holds_elements(lot.as_str().as_bytes()));
    Ok(PackageLabel { gtin, lot: parts.lot, expires_on: parts.expires_on, lot_in_doubt })
}

/// The element string of a label, with separators: what [`parse`] reads back.
#[must_use]
pub fn format(label: &PackageLabel) -> String {
    let mut text = format!("01{}", label.gtin);
    if let Some(day) = label.expires_on {
        let (year, month, day) = day.parts();
        text += &format!("17{:02}{month:02}{day:02}", year % 100);
    }
    if let Some(lot) = &label.lot {
        text += &format!("10{lot}");
    }
    text
}

/// The elements that matter, as far as they were met.
#[derive(Default)]
struct Parts {
    gtin: Option<Gtin>,
    lot: Option<LotNumber>,
    expires_on: Option<CalendarDate>,
}

impl Parts {
    fn take_elements(&mut self, text: &[u8], today: CalendarDate) -> Result<(), Gs1Error> {
        let mut rest = text.strip_prefix(&[SEPARATOR]).unwrap_or(text);
        while !rest.is_empty() {
            let element = elements::starting(rest).ok_or(Gs1Error::UnknownElement)?;
            let (identifier, behind) = rest.split_at_checked(element.identifier).ok_or(Gs1Error::Element)?;
            let up_to_separator =
                || behind.iter().position(|byte| *byte == SEPARATOR).unwrap_or(behind.len());
            let length = element.content.predefined().unwrap_or_else(up_to_separator);
            let (data, after) = behind.split_at_checked(length).ok_or(Gs1Error::Element)?;
            self.take(element, identifier, data, today)?;
            // Also behind an element that needs none, a separator may stand.
            rest = after.strip_prefix(&[SEPARATOR]).unwrap_or(after);
        }
        Ok(())
    }

    fn take_written(&mut self, text: &str, today: CalendarDate) -> Result<(), Gs1Error> {
        let bytes = text.as_bytes();
        let mut from = 0;
        while from < bytes.len() {
            let identifier = bracketed(&bytes[from..]).ok_or(Gs1Error::Element)?;
            let start = from + identifier.len() + 2;
            // A bracket is a character that a lot may hold: only one around an identifier begins an element.
            let end =
                (start..bytes.len()).find(|at| bracketed(&bytes[*at..]).is_some()).unwrap_or(bytes.len());
            let element = elements::starting(identifier).ok_or(Gs1Error::UnknownElement)?;
            if element.identifier != identifier.len() {
                return Err(Gs1Error::UnknownElement);
            }
            self.take(element, identifier, &bytes[start..end], today)?;
            from = end;
        }
        Ok(())
    }

    fn take(
        &mut self,
        element: Element,
        identifier: &[u8],
        data: &[u8],
        today: CalendarDate,
    ) -> Result<(), Gs1Error> {
        if !identifier.iter().all(u8::is_ascii_digit) || !element.content.admits(data) {
            return Err(Gs1Error::Element);
        }
        let text = std::str::from_utf8(data).map_err(|_| Gs1Error::Element)?;
        let day = if element.content == Content::Day { Some(day_of(text, today)?) } else { None };
        match identifier {
            b"01" => once(&mut self.gtin, text.parse().map_err(|_| Gs1Error::Element)?),
            b"10" => once(&mut self.lot, text.parse().map_err(|_| Gs1Error::Lot)?),
            b"17" => day.map_or(Ok(()), |day| once(&mut self.expires_on, day)),
            _ => Ok(()),
        }
    }
}

/// Keeps a value; the same again changes nothing.
fn once<T: PartialEq>(place: &mut Option<T>, value: T) -> Result<(), Gs1Error> {
    match place {
        Some(kept) if *kept != value => Err(Gs1Error::Contradiction),
        _ => {
            *place = Some(value);
            Ok(())
        }
    }
}

/// The two to four digits between the brackets that `text` begins with.
fn bracketed(text: &[u8]) -> Option<&[u8]> {
    let inside = text.strip_prefix(b"(")?;
    let digits = inside.iter().take_while(|byte| byte.is_ascii_digit()).count();
    ((2..=4).contains(&digits) && inside.get(digits) == Some(&b')')).then(|| &inside[..digits])
}

/// YYMMDD; day 00 is the last one of the month. The century, by section 7.12 of the GS1 General
/// Specifications: two digits that lie 51 or more ahead of today's are a century back, 50 or more behind one ahead.
fn day_of(data: &str, today: CalendarDate) -> Result<CalendarDate, Gs1Error> {
    let two =
        |from: usize| data.get(from..from + 2).and_then(|two| two.parse::<u8>().ok()).ok_or(Gs1Error::Day);
    let (year, month, day) = (i32::from(two(0)?), two(2)?, two(4)?);
    let now = today.parts().0;
    let century = now - now % 100
        + match year - now % 100 {
            51.. => -100,
            ..=-50 => 100,
            _ => 0,
        };
    let new = |day| CalendarDate::new(century + year, month, day).map_err(|_| Gs1Error::Day);
    if day > 0 { new(day) } else { (28..=31).rev().find_map(|day| new(day).ok()).ok_or(Gs1Error::Day) }
}

/// Whether a lot could be a shorter one with further elements behind it.
fn holds_elements(lot: &[u8]) -> bool {
    (1..lot.len()).any(|from| {
        elements::starting(&lot[from..]).is_some_and(|element| {
            let data = lot.get(from + element.identifier..).unwrap_or_default();
            match element.content.predefined() {
                Some(length) => data.get(..length).is_some_and(|data| element.content.admits(data)),
                None => element.content.admits(data),
            }
        })
    })
}

#[cfg(test)]
#[path = "gs1/tests.rs"]
mod tests;
