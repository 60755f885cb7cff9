//! The committed corpus: a folder for each target. Samples with a name were made or chosen by us and stay; those whose
//! name is a hash were found by the fuzzer, and of them only the few stay that reach most beyond ours.
//!
//! Must not: grow beyond what a test run does in seconds (`fuzz/tests/corpus.rs` holds it to that).

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use crate::{Failure, cargo::workspace};

/// Found samples of one target that are kept.
const MOST_FOUND: usize = 12;
/// A larger one is not kept, whatever it reaches.
const MOST_BYTES: u64 = 12_000;
/// libFuzzer tells apart this many counts of how often an edge was taken.
const COUNTS_OF_AN_EDGE: u64 = 8;

/// The edges of the program that each sample takes.
type Reached = BTreeMap<PathBuf, BTreeSet<u64>>;

/// Where a target's samples lie.
pub fn folder(target: &str) -> PathBuf {
    workspace().join("fuzz/corpus").join(target)
}

/// All targets, by the folders of their corpus.
///
/// # Errors
/// Where the corpus cannot be read.
pub fn targets() -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for entry in fs::read_dir(workspace().join("fuzz/corpus"))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Keeps the found samples that reach most, by the file that libFuzzer leaves of a merge; earlier ones have to be
/// chosen again to stay.
///
/// # Errors
/// Where a sample cannot be read, copied or taken away.
pub fn keep(target: &str, merge: &str) -> io::Result<()> {
    let mut reached = read(merge);
    reached
        .retain(|path, _| fs::metadata(path).is_ok_and(|file| file.len() <= MOST_BYTES || !is_found(path)));
    let chosen: BTreeSet<PathBuf> = chosen(&reached).into_iter().map(Path::to_owned).collect();
    for path in &chosen {
        let kept = folder(target).join(path.file_name().unwrap_or_default());
        if kept != *path {
            fs::copy(path, kept)?;
        }
    }
    let names: BTreeSet<_> = chosen.iter().filter_map(|path| path.file_name()).collect();
    for entry in fs::read_dir(folder(target))? {
        let path = entry?.path();
        if is_found(&path) && !path.file_name().is_some_and(|name| names.contains(name)) {
            fs::remove_file(path)?;
        }
    }
    println!("{target}: {} found samples kept of {}", chosen.len(), reached.len());
    Ok(())
}

/// libFuzzer's file of a merge: how many samples, a line on those that count as known, their names, then lines of words,
/// of which `FT` gives what one sample reaches.
fn read(merge: &str) -> Reached {
    let mut lines = merge.lines();
    let count = lines.next().and_then(|line| line.parse().ok()).unwrap_or(0);
    let names: Vec<PathBuf> = lines.by_ref().skip(1).take(count).map(PathBuf::from).collect();
    let features = |line: &str| {
        let mut words = line.strip_prefix("FT ")?.split(' ').filter_map(|word| word.parse::<u64>().ok());
        let name = names.get(usize::try_from(words.next()?).ok()?)?;
        Some((name.clone(), words.map(|feature| feature / COUNTS_OF_AN_EDGE).collect()))
    };
    lines.filter_map(features).collect()
}

/// Again and again the found sample that adds most to what is reached; ours have been there before.
fn chosen(reached: &Reached) -> Vec<&Path> {
    let (mut found, ours): (Vec<_>, Vec<_>) = reached.iter().partition(|(path, _)| is_found(path));
    let mut known: BTreeSet<u64> = ours.into_iter().flat_map(|(_, edges)| edges).copied().collect();
    let mut chosen = Vec::new();
    while chosen.len() < MOST_FOUND {
        let adds = |edges: &BTreeSet<u64>| edges.difference(&known).count();
        let Some(best) = (0..found.len()).max_by_key(|place| adds(found[*place].1)) else { break };
        let (path, edges) = found.swap_remove(best);
        if adds(edges) == 0 {
            break;
        }
        known.extend(edges);
        chosen.push(path.as_path());
    }
    chosen
}

/// libFuzzer names what it finds by its SHA-1.
fn is_found(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_samples_are_never_taken_for_found_ones() {
        assert!(is_found(Path::new("corpus/entry/da39a3ee5e6b4b0d3255bfef95601890afd80709")));
        assert!(!is_found(Path::new("corpus/entry/not-witnessed")));
        assert!(!is_found(Path::new("corpus/entry/da39a3ee")));
    }

    #[test]
    fn what_reaches_most_beyond_ours_is_chosen_first() {
        let found = |letter: &str| letter.repeat(40);
        let merge = format!(
            "4\n0\nkept/vaccination\nwork/{}\nwork/{}\nwork/{}\nSTARTED 0 9\nFT 0 8 16\nCOV 0 1\nFT 1 8 17\nFT 2 24\nFT 3 25 32\n",
            found("a"),
            found("b"),
            found("c"),
        );
        let reached = read(&merge);
        assert_eq!(reached[Path::new("kept/vaccination")], BTreeSet::from([1, 2]));
        // The first adds nothing to ours, the second nothing to the third.
        assert_eq!(chosen(&reached), [Path::new(&format!("work/{}", found("c")))]);
    }
}
