//! What an envelope holds to, whatever comes.
//!
//! Must not: use keys or people that exist.

use std::{cell::RefCell, collections::BTreeMap, io::Write, rc::Rc};

use proptest::prelude::*;
use record::{
    WallTime,
    envelope::{
        Approval, Approvers, Card, EnvelopeId, FORMAT, Kind, Manifest, Method, Office, Outline, Part, Person,
        Purpose, Recipient, RowCounter, Sender,
    },
};

use super::*;
use crate::{device::SigningKey, digest::Sha256, random::SystemRandom, sealed::Identity};

const ASKED: WallTime = WallTime::from_unix_ms(1_637_545_200_000);
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed([seed; 32]).unwrap()
}

/// An office with two people, and the recipient's identity.
struct World {
    office: SigningKey,
    asker: SigningKey,
    allower: SigningKey,
    recipient: Identity,
}

fn world() -> World {
    World { office: key(1), asker: key(2), allower: key(3), recipient: Identity::generate() }
}

impl World {
    fn card(&self) -> Card {
        let person =
            |account: &str, key: &SigningKey| Person { account: account.parse().unwrap(), key: key.public() };
        Card {
            format: FORMAT,
            office: "131130".parse().unwrap(),
            issued_at: ASKED,
            signing_key: self.office.public(),
            sealed_to: Identity::generate().addressee().to_string().parse().unwrap(),
            approvers: Approvers::Signed {
                people: vec![person("suzuki", &self.asker), person("tanaka", &self.allower)],
            },
        }
    }
    fn sealed_to(&self) -> record::envelope::SealedTo {
        self.recipient.addressee().to_string().parse().unwrap()
    }
    fn outline(&self) -> Outline {
        Outline {
            format: FORMAT,
            envelope_id: EnvelopeId::from_bytes([7; 16]),
            sender: Sender { office: "131130".parse().unwrap(), key: self.office.public() },
            recipient: Recipient { office: Office::Central, key: self.sealed_to() },
            purpose: Purpose::RegisterPeople,
            document_number: "3健第123号".parse().unwrap(),
            method: Method::CarriedByTwo,
            kind: Kind::People,
            expires_at: ASKED.plus_ms(7 * DAY_MS),
        }
    }
    fn approvals(&self, parts: &[Part]) -> (Approval, Approval) {
        let request = ask(self.outline(), parts.to_vec(), "suzuki".parse().unwrap(), &self.asker, ASKED);
        let allowed = allow(&request, "tanaka".parse().unwrap(), &self.allower, ASKED).unwrap();
        (request.asked, allowed)
    }
    fn sealed(&self, outline: &Outline, parts: &[(&str, &[u8])]) -> (Content, Vec<u8>) {
        let mut sealer = Sealer::begin(outline, Vec::new()).unwrap();
        for (name, bytes) in parts {
            sealer.part(name.parse().unwrap()).unwrap();
            sealer.write_all(bytes).unwrap();
        }
        sealer.finish().unwrap()
    }
    fn envelope(&self, parts: &[(&str, &[u8])]) -> Vec<u8> {
        let (content, sealed) = self.sealed(&self.outline(), parts);
        let approvals = self.approvals(&content.parts);
        let (head, _) = head(&self.office, self.outline(), approvals, content, ASKED).unwrap();
        [head, sealed].concat()
    }
    /// A head that says whatever it is made to say, rightly signed by the office.
    fn saying(&self, change: impl FnOnce(&mut Manifest)) -> Vec<u8> {
        let (content, sealed) = self.sealed(&self.outline(), &[("people-1.csv", b"a\nb\n")]);
        let (asked, allowed) = self.approvals(&content.parts);
        let Content { parts, sealed_bytes, sealed_sha256 } = content;
        let mut manifest = Manifest {
            outline: self.outline(),
            asked,
            allowed,
            made_at: ASKED,
            parts,
            sealed_bytes,
            sealed_sha256,
        };
        change(&mut manifest);
        [signed::sign(writing::MAGIC, &self.office, &manifest.to_json()), sealed].concat()
    }
    fn open(&self, file: &[u8], now: WallTime) -> Result<BTreeMap<String, Vec<u8>>, Refusal> {
        let mut source = file;
        let judged = read_head(&mut source)?.judge(&[self.card()], &self.sealed_to(), now)?;
        self.inside(judged, source)
    }
    fn inside(&self, judged: Judged, source: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, Refusal> {
        let mut places = BTreeMap::new();
        let place = |part: &Part| {
            let bytes = Rc::new(RefCell::new(Vec::new()));
            places.insert(part.name.to_string(), Rc::clone(&bytes));
            Ok(Shared(bytes))
        };
        judged.open(&self.recipient, source, place, |_| {})?;
        Ok(places.into_iter().map(|(name, bytes)| (name, bytes.take())).collect())
    }
}

struct Shared(Rc<RefCell<Vec<u8>>>);
impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_envelope_altered_in_any_byte_is_refused() {
    let world = world();
    let file = world.envelope(&[("people-1.csv", b"id\n1\n"), ("people-2.csv", b"")]);
    assert!(world.open(&file, ASKED).is_ok());
    for at in 0..file.len() {
        for flip in [1, 0x20, 0x80] {
            let mut altered = file.clone();
            altered[at] ^= flip;
            assert!(world.open(&altered, ASKED).is_err(), "byte {at} by {flip}");
        }
    }
}

#[test]
fn an_envelope_cut_anywhere_says_that_it_was_cut() {
    let world = world();
    let file = world.envelope(&[("people-1.csv", b"id\n1\n")]);
    for length in 1..file.len() {
        assert_eq!(world.open(&file[..length], ASKED), Err(Refusal::Truncated), "length {length}");
    }
    assert_eq!(world.open(b"", ASKED), Err(Refusal::OtherKind));
    assert_eq!(world.open(&[&file[..], b"x"].concat(), ASKED), Err(Refusal::TooLong));
    assert_eq!(world.open(&[&file[..], &file[..]].concat(), ASKED), Err(Refusal::TooLong));
}

#[test]
fn other_files_and_later_versions_are_told_apart() {
    let world = world();
    for other in [&b"hello"[..], b"\n", b"VRS-BUNDLE-1 4\n", &[0; 100], b"VRS-ENVELOPE-x 4\n"] {
        assert_eq!(world.open(other, ASKED), Err(Refusal::OtherKind));
    }
    assert_eq!(world.open(b"VRS-ENVELOPE-2 4 whatever\n", ASKED), Err(Refusal::UnknownVersion));
    assert_eq!(world.open(b"VRS-ENVELOPE-1 99999999\n", ASKED), Err(Refusal::Altered));
    assert_eq!(world.open(b"VRS-ENVELOPE-1 04\n{}{}\n", ASKED), Err(Refusal::Altered));
}

#[test]
fn it_expires_to_the_millisecond_and_is_not_from_the_future() {
    let world = world();
    let file = world.envelope(&[("people-1.csv", b"id\n1\n")]);
    let expires = world.outline().expires_at;
    assert!(world.open(&file, expires.plus_ms(-1)).is_ok());
    assert_eq!(world.open(&file, expires), Err(Refusal::Expired));
    assert!(world.open(&file, ASKED.plus_ms(-DAY_MS)).is_ok());
    assert_eq!(world.open(&file, ASKED.plus_ms(-DAY_MS - 1)), Err(Refusal::FromFuture));
}

#[test]
fn only_its_recipient_opens_it_and_only_known_senders_are_believed() {
    let world = world();
    let file = world.envelope(&[("people-1.csv", b"id\n1\n")]);
    let head = || read_head(&mut &file[..]).unwrap();
    let other: record::envelope::SealedTo = Identity::generate().addressee().to_string().parse().unwrap();
    assert_eq!(head().judge(&[world.card()], &other, ASKED), Err(Refusal::OtherRecipient));
    assert_eq!(head().judge(&[], &world.sealed_to(), ASKED), Err(Refusal::UnknownSender));
    let stranger = Card { signing_key: key(9).public(), ..world.card() };
    assert_eq!(head().judge(&[stranger], &world.sealed_to(), ASKED), Err(Refusal::UnknownSender));
    let elsewhere = Card { office: "131016".parse().unwrap(), ..world.card() };
    assert_eq!(head().judge(&[elsewhere], &world.sealed_to(), ASKED), Err(Refusal::UnknownSender));
    // The right to open without the key gives nothing.
    let judged = head().judge(&[world.card()], &world.sealed_to(), ASKED).unwrap();
    let sealed = &file[file.len() - usize::try_from(head().manifest().sealed_bytes).unwrap()..];
    let opened = judged.open(&Identity::generate(), sealed, |_| Ok(Vec::new()), |_| {});
    assert_eq!(opened, Err(Refusal::Altered));
}

#[test]
fn two_different_people_of_the_sender_approved_or_it_stays_shut() {
    let world = world();
    let parts = |manifest: &Manifest| manifest.parts.clone();
    let request =
        |parts: Vec<Part>| ask(world.outline(), parts, "suzuki".parse().unwrap(), &world.asker, ASKED);
    assert!(world.open(&world.saying(|_| {}), ASKED).is_ok());

    let alone = world.saying(|manifest| manifest.allowed = manifest.asked.clone());
    assert_eq!(world.open(&alone, ASKED), Err(Refusal::SamePerson));
    // The asker's key under a second name.
    let under_two_names = world.saying(|manifest| {
        let asked = ask(world.outline(), parts(manifest), "other".parse().unwrap(), &key(8), ASKED);
        manifest.allowed = allow(&asked, "tanaka".parse().unwrap(), &world.asker, ASKED).unwrap();
    });
    assert_eq!(world.open(&under_two_names, ASKED), Err(Refusal::SamePerson));
    let stranger = world.saying(|manifest| {
        manifest.allowed =
            allow(&request(parts(manifest)), "tanaka".parse().unwrap(), &key(8), ASKED).unwrap();
    });
    assert_eq!(world.open(&stranger, ASKED), Err(Refusal::UnknownApprover));
    let of_other_content = world.saying(|manifest| {
        let mut other = parts(manifest);
        other[0].rows += 1;
        manifest.allowed = allow(&request(other), "tanaka".parse().unwrap(), &world.allower, ASKED).unwrap();
    });
    assert_eq!(world.open(&of_other_content, ASKED), Err(Refusal::ApprovalInvalid));
    let of_other_purpose = world.saying(|manifest| manifest.outline.purpose = Purpose::PeopleMoved);
    assert_eq!(world.open(&of_other_purpose, ASKED), Err(Refusal::ApprovalInvalid));
    let attested = world.saying(|manifest| manifest.allowed.proof = record::envelope::Proof::Attested);
    assert_eq!(world.open(&attested, ASKED), Err(Refusal::ApprovalInvalid));
    // An asking cannot stand for an allowing.
    let asked_twice = world.saying(|manifest| {
        manifest.allowed =
            ask(world.outline(), parts(manifest), "tanaka".parse().unwrap(), &world.allower, ASKED).asked;
    });
    assert_eq!(world.open(&asked_twice, ASKED), Err(Refusal::ApprovalInvalid));
}

#[test]
fn a_manifest_without_the_second_approval_says_so() {
    let world = world();
    let file = world.envelope(&[("people-1.csv", b"id\n1\n")]);
    let manifest = read_head(&mut &file[..]).unwrap().manifest().clone();
    let mut json: serde_json::Value = serde_json::from_str(&manifest.to_json()).unwrap();
    json.as_object_mut().unwrap().remove("allowed");
    let alone = signed::sign(writing::MAGIC, &world.office, &json.to_string());
    assert_eq!(world.open(&alone, ASKED), Err(Refusal::NotAllowed));
}

#[test]
fn who_asks_cannot_allow_and_nothing_is_allowed_that_was_not_asked() {
    let world = world();
    let request = ask(world.outline(), Vec::new(), "suzuki".parse().unwrap(), &world.asker, ASKED);
    let allows = |request: &Request, account: &str, key: &SigningKey, at| {
        allow(request, account.parse().unwrap(), key, at).err()
    };
    assert_eq!(allows(&request, "tanaka", &world.allower, ASKED), None);
    assert_eq!(allows(&request, "suzuki", &world.allower, ASKED), Some(Refusal::SamePerson));
    assert_eq!(allows(&request, "tanaka", &world.asker, ASKED), Some(Refusal::SamePerson));
    let expired = world.outline().expires_at;
    assert_eq!(allows(&request, "tanaka", &world.allower, expired), Some(Refusal::Expired));
    let mut changed = request;
    changed.outline.method = Method::RegisteredMail;
    assert_eq!(allows(&changed, "tanaka", &world.allower, ASKED), Some(Refusal::ApprovalInvalid));
}

#[test]
fn content_that_is_not_what_its_manifest_says_is_refused() {
    let world = world();
    for change in [
        (|part: &mut Part| part.rows += 1) as fn(&mut Part),
        |part| part.bytes += 1,
        |part| part.bytes -= 1,
        |part| part.sha256.0[0] ^= 1,
    ] {
        let file = world.saying(|manifest| {
            change(&mut manifest.parts[0]);
            let request =
                ask(world.outline(), manifest.parts.clone(), "suzuki".parse().unwrap(), &world.asker, ASKED);
            manifest.allowed = allow(&request, "tanaka".parse().unwrap(), &world.allower, ASKED).unwrap();
            manifest.asked = request.asked;
        });
        assert_eq!(world.open(&file, ASKED), Err(Refusal::OtherContent));
    }
    // A sealed stream that belongs to another outline, under a manifest of its own.
    let other = Outline { envelope_id: EnvelopeId::from_bytes([8; 16]), ..world.outline() };
    let (content, sealed) = world.sealed(&other, &[("people-1.csv", b"a\n")]);
    let approvals = world.approvals(&content.parts);
    let (head, _) = head(&world.office, world.outline(), approvals, content, ASKED).unwrap();
    assert_eq!(world.open(&[head, sealed].concat(), ASKED), Err(Refusal::OtherContent));
}

#[test]
fn a_central_answers_for_its_accounts_and_no_municipality_does() {
    let world = world();
    let central = Card { office: Office::Central, approvers: Approvers::Attested, ..world.card() };
    let outline =
        Outline { sender: Sender { office: Office::Central, key: world.office.public() }, ..world.outline() };
    let made = |asked: &str, allowed: &str| {
        let (content, sealed) = world.sealed(&outline, &[("doses-1.csv", b"a\n")]);
        let by = |account: &str| attested(account.parse().unwrap(), ASKED);
        let approvals = (by(asked), by(allowed));
        [head(&world.office, outline.clone(), approvals, content, ASKED).unwrap().0, sealed].concat()
    };
    let judge = |file: &[u8], card: &Card| {
        let head = read_head(&mut &*file).unwrap();
        head.judge(std::slice::from_ref(card), &world.sealed_to(), ASKED).map(|_| ())
    };
    assert_eq!(judge(&made("a", "b"), &central), Ok(()));
    assert_eq!(judge(&made("a", "a"), &central), Err(Refusal::SamePerson));
    let signed = Card { office: Office::Central, ..world.card() };
    assert_eq!(judge(&made("a", "b"), &signed), Err(Refusal::ApprovalInvalid));
    let municipality = Card { office: "131130".parse().unwrap(), ..central };
    assert_eq!(sign_card(&world.office, &municipality), Err(Refusal::OutOfBounds));
}

#[test]
fn without_a_key_it_shows_whether_the_file_is_whole() {
    let world = world();
    let file = world.envelope(&[("people-1.csv", &[b'x'; 100_000])]);
    let whole = file.len() as u64;
    let checked = |file: &[u8]| {
        let mut source = file;
        let head = read_head(&mut source).unwrap();
        assert_eq!(head.file_bytes(), whole);
        head.check_sealed(source, |_| {})
    };
    assert_eq!(checked(&file), Ok(()));
    let mut altered = file.clone();
    *altered.last_mut().unwrap() ^= 1;
    assert_eq!(checked(&altered), Err(Refusal::Altered));
    assert_eq!(checked(&file[..file.len() - 1]), Err(Refusal::Truncated));
    assert_eq!(checked(&[&file[..], b"x"].concat()), Err(Refusal::TooLong));
}

#[test]
fn a_receipt_is_its_recipients_and_altered_in_any_byte_it_is_none() {
    let world = world();
    let file = world.envelope(&[("people-1.csv", b"id\n1\n")]);
    let mut source = &file[..];
    let head = read_head(&mut source).unwrap();
    let digest = head.digest();
    let judged = head.judge(&[world.card()], &world.sealed_to(), ASKED).unwrap();
    let opened = judged.open(&world.recipient, source, |_| Ok(Vec::new()), |_| {}).unwrap();
    let office = key(5);
    let (file, receipt) =
        sign_receipt(&office, Office::Central, &opened, "yamada".parse().unwrap(), ASKED).unwrap();
    assert_eq!((receipt.manifest, receipt.rows, receipt.bytes, receipt.parts), (digest, 2, 5, 1));
    let card = Card {
        office: Office::Central,
        signing_key: office.public(),
        approvers: Approvers::Attested,
        ..world.card()
    };
    assert_eq!(read_receipt(&file, &[world.card(), card.clone()]), Ok(receipt));
    assert_eq!(read_receipt(&file, &[world.card()]), Err(Refusal::UnknownSender));
    for at in 0..file.len() {
        let mut altered = file.clone();
        altered[at] ^= 1;
        assert!(read_receipt(&altered, std::slice::from_ref(&card)).is_err(), "byte {at}");
        assert!(read_receipt(&file[..at], std::slice::from_ref(&card)).is_err(), "length {at}");
    }
}

#[test]
fn a_card_altered_in_any_byte_is_none() {
    let world = world();
    let file = sign_card(&world.office, &world.card()).unwrap();
    assert!(read_card(&file).is_ok());
    for at in 0..file.len() {
        let mut altered = file.clone();
        altered[at] ^= 1;
        assert!(read_card(&altered).is_err(), "byte {at}");
    }
    assert_eq!(sign_card(&world.asker, &world.card()), Err(Refusal::Cryptography));
    assert_eq!(read_card(&[&file[..], b"x"].concat()), Err(Refusal::TooLong));
}

#[test]
fn a_persons_keys_open_under_their_passphrase_and_with_them_the_offices() {
    let random = &mut SystemRandom::default();
    let (right, wrong): (Passphrase, Passphrase) =
        ("correct horse battery".parse().unwrap(), "correct horse batterz".parse().unwrap());
    let person = PersonKeys::generate(random).unwrap();
    let locked = person.lock(&"suzuki".parse().unwrap(), &right, random).unwrap();
    assert_eq!(locked.unlock(&right).unwrap().signing.public(), locked.key);
    assert_eq!(locked.unlock(&wrong).err(), Some(crate::Error::WrongPin));
    let under_another_name = LockedPerson { account: "tanaka".parse().unwrap(), ..locked.clone() };
    assert_eq!(under_another_name.unlock(&right).err(), Some(crate::Error::WrongPin));
    assert!("short".parse::<Passphrase>().is_err());

    let office = OfficeKeys::generate(random).unwrap();
    let file = office.seal(&[locked.sealed_to]).unwrap();
    assert_eq!(OfficeKeys::open(&file, &person).unwrap().signing.public(), office.signing.public());
    let stranger = PersonKeys::generate(random).unwrap();
    assert_eq!(OfficeKeys::open(&file, &stranger).err(), Some(crate::Error::Unopenable));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_content_comes_out_as_it_went_in(
        parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..70_000), 1..4),
    ) {
        let world = world();
        let names: Vec<String> = (1..=parts.len()).map(|number| format!("doses-{number}.csv")).collect();
        let named: Vec<(&str, &[u8])> =
            names.iter().map(String::as_str).zip(parts.iter().map(Vec::as_slice)).collect();
        let file = world.envelope(&named);
        let manifest = read_head(&mut &file[..]).unwrap().manifest().clone();
        for (part, bytes) in manifest.parts.iter().zip(&parts) {
            let (mut rows, mut digest) = (RowCounter::of(&part.name), Sha256::default());
            rows.take(bytes);
            digest.update(bytes);
            prop_assert_eq!((part.rows, part.bytes), (rows.rows(), bytes.len() as u64));
            prop_assert_eq!(part.sha256.0, digest.finish());
        }
        let opened = world.open(&file, ASKED).unwrap();
        prop_assert_eq!(opened.into_values().collect::<Vec<_>>(), parts);
    }
}
