//! A tablet that broke and its spare, over real HTTPS: who is told, what still comes, what is given up.
//!
//! Must not: repeat the storage's contract.

use record::{Outcome, TabletId};

use super::{
    central,
    central_process::CentralProcess,
    process::{path, run, said},
};

const WHY: [&str; 4] = ["--account", "support-1", "--reason", "水没"];

fn command(central: &CentralProcess, words: &[&str]) -> std::process::Output {
    let data = central.data();
    run(&[&["tablet"], words, &["--data", path(&data)], &WHY].concat(), "")
}

#[tokio::test]
async fn a_broken_tablet_is_replaced_by_a_spare_and_may_still_bring_what_it_holds() {
    let (central, _) = central();
    central.add_account("support-1");
    let mut broken = central.enrolled_tablet("131130-0017").await;
    let spare = central.enrolled_tablet("131130-0900").await;
    broken.record_day(10);
    broken.send(&broken.entries[..4]).await.unwrap();
    broken.beat(&broken.heartbeat()).await;
    assert_eq!(broken.manifest().await.replaced, None);
    let early = command(&central, &["lost", "--tablet", "131130-0017"]);
    assert!(String::from_utf8_lossy(&early.stderr).contains("is not replaced"), "it may still bring them");

    let replaced = ["replace", "--tablet", "131130-0017", "--by", "131130-0900"];
    assert!(said(&command(&central, &replaced)).contains("131130-0900 has the place of 131130-0017"));
    let told = broken.manifest().await.replaced.unwrap();
    assert_eq!(told.by, "131130-0900".parse::<TabletId>().unwrap());
    assert_eq!(spare.manifest().await.replaced, None);
    assert_eq!(command(&central, &replaced).status.code(), Some(1), "once");

    let receipt = broken.send(&broken.entries[4..7]).await.unwrap();
    assert!(receipt.items().iter().all(|item| item.outcome == Outcome::Delivered));
    let lost = ["lost", "--tablet", "131130-0017"];
    assert!(said(&command(&central, &lost)).contains("3 entries of 131130-0017 are declared lost"));
    assert!(said(&command(&central, &lost)).contains("nothing is missing"));
    // They turn up after all.
    let receipt = broken.send(&broken.entries[7..]).await.unwrap();
    assert!(receipt.items().iter().all(|item| item.outcome == Outcome::Delivered));
}
