//! An entry batch: one line of header, then the entries' own bytes, a line each, untouched.
//!
//! Must not: compress or sign; the bytes made here are what both of those work on.

use serde::{Deserialize, Serialize};

use crate::{
    bytes::Link,
    entry,
    identity::{Epoch, Position, TabletId},
};

/// The most entries in one batch.
pub const MOST_ENTRIES: usize = 200;
/// The most bytes of a batch before compression.
pub const MOST_BYTES: usize = MOST_ENTRIES * (entry::MOST_BYTES + 1) + 64 * 1024;
/// The most databases a tablet may have set aside.
pub const MOST_SET_ASIDE: usize = 64;
/// The version of the header.
pub const VERSION: u16 = 1;

/// The first line of a batch. What can be recomputed from the entries is not in it, but for `head`, which
/// is what the tablet signs its name to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchHeader {
    /// [`VERSION`].
    pub version: u16,
    /// The tablet.
    pub tablet_id: TabletId,
    /// Which of its databases.
    pub epoch: Epoch,
    /// The last position the tablet has given out in this epoch, sent or not: shows the central what it lacks.
    pub last_position: Position,
    /// How far the central's clock is ahead of the tablet's, in milliseconds, as the tablet learnt it; the
    /// entries' `recorded_at` are left as the tablet's clock stood.
    pub clock_offset_ms: i64,
    /// Version of the tablet's program.
    pub program: String,
    /// Earlier databases of this tablet that did not open any more, as far as it knows how far they had come: shows
    /// the central what it will never get from them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set_aside: Vec<SetAsideEpoch>,
    /// Runs of entries that follow each other, in the order of the lines after the header.
    pub segments: Vec<Segment>,
    /// The link of the last entry in the batch.
    pub head: Link,
}

/// An earlier database that was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAsideEpoch {
    /// Which.
    pub epoch: Epoch,
    /// The last position it had given out.
    pub last_position: Position,
}

/// A run of entries at consecutive positions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Position of its first entry.
    pub first: Position,
    /// How many there are.
    pub count: u32,
    /// The link before its first entry.
    pub previous: Link,
}

/// A batch taken apart; entries borrow from the decompressed bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch<'a> {
    /// The header.
    pub header: BatchHeader,
    /// Each entry's bytes, in order.
    pub entries: Vec<&'a [u8]>,
}

/// Bytes are not a batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// More than [`MOST_BYTES`].
    #[error("batch of {0} bytes is too long")]
    TooLong(usize),
    /// The header is not what [`BatchHeader`] says.
    #[error("batch header does not hold together")]
    Header,
    /// The header's version is not known here.
    #[error("batch version {0} is not known")]
    UnknownVersion(u16),
    /// A database is said to be set aside that is not earlier than this one, or too many are.
    #[error("set aside epochs do not fit")]
    SetAside,
    /// The segments do not rise, or do not add up to the lines that follow (1 to [`MOST_ENTRIES`]).
    #[error("batch segments do not fit its entries")]
    Segments,
}

/// Header and entries as one run of bytes. Entries hold no line break (see [`crate::Entry::to_bytes`]).
///
/// # Panics
/// Never: every field serialises.
pub fn encode<'a>(header: &BatchHeader, entries: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(header).expect("a header has no map");
    for entry in entries {
        bytes.push(b'\n');
        bytes.extend_from_slice(entry);
    }
    bytes
}

