//! Cryptography in one room: only `seal` names a primitive. Where a connection is made, the crates that make it are
//! named too, and `rustls` itself only to install its provider or to tell its errors apart.
//!
//! Must not: judge whether a primitive is used rightly; that is `seal`'s own tests.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::manifests::Manifest;

const ROOM: &str = "seal";

/// Primitives, formats of keys and TLS; a crate whose name goes on after a dash is of the same kind (`aes-gcm`).
const PRIMITIVES: [&str; 53] = [
    "aead",
    "aes",
    "age",
    "argon2",
    "aws-lc-fips-sys",
    "aws-lc-rs",
    "aws-lc-sys",
    "bcrypt",
    "blake2",
    "blake3",
    "chacha20",
    "chacha20poly1305",
    "crypto",
    "ctr",
    "curve25519",
    "der",
    "digest",
    "dryoc",
    "ecdsa",
    "ed25519",
    "elliptic-curve",
    "hkdf",
    "hmac",
    "hpke",
    "josekit",
    "jsonwebtoken",
    "libsodium",
    "md5",
    "native-tls",
    "openssl",
    "orion",
    "p256",
    "p384",
    "pbkdf2",
    "pkcs1",
    "pkcs5",
    "pkcs8",
    "poly1305",
    "rcgen",
    "ring",
    "rsa",
    "rustls",
    "salsa20",
    "scrypt",
    "sha1",
    "sha2",
    "sha3",
    "sodiumoxide",
    "tokio-native-tls",
    "tokio-openssl",
    "tokio-rustls",
    "webpki",
    "x25519",
];

/// The crates that make connections, and who may name them.
const CONNECTIONS: [(&str, &[&str]); 6] = [
    ("rustls", &["app", "central", "scribe", "sync", "tests"]),
    ("reqwest", &["central", "sync", "tests"]),
    ("axum-server", &["central"]),
    ("tokio-postgres", &["central"]),
    ("tokio-postgres-rustls", &["central"]),
    // The measurement's own client.
    ("tokio-rustls", &["central"]),
];

/// What a room that is not `seal` may say of `rustls`, and where.
const OF_RUSTLS: [(&str, &str); 3] = [
    ("rustls::crypto::ring::default_provider()", ""),
    // Tells an answer of somebody else from a broken line.
    ("rustls::Error", "sync"),
    // What `seal` makes is handed to a server that answers in the central's place.
    ("rustls::ServerConfig", "tests"),
];

fn is_primitive(name: &str) -> bool {
    PRIMITIVES.iter().any(|known| {
        name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
    })
}

/// Every primitive or connection named in a manifest that may not name it.
pub fn forbidden(manifests: &[Manifest]) -> Vec<String> {
    let mut wrong = Vec::new();
    for manifest in manifests.iter().filter(|manifest| manifest.name != ROOM) {
        for used in &manifest.uses {
            let connection = CONNECTIONS.iter().find(|(name, _)| *name == used.name);
            let is_allowed = match connection {
                Some((_, rooms)) => rooms.contains(&manifest.name.as_str()),
                None => !is_primitive(&used.name),
            };
            if !is_allowed {
                wrong.push(format!("{} → {}: cryptography is seal's alone", manifest.name, used.name));
            }
        }
    }
    wrong
}

/// Every line of a room's own sources that says more of `rustls` than it may.
///
/// # Errors
/// Where a source cannot be read.
pub fn provider_only(manifests: &[Manifest]) -> io::Result<Vec<String>> {
    let mut wrong = Vec::new();
    for manifest in manifests.iter().filter(|manifest| manifest.name != ROOM && manifest.name != "xtask") {
        for file in sources(&manifest.folder.join("src"))? {
            let text = fs::read_to_string(&file)?;
            for line in text.lines().filter(|line| says_too_much(&manifest.name, line)) {
                wrong.push(format!("{}: {}: rustls is seal's", file.display(), line.trim()));
            }
        }
    }
    Ok(wrong)
}

fn says_too_much(room: &str, line: &str) -> bool {
    let line = line.trim_start();
    if line.starts_with("//") {
        return false;
    }
    let begins_a_word = |at: usize| {
        !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':')
    };
    let is_allowed = |rest: &str| {
        // A line break may stand before the call.
        OF_RUSTLS.iter().any(|(said, whose)| {
            (whose.is_empty() || *whose == room)
                && (rest.starts_with(said) || said.starts_with(rest.trim_end()))
        })
    };
    line.match_indices("rustls::").any(|(at, _)| begins_a_word(at) && !is_allowed(&line[at..]))
        || line.starts_with("use rustls")
}

fn sources(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return Ok(found) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::manifests::Use;

    fn uses(room: &str, name: &str) -> Vec<String> {
        let used = Use { name: name.to_owned(), is_room: false, is_in_tests: false };
        forbidden(&[Manifest { name: room.to_owned(), folder: PathBuf::new(), uses: vec![used] }])
    }

    #[test]
    fn only_seal_names_a_primitive() {
        for name in [
            "ring",
            "age",
            "argon2",
            "aes-gcm",
            "sha2",
            "ed25519-dalek",
            "rustls-webpki",
            "openssl-sys",
            "chacha20poly1305",
        ] {
            assert_eq!(uses("store", name).len(), 1, "{name}");
            assert_eq!(uses("seal", name).len(), 0, "{name}");
        }
        for name in
            ["serde", "agent", "ringbuf", "digestible", "zeroize", "derive_more", "rand_chacha", "rusqlite"]
        {
            assert_eq!(uses("store", name).len(), 0, "{name}");
        }
    }

    #[test]
    fn connections_are_named_where_they_are_made() {
        assert_eq!(uses("sync", "rustls").len(), 0);
        assert_eq!(uses("store", "rustls").len(), 1);
        assert_eq!(uses("app", "reqwest").len(), 1);
        assert_eq!(uses("sync", "axum-server").len(), 1);
    }

    #[test]
    fn of_rustls_only_the_provider_is_said() {
        for fine in [
            "let _ = rustls::crypto::ring::default_provider().install_default();",
            "    rustls::crypto::ring::default_provider()",
            "// rustls::ClientConfig would be too much",
            "axum_server::tls_rustls::RustlsConfig",
        ] {
            assert!(!says_too_much("app", fine), "{fine}");
        }
        for much in
            ["rustls::ClientConfig::builder()", "use rustls::pki_types::PrivateKeyDer;", "rustls::Error"]
        {
            assert!(says_too_much("app", much), "{much}");
        }
        assert!(!says_too_much("sync", "error.downcast_ref::<rustls::Error>().is_some()"));
    }
}
