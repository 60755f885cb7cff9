//! The corpus: every committed sample through its target, in every test run.
//!
//! Must not: search; `cargo xtask fuzz` does.

#![expect(clippy::unwrap_used, reason = "what cannot be fails the test")]

use std::{collections::BTreeSet, fs, path::PathBuf};

use fuzz::{Became, TARGETS, Target, seeds};

/// Targets of what the tablet program itself parses: their folders are there also where it is not built in.
const OF_THE_TABLET: [&str; 2] = ["frame", "tablet_files"];
const MOST_FILES: usize = 40;
const MOST_BYTES: usize = 200_000;

fn folder(target: &Target) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name)
}

fn corpus(target: &Target) -> Vec<(String, Vec<u8>)> {
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
    };
    let mut files: Vec<_> = fs::read_dir(folder(target)).unwrap().map(read).collect();
    files.sort();
    files
}

#[test]
fn every_sample_keeps_what_its_target_asserts() {
    for target in TARGETS {
        let mut became = Vec::new();
        for (name, bytes) in corpus(target) {
            println!("{}/{name}", target.name);
            let result = (target.run)(&bytes);
            assert!(!name.starts_with("not-") || result == Became::Refused, "{}/{name} passed", target.name);
            became.push(result);
        }
        // A target whose corpus never gets past the door, or is never turned away, tests little.
        assert!(became.contains(&Became::Accepted), "{}: nothing is accepted", target.name);
        assert!(became.contains(&Became::Refused), "{}: nothing is refused", target.name);
    }
}

#[test]
fn valid_samples_are_in_the_corpus_and_still_valid() {
    for seed in seeds::all() {
        let target = fuzz::find(seed.target).unwrap();
        let expected = if seed.name.starts_with("not-") { Became::Refused } else { Became::Accepted };
        assert_eq!((target.run)(&seed.bytes), expected, "{}/{}", seed.target, seed.name);
        let kept = fs::read(folder(target).join(&seed.name)).unwrap_or_default();
        assert!(
            seed.is_drawn || kept == seed.bytes,
            "cargo xtask fuzz --seeds: {}/{}",
            seed.target,
            seed.name
        );
    }
}

#[test]
fn the_corpus_is_small_and_every_folder_has_a_target() {
    for target in TARGETS {
        let files = corpus(target);
        assert!(files.len() <= MOST_FILES, "{}: {} files", target.name, files.len());
        let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(bytes <= MOST_BYTES, "{}: {bytes} bytes", target.name);
    }
    let built: BTreeSet<&str> = TARGETS.iter().map(|target| target.name).collect();
    let is_tablet_built = OF_THE_TABLET.map(|name| built.contains(name));
    assert_eq!(is_tablet_built, [cfg!(feature = "tablet"); 2]);
    let names: BTreeSet<String> = built.into_iter().chain(OF_THE_TABLET).map(str::to_owned).collect();
    let folders = fs::read_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus")).unwrap();
    let folders: BTreeSet<String> =
        folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(folders, names);
}
