//! What is sent down, over real HTTPS: signed, in pieces, to whom it is for.

use record::{
    bytes::PartDigest,
    reference::{self, doses::DoseChanges},
    wire::{path, reference::Part},
};
use seal::{
    reference::part_digest,
    request::{Target, sign},
};

use super::{
    central,
    central_process::CentralProcess,
    process::{path as of, run, said},
    protocol_tablet::ProtocolTablet,
};

const LOTS: &str = r#"[{"vaccine":{"manufacturer":"ファイザー","product":"コミナティ筋注"},
    "lots":[{"lot":"FF3620","expires_on":"2022-02-28","recalled_at":1637545200000}]}]"#;

fn part_path(digest: PartDigest) -> String {
    format!("{}/{digest}", path::REFERENCE)
}

async fn fetch(tablet: &ProtocolTablet, part: Part) -> Vec<u8> {
    let answer = tablet.get(&part_path(part.digest), None).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let bytes = answer.bytes().await.unwrap().to_vec();
    assert_eq!((bytes.len() as u64, part_digest(&bytes)), (part.size, part.digest));
    bytes
}

/// Publishes as a person does, by the program.
fn publish(central: &CentralProcess, what: &str, json: &str) -> String {
    let file = central.data().join("../publish.json");
    std::fs::write(&file, json).unwrap();
    said(&run(&["reference", "publish", "--data", of(&central.data()), what, of(&file)], ""))
}

#[tokio::test]
async fn what_a_person_publishes_is_named_to_every_tablet_and_fetched_whole() {
    let (central, _) = central();
    let tablet = central.enrolled_tablet("131130-0017").await;
    assert_eq!(tablet.manifest().await.parts().count(), 0, "nothing is published yet");
    let told = publish(&central, "--lots", LOTS);
    assert!(told.starts_with("lots published as version "), "{told}");
    let manifest = tablet.manifest().await;
    let lots = reference::lots(&fetch(&tablet, manifest.lots.unwrap()).await).unwrap();
    assert!(lots[0].lots[0].recalled_at.is_some());
    let shown = said(&run(&["reference", "show", "--data", of(&central.data())], ""));
    assert!(shown.starts_with("lots for everybody: version "), "{shown}");
}

#[tokio::test]
async fn what_tablets_could_not_read_is_not_published() {
    let (central, _) = central();
    let tablet = central.enrolled_tablet("131130-0017").await;
    let file = central.data().join("../publish.json");
    for (what, json) in [("--rules", r#"[{"check":"moon_phase","then":"block"}]"#), ("--lots", "[{}]")] {
        std::fs::write(&file, json).unwrap();
        let output = run(&["reference", "publish", "--data", of(&central.data()), what, of(&file)], "");
        assert!(!output.status.success());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains("読めません") && told.contains("cannot be read"), "{told}");
    }
    assert_eq!(tablet.manifest().await.parts().count(), 0);
}

#[tokio::test]
async fn doses_that_came_are_listed_by_hash_for_tablets_of_that_municipality_alone() {
    let (central, _) = central();
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    let neighbour = central.enrolled_tablet("131016-0001").await;
    tablet.record_day(450);
    for batch in tablet.entries.chunks(200) {
        tablet.send(batch).await.unwrap();
    }
    central.list_doses();
    let manifest = tablet.manifest().await;
    assert_eq!(manifest.doses.len(), 1, "its own municipality, though coupons of others came as well");
    let list = manifest.doses[0].lists[0];
    let bytes = fetch(&tablet, list).await;
    let doses = DoseChanges::read(&bytes).unwrap();
    assert_eq!(doses.municipality.to_string(), "131130");
    assert!((350..450).contains(&doses.holds.len()), "{} doses", doses.holds.len());

    // In pieces, as tablets ask for it.
    let mut together = Vec::new();
    while together.len() < bytes.len() {
        let range = format!("bytes={}-{}", together.len(), together.len() + 999);
        let answer = tablet.get(&part_path(list.digest), Some(&range)).await.unwrap();
        assert_eq!(answer.status(), 206);
        let expected = format!(
            "bytes {}-{}/{}",
            together.len(),
            (together.len() + 999).min(bytes.len() - 1),
            bytes.len()
        );
        assert_eq!(answer.headers()["content-range"], expected.as_str());
        together.extend(answer.bytes().await.unwrap());
    }
    assert_eq!(together, bytes);

    let theirs = neighbour.manifest().await;
    assert!(theirs.doses.iter().all(|chain| chain.municipality.to_string() == "131016"));
    assert_ne!(theirs.doses[0].key, manifest.doses[0].key);
    let refused = neighbour.get(&part_path(list.digest), None).await.unwrap();
    assert_eq!(
        (refused.status().as_u16(), refused.text().await.unwrap().as_str()),
        (404, r#"{"code":"unknown_part"}"#)
    );
}

#[tokio::test]
async fn who_cannot_prove_who_they_are_is_told_nothing() {
    let (central, clock) = central();
    publish(&central, "--lots", LOTS);
    let stranger = central.invited_tablet("131130-0018");
    assert_eq!(stranger.get(path::REFERENCE, None).await.unwrap().status(), 401);
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    let part = part_path(tablet.manifest().await.lots.unwrap().digest);
    let bare = |path: &str| tablet.client().get(format!("{}{path}", central.url())).send();
    assert_eq!(bare(path::REFERENCE).await.unwrap().status(), 401);
    assert_eq!(bare(&part).await.unwrap().status(), 401);
    // Signed for the manifest, sent for the part.
    let authority = central.address().to_string();
    let target = Target { method: "GET", authority: &authority, path: path::REFERENCE };
    let headers = sign(&tablet.key, tablet.tablet_id, target, b"", tablet.now);
    let moved = tablet
        .client()
        .get(format!("{}{part}", central.url()))
        .header("content-digest", headers.content_digest)
        .header("signature-input", headers.signature_input)
        .header("signature", headers.signature);
    assert_eq!(moved.send().await.unwrap().status(), 401);
    tablet.now = clock.now().plus_ms(-3_600_000);
    let late = tablet.get(path::REFERENCE, None).await.unwrap();
    assert_eq!(late.text().await.unwrap(), r#"{"code":"clock_outside_window"}"#);
}

#[tokio::test]
async fn a_bundle_says_of_which_municipalities_a_tablet_is_told() {
    let (central, _) = central();
    let mut tablet = central.enrolled_tablet("131016-0009").await;
    let coupon = "211310160000000005".parse().unwrap();
    let bytes = tablet.maker.vaccination_of(coupon, super::entries::day()).to_bytes();
    tablet.record(bytes);
    tablet.send(&tablet.entries).await.unwrap();
    central.list_doses();
    let spec = |expected: &[&str]| {
        let mut spec: serde_json::Value =
            serde_json::from_str(&super::process::spec(&central.url())).unwrap();
        spec["expected_municipalities"] = serde_json::json!(expected);
        spec
    };
    central.make_bundle(&spec(&["131130", "131016"]));
    let other = central.enrolled_tablet("131130-0017").await;
    let told = other.manifest().await;
    assert_eq!(told.doses.len(), 1);
    assert_eq!(told.doses[0].municipality.to_string(), "131016");
    central.make_bundle(&spec(&["131130"]));
    let after = other.manifest().await;
    assert_eq!(after.doses, []);
    assert!(after.version > told.version, "so that the tablet lets go of them");
}
