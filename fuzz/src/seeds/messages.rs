//! Samples of everything that is text: numbers, entries, batches, answers, bundles, sealed files.
//!
//! Must not: be made by hand where a function of the project makes it.

#![expect(clippy::unwrap_used, reason = "samples that do not hold fail the test that makes them")]

use record::{
    Entry, EntryId, Epoch, MunicipalityTable, Outcome, Position, ReviewReason, WallTime,
    bundle::Bundle,
    bytes::{EntryHash, Link, Nonce},
    entry::EntryContent,
    wire::{
        batch::{self, BatchHeader, Segment, SetAsideEpoch},
        enrolment::{EnrolmentAnswer, EnrolmentRequest},
        heartbeat::{self, ChainHead, ClockOffset, Count, FreeSpace, Heartbeat, Release},
        receipt::{ReceiptItem, ReceiptList},
    },
};
use seal::{
    bundle as bundles,
    bundle_box::{self, ToSeal},
    chain, clock,
    random::SystemRandom,
    receipt, recovery,
    request::{self, Target},
    sealed as files,
    set_up_code::SetUpCode,
    vault::{DeviceSecret, TabletSecrets},
};
use serde_json::{Value, json};

use super::{Seed, drawn, seed};
use crate::keys;

pub(super) fn texts() -> Vec<Seed> {
    let texts = [
        ("line", "231310160000123456"),
        ("witnessing", "8EQ,10NQ"),
        ("witnessing-of-three", "8EOQ,6OQ,1PQ,3NOQ"),
        ("date", "2021-11-22"),
        ("tablet", "131130-0017"),
        ("lot", " ｆｆ３６２０ "),
        ("name", "見本 太郎"),
        ("outcome", "needs_review:other_content_for_same_dose"),
        ("entry-id", "07070707070707070707070707070707"),
        ("facility", "1311399999"),
        ("municipality", "131016"),
        // A lot could be called that, and a site so.
        ("line-of-no-municipality", "231310170000123456"),
        ("witnessed-by-one", "8EQ,10Q"),
        ("not-one-line", "見本\n太郎"),
        (
            "not-short",
            "見本市民体育館の隣の見本市民体育館の隣の見本市民体育館の隣の見本市民体育館の隣の見本市民体育館",
        ),
    ];
    let key = keys::signing().public().to_string();
    let table = include_str!("../../../assets/municipalities.csv");
    let hamamatsu: Vec<&str> = table.lines().filter(|row| row.starts_with("2213")).collect();
    let head = table.lines().next().unwrap();
    assert!(MunicipalityTable::parse(table).is_ok());
    let mut all: Vec<Seed> = texts.iter().map(|(name, text)| seed("ocr_line", name, *text)).collect();
    all.push(seed("ocr_line", "key", key));
    all.push(seed("municipality_table", "one-city", format!("{head}\n{}\n", hamamatsu[..6].join("\n"))));
    all.push(seed("municipality_table", "not-twice", format!("{head}\n{0}\n{0}\n", hamamatsu[0])));
    all
}

fn contents() -> [(&'static str, Value); 5] {
    let (site, physician) =
        (json!({"facility_code": "1311399999", "name": "見本市民体育館"}), json!("見本 太郎"));
    let vaccination = json!({
        "coupon": "231310160000123456", "witnessed": "8EQ,10NQ",
        "day": {
            "vaccinated_on": "2021-11-22", "site": site, "physician": physician,
            "vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"}, "lot": "FF3620", "dose": "3",
        },
    });
    let screened = json!({
        "coupon": "131310160000123456", "witnessed": "18P", "screened_on": "2021-11-22", "site": site,
        "physician": physician,
    });
    let earlier = EntryId::from_bytes([9; 16]);
    let correction = |corrected: Value| {
        json!({"kind": "correction", "content":
            {"replaces": earlier, "reason": "wrong_number", "corrected": corrected}})
    };
    [
        ("vaccination", json!({"kind": "vaccination", "content": vaccination})),
        ("screened-only", json!({"kind": "screened_only", "content": screened})),
        ("correction", correction(json!({"kind": "vaccination", "content": vaccination}))),
        ("correction-to-screened", correction(json!({"kind": "screened_only", "content": screened}))),
        (
            "cancellation",
            json!({"kind": "cancellation", "content": {"cancels": earlier, "reason": "recorded_twice"}}),
        ),
    ]
}

