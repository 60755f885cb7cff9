//! Packing: entries become the compressed bytes of a batch.
//!
//! Must not: change an entry's bytes.

use record::{
    Epoch,
    wire::batch::{BatchHeader, MOST_SET_ASIDE, Segment, SetAsideEpoch, encode},
};
use store::{KnownHead, PendingEntry};

/// Compression level: measured on full batches it gives within 2 % of the best at a tenth of its time
/// (`docs/decisions.md`).
const LEVEL: i32 = 9;

/// Runs of entries that follow each other.
pub(crate) fn segments(entries: &[PendingEntry]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for entry in entries {
        match segments.last_mut() {
            Some(run) if run.first.plus(u64::from(run.count)) == entry.position => run.count += 1,
            _ => segments.push(Segment { first: entry.position, count: 1, previous: entry.previous }),
        }
    }
    segments
}

/// What the central is told of databases before this epoch: the latest of them, if there are ever too many.
pub(crate) fn set_aside(known: &[KnownHead], epoch: Epoch) -> Vec<SetAsideEpoch> {
    let told = known.iter().filter(|head| head.epoch < epoch);
    let told = told.filter_map(|head| Some(SetAsideEpoch { epoch: head.epoch, last_position: head.last? }));
    let told: Vec<SetAsideEpoch> = told.collect();
    told[told.len().saturating_sub(MOST_SET_ASIDE)..].to_vec()
}

/// The body of the request.
pub(crate) fn pack(header: &BatchHeader, entries: &[PendingEntry]) -> std::io::Result<Vec<u8>> {
    let plain = encode(header, entries.iter().map(|entry| entry.bytes.as_slice()));
    zstd::bulk::compress(&plain, LEVEL)
}
