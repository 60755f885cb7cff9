//! The committed corpus: a folder for each target. Samples with a name were made or chosen by us and stay; those whose
//! name is a hash were found by the fuzzer.
//!
//! Must not: grow beyond what a test run does in seconds (`fuzz/tests/corpus.rs` holds it to that).

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{Failure, cargo::workspace};

const MOST_FILES: usize = 40;
const MOST_BYTES: u64 = 200_000;

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

/// Takes away what was found beyond the limits, the largest first.
///
/// # Errors
/// Where a sample cannot be read or taken away.
pub fn prune(target: &str) -> io::Result<()> {
    let mut samples = Vec::new();
    for entry in fs::read_dir(folder(target))? {
        let entry = entry?;
        samples.push((is_found(&entry.path()), entry.metadata()?.len(), entry.path()));
    }
    // Ours before those that were found, small before large.
    samples.sort();
    let (mut files, mut bytes) = (0, 0);
    for (is_found, length, path) in samples {
        if is_found && (files >= MOST_FILES || bytes + length > MOST_BYTES) {
            fs::remove_file(path)?;
            continue;
        }
        files += 1;
        bytes += length;
    }
    println!("{target}: {files} samples, {bytes} bytes");
    Ok(())
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
}