fn entry(number: u8, content: &Value) -> Vec<u8> {
    let content: EntryContent = serde_json::from_value(content.clone()).unwrap();
    Entry {
        version: record::entry::VERSION,
        entry_id: EntryId::from_bytes([number; 16]),
        municipality: keys::tablet().municipality(),
        staff_id: keys::staff(),
        recorded_at: keys::NOW,
        monotonic_ms: 86_400_000,
        content,
    }
    .to_bytes()
}

pub(super) fn entries() -> Vec<Seed> {
    let contents = contents();
    let mut all: Vec<Seed> =
        contents.iter().map(|(name, content)| seed("entry", name, entry(7, content))).collect();
    let stock = json!({"kind": "stock", "content": {
        "site": {"facility_code": "1311399999", "name": "見本市民体育館"}, "done_on": "2021-11-22",
        "vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"}, "lot": "FF3620",
        "storage": "thawed", "vials": 5, "doses": 30,
        "deed": {"what": "sent", "slip": "0000005724", "good_until": "2022-02-28"},
    }});
    let stock = String::from_utf8(entry(7, &stock)).unwrap();
    all.push(seed("entry", "not-a-slip-of-stock", stock.replace("0000005724", "0000005723")));
    all.push(seed("entry", "stock", stock));
    let text = String::from_utf8(entry(7, &contents[0].1)).unwrap();
    all.push(seed("entry", "not-of-this-version", text.replace("\"version\":1", "\"version\":2")));
    all.push(seed("entry", "not-a-known-kind", text.replace("\"vaccination\"", "\"stock_move\"")));
    all.push(seed("entry", "not-witnessed", text.replace("8EQ,10NQ", "8EQ,10Q")));
    all
}

pub(super) fn batches() -> Vec<Seed> {
    let entries: Vec<Vec<u8>> =
        contents().iter().enumerate().map(|(number, (_, content))| entry(number as u8, content)).collect();
    let start = chain::genesis(keys::tablet(), Epoch::FIRST.next(), &keys::signing().public());
    let place = |number| Position::new(number).unwrap();
    let mut link = start;
    for (index, entry) in entries.iter().take(3).enumerate() {
        link = chain::link(&link, place(1 + index as u64), &chain::entry_hash(entry));
    }
    let mut head = link;
    for (index, entry) in entries.iter().skip(3).enumerate() {
        head = chain::link(&head, place(7 + index as u64), &chain::entry_hash(entry));
    }
    let segment = |first, count, previous| Segment { first: place(first), count, previous };
    let header = BatchHeader {
        version: batch::VERSION,
        tablet_id: keys::tablet(),
        epoch: Epoch::FIRST.next(),
        last_position: place(9),
        clock_offset_ms: -1200,
        program: "0.1.0".to_owned(),
        set_aside: vec![SetAsideEpoch { epoch: Epoch::FIRST, last_position: place(214) }],
        segments: vec![segment(1, 3, start), segment(7, 2, link)],
        head,
    };
    let plain = batch::encode(&header, entries.iter().map(Vec::as_slice));
    let missing = batch::encode(&header, entries.iter().skip(1).map(Vec::as_slice));
    let compressed = zstd::encode_all(plain.as_slice(), 3).unwrap();
    let cut = compressed[..compressed.len() - 40].to_vec();
    vec![
        seed("batch", "two-runs", plain.clone()),
        seed("batch", "not-all-there", missing),
        seed("central_body", "plain", plain),
        seed("central_body", "compressed", compressed),
        seed("central_body", "not-whole", cut),
    ]
}

