//! 包装: the codes on a vaccine's package become a [`PackageLabel`]: GTIN, lot and expiry for the day's settings; the
//! text of a lot's sticker helps to choose one.
//!
//! Read only when staff ask for it, never beside a coupon. Must not: weigh a label against the day's settings, or take
//! one for a person's number.

mod borrowed;
mod composite;
pub mod gs1;
mod label;
mod limited;
mod scan_line;
mod size;
pub mod sticker;
mod widths;

use record::CalendarDate;

use crate::frame::{CaptureId, Frame};
use gs1::Separators;
pub use label::{Gtin, NotAGtin, PackageLabel};

/// Symbols of DataBar Limited whose component is looked for in one picture; a package has one.
const MOST_LIMITED: usize = 4;

/// The symbol that held a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carrier {
    /// GS1 DataMatrix.
    DataMatrix,
    /// GS1-128.
    Gs1128,
    /// GS1 DataBar Omnidirectional, Truncated or Stacked; holds a GTIN alone.
    DataBar,
    /// GS1 DataBar Expanded, also stacked.
    DataBarExpanded,
    /// GS1 DataBar Limited, with what the composite component above it adds.
    DataBarLimited,
}

/// One symbol on a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which symbol.
    pub carrier: Carrier,
    /// What it holds.
    pub label: PackageLabel,
    /// Whether that is all: the symbol may say that a component with more stands above it, which was not read.
    pub is_whole: bool,
}

/// What one frame shows of packages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageFindings {
    /// The frame.
    pub capture: CaptureId,
    /// Every symbol that was read, each label once.
    pub found: Vec<Found>,
}

impl PackageFindings {
    /// The label of the package in view, put together from all its symbols; `None` where nothing was read or two
    /// symbols contradict each other, as those of two packages do.
    #[must_use]
    pub fn label(&self) -> Option<PackageLabel> {
        let (first, others) = self.found.split_first()?;
        others.iter().try_fold(first.label.clone(), |whole, other| whole.joined(&other.label))
    }
}

/// Looks for the codes of packages. `today` decides the century of an expiry. Takes many times as long as
/// [`crate::read`]: some tenth of a second, and up to a second for a large picture full of bars.
///
/// A DataBar has no more than a check sum of 79 to 211 values behind it: take a label when two pictures in a row hold
/// the same.
#[must_use]
pub fn find(frame: &Frame, today: CalendarDate) -> PackageFindings {
    let shrunk = size::bounded(frame.pixels());
    let pixels = shrunk.pixels();
    let limited = limited::search::find(pixels);
    let limited = limited.iter().take(MOST_LIMITED).filter_map(|crossings| {
        let number = crossings.first()?.number;
        let gtin = format!("01{}", Gtin::from_first_13(number.gtin)?);
        let component = if number.is_linked { composite::read(pixels, crossings) } else { None };
        let is_whole = component.is_some() || !number.is_linked;
        let text = gtin + &component.unwrap_or_default();
        Some(Read { carrier: Carrier::DataBarLimited, text, is_whole })
    });
    let mut found: Vec<Found> = Vec::new();
    for Read { carrier, text, is_whole } in limited.chain(borrowed::find(pixels)) {
        let Ok(label) = gs1::parse(&text, Separators::Kept, today) else { continue };
        if found.iter().all(|other| other.label != label) {
            found.push(Found { carrier, label, is_whole });
        }
    }
    PackageFindings { capture: frame.capture(), found }
}

/// The element string of one symbol, and whether nothing is missing from it.
#[derive(PartialEq, Eq)]
struct Read {
    carrier: Carrier,
    text: String,
    is_whole: bool,
}
