//! The links of a ledger that is only added to: each covers its line and the link before.
//!
//! Must not: keep the ledger.

use record::bytes::Link;

use crate::digest::Sha256;

/// SHA-256 over `"vrs envelope ledger 1\0"`, the link before (none: nothing) and the line.
#[must_use]
pub fn ledger_link(previous: Option<&Link>, line: &[u8]) -> Link {
    let mut digest = Sha256::default();
    digest.update(b"vrs envelope ledger 1\0");
    digest.update(previous.map_or(&[][..], |link| &link.0));
    digest.update(line);
    Link(digest.finish())
}
