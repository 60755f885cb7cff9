//! 市区町村のパソコン: an office with two people that seals to the central and opens what comes from it, with the same functions as
//! vrs-envelope.
//!
//! Must not: stand in for the program where a test is about the program; the browser tests run it.

use std::io::Write as _;

use record::{
    WallTime,
    envelope::{
        AccountName, Approvers, Card, EnvelopeId, FORMAT, Kind, Method, Office, Outline, Part, Person,
        Purpose, Recipient, Sender,
    },
};
use seal::{
    envelope::{
        Content, OfficeKeys, PersonKeys, Sealer, allow, ask, head, read_head, sign_card, sign_receipt,
    },
    random::{SystemRandom, bytes},
};

/// The desk.
pub(crate) struct Desk {
    pub(crate) office: Office,
    pub(crate) keys: OfficeKeys,
    people: [(AccountName, PersonKeys); 2],
    pub(crate) card: Card,
}

/// How a file differs from one that is good.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Made {
    Well,
    Expired,
    BySomebodyElse,
    OfDoses,
    ForAnother,
}

impl Desk {
    pub(crate) fn of(municipality: &str, now: WallTime) -> Self {
        let mut random = SystemRandom::default();
        let keys = OfficeKeys::generate(&mut random).unwrap();
        let person =
            |name: &str| (name.parse().unwrap(), PersonKeys::generate(&mut SystemRandom::default()).unwrap());
        let people: [(AccountName, PersonKeys); 2] = [person("suzuki"), person("tanaka")];
        let office = municipality.parse().unwrap();
        let card = Card {
            format: FORMAT,
            office,
            issued_at: now,
            signing_key: keys.signing.public(),
            sealed_to: keys.sealed_to().unwrap(),
            approvers: Approvers::Signed {
                people: people
                    .iter()
                    .map(|(account, keys)| Person { account: account.clone(), key: keys.signing.public() })
                    .collect(),
            },
        };
        Self { office, keys, people, card }
    }

    /// The card's file, and its 確認番号.
    pub(crate) fn card_file(&self) -> (Vec<u8>, String) {
        let number = seal::bundle::check_number(&self.card.signing_key);
        (sign_card(&self.keys.signing, &self.card).unwrap(), number)
    }

    /// Seals rows to the central.
    pub(crate) fn sealed(&self, central: &Card, rows: &[u8], now: WallTime, made: Made) -> Vec<u8> {
        let stranger = OfficeKeys::generate(&mut SystemRandom::default()).unwrap();
        let to =
            if made == Made::ForAnother { stranger.sealed_to().unwrap() } else { central.sealed_to.clone() };
        let key = if made == Made::BySomebodyElse { &stranger.signing } else { &self.keys.signing };
        let asked_at = if made == Made::Expired { now.plus_ms(-3 * 86_400_000) } else { now };
        let outline = Outline {
            format: FORMAT,
            envelope_id: EnvelopeId::from_bytes(bytes::<16>(&mut SystemRandom::default()).unwrap()),
            sender: Sender { office: self.office, key: key.public() },
            recipient: Recipient { office: Office::Central, key: to },
            purpose: Purpose::RegisterPeople,
            document_number: "3健第123号".parse().unwrap(),
            method: Method::CarriedByTwo,
            kind: if made == Made::OfDoses { Kind::Doses } else { Kind::People },
            expires_at: asked_at.plus_ms(2 * 86_400_000),
        };
        let name = outline.kind.part_name(1, "csv").unwrap();
        let mut sealer = Sealer::begin(&outline, Vec::new()).unwrap();
        sealer.part(name).unwrap();
        sealer.write_all(rows).unwrap();
        let (content, stream) = sealer.finish().unwrap();
        let parts: Vec<Part> = content.parts.clone();
        let [(asker, asker_keys), (allower, allower_keys)] = &self.people;
        let request = ask(outline.clone(), parts, asker.clone(), &asker_keys.signing, asked_at);
        let allowed = allow(&request, allower.clone(), &allower_keys.signing, asked_at.plus_ms(1)).unwrap();
        let content = Content { ..content };
        let (mut file, _) =
            head(key, outline, (request.asked, allowed), content, asked_at.plus_ms(2)).unwrap();
        file.extend(stream);
        file
    }

    /// Opens what the central made: its rows, and the receipt's file.
    pub(crate) fn opened(&self, central: &Card, file: &[u8], now: WallTime) -> (String, Vec<u8>) {
        let mut source = file;
        let head = read_head(&mut source).unwrap();
        let judged = head.judge(std::slice::from_ref(central), &self.card.sealed_to, now).unwrap();
        let path = tempfile::NamedTempFile::new().unwrap();
        let opened = judged.open(&self.keys.identity, source, |_| path.reopen(), |_| {}).unwrap();
        let by = self.people[0].0.clone();
        let (receipt, _) = sign_receipt(&self.keys.signing, self.office, &opened, by, now).unwrap();
        (std::fs::read_to_string(path.path()).unwrap(), receipt)
    }
}
