//! Envelopes that no honest program makes, rightly signed by a sender whose card is known: what the program says and leaves.
//!
//! Must not: share code with the program; these are made by `seal` alone.

use std::{fs, io::Write as _};

use record::{
    WallTime,
    envelope::{
        Approval, Approvers, Card, EnvelopeId, FORMAT, Kind, Manifest, Method, Outline, Part, Person,
        Purpose, Recipient, SealedTo, Sender,
    },
};
use seal::{
    device::SigningKey,
    envelope::{self, Sealer},
    sealed::Identity,
};

use crate::desk::{Computer, SUZUKI};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[expect(
    clippy::disallowed_methods,
    reason = "the program reads the computer's clock, and so does this sender"
)]
fn now() -> WallTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    WallTime::from_unix_ms(i64::try_from(since.as_millis()).unwrap())
}

struct Forger {
    office: SigningKey,
    people: [SigningKey; 2],
}

impl Forger {
    fn known_to(recipient: &Computer) -> Self {
        let key = |seed| SigningKey::from_seed([seed; 32]).unwrap();
        let sender = Self { office: key(1), people: [key(2), key(3)] };
        let person =
            |account: &str, key: &SigningKey| Person { account: account.parse().unwrap(), key: key.public() };
        let card = Card {
            format: FORMAT,
            office: "131130".parse().unwrap(),
            issued_at: now(),
            signing_key: sender.office.public(),
            sealed_to: sealed_to(&Identity::generate()),
            approvers: Approvers::Signed {
                people: vec![person("ito", &sender.people[0]), person("kato", &sender.people[1])],
            },
        };
        let file = recipient.file("sender.vrscard", envelope::sign_card(&sender.office, &card).unwrap());
        recipient.done(&["keys", "trust", &file], &["はい"]);
        sender
    }

    fn outline(&self, to: SealedTo, expires_at: WallTime) -> Outline {
        Outline {
            format: FORMAT,
            envelope_id: EnvelopeId::from_bytes([7; 16]),
            sender: Sender { office: "131130".parse().unwrap(), key: self.office.public() },
            recipient: Recipient { office: "271004".parse().unwrap(), key: to },
            purpose: Purpose::UpdateRegister,
            document_number: "1".parse().unwrap(),
            method: Method::RegisteredMail,
            kind: Kind::Doses,
            expires_at,
        }
    }

    fn approvals(&self, outline: &Outline, parts: &[Part], asked_at: WallTime) -> (Approval, Approval) {
        let request =
            envelope::ask(outline.clone(), parts.to_vec(), "ito".parse().unwrap(), &self.people[0], asked_at);
        let allowed = envelope::allow(&request, "kato".parse().unwrap(), &self.people[1], asked_at).unwrap();
        (request.asked, allowed)
    }

    /// An envelope, its manifest bent before it is signed.
    fn makes(&self, outline: &Outline, asked_at: WallTime, bend: impl FnOnce(&mut Manifest)) -> Vec<u8> {
        let mut sealer = Sealer::begin(outline, Vec::new()).unwrap();
        sealer.part("doses-1.csv".parse().unwrap()).unwrap();
        sealer.write_all(&b"0000000001\n".repeat(20_000)).unwrap();
        let (content, sealed) = sealer.finish().unwrap();
        let (asked, allowed) = self.approvals(outline, &content.parts, asked_at);
        let mut manifest = Manifest {
            outline: outline.clone(),
            asked,
            allowed,
            made_at: asked_at,
            parts: content.parts,
            sealed_bytes: content.sealed_bytes,
            sealed_sha256: content.sealed_sha256,
        };
        bend(&mut manifest);
        [self.head(&manifest.to_json()), sealed].concat()
    }

    fn head(&self, json: &str) -> Vec<u8> {
        let text = format!("VRS-ENVELOPE-1 {}\n{json}\n", json.len());
        format!("{text}{}\n", self.office.sign(text.as_bytes())).into_bytes()
    }
}

fn sealed_to(identity: &Identity) -> SealedTo {
    identity.addressee().to_string().parse().unwrap()
}

/// The key that files for this computer's office are sealed to.
fn key_of(computer: &Computer) -> SealedTo {
    computer.done(&["keys", "card", "--as", "suzuki", "--out", &computer.word("own.vrscard")], &[SUZUKI]);
    envelope::read_card(&fs::read(computer.path("own.vrscard")).unwrap()).unwrap().sealed_to
}

