//! Samples of sealed files for media, of cards and of receipts.
//!
//! Must not: be made by hand where a function of the project makes it.

#![expect(clippy::unwrap_used, reason = "samples that do not hold fail the test that makes them")]

use std::io::Write as _;

use record::envelope::{EnvelopeId, FORMAT, Kind, Manifest, Method, Outline, Purpose, Recipient, Sender};
use seal::envelope::{self, Content, Sealer};

use super::{Seed, drawn, seed};
use crate::keys;

fn outline() -> Outline {
    let card = keys::card();
    Outline {
        format: FORMAT,
        envelope_id: EnvelopeId::from_bytes([7; 16]),
        sender: Sender { office: card.office, key: card.signing_key },
        recipient: Recipient { office: card.office, key: card.sealed_to },
        purpose: Purpose::UpdateRegister,
        document_number: "3健第123号".parse().unwrap(),
        method: Method::CarriedByTwo,
        kind: Kind::Doses,
        expires_at: keys::NOW.plus_ms(86_400_000),
    }
}

fn sealed() -> (Content, Vec<u8>) {
    let mut sealer = Sealer::begin(&outline(), Vec::new()).unwrap();
    for (name, bytes) in [("doses-1.csv", "a,b\r\n\"1\n2\",3\r\n"), ("doses-2.csv", "")] {
        sealer.part(name.parse().unwrap()).unwrap();
        sealer.write_all(bytes.as_bytes()).unwrap();
    }
    sealer.finish().unwrap()
}

fn head(content: Content) -> (Vec<u8>, Manifest) {
    let [asker, allower] = keys::people();
    let parts = content.parts.clone();
    let request = envelope::ask(outline(), parts, "suzuki".parse().unwrap(), &asker, keys::NOW);
    let allowed = envelope::allow(&request, "tanaka".parse().unwrap(), &allower, keys::NOW).unwrap();
    envelope::head(keys::signing(), outline(), (request.asked, allowed), content, keys::NOW).unwrap()
}

/// An envelope without a person's second key, of the same content.
fn by_one(content: Content) -> Vec<u8> {
    let [asker, _] = keys::people();
    let request =
        envelope::ask(outline(), content.parts.clone(), "suzuki".parse().unwrap(), &asker, keys::NOW);
    let approvals = (request.asked.clone(), request.asked);
    envelope::head(keys::signing(), outline(), approvals, content, keys::NOW).unwrap().0
}

pub(super) fn all() -> Vec<Seed> {
    let (content, stream) = sealed();
    let (first, manifest) = head(content.clone());
    let file = [&first[..], &stream].concat();
    let alone = [by_one(content), stream].concat();
    let mut source = &file[..];
    let judged = envelope::read_head(&mut source).unwrap();
    let judged = judged.judge(&[keys::card()], &keys::card().sealed_to, keys::NOW).unwrap();
    let opened = judged.open(keys::identity(), source, |_| Ok(std::io::sink()), |_| {}).unwrap();
    let (office, by) = (keys::card().office, "suzuki".parse().unwrap());
    let (receipt, _) = envelope::sign_receipt(keys::signing(), office, &opened, by, keys::NOW).unwrap();
    let card = envelope::sign_card(keys::signing(), &keys::card()).unwrap();
    vec![
        drawn("envelope", "file", file.clone()),
        drawn("envelope", "manifest", manifest.to_json()),
        drawn("envelope", "receipt", receipt),
        seed("envelope", "card", card),
        drawn("envelope", "not-whole", &file[..file.len() - 9]),
        drawn("envelope", "not-by-two", alone),
        seed("envelope", "not-this-version", "VRS-ENVELOPE-2 2\n{}\n"),
    ]
}
