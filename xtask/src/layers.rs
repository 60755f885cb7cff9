//! The layer test: which room may know which (`docs/architecture.md`). Reads the manifests and names every arrow
//! that is not allowed.
//!
//! Must not: be loosened to let one change through; a new arrow is a decision and is drawn in the map as well.

mod cryptography;
mod manifests;

use manifests::{Manifest, Use};

use crate::Failure;

/// What one room may use.
struct Room {
    name: &'static str,
    rooms: Rooms,
    /// Rooms its tests may use beyond those.
    rooms_in_tests: &'static [&'static str],
    /// Where a room must stay small: the only crates from outside it may use.
    crates: Option<&'static [&'static str]>,
}

enum Rooms {
    These(&'static [&'static str]),
    /// Whole-system tests see everything.
    Any,
}

const fn room(name: &'static str, rooms: &'static [&'static str]) -> Room {
    Room { name, rooms: Rooms::These(rooms), rooms_in_tests: &[], crates: None }
}

const ROOMS: [Room; 18] = [
    room("record", &[]),
    room("seal", &["record"]),
    Room { rooms_in_tests: &["sheets"], ..room("scanner", &["record"]) },
    room("sheets", &["record"]),
    room("store", &["record", "seal"]),
    room("sync", &["record", "seal", "store"]),
    Room { crates: Some(&["slint", "slint-build"]), ..room("ui", &[]) },
    room("app", &["record", "seal", "scanner", "sheets", "store", "sync", "ui"]),
    // Rules of stock alone: whoever keeps and shows it lies above.
    Room {
        crates: Some(&["ac-library-rs", "proptest", "rstar", "serde", "thiserror"]),
        ..room("vsys", &["record"])
    },
    room("central", &["record", "seal", "vsys"]),
    // For a computer without a network or rights: no server, no database, no system library.
    Room {
        crates: Some(&["lexopt", "rpassword", "serde", "serde_json", "tempfile", "winsafe", "zeroize"]),
        ..room("envelope", &["record", "seal"])
    },
    Room { rooms: Rooms::Any, ..room("tests", &[]) },
    Room { rooms: Rooms::Any, ..room("fuzz", &[]) },
    // A tablet that ends itself, for tests only.
    Room { rooms: Rooms::Any, ..room("scribe", &[]) },
    // Judge the reader alone, so that they build without the tablet.
    room("misread", &["record", "scanner", "sheets"]),
    room("peers", &["record", "scanner", "sheets"]),
    // A camera for tests only: `tests` may use it because it may use anything.
    room("fakecam", &[]),
    // Must build in seconds on a machine that has cargo and a linker.
    Room { crates: Some(&["lexopt", "serde_json"]), ..room("xtask", &[]) },
];

/// Checks the workspace.
///
/// # Errors
/// Every arrow that is not allowed, a line each.
pub fn check() -> Result<(), Failure> {
    let manifests = manifests::read()?;
    let mut wrong = forbidden(&manifests);
    wrong.extend(cryptography::forbidden(&manifests));
    wrong.extend(cryptography::provider_only(&manifests)?);
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn forbidden(manifests: &[Manifest]) -> Vec<String> {
    let mut wrong = Vec::new();
    for manifest in manifests {
        let name = manifest.name.as_str();
        let Some(room) = ROOMS.iter().find(|room| room.name == name) else {
            wrong.push(format!("{name}: the layer test knows no such room; draw it in xtask/src/layers.rs"));
            continue;
        };
        wrong.extend(
            manifest
                .uses
                .iter()
                .filter(|used| !room.allows(used))
                .map(|used| format!("{name} → {}: not an arrow of the map", used.name)),
        );
    }
    wrong
}

impl Room {
    fn allows(&self, used: &Use) -> bool {
        let name = used.name.as_str();
        if !used.is_room {
            return self.crates.is_none_or(|crates| crates.contains(&name));
        }
        match self.rooms {
            Rooms::Any => true,
            Rooms::These(rooms) => {
                rooms.contains(&name) || (used.is_in_tests && self.rooms_in_tests.contains(&name))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(name: &str, uses: &[(&str, bool)]) -> Manifest {
        let uses = uses.iter().map(|(used, is_in_tests)| Use {
            name: (*used).to_owned(),
            is_room: ROOMS.iter().any(|room| room.name == *used) || *used == "shed",
            is_in_tests: *is_in_tests,
        });
        Manifest { name: name.to_owned(), folder: name.into(), uses: uses.collect() }
    }

    #[test]
    fn the_map_is_allowed() {
        let sound = [
            manifest("record", &[("serde", false)]),
            manifest("scanner", &[("record", false), ("sheets", true)]),
            manifest("app", &[("store", false), ("ui", false), ("nokhwa", false)]),
            manifest("tests", &[("central", false), ("app", false)]),
            manifest("ui", &[("slint", false)]),
        ];
        assert_eq!(forbidden(&sound), Vec::<String>::new());
    }

    #[test]
    fn every_other_arrow_is_named() {
        for (from, to, is_in_tests) in [
            ("record", "seal", false),
            ("record", "sheets", true),
            ("scanner", "sheets", false),
            ("store", "sync", false),
            ("central", "store", false),
            ("central", "app", true),
            ("ui", "record", false),
            ("ui", "image", false),
            ("xtask", "record", false),
            ("xtask", "clap", false),
            ("fakecam", "app", false),
            ("app", "envelope", false),
            ("envelope", "central", true),
            ("envelope", "rusqlite", false),
            ("vsys", "seal", false),
            ("vsys", "tokio", false),
            ("app", "shed", false),
        ] {
            let wrong = forbidden(&[manifest(from, &[(to, is_in_tests)])]);
            assert_eq!(wrong.len(), 1, "{from} → {to}");
            assert!(wrong[0].contains(to));
        }
    }

    #[test]
    fn a_room_that_is_not_on_the_map_is_named() {
        assert!(forbidden(&[manifest("shed", &[])])[0].contains("no such room"));
    }

    #[test]
    fn no_arrow_of_the_map_runs_back_up() {
        for (place, room) in ROOMS.iter().enumerate() {
            let Rooms::These(used) = room.rooms else { continue };
            for name in used {
                let below = ROOMS.iter().position(|other| other.name == *name).unwrap();
                assert!(below < place, "{} → {name}", room.name);
            }
        }
    }
}
