//! Parsers of what reaches the central.
//!
//! Must not: need a database or a network.

use central::{
    bundles::BundleSpec,
    intake::{self, Content},
    provider::answers::{Document, TokenAnswer},
};
use record::{Position, bytes::Link, wire::batch};
use seal::chain;

use crate::Became;

pub(crate) fn body(bytes: &[u8]) -> Became {
    let as_sent = opened(bytes);
    // As if the batch had been compressed, and again as if its head had been computed rightly.
    let compress = |plain: &[u8]| zstd::encode_all(plain, 1).unwrap_or_default();
    let compressed = opened(&compress(bytes));
    let Ok(batch) = batch::decode(bytes) else { return Became::of(as_sent || compressed) };
    if let Some(head) = head(&batch)
        && Position::new(batch.header.last_position.number()).is_some()
    {
        let mut header = batch.header.clone();
        header.head = head;
        let plain = batch::encode(&header, batch.entries.iter().copied());
        assert!(opened(&compress(&plain)), "a batch whose head fits is opened");
    }
    Became::of(as_sent || compressed)
}

/// The link of the last entry, computed by walking all of them.
fn head(batch: &batch::Batch<'_>) -> Option<Link> {
    let mut entries = batch.entries.iter();
    let mut last = None;
    for segment in &batch.header.segments {
        let mut link = segment.previous;
        for step in 0..u64::from(segment.count) {
            link = chain::link(&link, segment.first.plus(step), &chain::entry_hash(entries.next()?));
        }
        last = Some(link);
    }
    last
}

fn opened(compressed: &[u8]) -> bool {
    let Ok(opened) = intake::open_body(compressed) else { return false };
    assert_eq!(opened.entries.last().map(|last| last.link), Some(opened.header.head));
    for chained in opened.entries {
        let bytes = chained.bytes.clone();
        let read = intake::read(chained);
        assert_eq!(read.bytes, bytes, "an entry is kept as it came");
        assert_eq!(read.entry_id().is_some(), matches!(read.content, Content::Known(_)));
    }
    true
}

pub(crate) fn bundle_spec(bytes: &[u8]) -> Became {
    Became::of(BundleSpec::from_json(bytes).is_ok())
}

/// What an identity provider answers: its description, and the token for a code.
pub(crate) fn provider_answers(bytes: &[u8]) -> Became {
    let description = Document::from_json(bytes, "https://id.example");
    if let Ok(document) = &description {
        for address in [&document.authorization_endpoint, &document.token_endpoint, &document.keys] {
            assert_eq!(address.scheme(), "https");
        }
        assert!(Document::from_json(bytes, "https://other.example").is_err(), "it is of one issuer");
    }
    Became::of(description.is_ok() || TokenAnswer::from_json(bytes).is_ok())
}
