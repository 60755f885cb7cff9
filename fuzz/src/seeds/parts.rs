//! Samples of what is sent down: manifests, and the parts they name.
//!
//! Must not: be made by hand where a function of the project makes it.

#![expect(clippy::unwrap_used, reason = "samples that do not hold fail the test that makes them")]

use record::{
    Epoch, Position,
    bytes::{CouponHash, EntryHash},
    elsewhere::DoseElsewhere,
    reference::{SettledEntry, Settlement, document, doses::DoseChanges},
    rules::RuleTable,
    wire::reference::{CouponSecret, DoseChain, FORMAT, Manifest, Part, ReferenceVersion},
};
use seal::reference::{part_digest, sign};
use serde_json::json;

use super::{Seed, seed};
use crate::keys;

pub(super) fn all() -> Vec<Seed> {
    let dose = |number: u8, day: &str| DoseElsewhere {
        coupon: CouponHash([number; 16]),
        dose: "1".parse().unwrap(),
        given_on: day.parse().unwrap(),
        manufacturer: (number > 1).then(|| "ファイザー".parse().unwrap()),
    };
    let municipality = keys::tablet().municipality();
    let holds = vec![dose(1, "2021-06-01"), dose(2, "2021-06-22")];
    let all = DoseChanges { municipality, holds, gone: Vec::new() }.to_bytes();
    let gone = vec![(CouponHash([1; 16]), "1".parse().unwrap())];
    let changes = DoseChanges { municipality, holds: vec![dose(3, "2021-11-22")], gone }.to_bytes();
    let lots = json!([{
        "vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"},
        "lots": [{"lot": "FF3620", "expires_on": "2022-02-28", "recalled_at": 1_637_545_200_000_i64}],
    }]);
    let settled = [SettledEntry {
        epoch: Epoch::FIRST,
        position: Position::FIRST,
        hash: EntryHash([7; 32]),
        settlement: Settlement::Counts,
        settled_at: keys::NOW,
    }];
    let (lots, rules) = (document(&lots), document(&RuleTable::default()));
    let (manifest, other) = (manifest(&lots, &all, &changes), "131130-0018".parse().unwrap());
    let answer = sign(keys::signing(), "receipt-1", &manifest);
    let others = sign(keys::signing(), "receipt-1", &Manifest { tablet_id: other, ..manifest.clone() });
    let cut = all[..all.len() - 1].to_vec();
    vec![
        seed("parts", "doses", all),
        seed("parts", "changes", changes),
        seed("parts", "not-whole-doses", cut),
        seed("parts", "lots", lots),
        seed("parts", "rules", rules),
        seed("parts", "not-a-known-rule", r#"[{"check":"moon_phase","then":"block"}]"#),
        seed("parts", "settled", document(&settled)),
        seed("manifest", "manifest", manifest.to_json()),
        seed("manifest", "answer", serde_json::to_vec(&answer).unwrap()),
        seed("manifest", "not-this-tablets", serde_json::to_vec(&others).unwrap()),
    ]
}

fn manifest(lots: &[u8], all: &[u8], changes: &[u8]) -> Manifest {
    let part = |version: u64, bytes: &[u8]| Part {
        version: ReferenceVersion::new(version).unwrap(),
        size: bytes.len() as u64,
        digest: part_digest(bytes),
    };
    let chain = DoseChain {
        municipality: keys::tablet().municipality(),
        key: CouponSecret([9; 32]),
        same_as: None,
        lists: vec![part(2, all), part(3, changes)],
    };
    Manifest {
        format: FORMAT,
        tablet_id: keys::tablet(),
        version: ReferenceVersion::new(3).unwrap(),
        replaced: None,
        lots: Some(part(1, lots)),
        received: None,
        rules: None,
        settled: None,
        doses: vec![chain],
    }
}
