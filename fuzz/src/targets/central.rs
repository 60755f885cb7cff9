//! Parsers of what reaches the central.
//!
//! Must not: need a database or a network.

use std::io::Read;

use central::{
    audit::Act,
    bundles::BundleSpec,
    csv::{
        encoding::Encoding,
        rows::{LineEnd, MOST_COLUMNS, MOST_FIELD_BYTES, MOST_ROW_BYTES, RowReader},
        writer::{Form, Quoting, Reader, RowWriter},
    },
    intake::{self, Content},
    people::{finding, outgoing_profile::OutgoingProfile, profile::Profile, reading::PeopleFile},
    provider::answers::{Document, TokenAnswer},
    stock::{
        allocating::{
            self,
            figures::{KeptOrder, OrderLine},
        },
        files::{bookings, deliveries, facilities, rows::FileForm},
    },
};
use record::{MunicipalityCode, Position, WallTime, bytes::Link, wire::batch};
use seal::chain;

use crate::{Became, keys};

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

/// Gives few bytes at a time.
struct Drops<'a>(&'a [u8]);

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.len().min(buffer.len()).min(3);
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

/// Accepted is a file whose header is one of people and whose rows could be read to the end.
pub(crate) fn csv(bytes: &[u8]) -> Became {
    let whole = rows(bytes);
    assert_eq!(whole, rows(Drops(bytes)), "pieces make no difference");
    for row in whole.as_ref().into_iter().flatten() {
        written_again(row);
    }
    let Ok(profile) = Profile::shipped() else { return Became::Refused };
    let municipality = keys::tablet().municipality();
    let Ok(mut file) = PeopleFile::open(bytes, &profile, municipality, (2021, 11, 22)) else {
        return Became::Refused;
    };
    loop {
        match file.next_row() {
            Ok(Some(row)) => {
                assert!(row.number > 1 && row.read.err().is_none_or(|faults| !faults.is_empty()))
            }
            Ok(None) => return Became::Accepted,
            Err(fault) => {
                assert!(!fault.sentence().japanese.is_empty());
                return Became::Refused;
            }
        }
    }
}

/// Every row's fields, or none where the file cannot be read to its end.
fn rows(input: impl Read) -> Option<Vec<Vec<Vec<u8>>>> {
    let mut reader = RowReader::new(input);
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row().ok()? {
        assert!(row.width() <= MOST_COLUMNS && row.raw.len() <= MOST_ROW_BYTES);
        let fields: Vec<Vec<u8>> = row.fields().map(<[u8]>::to_vec).collect();
        assert!(fields.iter().all(|field| field.len() <= MOST_FIELD_BYTES));
        rows.push(fields);
    }
    Some(rows)
}

/// What can be said in an encoding is read again as it was written.
fn written_again(row: &[Vec<u8>]) {
    for encoding in [Encoding::Utf8, Encoding::Cp932] {
        let decoded: Option<Vec<String>> =
            row.iter().map(|field| encoding.decode(field).map(|text| text.into_owned())).collect();
        let Some(decoded) = decoded else { continue };
        for (quoting, line_end) in [(Quoting::Needed, LineEnd::Lf), (Quoting::Always, LineEnd::CrLf)] {
            let form = Form { encoding, byte_order_mark: false, quoting, line_end, header: false };
            let Ok(mut out) = RowWriter::begin(Vec::new(), form, Reader::Program) else { continue };
            if out.row(decoded.iter().map(String::as_str)).is_err() {
                continue;
            }
            let bytes = out.finish().unwrap_or_default();
            let Some(again) = rows(bytes.as_slice()) else { continue };
            assert_eq!(again.len(), 1);
            let again: Option<Vec<String>> =
                again[0].iter().map(|field| encoding.decode(field).map(|text| text.into_owned())).collect();
            assert_eq!(again, Some(decoded.clone()), "{encoding:?}");
        }
    }
}

