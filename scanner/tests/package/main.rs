//! The codes of packages under a simple camera: a floor of what must be read for each kind of code, and no misread.

#![expect(clippy::unwrap_used, reason = "what cannot be fails the test")]

mod photograph;
mod sticker;

use photograph::{Pose, Symbol};
use scanner::package::{self, Carrier};

/// A symbol's file, what it is, and whether it holds lot and expiry.
const SYMBOLS: [(&str, Carrier, bool); 8] = [
    ("datamatrix", Carrier::DataMatrix, true),
    ("gs1-128", Carrier::Gs1128, true),
    ("databar", Carrier::DataBar, false),
    ("databar-stacked", Carrier::DataBar, false),
    ("databar-expanded", Carrier::DataBarExpanded, true),
    ("databar-expanded-stacked", Carrier::DataBarExpanded, true),
    ("databar-limited", Carrier::DataBarLimited, false),
    ("databar-limited-composite", Carrier::DataBarLimited, true),
];

/// Turned by so many degrees, sharp and then a little blurred on a dark and noisy picture.
fn poses(degrees: &[f32]) -> Vec<Pose> {
    let clear = Pose { degrees: 0.0, scale: 1.0, blur: 0, levels: (40.0, 210.0), noise: 4.0 };
    let dim = Pose { scale: 0.8, blur: 1, levels: (60.0, 150.0), noise: 8.0, ..clear };
    degrees.iter().flat_map(|degrees| [clear, dim].map(|pose| Pose { degrees: *degrees, ..pose })).collect()
}

/// How many of the poses give all that the symbol holds; nothing else may be given in any.
fn times_read((name, carrier, holds_lot): (&str, Carrier, bool), poses: &[Pose]) -> usize {
    let symbol = Symbol::open(name);
    let whole = |pose: &&Pose| {
        let findings = package::find(&symbol.photographed(**pose), "2021-11-22".parse().unwrap());
        for found in &findings.found {
            let label = &found.label;
            assert_eq!((found.carrier, label.gtin.as_str()), (carrier, "04912345678904"), "{name} {pose:?}");
            assert!(
                label.lot.as_ref().is_none_or(|lot| holds_lot && lot.as_str() == "SAMPLE01"),
                "{found:?}"
            );
            assert!(
                label.expires_on.is_none_or(|day| holds_lot && day.to_string() == "2021-12-31"),
                "{found:?}"
            );
            assert!(!found.is_whole || label.lot.is_some() == holds_lot, "{name} {pose:?}: {found:?}");
        }
        findings.label().is_some_and(|label| {
            label.lot.is_some() == holds_lot && label.expires_on.is_some() == holds_lot && !label.lot_in_doubt
        })
    };
    poses.iter().filter(whole).count()
}

/// The symbols that were read less often than their floors say.
fn below(floors: [usize; SYMBOLS.len()], poses: &[Pose]) -> Vec<(&'static str, usize)> {
    let read = SYMBOLS.into_iter().map(|symbol| (symbol.0, times_read(symbol, poses)));
    read.zip(floors).filter(|((_, read), floor)| read < floor).map(|(symbol, _)| symbol).collect()
}

#[test]
fn codes_that_lie_straight_are_read_and_none_misread() {
    // Of eight. The borrowed readers of lines lose the blurred ones.
    assert_eq!(below([7, 4, 8, 4, 4, 4, 8, 8], &poses(&[0.0, 2.0, 90.0, 180.0])), []);
}

#[test]
fn codes_of_vials_are_read_however_they_are_turned() {
    // Of ten. The borrowed readers of lines are given the picture upright and aside, and nothing between.
    assert_eq!(below([8, 0, 0, 0, 0, 0, 10, 10], &poses(&[15.0, 47.0, 118.0, 268.0, 341.0])), []);
}

#[test]
fn a_lot_without_its_component_is_left_open() {
    // The linked bars alone, as where a thumb lies on what is printed above them.
    let symbol = Symbol::open("databar-limited-composite").with_light_above(0.55);
    let pose = Pose { degrees: 0.0, scale: 1.0, blur: 0, levels: (40.0, 210.0), noise: 4.0 };
    let findings = package::find(&symbol.photographed(pose), "2021-11-22".parse().unwrap());
    let [found] = &findings.found[..] else { panic!("{findings:?}") };
    assert_eq!((found.is_whole, &found.label.lot, found.label.expires_on), (false, &None, None));
}
