//! 記録の鎖: each entry's link covers the entry and the link before it, so that loss, reordering and
//! tampering show. Every hash begins with a domain of its own, so that none can stand for another.
//!
//! Must not: number entries; `store` does, in the transaction that keeps them.

use record::{
    Epoch, Position, TabletId,
    bytes::{EntryHash, Link, PublicKey},
};
use ring::digest::{Context, SHA256};

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

/// SHA-256 over `"vrs entry 1\0"` and the entry's bytes.
#[must_use]
pub fn entry_hash(entry: &[u8]) -> EntryHash {
    EntryHash(sha256(&[b"vrs entry 1\0", entry]))
}

/// What stands before the first entry of an epoch: SHA-256 over `"vrs epoch 1\0"`, the tablet's id, the epoch
/// (u32, big-endian) and the device's public key.
#[must_use]
pub fn genesis(tablet_id: TabletId, epoch: Epoch, device_key: &PublicKey) -> Link {
    let tablet = tablet_id.to_string();
    Link(sha256(&[b"vrs epoch 1\0", tablet.as_bytes(), b"\0", &epoch.number().to_be_bytes(), &device_key.0]))
}

/// The link at `position`: SHA-256 over `"vrs link 1\0"`, the link before, the position (u64, big-endian) and
/// the entry's hash.
#[must_use]
pub fn link(previous: &Link, position: Position, hash: &EntryHash) -> Link {
    Link(sha256(&[b"vrs link 1\0", &previous.0, &position.number().to_be_bytes(), &hash.0]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn head(entries: &[Vec<u8>]) -> Link {
        let start = genesis("131130-0017".parse().unwrap(), Epoch::FIRST, &PublicKey([1; 32]));
        entries.iter().enumerate().fold(start, |previous, (index, entry)| {
            link(&previous, Position::FIRST.plus(index as u64), &entry_hash(entry))
        })
    }

    proptest! {
        #[test]
        fn loss_reordering_and_tampering_show(
            entries in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..20), 2..8),
            at in any::<proptest::sample::Index>(),
        ) {
            let whole = head(&entries);
            let at = at.index(entries.len());
            let mut lost = entries.clone();
            lost.remove(at);
            prop_assert_ne!(head(&lost), whole);
            let mut altered = entries.clone();
            altered[at][0] ^= 1;
            prop_assert_ne!(head(&altered), whole);
            let mut swapped = entries.clone();
            swapped.swap(0, at);
            prop_assert_eq!(head(&swapped) == whole, swapped == entries);
        }
    }

    #[test]
    fn each_epoch_and_device_begins_a_chain_of_its_own() {
        let tablet = "131130-0017".parse().unwrap();
        let first = genesis(tablet, Epoch::FIRST, &PublicKey([1; 32]));
        assert_ne!(first, genesis(tablet, Epoch::FIRST.next(), &PublicKey([1; 32])));
        assert_ne!(first, genesis(tablet, Epoch::FIRST, &PublicKey([2; 32])));
        assert_ne!(first, genesis("131130-0018".parse().unwrap(), Epoch::FIRST, &PublicKey([1; 32])));
    }
}
