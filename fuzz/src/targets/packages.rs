//! What stands on a vaccine's package: the text of its code, what a USB scanner types, and a picture of any code.
//!
//! Must not: know a vaccine.

use record::{CalendarDate, LotNumber};
use scanner::{
    package::{
        self,
        gs1::{self, Separators},
        sticker,
    },
    wedge::{self, Typed},
};

use super::scanner::picture;
use crate::Became;

fn today() -> CalendarDate {
    "2021-11-22".parse().unwrap_or_else(|_| unreachable!("a day of the calendar"))
}

/// An element string with its separators, and the same as a USB scanner types it.
pub(crate) fn element_string(bytes: &[u8]) -> Became {
    let Ok(text) = std::str::from_utf8(bytes) else { return Became::Refused };
    if let Typed::Coupon(code) = wedge::parse(text, today()) {
        assert!(text.contains(code.digits.as_str()), "a typed number is in what was typed");
    }
    let Ok(label) = gs1::parse(text, Separators::Kept, today()) else { return Became::Refused };
    let digits = label.gtin.as_str();
    assert!(digits.len() == 14 && text.contains(digits), "the GTIN stands in the text");
    if let Some(lot) = &label.lot {
        assert!(text.to_ascii_uppercase().contains(lot.as_str()), "the lot stands in the text");
    }
    Became::Accepted
}

/// A picture: what is found has a GTIN that holds, and a sticker names received lots alone.
pub(crate) fn picture_of_package(bytes: &[u8]) -> Became {
    let Some(frame) = picture(bytes) else { return Became::Refused };
    let findings = package::find(&frame, today());
    assert_eq!(findings, package::find(&frame, today()), "the same picture reads the same");
    assert_eq!(findings.capture, frame.capture());
    for found in &findings.found {
        assert_eq!(found.label.gtin.as_str().parse(), Ok(found.label.gtin));
    }
    let lots: Vec<LotNumber> = ["FF3620", "3004734"].iter().filter_map(|lot| lot.parse().ok()).collect();
    let named = sticker::find(&frame, &lots);
    assert!(named.iter().all(|lot| lots.contains(lot)), "only what was received is named");
    assert_eq!(named, sticker::find(&frame, &lots), "the same picture reads the same");
    Became::of(!findings.found.is_empty() || !named.is_empty())
}