/// The list that a receipt of the samples speaks of.
#[must_use]
pub fn receipt_list() -> ReceiptList {
    let outcomes = [Outcome::Delivered, Outcome::NeedsReview(ReviewReason::FutureDate), Outcome::Delivered];
    let item = |(step, outcome)| ReceiptItem {
        position: Position::FIRST.plus(step),
        hash: EntryHash([step as u8; 32]),
        outcome,
    };
    ReceiptList {
        tablet_id: keys::tablet(),
        epoch: Epoch::FIRST,
        received_at: keys::NOW,
        key_id: "receipt-1".to_owned(),
        items: (0..).zip(outcomes).map(item).collect(),
    }
}

pub(super) fn answers() -> Vec<Seed> {
    let list = receipt_list();
    let answer = receipt::sign(keys::signing(), &list);
    let kept = receipt::verify(list.clone(), &answer, keys::receipt_keys()).unwrap().to_bytes();
    let mut greener = list.clone();
    greener.items[1].outcome = Outcome::Delivered;
    let forged = String::from_utf8(kept.clone()).unwrap().replace("needs_review:future_date", "delivered");
    let text = |value: &Value| value.to_string();
    let enrolment = EnrolmentRequest {
        tablet_id: keys::tablet(),
        token: "A".repeat(43).parse().unwrap(),
        device_key: keys::signing().public(),
        program: "0.1.0".to_owned(),
    };
    let heartbeat = Heartbeat {
        version: heartbeat::VERSION,
        tablet_id: keys::tablet(),
        epoch: Epoch::FIRST,
        head: Some(ChainHead { position: Count::of(214), link: Link([2; 32]) }),
        pending: Count::of(3),
        delivered: Count::of(211),
        needs_review: Count::default(),
        set_aside: Count::default(),
        clock_offset_s: ClockOffset::of_ms(-12_000),
        release: Release::of_version("0.1.0"),
        free_mib: Some(FreeSpace::of_bytes(8 << 30)),
    };
    let mut told_too_much = serde_json::to_value(heartbeat).unwrap();
    told_too_much["pending"] = json!(1_000_000_000);
    let time = clock::answer(keys::signing(), Nonce([5; 16]), keys::NOW);
    let signed = |now: WallTime| {
        let target = Target { method: "POST", authority: "central.example", path: "/v1/batches" };
        let headers = request::sign(keys::signing(), keys::tablet(), target, b"body", now);
        format!("{}\n{}\n{}\nbody", headers.content_digest, headers.signature_input, headers.signature)
    };
    vec![
        seed("answers", "receipt", serde_json::to_vec(&answer).unwrap()),
        seed("answers", "enrolment", serde_json::to_vec(&enrolment).unwrap()),
        seed("answers", "enrolled", serde_json::to_vec(&EnrolmentAnswer { enrolled_at: keys::NOW }).unwrap()),
        seed("answers", "time", serde_json::to_vec(&time).unwrap()),
        seed("answers", "heartbeat", serde_json::to_vec(&heartbeat).unwrap()),
        seed("answers", "not-a-heartbeat", text(&told_too_much)),
        seed("answers", "problem", text(&json!({"code": "clock_outside_window"}))),
        seed(
            "answers",
            "not-signed",
            text(&json!({"received_at": 1, "key_id": "receipt-1", "outcomes": []})),
        ),
        seed("receipt", "kept", kept),
        seed("receipt", "just-come", serde_json::to_vec(&answer).unwrap()),
        seed("receipt", "list", serde_json::to_vec(&greener).unwrap()),
        seed("receipt", "not-what-was-said", forged),
        seed("signature_headers", "signed", signed(keys::NOW)),
        seed("signature_headers", "not-now", signed(keys::NOW.plus_ms(86_400_000))),
    ]
}

