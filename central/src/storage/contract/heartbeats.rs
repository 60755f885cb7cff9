//! Heartbeats: what is kept of them, and how the head of the chain is compared.
//!
//! Must not: send one over a network; `tests/` does.

use record::{
    Epoch, WallTime,
    bytes::Link,
    wire::heartbeat::{ChainHead, ClockOffset, Count, FreeSpace, Heartbeat, Release, VERSION},
};

use super::sample::{NOON, Tablet, enrolled};
use crate::{
    fleet::heartbeat::{HeadCheck, Heard, KeptHeartbeat},
    intake::ReadEntry,
    storage::{QUARTERS_KEPT, Storage},
};

const MINUTE_MS: i64 = 60_000;

fn head(position: u64, link: Link) -> Option<ChainHead> {
    Some(ChainHead { position: Count::of(position), link })
}

fn head_of(entry: &ReadEntry) -> Option<ChainHead> {
    head(entry.position.number(), entry.link)
}

/// A tablet that stands so.
pub(crate) fn said(tablet: &Tablet, pending: u64) -> Heartbeat {
    Heartbeat {
        version: VERSION,
        tablet_id: tablet.tablet_id,
        epoch: Epoch::FIRST,
        head: None,
        pending: Count::of(pending),
        delivered: Count::of(210),
        needs_review: Count::of(1),
        set_aside: Count::of(2),
        clock_offset_s: ClockOffset::of_ms(-12_000),
        release: Release::of_version("0.1.0"),
        free_mib: Some(FreeSpace::of_bytes(3 << 30)),
    }
}

async fn hear(storage: &dyn Storage, heartbeat: Heartbeat, received_at: WallTime) -> KeptHeartbeat {
    let heard = Heard { heartbeat, received_at };
    storage.keep_heartbeat(heard.clone()).await.unwrap();
    KeptHeartbeat::of(&heard, HeadCheck::NotHeld)
}

pub(crate) async fn the_latest_stands_in_the_row_and_one_of_each_quarter_is_kept(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    assert_eq!(tablet.row(storage).await.heartbeat, None);
    assert_eq!(storage.heartbeats(tablet.tablet_id).await.unwrap(), []);
    hear(storage, said(&tablet, 7), NOON).await;
    let again = hear(storage, said(&tablet, 5), NOON.plus_ms(14 * MINUTE_MS)).await;
    let kept = storage.heartbeats(tablet.tablet_id).await.unwrap();
    assert_eq!(kept, std::slice::from_ref(&again), "the last of its quarter");
    let bare = Heartbeat { free_mib: None, head: head(9, Link([9; 32])), ..said(&tablet, 0) };
    let next = hear(storage, bare, NOON.plus_ms(15 * MINUTE_MS)).await;
    assert_eq!(storage.heartbeats(tablet.tablet_id).await.unwrap(), [again, next.clone()]);
    assert_eq!(tablet.row(storage).await.heartbeat, Some(next));
}

pub(crate) async fn a_heartbeat_that_comes_late_changes_nothing_of_the_latest(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let latest = hear(storage, said(&tablet, 7), NOON.plus_ms(MINUTE_MS)).await;
    let older = Heartbeat { release: Release::of_version("0.0.1"), ..said(&tablet, 9) };
    hear(storage, older, NOON).await;
    let row = tablet.row(storage).await;
    assert_eq!((row.heartbeat.as_ref(), row.program.as_str()), (Some(&latest), "0.1.0"));
    assert_eq!(row.last_contact_at, latest.received_at);
    assert_eq!(storage.heartbeats(tablet.tablet_id).await.unwrap(), [latest]);
}

pub(crate) async fn a_day_of_heartbeats_takes_the_place_of_the_day_before(storage: &dyn Storage) {
    let (tablet, other) = (enrolled(storage).await, super::sample::enrolled_as(storage, "131130-0018").await);
    hear(storage, said(&other, 1), NOON).await;
    let all = QUARTERS_KEPT + 10;
    for quarter in 0..all {
        hear(storage, said(&tablet, quarter as u64), NOON.plus_ms(quarter * 15 * MINUTE_MS)).await;
    }
    let kept = storage.heartbeats(tablet.tablet_id).await.unwrap();
    let pending: Vec<i64> = kept.iter().map(|beat| i64::from(beat.pending.get())).collect();
    assert_eq!(pending, (10..all).collect::<Vec<_>>());
    assert_eq!(storage.heartbeats(other.tablet_id).await.unwrap().len(), 1, "another tablet's stay");
}

pub(crate) async fn the_head_of_the_chain_is_compared_when_it_comes(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let chain = tablet.chain(&tablet.vaccinations(3));
    tablet.send(storage, &chain[..2]).await;
    let compared = async |head| {
        hear(storage, Heartbeat { head, ..said(&tablet, 0) }, NOON).await;
        tablet.row(storage).await.heartbeat.unwrap().head
    };
    assert_eq!(compared(None).await, HeadCheck::NotHeld);
    assert_eq!(compared(head_of(&chain[1])).await, HeadCheck::Same);
    assert_eq!(compared(head_of(&chain[2])).await, HeadCheck::NotHeld, "it has not come yet");
    assert_eq!(compared(head(2, Link([9; 32]))).await, HeadCheck::Other);
    tablet.send(storage, &chain[2..]).await;
    assert_eq!(compared(head_of(&chain[2])).await, HeadCheck::Same);
    // Where two entries claim one place, the tablet's may be either.
    let mut other_entries = tablet.vaccinations(4);
    other_entries.swap(2, 3);
    let fork = tablet.chain(&other_entries);
    tablet.send(storage, &fork[2..3]).await;
    assert_eq!(compared(head_of(&fork[2])).await, HeadCheck::Same);
    let next_database =
        Heartbeat { epoch: Epoch::FIRST.next(), head: head_of(&chain[1]), ..said(&tablet, 0) };
    hear(storage, next_database, NOON).await;
    let row = tablet.row(storage).await;
    assert_eq!(row.heartbeat.unwrap().head, HeadCheck::NotHeld, "places of another database");
}

pub(crate) async fn a_heartbeat_is_a_contact_and_tells_the_release(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut batch = tablet.batch(&tablet.chain(&tablet.vaccinations(1)));
    batch.program = "0.2.0-rc.1".parse().unwrap();
    storage.keep(batch).await.unwrap();
    for (release, shown) in [("0.2.0", "0.2.0-rc.1"), ("0.2.1", "0.2.1"), ("0.2.10", "0.2.10")] {
        let heartbeat = Heartbeat { release: Release::of_version(release), ..said(&tablet, 0) };
        let heard = hear(storage, heartbeat, NOON.plus_ms(MINUTE_MS)).await;
        let row = tablet.row(storage).await;
        assert_eq!((row.program.as_str(), row.last_contact_at), (shown, heard.received_at));
    }
}
