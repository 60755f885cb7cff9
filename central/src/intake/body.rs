//! The body of a batch: decompressed within a hard limit, taken apart, its chain computed again.
//!
//! Must not: look into an entry, or trust a size that the body itself names.

use std::{fmt, io::Read as _};

use record::{
    Position,
    bytes::{EntryHash, Link},
    wire::batch::{self, BatchError, BatchHeader},
};
use seal::chain;

/// zstd may ask for a window of at most 2 to this power, 8 MiB: what level 19 uses on input of any size.
const MOST_WINDOW_LOG: u32 = 23;

/// A batch whose head fits its entries.
#[derive(Debug, Clone)]
pub struct OpenedBatch {
    /// The header.
    pub header: BatchHeader,
    /// The entries, in order.
    pub entries: Vec<ChainedEntry>,
}

/// One entry with its place, its hash and its links, all computed here but for the first `previous` of each
/// segment.
#[derive(Clone, PartialEq, Eq)]
pub struct ChainedEntry {
    /// Its place in the chain.
    pub position: Position,
    /// Hash of its bytes.
    pub hash: EntryHash,
    /// The link before it.
    pub previous: Link,
    /// Its own link.
    pub link: Link,
    /// As it came.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for ChainedEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ChainedEntry({} {})", self.position.number(), self.hash)
    }
}

/// A body is not a batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Decompressed, it is larger than any batch.
    #[error("decompressed body is larger than any batch")]
    TooLarge,
    /// Not zstd, cut short, or with a window beyond all need.
    #[error("body is not zstd")]
    NotZstd,
    /// Not a batch.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// A position beyond what a register can number.
    #[error("position beyond all numbers")]
    Position,
    /// The header's head is not the link of the last entry.
    #[error("head does not fit the entries")]
    Head,
}

/// Opens the body of `POST /v1/batches`. Never takes more memory than the largest batch and zstd's window.
///
/// # Errors
/// [`BodyError`].
pub fn open_body(compressed: &[u8]) -> Result<OpenedBatch, BodyError> {
    let plain = decompress(compressed)?;
    let opened = batch::decode(&plain)?;
    // Positions cross the network as bare numbers; the type's own limit is not checked there.
    if Position::new(opened.header.last_position.number()).is_none() {
        return Err(BodyError::Position);
    }
    let entries = chained(&opened.header, &opened.entries);
    if entries.last().is_none_or(|last| last.link != opened.header.head) {
        return Err(BodyError::Head);
    }
    Ok(OpenedBatch { header: opened.header, entries })
}

fn decompress(compressed: &[u8]) -> Result<Vec<u8>, BodyError> {
    let mut decoder = zstd::Decoder::with_buffer(compressed).map_err(|_| BodyError::NotZstd)?;
    decoder.window_log_max(MOST_WINDOW_LOG).map_err(|_| BodyError::NotZstd)?;
    let most = batch::MOST_BYTES as u64 + 1;
    let mut plain = Vec::new();
    decoder.take(most).read_to_end(&mut plain).map_err(|_| BodyError::NotZstd)?;
    if plain.len() > batch::MOST_BYTES { Err(BodyError::TooLarge) } else { Ok(plain) }
}

fn chained(header: &BatchHeader, entries: &[&[u8]]) -> Vec<ChainedEntry> {
    let mut entries = entries.iter();
    let mut out = Vec::with_capacity(entries.len());
    for segment in &header.segments {
        let mut previous = segment.previous;
        for (step, bytes) in entries.by_ref().take(segment.count as usize).enumerate() {
            let position = segment.first.plus(step as u64);
            let hash = chain::entry_hash(bytes);
            let link = chain::link(&previous, position, &hash);
            out.push(ChainedEntry { position, hash, previous, link, bytes: bytes.to_vec() });
            previous = link;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use record::{Epoch, wire::batch::Segment};

    fn header(segments: Vec<Segment>, last: u64, head: Link) -> BatchHeader {
        BatchHeader {
            version: batch::VERSION,
            tablet_id: "131130-0017".parse().unwrap(),
            epoch: Epoch::FIRST,
            last_position: serde_json::from_value(last.into()).unwrap(),
            clock_offset_ms: 0,
            program: "0.1.0".to_owned(),
            set_aside: Vec::new(),
            segments,
            head,
        }
    }
    fn segment(first: u64, count: u32) -> Segment {
        Segment { first: serde_json::from_value(first.into()).unwrap(), count, previous: Link([1; 32]) }
    }
    fn body(header: &BatchHeader, entries: &[&[u8]]) -> Vec<u8> {
        zstd::encode_all(batch::encode(header, entries.iter().copied()).as_slice(), 3).unwrap()
    }

    #[test]
    fn every_link_is_computed_again_and_the_head_must_fit() {
        let hash = chain::entry_hash(b"{}");
        let first = Position::new(5).unwrap();
        let five = chain::link(&Link([1; 32]), first, &hash);
        let six = chain::link(&five, first.plus(1), &hash);
        let opened = open_body(&body(&header(vec![segment(5, 2)], 9, six), &[b"{}", b"{}"])).unwrap();
        assert_eq!(opened.entries[1].previous, five);
        assert_eq!(opened.entries[1].link, six);
        let wrong = body(&header(vec![segment(5, 2)], 9, five), &[b"{}", b"{}"]);
        assert_eq!(open_body(&wrong).err(), Some(BodyError::Head));
    }

    #[test]
    fn a_bomb_ends_at_the_limit() {
        let zeros = vec![b' '; 64 << 20];
        let bomb = zstd::encode_all(zeros.as_slice(), 19).unwrap();
        assert!(bomb.len() < 16 << 10, "{} bytes", bomb.len());
        assert_eq!(open_body(&bomb).err(), Some(BodyError::TooLarge));
    }

    #[test]
    fn a_window_beyond_all_need_is_refused() {
        let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
        encoder.window_log(27).unwrap();
        std::io::Write::write_all(&mut encoder, &vec![b' '; 1 << 20]).unwrap();
        assert_eq!(open_body(&encoder.finish().unwrap()).err(), Some(BodyError::NotZstd));
    }

    #[test]
    fn what_is_no_batch_says_why() {
        for (body, why) in [
            (b"{}".to_vec(), BodyError::NotZstd),
            (zstd::encode_all(&b""[..], 3).unwrap(), BodyError::Batch(BatchError::Header)),
            (
                body(&header(vec![segment(1, 1)], 9, Link([0; 32])), &[]),
                BodyError::Batch(BatchError::Segments),
            ),
            (
                body(&header(vec![segment(u64::MAX, 1)], u64::MAX, Link([0; 32])), &[b"{}"]),
                BodyError::Position,
            ),
        ] {
            assert_eq!(open_body(&body).err(), Some(why));
        }
        let whole = body(&header(vec![segment(1, 1)], 9, Link([0; 32])), &[b"{}"]);
        for length in 0..whole.len() {
            assert!(open_body(&whole[..length]).is_err());
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_batch_or_a_reason(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = open_body(&bytes);
            let _ = open_body(&zstd::encode_all(bytes.as_slice(), 3).unwrap());
        }
    }
}
