//! Batches and receipts, end to end. What becomes of each kind of entry is the storage contract's; here it is that
//! the receipt says so, verifiably, and that no message does anything twice.

use std::time::Duration;

use record::{Epoch, Outcome, ReviewReason, outcome::LaterReason};

use super::{
    central,
    central_process::CentralProcess,
    entries::{day, day_with_lot},
    lossy_proxy::LossyProxy,
    protocol_tablet::ProtocolTablet,
};

const DELIVERED: Outcome = Outcome::Delivered;

async fn kept(central: &CentralProcess, tablet: &ProtocolTablet) -> Vec<(u64, Outcome)> {
    let kept = central.storage().kept(tablet.tablet_id, Epoch::FIRST).await.unwrap();
    kept.into_iter().map(|entry| (entry.position.number(), entry.outcome)).collect()
}

#[tokio::test]
async fn a_day_arrives_and_every_entry_has_a_receipt() {
    let (central, _) = central();
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    tablet.record_day(450);
    for batch in tablet.entries.chunks(200) {
        let receipt = tablet.send(batch).await.unwrap();
        assert!(receipt.items().iter().all(|item| item.outcome == DELIVERED));
        assert_eq!(receipt.items().len(), batch.len());
    }
    let expected: Vec<_> = (1..=450).map(|place| (place, DELIVERED)).collect();
    assert_eq!(kept(&central, &tablet).await, expected);
}

#[tokio::test]
async fn repeating_any_message_changes_nothing() {
    let (central, clock) = central();
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    tablet.record_day(9);
    tablet.record(b"not an entry".to_vec());
    let first = tablet.outcomes(&tablet.entries).await.unwrap();
    let before = kept(&central, &tablet).await;
    clock.put(clock.now().plus_ms(60_000));
    assert_eq!(tablet.outcomes(&tablet.entries).await.unwrap(), first);
    assert_eq!(tablet.outcomes(&tablet.entries[4..]).await.unwrap(), first[4..]);
    assert_eq!(kept(&central, &tablet).await, before);
    // Partly known, partly new.
    tablet.record_day(5);
    assert_eq!(tablet.outcomes(&tablet.entries[9..]).await.unwrap()[1..], vec![DELIVERED; 5]);
    assert_eq!(kept(&central, &tablet).await.len(), 15);
}

#[tokio::test]
async fn a_reply_that_is_lost_leaves_no_duplicate() {
    let (central, _) = central();
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    tablet.record_day(200);
    let proxy = LossyProxy::before(central.address()).await;
    tablet.go_through(proxy.url.clone());
    let body = tablet.pack(&tablet.header(&tablet.entries), &tablet.entries);
    let sending = tablet.post("/v1/batches", "application/vnd.vrs.batch", body);
    let committed = async {
        while kept(&central, &tablet).await.len() < 200 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        drop(proxy);
    };
    let (lost, ()) = tokio::join!(sending, committed);
    assert!(lost.is_err(), "the tablet hears nothing, and yet all of it was kept");
    tablet.go_through(central.url());
    assert_eq!(tablet.outcomes(&tablet.entries).await.unwrap(), vec![DELIVERED; 200]);
    assert_eq!(kept(&central, &tablet).await.len(), 200);
}

#[tokio::test]
async fn a_gap_a_fork_and_a_break_show() {
    let (central, _) = central();
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    tablet.record_day(6);
    let with_gap = [&tablet.entries[..2], &tablet.entries[3..5]].concat();
    assert_eq!(tablet.outcomes(&with_gap).await.unwrap(), vec![DELIVERED; 4]);
    let missing = central.storage().missing(tablet.tablet_id, Epoch::FIRST, 9).await.unwrap();
    assert_eq!(missing.iter().map(|run| (run.first, run.last)).collect::<Vec<_>>(), [(3, 3)]);

    // A restored backup goes on from the second entry.
    let mut original = std::mem::take(&mut tablet.entries);
    tablet.entries = original[..2].to_vec();
    tablet.record_day(2);
    let taken = Outcome::NeedsReview(ReviewReason::PositionTaken);
    let broken = Outcome::NeedsReview(ReviewReason::ChainBroken);
    let fork = tablet.outcomes(&tablet.entries[2..]).await.unwrap();
    assert_eq!(fork, [broken, taken.clone()], "the third meets no fourth, the fourth's place is taken");
    std::mem::swap(&mut tablet.entries, &mut original);
    // The third of the first chain still comes, and is kept beside.
    assert_eq!(tablet.outcomes(&tablet.entries[2..3]).await.unwrap(), [taken]);
    assert_eq!(tablet.outcomes(&tablet.entries[5..]).await.unwrap(), [DELIVERED]);
    let places: Vec<u64> = kept(&central, &tablet).await.into_iter().map(|(place, _)| place).collect();
    assert_eq!(places, [1, 2, 3, 3, 4, 4, 5, 6]);
}

#[tokio::test]
async fn one_bad_entry_never_holds_up_the_others() {
    let (central, _) = central();
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    let coupon = tablet.maker.coupon();
    let first = tablet.maker.vaccination_of(coupon, day()).to_bytes();
    let newer = String::from_utf8(first.clone()).unwrap().replace("\"vaccination\"", "\"stock_move\"");
    let otherwise = tablet.maker.vaccination_of(coupon, day_with_lot("FJ7489")).to_bytes();
    for bytes in [first, "見本 太郎".into(), newer.into_bytes(), otherwise] {
        tablet.record(bytes);
    }
    tablet.record_day(1);
    let expected = [
        DELIVERED,
        Outcome::NeedsReview(ReviewReason::Malformed),
        Outcome::Later(LaterReason::UnknownKind),
        Outcome::NeedsReview(ReviewReason::OtherContentForSameDose),
        DELIVERED,
    ];
    assert_eq!(tablet.outcomes(&tablet.entries).await.unwrap(), expected);
    assert_eq!(kept(&central, &tablet).await.len(), 4);
    assert_eq!(tablet.outcomes(&tablet.entries[2..3]).await.unwrap(), expected[2..3], "it may come again");
}

#[tokio::test]
async fn many_tablets_at_once_lose_nothing() {
    let (central, _) = central();
    let mut tablets = Vec::new();
    for number in 1..=12 {
        let mut tablet = central.enrolled_tablet(&format!("131130-{number:04}")).await;
        tablet.record_day(120);
        tablets.push(tablet);
    }
    let tasks: Vec<_> = tablets
        .into_iter()
        .map(|tablet| {
            tokio::spawn(async move {
                for batch in tablet.entries.chunks(25) {
                    // Every batch twice: the second is the repetition after a time-out.
                    let first = tablet.outcomes(batch).await.unwrap();
                    assert_eq!(tablet.outcomes(batch).await.unwrap(), first);
                }
                tablet
            })
        })
        .collect();
    for task in tasks {
        let tablet = task.await.unwrap();
        let places: Vec<u64> = kept(&central, &tablet).await.into_iter().map(|(place, _)| place).collect();
        assert_eq!(places, (1..=120).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn what_was_kept_outlives_the_server() {
    let (mut central, _) = central();
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    tablet.record_day(30);
    let first = tablet.outcomes(&tablet.entries).await.unwrap();
    central.start_again();
    tablet.go_through(central.url());
    assert_eq!(tablet.outcomes(&tablet.entries).await.unwrap(), first);
    assert_eq!(kept(&central, &tablet).await.len(), 30);
}