pub(crate) fn audit(bytes: &[u8]) -> Became {
    let spoken = finding::spoken(&String::from_utf8_lossy(bytes));
    assert_eq!(finding::spoken(&spoken), spoken, "a name is one however it is typed");
    let Some(act) = Act::read(bytes) else { return Became::Refused };
    let municipality = "131130".parse().expect("it is a code");
    let line = act.line(municipality, "staff-1", WallTime::from_unix_ms(0));
    assert_eq!(Act::read(&line.content), Some(act));
    Became::Accepted
}

pub(crate) fn profiles(bytes: &[u8]) -> Became {
    let Ok(text) = std::str::from_utf8(bytes) else { return Became::Refused };
    Became::of(Profile::from_toml(text).is_ok() || OutgoingProfile::from_toml(text).is_ok())
}

/// Files of populations and orders of an allocation, in both forms: no order is lost on the way, and read again for its own
/// municipality alone it is the same.
pub(crate) fn allocation_files(bytes: &[u8]) -> Became {
    let mut is_accepted = false;
    for form in [FileForm::Csv, FileForm::Json] {
        is_accepted |= allocating::files::populations(bytes, form).is_ok();
        let Ok(read) = allocating::files::orders(bytes, form, None) else { continue };
        is_accepted = true;
        let kept = |(owner, line): (&MunicipalityCode, &OrderLine)| KeptOrder {
            municipality: *owner,
            number: 1,
            line: *line,
            by: "officer-1".parse().expect("it is a name"),
            at: WallTime::from_unix_ms(0),
        };
        let all: Vec<KeptOrder> = read
            .iter()
            .flat_map(|(owner, lines)| lines.iter().map(move |line| (owner, line)))
            .map(kept)
            .collect();
        let mut file = Vec::new();
        let written = allocating::files::write_orders(&mut file, form, &all.iter().collect::<Vec<_>>());
        written.expect("a vector takes everything");
        assert_eq!(allocating::files::orders(&file[..], form, None).ok().as_ref(), Some(&read), "{form:?}");
        if let (Some(owner), 1) = (read.keys().next(), read.len()) {
            assert!(allocating::files::orders(bytes, form, Some(*owner)).is_ok());
        }
    }
    Became::of(is_accepted)
}

/// Files of facilities, bookings and deliveries, in both forms: what is accepted is read again as it was written.
pub(crate) fn stock_files(bytes: &[u8]) -> Became {
    const FORMS: [FileForm; 2] = [FileForm::Csv, FileForm::Json];
    let (by, now) = ("officer-1".parse().expect("it is a name"), WallTime::from_unix_ms(1_700_000_000_000));
    let from = "2021-11-22".parse().expect("it is a day");
    let mut is_accepted = false;
    for form in FORMS {
        if let Ok(read) = facilities::read(bytes, form) {
            is_accepted = true;
            for form in FORMS {
                let mut file = Vec::new();
                facilities::write(&mut file, form, &read).expect("a vector takes everything");
                assert_eq!(facilities::read(&file[..], form).ok().as_ref(), Some(&read), "{form:?}");
            }
        }
        if let Ok(read) = bookings::read(bytes, form, from) {
            is_accepted = true;
            for form in FORMS {
                let mut file = Vec::new();
                bookings::write(&mut file, form, &read).expect("a vector takes everything");
                assert_eq!(bookings::read(&file[..], form, from).ok().as_ref(), Some(&read), "{form:?}");
            }
        }
        if let Ok(read) = deliveries::read(bytes, form, &by, now) {
            is_accepted = true;
            for form in FORMS {
                let mut file = Vec::new();
                deliveries::write(&mut file, form, &read).expect("a vector takes everything");
                assert_eq!(
                    deliveries::read(&file[..], form, &by, now).ok().as_ref(),
                    Some(&read),
                    "{form:?}"
                );
            }
        }
    }
    Became::of(is_accepted)
}