/// Takes a batch apart without looking into its entries.
///
/// # Errors
/// [`BatchError`].
pub fn decode(bytes: &[u8]) -> Result<Batch<'_>, BatchError> {
    if bytes.len() > MOST_BYTES {
        return Err(BatchError::TooLong(bytes.len()));
    }
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    #[derive(Deserialize)]
    struct Version {
        version: u16,
    }
    let Version { version } = serde_json::from_slice(first).map_err(|_| BatchError::Header)?;
    if version != VERSION {
        return Err(BatchError::UnknownVersion(version));
    }
    let header: BatchHeader = serde_json::from_slice(first).map_err(|_| BatchError::Header)?;
    let earlier = header.set_aside.iter().all(|aside| aside.epoch < header.epoch);
    if !earlier || header.set_aside.len() > MOST_SET_ASIDE {
        return Err(BatchError::SetAside);
    }
    let entries: Vec<&[u8]> = lines.collect();
    let mut expected = 0_u64;
    let mut after = None;
    for segment in &header.segments {
        if segment.count == 0 || after.is_some_and(|after| segment.first <= after) {
            return Err(BatchError::Segments);
        }
        let last = segment.first.plus(u64::from(segment.count) - 1);
        if last > header.last_position {
            return Err(BatchError::Segments);
        }
        after = Some(last);
        expected += u64::from(segment.count);
    }
    if entries.is_empty() || entries.len() > MOST_ENTRIES || expected != entries.len() as u64 {
        return Err(BatchError::Segments);
    }
    Ok(Batch { header, entries })
}

impl BatchHeader {
    /// The position of each entry, in order.
    pub fn positions(&self) -> impl Iterator<Item = Position> {
        self.segments
            .iter()
            .flat_map(|segment| (0..u64::from(segment.count)).map(|step| segment.first.plus(step)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header(segments: &[(u64, u32)], last: u64) -> BatchHeader {
        BatchHeader {
            version: VERSION,
            tablet_id: "131130-0017".parse().unwrap(),
            epoch: Epoch::FIRST,
            last_position: Position::new(last).unwrap(),
            clock_offset_ms: -12,
            program: "0.1.0".to_owned(),
            set_aside: Vec::new(),
            segments: segments
                .iter()
                .map(|(first, count)| Segment {
                    first: Position::new(*first).unwrap(),
                    count: *count,
                    previous: Link([1; 32]),
                })
                .collect(),
            head: Link([2; 32]),
        }
    }

    #[test]
    fn a_batch_keeps_its_entries_to_the_byte() {
        let header = header(&[(1, 2), (7, 1)], 9);
        let entries: [&[u8]; 3] = [b"{\"a\": 1 }", b"{}", "{\"名\":2}".as_bytes()];
        let bytes = encode(&header, entries);
        let batch = decode(&bytes).unwrap();
        assert_eq!(batch.entries, entries);
        assert_eq!(batch.header.positions().map(Position::number).collect::<Vec<_>>(), [1, 2, 7]);
        insta::assert_snapshot!(String::from_utf8(bytes).unwrap());
    }

    #[test]
    fn segments_must_fit() {
        for (segments, last) in [
            (&[(1, 1)][..], 9),
            (&[(1, 3)], 9),
            (&[(2, 1), (1, 1)], 9),
            (&[(1, 2)], 1),
            (&[(1, 0), (1, 2)], 9),
            (&[], 9),
        ] {
            let bytes = encode(&header(segments, last), [&b"{}"[..], b"{}"]);
            assert_eq!(decode(&bytes), Err(BatchError::Segments), "{segments:?}");
        }
        assert_eq!(decode(&vec![b' '; MOST_BYTES + 1]), Err(BatchError::TooLong(MOST_BYTES + 1)));
    }

    #[test]
    fn what_was_set_aside_is_told_and_must_be_earlier() {
        let aside = SetAsideEpoch { epoch: Epoch::FIRST, last_position: Position::new(214).unwrap() };
        let told = BatchHeader { epoch: Epoch::FIRST.next(), set_aside: vec![aside], ..header(&[(1, 1)], 1) };
        let bytes = encode(&told, [&b"{}"[..]]);
        assert_eq!(decode(&bytes).unwrap().header, told);
        insta::assert_snapshot!(String::from_utf8(bytes).unwrap());
        let not_earlier = BatchHeader { epoch: Epoch::FIRST, ..told.clone() };
        assert_eq!(decode(&encode(&not_earlier, [&b"{}"[..]])), Err(BatchError::SetAside));
        let many = BatchHeader { set_aside: vec![aside; MOST_SET_ASIDE + 1], ..told };
        assert_eq!(decode(&encode(&many, [&b"{}"[..]])), Err(BatchError::SetAside));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_batch_or_a_reason(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = decode(&bytes);
        }
    }
}
