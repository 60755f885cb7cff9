//! The workspace's manifests as cargo itself reads them: who uses what, and only in tests or always.
//!
//! Must not: judge.

use std::path::PathBuf;

use serde_json::Value;

use crate::{Failure, cargo::cargo};

/// One member of the workspace.
#[derive(Debug)]
pub struct Manifest {
    /// Its name.
    pub name: String,
    /// Where it lies.
    pub folder: PathBuf,
    /// What it uses, in any way: optional, for one platform, while building, in tests.
    pub uses: Vec<Use>,
}

/// One dependency.
#[derive(Debug)]
pub struct Use {
    /// The package's own name, whatever it is called where it is used.
    pub name: String,
    /// Whether it is a member of the workspace.
    pub is_room: bool,
    /// Whether tests alone use it.
    pub is_in_tests: bool,
}

/// Reads every member's manifest.
///
/// # Errors
/// Where cargo cannot.
pub fn read() -> Result<Vec<Manifest>, Failure> {
    let output = cargo(&["metadata", "--format-version=1", "--no-deps", "--offline"]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().into());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    parse(&metadata).ok_or_else(|| "cargo metadata has another form than expected".into())
}

fn parse(metadata: &Value) -> Option<Vec<Manifest>> {
    metadata.get("packages")?.as_array()?.iter().map(manifest).collect()
}

fn manifest(package: &Value) -> Option<Manifest> {
    let uses = package.get("dependencies")?.as_array()?.iter().map(|dependency| {
        Some(Use {
            name: dependency.get("name")?.as_str()?.to_owned(),
            // Only members are named by path; everything else comes from the registry.
            is_room: dependency.get("path").is_some_and(Value::is_string),
            is_in_tests: dependency.get("kind").and_then(Value::as_str) == Some("dev"),
        })
    });
    let file = PathBuf::from(package.get("manifest_path")?.as_str()?);
    Some(Manifest {
        name: package.get("name")?.as_str()?.to_owned(),
        folder: file.parent()?.to_owned(),
        uses: uses.collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_renamed_optional_or_build_dependency_is_seen_for_what_it_is() {
        let metadata = json!({"packages": [{
            "name": "store", "manifest_path": "/house/store/Cargo.toml", "dependencies": [
                {"name": "sync", "rename": "harmless", "path": "/house/sync", "kind": null, "optional": true},
                {"name": "tempfile", "kind": "dev", "source": "registry"},
                {"name": "cc", "kind": "build", "target": "cfg(unix)", "source": "registry"},
            ],
        }]});
        let manifests = parse(&metadata).unwrap();
        assert_eq!(manifests[0].folder, PathBuf::from("/house/store"));
        let seen: Vec<_> =
            manifests[0].uses.iter().map(|it| (it.name.as_str(), it.is_room, it.is_in_tests)).collect();
        assert_eq!(seen, [("sync", true, false), ("tempfile", false, true), ("cc", false, false)]);
        assert!(parse(&json!({"packages": [{"name": "store"}]})).is_none());
    }
}
