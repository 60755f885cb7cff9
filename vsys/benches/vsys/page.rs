//! The page `docs/benchmarks/vsys.md`: several programs write it, each the part under its own heading.
//!
//! Must not: touch another's part.

use std::path::Path;

const HEAD: &str =
    "# Vaccine stock\n\nWritten by `cargo xtask bench vsys`, each part by the program that measures it.\n";

/// Puts a part, which begins with its heading of the second level, in the place of the one with that heading, or at the end.
/// The path is one in the workspace.
pub(crate) fn put(path: &str, part: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(path);
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    std::fs::write(path, merged(&before, part)).unwrap();
}

fn merged(before: &str, part: &str) -> String {
    let heading = part.lines().next().unwrap();
    let mut parts: Vec<&str> = before.split("\n## ").skip(1).map(str::trim_end).collect();
    let name = heading.strip_prefix("## ").unwrap();
    let own = part.strip_prefix("## ").unwrap().trim_end();
    match parts.iter_mut().find(|other| other.lines().next() == Some(name)) {
        Some(other) => *other = own,
        None => parts.push(own),
    }
    let parts: String = parts.iter().map(|part| format!("\n## {part}\n")).collect();
    format!("{HEAD}{parts}")
}