/// The bundle of the samples.
pub(super) fn bundle() -> Bundle {
    let lots = json!([{"lot": "FF3620", "expires_on": "2022-02-28"}]);
    serde_json::from_value(json!({
        "version": 2, "issued_at": 1_637_500_000_000_i64, "expires_at": 1_640_000_000_000_i64,
        "tablet_id": keys::tablet(), "tablet_name": "17号機",
        "central": {"url": "https://central.example", "authority_pem": "", "receipt_keys": keys::receipt_keys()},
        "enrolment_token": "A".repeat(43),
        "recovery": {"key_id": "recovery-1", "recipient": keys::identity().addressee().to_string()},
        "staff": [{
            "staff_id": keys::staff(), "name": "見本 花子", "role": "staff",
            "recipient": keys::identity().addressee().to_string(),
            "wrapped_identity": serde_json::from_str::<Value>(keys::WRAPPED_IDENTITY).unwrap(),
        }],
        "sites": [{"facility_code": "1311399999", "name": "見本市民体育館"}], "physicians": ["見本 太郎"],
        "vaccines": [{"vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"}, "lots": lots}],
        "doses": ["3"], "expected_municipalities": ["131130"],
    }))
    .unwrap()
}

pub(super) fn sealed() -> Vec<Seed> {
    let mut random = SystemRandom::default();
    let staff = [keys::identity().addressee()];
    let secrets = TabletSecrets::generate(&mut random).unwrap();
    let device = DeviceSecret::from_bytes([9; 32]);
    let bundle = bundle();
    let file = bundles::sign(keys::signing(), &bundle);
    let greedy = keys::WRAPPED_IDENTITY.replace("65536", "4000000000");
    let cheap = keys::WRAPPED_IDENTITY.replace("65536", "8");
    let spec = include_str!("../../../central/bundle-spec.example.json");
    let code: SetUpCode = "0000 0000 0000 0000".parse().unwrap();
    let to_seal = ToSeal { bundle: bundle.clone(), code: code.clone(), renews: false };
    let boxed = bundle_box::seal(keys::signing(), &[to_seal], &mut random).unwrap();
    let head = bundle_box::look(&boxed, None).unwrap().head.to_json();
    let kept =
        recovery::keep(&secrets, keys::tablet(), "recovery-1", &keys::identity().addressee(), &mut random)
            .unwrap();
    let released = recovery::release(&kept, keys::identity(), &code, &mut random).unwrap();
    vec![
        seed("bundle", "payload", bundle.to_payload()),
        seed("bundle", "not-whole", file[..file.len() - 9].to_vec()),
        seed("bundle", "file", file),
        drawn("bundle_box", "not-whole", &boxed[..boxed.len() - 9]),
        drawn("bundle_box", "head", head),
        drawn("bundle_box", "file", boxed),
        drawn("recovery", "kept", kept),
        drawn("recovery", "not-kept-released", released),
        drawn("sealed", "file", files::seal(&staff, b"plain").unwrap()),
        seed("sealed", "not-a-file", "age-encryption.org/v1\n-> X25519 AAAA\n"),
        drawn("vault", "file", secrets.seal(&staff, None, &mut random).unwrap()),
        drawn("vault", "file-under-device", secrets.seal(&staff, Some(&device), &mut random).unwrap()),
        seed("vault", "not-sealed-two-keys", (1..=64).collect::<Vec<u8>>()),
        seed("vault", "not-sealed-one-key", (1..=32).collect::<Vec<u8>>()),
        seed("wrapped_identity", "ours", keys::WRAPPED_IDENTITY),
        seed("wrapped_identity", "not-cheap", cheap),
        seed("wrapped_identity", "not-greedy", greedy),
        seed("bundle_spec", "example", spec),
        seed("bundle_spec", "not-this-field", spec.replace("valid_days", "valid_weeks")),
    ]
}
