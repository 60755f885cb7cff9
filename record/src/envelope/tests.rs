//! The manifest at its door.
//!
//! Must not: verify a signature; that is `seal`'s.

use super::*;

fn approval(account: &str, at: i64) -> Approval {
    Approval {
        account: account.parse().unwrap(),
        at: WallTime::from_unix_ms(at),
        proof: Proof::Signed { key: PublicKey([3; 32]), signature: Signature([4; 64]) },
    }
}

fn part(name: &str) -> Part {
    Part { name: name.parse().unwrap(), rows: 2, bytes: 10, sha256: ContentDigest([5; 32]) }
}

fn manifest() -> Manifest {
    Manifest {
        outline: Outline {
            format: FORMAT,
            envelope_id: EnvelopeId::from_bytes([7; 16]),
            sender: Sender { office: "131130".parse().unwrap(), key: PublicKey([1; 32]) },
            recipient: Recipient { office: Office::Central, key: "age1xyz".parse().unwrap() },
            purpose: Purpose::RegisterPeople,
            document_number: "3健第123号".parse().unwrap(),
            method: Method::CarriedByTwo,
            kind: Kind::People,
            expires_at: WallTime::from_unix_ms(2_000_000),
        },
        asked: approval("suzuki", 1_000_000),
        allowed: approval("tanaka", 1_000_001),
        made_at: WallTime::from_unix_ms(1_000_002),
        parts: vec![part("people-1.csv")],
        sealed_bytes: 300,
        sealed_sha256: ContentDigest([6; 32]),
    }
}

#[test]
fn a_manifest_has_one_spelling() {
    let json = manifest().to_json();
    assert_eq!(Manifest::from_json(&json), Ok(manifest()));
    insta::assert_snapshot!(json);
    for other in [
        json.replace(":", ": "),
        format!("{json}\n"),
        json.replacen('{', "{\"note\":\"\",", 1),
        json.replace("age1xyz", "age1xy\\u007a"),
    ] {
        assert_eq!(Manifest::from_json(&other), Err(ManifestError::Malformed), "{other}");
    }
}

#[test]
fn a_later_version_is_told_from_nonsense() {
    let json = manifest().to_json();
    let later = json.replacen("\"format\":1", "\"format\":2", 1).replacen('{', "{\"new\":1,", 1);
    assert_eq!(Manifest::from_json(&later), Err(ManifestError::UnknownVersion));
    assert_eq!(Manifest::from_json("{}"), Err(ManifestError::Malformed));
    let mut alone: serde_json::Value = serde_json::from_str(&json).unwrap();
    alone.as_object_mut().unwrap().remove("allowed");
    assert_eq!(Manifest::from_json(&alone.to_string()), Err(ManifestError::NotAllowed));
}

#[test]
fn a_manifest_beyond_its_bounds_is_none() {
    let with = |change: fn(&mut Manifest)| {
        let mut manifest = manifest();
        change(&mut manifest);
        Manifest::from_json(&manifest.to_json()).map(|_| ())
    };
    assert_eq!(with(|_| {}), Ok(()));
    for change in [
        (|manifest| manifest.parts.clear()) as fn(&mut Manifest),
        |manifest| manifest.parts.push(part("people-1.csv")),
        |manifest| manifest.parts = (0..=MOST_PARTS).map(|at| part(&format!("people-{at}.csv"))).collect(),
        |manifest| manifest.parts[0].bytes = u64::MAX,
        |manifest| manifest.outline.expires_at = manifest.asked.at,
        |manifest| manifest.outline.expires_at = manifest.asked.at.plus_ms(LONGEST_MS + 1),
    ] {
        assert_eq!(with(change), Err(ManifestError::Malformed));
    }
}

#[test]
fn the_names_outside_hold_no_name_of_a_person() {
    for name in ["people-1.csv", "register-12.ndjson"] {
        assert_eq!(name.parse::<PartName>().unwrap().as_str(), name);
    }
    for name in [
        "con.csv",
        "../a-1.csv",
        "山田太郎-1.csv",
        "a-1",
        "-1.csv",
        "a-1.",
        "a-1.csv.exe",
        "A-1.csv",
        "a 1-.csv",
    ] {
        assert!(name.parse::<PartName>().is_err(), "{name}");
    }
    assert!("山田太郎".parse::<DocumentNumber>().is_err());
    assert!("３健第１２号".parse::<DocumentNumber>().is_ok());
    assert!("Suzuki".parse::<AccountName>().is_err());
    assert!("131131".parse::<Office>().is_err());
    assert_eq!(Kind::Doses.part_name(2, "CSV").unwrap().as_str(), "doses-2.csv");
    assert!(Kind::Doses.part_name(1, "").is_err());
}
