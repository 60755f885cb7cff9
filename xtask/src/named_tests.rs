//! The tests that documents name: docs/legal.md and docs/security.md promise that each exists.
//!
//! Must not: run them; `check` does.

#![cfg(test)]

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every source of a room.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            sources(&path, found);
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
}

/// What stands between backticks and reads as the name of a test: at least three words. An ellipsis stands for the rest.
fn named(document: &str) -> Vec<&str> {
    let is_name = |text: &&str| {
        let plain = text.trim_matches('…').trim_matches('_');
        plain.matches('_').count() >= 3
            && plain.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    document.split('`').skip(1).step_by(2).filter(is_name).collect()
}

#[test]
fn every_test_that_a_document_names_exists() {
    let mut files = Vec::new();
    sources(&root(), &mut files);
    let all: String = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let mut looked_at = 0;
    for document in ["legal.md", "security.md"] {
        let text = fs::read_to_string(root().join("docs").join(document)).unwrap();
        for name in named(&text) {
            looked_at += 1;
            let wanted = match name.strip_suffix('…') {
                Some(beginning) => format!("fn {beginning}"),
                None => format!("fn {name}("),
            };
            let is_there = match name.strip_prefix('…') {
                Some(end) => all.contains(&format!("{end}(")),
                None => all.contains(&wanted),
            };
            assert!(is_there, "{document} names {name}, and no test is called that");
        }
    }
    assert!(looked_at > 30, "the documents were read: {looked_at}");
}
