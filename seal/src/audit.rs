//! 操作の記録の鎖: each line of a municipality's audit covers all that it says and the line before, so that loss, reordering
//! and tampering show.
//!
//! Must not: know what a line says; it is bytes here.

use record::MunicipalityCode;

use crate::digest::Sha256;

/// SHA-256 at a place of the chain.
pub type AuditLink = [u8; 32];

/// Everything that a line's link covers, beside the line before.
#[derive(Debug, Clone, Copy)]
pub struct Covered<'a> {
    /// 1, 2, 3 … of its municipality.
    pub position: u64,
    /// Unix milliseconds.
    pub recorded_at_ms: i64,
    /// The account that did it.
    pub account: &'a str,
    /// What kind of thing was done.
    pub kind: &'a str,
    /// What it says.
    pub content: &'a [u8],
    /// The keyed mark of the person it is about.
    pub person: Option<&'a [u8]>,
    /// Who that is, sealed.
    pub sealed: Option<&'a [u8]>,
}

/// What stands before the first line of a municipality: SHA-256 over `"vrs audit chain 1\0"` and its code.
#[must_use]
pub fn genesis(municipality: MunicipalityCode) -> AuditLink {
    let mut digest = Sha256::default();
    digest.update(b"vrs audit chain 1\0");
    digest.update(municipality.to_digits());
    digest.finish()
}

/// The link of a line: SHA-256 over `"vrs audit line 1\0"`, the link before, and each field with its length, so that no two
/// lines read the same.
#[must_use]
pub fn link(previous: &AuditLink, line: Covered<'_>) -> AuditLink {
    let mut digest = Sha256::default();
    digest.update(b"vrs audit line 1\0");
    digest.update(previous);
    digest.update(&line.position.to_be_bytes());
    digest.update(&line.recorded_at_ms.to_be_bytes());
    let fields = [
        Some(line.account.as_bytes()),
        Some(line.kind.as_bytes()),
        Some(line.content),
        line.person,
        line.sealed,
    ];
    for field in fields {
        match field {
            Some(bytes) => {
                digest.update(&[1]);
                digest.update(&(bytes.len() as u64).to_be_bytes());
                digest.update(bytes);
            }
            None => digest.update(&[0]),
        }
    }
    digest.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: Covered<'_> = Covered {
        position: 1,
        recorded_at_ms: 2,
        account: "staff-1",
        kind: "person_shown",
        content: b"{}",
        person: Some(&[1; 16]),
        sealed: None,
    };

    #[test]
    fn every_field_and_the_line_before_are_covered() {
        let (shibuya, chiyoda) = (genesis("131130".parse().unwrap()), genesis("131016".parse().unwrap()));
        assert_ne!(shibuya, chiyoda);
        let whole = link(&shibuya, LINE);
        assert_eq!(whole, link(&shibuya, LINE));
        let others = [
            link(&chiyoda, LINE),
            link(&shibuya, Covered { position: 2, ..LINE }),
            link(&shibuya, Covered { recorded_at_ms: 3, ..LINE }),
            link(&shibuya, Covered { account: "staff-2", ..LINE }),
            link(&shibuya, Covered { kind: "looked_up", ..LINE }),
            link(&shibuya, Covered { content: b"[]", ..LINE }),
            link(&shibuya, Covered { person: None, ..LINE }),
            link(&shibuya, Covered { sealed: Some(&[1; 16]), ..LINE }),
            link(&shibuya, Covered { person: None, sealed: Some(&[1; 16]), ..LINE }),
            // What moves from one field to the next is another line.
            link(&shibuya, Covered { account: "staff-1p", kind: "erson_shown", ..LINE }),
        ];
        assert!(others.iter().all(|other| *other != whole));
    }
}