#[test]
fn each_reason_is_its_own_and_stands_in_the_ledger_and_nothing_is_left() {
    let recipient = Computer::of("271004");
    let sender = Forger::known_to(&recipient);
    let to = key_of(&recipient);
    let now = now();
    let outline = sender.outline(to.clone(), now.plus_ms(DAY_MS));
    let whole = sender.makes(&outline, now, |_| {});
    let altered = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    let mut later: serde_json::Value =
        serde_json::from_str(&envelope::read_head(&mut &whole[..]).unwrap().manifest().to_json()).unwrap();
    later["outline"]["format"] = 2.into();
    let mut alone = later.clone();
    alone["outline"]["format"] = 1.into();
    alone.as_object_mut().unwrap().remove("allowed");
    let elsewhere = sender.outline(sealed_to(&Identity::generate()), now.plus_ms(DAY_MS));
    let expired = sender.outline(to.clone(), now);
    let cases: [(i32, &str, &str, Vec<u8>); 12] = [
        (4, "書き換えられています", "破損または改ざん", altered(60)),
        (4, "書き換えられています", "破損または改ざん", altered(whole.len() - 1)),
        (4, "途中で切れています", "途中で切れている", whole[..whole.len() - 1].to_vec()),
        (4, "途中で切れています", "途中で切れている", whole[..whole.len() / 2].to_vec()),
        (4, "余分なもの", "余分なものが付いている", [&whole[..], b"x"].concat()),
        (4, "この種類のファイルではありません", "別の種類のファイル", b"PK\x03\x04 a zip".to_vec()),
        (3, "新しい版", "未知の版", sender.head(&later.to_string())),
        (3, "2人目の承認がありません", "2人目の承認なし", sender.head(&alone.to_string())),
        (
            3,
            "同じです",
            "申請と許可が同じ人",
            sender.makes(&outline, now, |manifest| manifest.allowed = manifest.asked.clone()),
        ),
        (3, "ほかの機関に宛てた", "ほかの機関宛て", sender.makes(&elsewhere, now, |_| {})),
        (3, "期限が切れています", "期限切れ", sender.makes(&expired, now.plus_ms(-DAY_MS), |_| {})),
        (
            4,
            "中身が目録と一致しません",
            "中身が目録と不一致",
            sender.makes(&outline, now, |manifest| {
                manifest.parts[0].rows -= 1;
                (manifest.asked, manifest.allowed) = sender.approvals(&outline, &manifest.parts, now);
            }),
        ),
    ];
    for (code, said, noted, bytes) in cases {
        let file = recipient.file("stick.vrsenv", bytes);
        let done = recipient.opens(&file);
        assert_eq!(
            (done.code, done.error.contains(said)),
            (code, true),
            "{said}: {}{}",
            done.out,
            done.error
        );
        let ledger = recipient.done(&["ledger"], &[]);
        let lines: Vec<&str> = ledger.lines().collect();
        assert!(lines[lines.len() - 2].contains(noted), "{noted} in {ledger}");
        assert_eq!(recipient.names("opened"), [""; 0], "{said}");
    }
    // None of it used the right one up.
    let done = recipient.opens(&recipient.file("stick.vrsenv", &whole));
    assert_eq!(done.code, 0, "{}", done.error);
    let done = recipient.opens(&recipient.word("stick.vrsenv"));
    assert_eq!((done.code, done.error.contains("一度しか開けません")), (3, true));
}

#[test]
fn a_sender_without_a_card_is_not_believed() {
    let recipient = Computer::of("271004");
    let to = key_of(&recipient);
    let sender = Forger::known_to(&Computer::of("271004"));
    let file = sender.makes(&sender.outline(to, now().plus_ms(DAY_MS)), now(), |_| {});
    let done = recipient.opens(&recipient.file("stick.vrsenv", file));
    assert_eq!((done.code, done.error.contains("鍵カードが登録されていません")), (3, true), "{}", done.error);
}

#[test]
fn what_a_power_cut_left_is_finished_and_not_opened_twice() {
    let recipient = Computer::of("271004");
    let sender = Forger::known_to(&recipient);
    let outline = sender.outline(key_of(&recipient), now().plus_ms(DAY_MS));
    let file = recipient.file("stick.vrsenv", sender.makes(&outline, now(), |_| {}));
    // Before anything was verified: what lies there counts for nothing.
    let first = recipient.path("opened").join(format!(".opening-{}", outline.envelope_id));
    fs::create_dir_all(&first).unwrap();
    fs::write(first.join("doses-1.csv"), "half").unwrap();
    assert_eq!(recipient.opens(&file).code, 0);
    let last = recipient.path("opened").join(format!("doses-{}", outline.envelope_id.short()));
    assert_eq!(fs::metadata(last.join("doses-1.csv")).unwrap().len(), 220_000);
    // Between the ledger's line and the final name: only the name is missing.
    fs::rename(&last, &first).unwrap();
    assert_eq!(recipient.opens(&file).code, 0);
    assert!(last.join("doses-1.csv").exists() && !first.exists());
    assert_eq!(recipient.opens(&file).code, 3);
}
